/**
 * Writing one operation: under the writer lock, in one strict transaction, on disk before anybody sees it.
 *
 * `record` reads head, clocks and receipt number as one `Moment`, lets a function of `src/work` check the step and write its
 * body (a receipt included), appends it to the chain (`append` looks at the bytes once more as the office will), and commits
 * operation, head, receipt number and side records together. Signing and sealing happen before the transaction opens;
 * should another tab have moved the head meanwhile, nothing is written and the step is checked and signed anew.
 */
import type { Reading } from "../core/clock";
import { refuse } from "../core/errors";
import type { FieldBody, Position, Seen } from "../core/generated/types";
import { append, type JournalHead } from "../core/journal";
import type { SideRecord } from "../core/side_records";
import { deviceOf, type Desk } from "../store/desk";
import { addOperation, writer } from "../store/journal";
import { writeMark } from "../store/marker";
import { addSideRecord } from "../store/side_records";
import { syncOf } from "../store/state";
import type { View } from "../store/view";
import type { Advice } from "./advice";

/** Everything that the next operation depends on, read under the lock. */
export interface Moment {
  view: View;
  head: JournalHead;
  /** The last receipt number issued in this epoch. */
  receipt: number;
  reading: Reading;
  seen: Seen | null;
}

/** What a step wants written, and what the agent should be told about it. */
export interface Intent {
  body: FieldBody;
  pack: string;
  policy: string;
  /** The number of the receipt in the body, where there is one. */
  receipt?: number;
  sideRecords?: readonly SideRecord[];
  advice?: readonly Advice[];
}

/** An operation that is on disk. */
export interface Written {
  hash: string;
  epoch: number;
  seq: number;
  kind: string;
  at: string;
  advice: Advice[];
}

export interface RecordOptions {
  position?: Position | null | undefined;
  /** Lets a step through on a phone that the office locked. */
  whenLocked?: boolean;
}

/**
 * Write what `write` intends.
 *
 * Raises WORK-REFUSED (from `write`, or for a locked phone), ARGUMENT-WRONG for values that the office would only hold,
 * OPERATION-TOO-LARGE, STORE-FULL; nothing was written then.
 */
export async function record(
  desk: Desk,
  write: (moment: Moment) => Promise<Intent>,
  { position = null, whenLocked = false }: RecordOptions = {},
): Promise<Written> {
  const written = await desk.memory.change(async (draft) => {
    const sync = await syncOf(draft);
    if (sync.locked && !whenLocked) throw refuse("locked");
    const { head, receipt } = writer(draft, deviceOf(desk));
    const moment: Moment = { view: draft, head, receipt, reading: desk.environment.clock(), seen: sync.seen };
    const intent = await write(moment);
    const { pack, policy } = intent;
    const entry = append(head, intent.body, moment.reading, { seen: sync.seen, pack, policy, position });
    const { kind } = intent.body;
    const visit = "visit" in intent.body ? intent.body.visit : "";
    const added = { data: entry.data, hash: entry.hash, kind, pack, visit, head: entry.head };
    await addOperation(draft, added, intent.receipt ?? receipt);
    for (const sideRecord of intent.sideRecords ?? []) await addSideRecord(draft, sideRecord, entry.hash);
    // What is new must open for the branch, should the PIN be forgotten: the seal lies down in the same transaction.
    if (draft.one("recovery", "recovery") === undefined) {
      draft.put("recovery", { only: "recovery", seal: desk.recoverySeal });
    }
    const { epoch, seq } = entry.head;
    return { hash: entry.hash, epoch, seq, kind, at: entry.operation.at, advice: [...(intent.advice ?? [])] };
  });
  writeMark(desk.environment, { device: deviceOf(desk), epoch: written.epoch, seq: written.seq });
  return written;
}
