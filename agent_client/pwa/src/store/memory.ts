/**
 * The phone's memory while it is open: a mirror of the rows, and conditional, strict writes.
 *
 * Every change raises `revision` in the same transaction, and is written only if the stored revision is still the one
 * that was read: else nothing of it is written, and it is drafted again on what is there now. With the writer lock that
 * hardly happens; without it two tabs still could not write over each other. A change is on disk (`durability: strict`)
 * before `change` resolves.
 */
import { DoorstepError } from "../core/errors";
import type { Cipher } from "./cipher";
import { CHANGES_TRIES_MAX } from "./limits";
import type { Connection } from "./connection";
import { finished, settled } from "./requests";
import { MIRRORED, type ContentRow, type MirroredName, type Rows } from "./rows";
import { Draft, mirrorOf, View } from "./view";
import type { WriterLock } from "./writer_lock";

export class Memory {
  private mirror: View | null = null;

  constructor(
    private readonly connection: Connection,
    private readonly cipher: Cipher,
    private readonly lock: WriterLock,
    private readonly onChange: (view: View) => void = () => undefined,
  ) {}

  /** The present state; read anew only when another tab has changed something. */
  async view(): Promise<View> {
    const known = this.mirror;
    const read = await this.connection.use(async (database) => {
      const transaction = database.transaction(["meta", ...MIRRORED], "readonly");
      const done = finished(transaction);
      const revision = ((await settled(transaction.objectStore("meta").get("revision"))) as number | undefined) ?? 0;
      if (known !== null && known.revision === revision) {
        await done;
        return null;
      }
      const rows = await Promise.all(MIRRORED.map((store) => settled(transaction.objectStore(store).getAll())));
      await done;
      return { revision, rows };
    });
    if (read === null) return known as View;
    const named = Object.fromEntries(MIRRORED.map((store, index) => [store, read.rows[index]]));
    const view = new View(read.revision, mirrorOf(named as { [S in MirroredName]: Rows[S][] }, known), this.cipher);
    checkHead(view);
    this.mirror = view;
    return view;
  }

  /**
   * Draft a change on the present state and write it whole; `make` may run again when another tab was faster.
   *
   * Raises what `make` raises, STORE-FULL and STORE-LOCKED; nothing was written then.
   */
  change<T>(make: (draft: Draft) => Promise<T>): Promise<T> {
    return this.lock.hold(async () => {
      for (let attempt = 1; attempt <= CHANGES_TRIES_MAX; attempt += 1) {
        const draft = new Draft(await this.view(), this.cipher);
        const result = await make(draft);
        if (await this.write(draft)) return result;
      }
      throw new DoorstepError("STORE-LOCKED", "another tab keeps changing the phone's memory");
    });
  }

  /** The salted bytes of a side record, or null. */
  async content(sha256: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const row = await this.connection.use(
      (database) =>
        settled(database.transaction("content", "readonly").objectStore("content").get(sha256)) as Promise<
          ContentRow | undefined
        >,
    );
    return row === undefined ? null : this.cipher.open("content", sha256, row.sealed);
  }

  private async write(draft: Draft): Promise<boolean> {
    if (draft.changes.length === 0) return true;
    const stores = draft.changes.map(({ store }) => store);
    const written = await this.connection.write(stores, async (_, revision) =>
      revision === draft.revision ? { writes: draft.changes, result: true } : { writes: [], result: false },
    );
    if (!written) return false;
    this.mirror = draft.after();
    this.onChange(this.mirror);
    return true;
  }
}

/** The head must stand where the journal ends: anything else is damage, and is reported, never mended. */
function checkHead(view: View): void {
  const head = view.one("head", "head");
  if (head === undefined) throw new DoorstepError("STORE-CORRUPT", "the journal has no head");
  let last: { seq: number; hash: string } | null = null;
  for (const row of view.all("operation")) {
    if (row.epoch === head.epoch && (last === null || row.seq > last.seq)) last = row;
  }
  const stands = last === null ? head.seq === 0 : last.seq === head.seq && last.hash === head.hash;
  if (!stands) {
    const end = last === null ? "nothing" : `${head.epoch}/${last.seq}`;
    throw new DoorstepError("STORE-CORRUPT", `the head names ${head.epoch}/${head.seq}, the journal ends at ${end}`);
  }
}
