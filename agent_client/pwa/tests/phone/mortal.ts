/**
 * An environment that dies at its n-th touch of the outside world, as a browser does that is killed.
 *
 * A touch is: a transaction begun, a row written inside one, a transaction's end told, a cryptographic result, a lock asked for,
 * a request before it leaves and an answer before it is seen, a mark set. At death every open transaction is undone, and
 * whatever the dying page still tries has no effect: nothing is written, sent or told any more.
 */
import type { Environment } from "../../src/store/environment";

export class Mortal {
  count = 0;
  dead = false;
  readonly died: Promise<void>;
  private tell: () => void = () => undefined;
  private readonly open = new Set<IDBTransaction>();

  constructor(private readonly dieAt: number) {
    this.died = new Promise((resolve) => {
      this.tell = resolve;
    });
  }

  /** The outside of a page that is going to die. */
  of(environment: Environment): Environment {
    return {
      ...environment,
      indexedDB: this.factory(environment.indexedDB),
      spare: async () => {
        const factory = await environment.spare();
        return factory && this.factory(factory);
      },
      subtle: this.crypto(environment.subtle),
      locks: {
        request: async (name, options, callback) => {
          this.touch();
          // The browser frees a dead page's locks.
          const held = (lock: unknown): ReturnType<typeof callback> =>
            Promise.race([callback(lock), this.died as Promise<never>]);
          return environment.locks.request(name, options, held);
        },
      },
      storage: environment.storage && {
        ...environment.storage,
        setItem: (key, value) => {
          this.touch();
          environment.storage?.setItem(key, value);
        },
      },
      fetch: async (path, init) => {
        this.touch();
        const answer = await environment.fetch(path, init);
        this.touch();
        return answer;
      },
    };
  }

  private touch(): void {
    if (!this.dead) {
      this.count += 1;
      if (this.count !== this.dieAt) return;
      this.dead = true;
      for (const transaction of this.open) undo(transaction);
      this.tell();
    }
    throw new Error("this page is dead");
  }

  private crypto(subtle: SubtleCrypto): SubtleCrypto {
    return new Proxy(subtle, {
      get: (target, name) => {
        const member = Reflect.get(target, name) as (...given: unknown[]) => Promise<unknown>;
        return async (...given: unknown[]) => {
          const result = await member.apply(target, given);
          this.touch();
          return result;
        };
      },
    });
  }

  private factory(factory: IDBFactory): IDBFactory {
    const open = (...given: Parameters<IDBFactory["open"]>): IDBOpenDBRequest => {
      this.touch();
      const request = factory.open(...given);
      request.addEventListener("success", () => this.database(request.result));
      return request;
    };
    return new Proxy(factory, { get: (target, name) => (name === "open" ? open : (Reflect.get(target, name) as unknown)) });
  }

  private database(database: IDBDatabase): void {
    const transaction = database.transaction.bind(database);
    database.transaction = (...given: Parameters<typeof transaction>) => {
      this.touch();
      const made = transaction(...given);
      this.watch(made);
      return made;
    };
  }

  private watch(transaction: IDBTransaction): void {
    this.open.add(transaction);
    for (const end of ["complete", "abort"] as const) transaction.addEventListener(end, () => this.open.delete(transaction));
    // A death here is one after the commit and before anybody hears of it.
    Object.defineProperty(transaction, "oncomplete", {
      set: (handler: (event: Event) => void) =>
        transaction.addEventListener("complete", (event) => {
          if (this.alive()) handler(event);
        }),
    });
    const objectStore = transaction.objectStore.bind(transaction);
    transaction.objectStore = (name: string) => {
      const store = objectStore(name);
      const put = store.put.bind(store);
      store.put = (...given: Parameters<typeof put>) => {
        this.touch();
        return put(...given);
      };
      return store;
    };
  }

  private alive(): boolean {
    try {
      this.touch();
      return true;
    } catch {
      return false;
    }
  }
}

function undo(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It had ended.
  }
}
