/**
 * The spare: the same rows once more, in a database that shares no file with the first.
 *
 * Chromium keeps IndexedDB in LevelDB with `reuse_logs`: a browser that is killed in the middle of a write leaves half a
 * record at the end of the log, the next one appends behind it, and the one after that finds the log corrupt and throws
 * the whole database away (google/leveldb#1287). So nothing counts as done before both have it, and when the phone is
 * opened the later of the two becomes both. One kill can halve one write only, so one of them always is whole.
 *
 * Where the browser has no second place (no Storage Buckets: Safari and Firefox, whose IndexedDB is SQLite) there is no spare,
 * and nothing here does anything.
 */
import type { Environment } from "./environment";
import { finished, settled } from "./requests";
import { openDatabase, SPARE_DATABASE } from "./schema";

/** One row to be written, or (`row` absent) removed; in `meta` alone the keys lie outside of the rows. */
export interface Write {
  store: string;
  key: IDBValidKey;
  row?: unknown;
}

/** How far a database has come: every write raises `revision`; `device` is null before the enrolment. */
export interface Standing {
  device: string | null;
  revision: number;
  unsent: number;
}

/** Which of the two is the later one; `apart`: the spare is another device's, and holds what was not sent. */
export function later(main: Standing, spare: Standing): "same" | "main" | "spare" | "apart" {
  if (main.device === spare.device) {
    if (main.revision === spare.revision) return "same";
    return main.revision > spare.revision ? "main" : "spare";
  }
  if (main.device === null) return "spare";
  return spare.device !== null && spare.unsent > 0 ? "apart" : "main";
}

export class Spare {
  private opening: Promise<IDBDatabase | null> | null = null;

  constructor(private readonly environment: Environment) {}

  /** Open it; null where there is none. */
  open(): Promise<IDBDatabase | null> {
    this.opening ??= this.find().catch(() => null);
    return this.opening;
  }

  close(): void {
    const { opening } = this;
    this.opening = null;
    void opening?.then((database) => database?.close());
  }

  /**
   * Make both the same before anything is read or written: a database that was thrown away comes back here. What hinders
   * that is raised; what only hinders the spare leaves the phone without one until it is loaded again.
   */
  async level(main: IDBDatabase): Promise<void> {
    const spare = await this.open();
    if (spare === null) return;
    const [ours, theirs] = await Promise.all([standingOf(main), standingOf(spare).catch(() => null)]);
    const which = theirs === null ? "apart" : later(ours, theirs);
    if (which === "apart") this.giveUp();
    if (which === "main") await this.renew(main, spare).catch(() => this.giveUp());
    if (which === "spare") await copy(spare, main, (theirs, ours) => later(ours, theirs) === "spare");
  }

  /** Write what was just written to the first, which made it `revision`. */
  async repeat(main: IDBDatabase, writes: Write[], revision: number): Promise<void> {
    const spare = await this.open();
    if (spare === null) return;
    try {
      // Where the write before did not arrive, all is written anew.
      if (!(await follow(spare, writes, revision))) await this.renew(main, spare);
    } catch {
      this.giveUp();
    }
  }

  private renew(main: IDBDatabase, spare: IDBDatabase): Promise<void> {
    return copy(main, spare, (ours, theirs) => later(ours, theirs) === "main");
  }

  private async find(): Promise<IDBDatabase | null> {
    const factory = await this.environment.spare();
    if (factory === null) return null;
    return openDatabase({ indexedDB: factory }, () => this.close(), { name: SPARE_DATABASE });
  }

  /** The first alone goes on: a spare that cannot be written must not keep anybody from working. */
  private giveUp(): void {
    this.close();
    this.opening = Promise.resolve(null);
  }
}

/** Put writes into an open transaction, which then stands at `revision`. */
export function apply(transaction: IDBTransaction, writes: Write[], revision: number): void {
  for (const { store: name, key, row } of writes) {
    const store = transaction.objectStore(name);
    if (row === undefined) store.delete(key);
    else if (store.keyPath === null) store.put(row, key);
    else store.put(row);
  }
  transaction.objectStore("meta").put(revision, "revision");
}

/** The revision in an open transaction; 0 before the first write. */
export async function revisionIn(transaction: IDBTransaction): Promise<number> {
  return ((await settled(transaction.objectStore("meta").get("revision"))) as number | undefined) ?? 0;
}

/** The next write after the one before; whether the spare has it now. Kept from a kill without being forced to the disk. */
async function follow(spare: IDBDatabase, writes: Write[], revision: number): Promise<boolean> {
  const stores = [...new Set(["meta", ...writes.map(({ store }) => store)])];
  const transaction = spare.transaction(stores, "readwrite", { durability: "relaxed" });
  const done = finished(transaction);
  const present = await revisionIn(transaction);
  if (present === revision - 1) apply(transaction, writes, revision);
  await done;
  return present >= revision - 1;
}

/** All rows of `from` instead of all rows of `to`, if in the writing transaction `stands` still says so. */
async function copy(from: IDBDatabase, to: IDBDatabase, stands: (from: Standing, to: Standing) => boolean): Promise<void> {
  const names = [...from.objectStoreNames];
  const reading = from.transaction(names, "readonly");
  const [present, ...rows] = await Promise.all([
    standingIn(reading),
    ...names.map(async (name) => {
      const store = reading.objectStore(name);
      const [keys, values] = await Promise.all([settled(store.getAllKeys()), settled(store.getAll())]);
      return keys.map((key, at): Write => ({ store: name, key, row: values[at] as unknown }));
    }),
  ]);
  const writing = to.transaction(names, "readwrite", { durability: "strict" });
  const done = finished(writing);
  if (stands(present, await standingIn(writing))) {
    for (const name of names) writing.objectStore(name).clear();
    apply(writing, rows.flat(), present.revision);
  }
  await done;
}

async function standingOf(database: IDBDatabase): Promise<Standing> {
  return standingIn(database.transaction(["meta", "operation"], "readonly"));
}

async function standingIn(transaction: IDBTransaction): Promise<Standing> {
  const [slots, revision, unsent] = await Promise.all([
    settled(transaction.objectStore("meta").get("slots")) as Promise<{ device: string } | undefined>,
    revisionIn(transaction),
    settled(transaction.objectStore("operation").index("acknowledged").count(0)),
  ]);
  return { device: slots?.device ?? null, revision, unsent };
}
