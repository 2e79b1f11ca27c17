/**
 * The database's connection: opened when it is needed, opened again when the browser has closed it.
 *
 * Every write goes through `write`, so that the spare has it too before anybody hears that it is done.
 */
import type { Environment } from "./environment";
import { abort, finished, readable } from "./requests";
import { openDatabase } from "./schema";
import { apply, revisionIn, Spare, type Write } from "./spare";

/** What a write comes to: nothing is written where `writes` is empty. */
export interface Decided<T> {
  writes: Write[];
  result: T;
}

export class Connection {
  private opening: Promise<IDBDatabase> | null = null;
  private readonly spare: Spare;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly environment: Environment) {
    this.spare = new Spare(environment);
  }

  /** Read from the database; errors of IndexedDB come as ours. */
  async use<T>(work: (database: IDBDatabase) => Promise<T>): Promise<T> {
    let again = true;
    for (;;) {
      const database = await this.open();
      try {
        return await work(database);
      } catch (error) {
        // The browser may have closed the connection unnoticed (Safari does after a suspend): once is tried anew.
        if (!again || !isClosed(error)) throw readable(error);
        again = false;
        this.forget();
      }
    }
  }

  /**
   * One strict transaction over `stores` and `meta`: `decide` looks at what is there, by requests of the transaction alone,
   * and says what is written. On disk, and in the spare, when this resolves; when it throws nothing was written.
   */
  write<T>(
    stores: readonly string[],
    decide: (transaction: IDBTransaction, revision: number) => Promise<Decided<T>>,
  ): Promise<T> {
    const run = this.turn.then(() => this.writeNow(stores, decide));
    this.turn = run.catch(() => undefined);
    return run;
  }

  /** Close it; the next use opens it again. */
  close(): void {
    const opening = this.opening;
    this.forget();
    opening?.then(
      (database) => database.close(),
      () => undefined,
    );
    this.spare.close();
  }

  private async writeNow<T>(
    stores: readonly string[],
    decide: (transaction: IDBTransaction, revision: number) => Promise<Decided<T>>,
  ): Promise<T> {
    return this.use(async (database) => {
      const transaction = database.transaction([...new Set(["meta", ...stores])], "readwrite", { durability: "strict" });
      const done = finished(transaction);
      const revision = (await revisionIn(transaction)) + 1;
      let decided: Decided<T>;
      try {
        decided = await decide(transaction, revision - 1);
        if (decided.writes.length > 0) apply(transaction, decided.writes, revision);
      } catch (error) {
        // Also what is thrown before the browser took a request: nothing of this write may stay.
        abort(transaction);
        throw error;
      }
      await done;
      if (decided.writes.length > 0) await this.spare.repeat(database, decided.writes, revision);
      return decided.result;
    });
  }

  private open(): Promise<IDBDatabase> {
    if (this.opening === null) {
      const opening = this.openBoth(() => {
        if (this.opening === opening) this.forget();
      });
      opening.catch(() => {
        if (this.opening === opening) this.forget();
      });
      this.opening = opening;
    }
    return this.opening;
  }

  private async openBoth(onLost: () => void): Promise<IDBDatabase> {
    const [database] = await Promise.all([openDatabase(this.environment, onLost), this.spare.open()]);
    await this.spare.level(database);
    return database;
  }

  private forget(): void {
    this.opening = null;
  }
}

/** Thrown by `IDBDatabase.transaction` on a closed connection, before anything was written. */
function isClosed(error: unknown): boolean {
  return (error as { name?: unknown } | null)?.name === "InvalidStateError";
}
