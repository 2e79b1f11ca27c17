/** The phone's own journal: exact bytes, in order, and the head that the next operation continues. */
import { DoorstepError } from "../core/errors";
import type { JournalHead } from "../core/journal";
import type { HeadRow, OperationRow } from "./rows";
import type { Draft, View } from "./view";

/** An operation as it stands on disk. */
export interface Stored {
  id: number;
  epoch: number;
  seq: number;
  hash: string;
  kind: string;
  pack: string;
  visit: string;
  acknowledged: boolean;
  data: Uint8Array;
}

/** Where the next operation goes, and the last receipt number of this epoch. */
export interface Writer {
  head: JournalHead;
  receipt: number;
}

/** The head and the last receipt number. */
export function writer(view: View, device: string): Writer {
  const row = view.one("head", "head");
  if (row === undefined) throw new DoorstepError("STORE-CORRUPT", "the journal has no head");
  const { epoch, seq, hash, hlc, receipt } = row;
  return { head: { device, epoch, seq, hash, hlc }, receipt };
}

/** Move the head: at enrolment, after an operation, and into a new epoch. */
export function headRow(head: JournalHead, receipt: number): HeadRow {
  return { only: "head", epoch: head.epoch, seq: head.seq, hash: head.hash, hlc: head.hlc ?? null, receipt };
}

/** What is written of a new operation, beside its bytes. */
export interface Added {
  data: Uint8Array;
  hash: string;
  kind: string;
  pack: string;
  visit: string;
  head: JournalHead;
}

/** Write an operation, and the head and receipt number after it. */
export async function addOperation(draft: Draft, added: Added, receipt: number): Promise<void> {
  const id = (lastRow(draft)?.id ?? 0) + 1;
  const { hash, kind, pack, visit, head } = added;
  const sealed = await draft.seal("operation", hash, added.data);
  draft.put("operation", { id, epoch: head.epoch, seq: head.seq, hash, kind, pack, visit, acknowledged: 0, sealed });
  draft.put("head", headRow(head, receipt));
}

/** The first operations that the office has not acknowledged, all of one epoch, in order. */
export function unsentRows(view: View, limit: number): OperationRow[] {
  const unsent = view.all("operation").filter((row) => !row.acknowledged);
  const epoch = unsent.reduce((least, row) => Math.min(least, row.epoch), Infinity);
  return unsent.filter((row) => row.epoch === epoch).sort((one, other) => one.seq - other.seq).slice(0, limit);
}

/** How many operations the office has not acknowledged. */
export function unsentCount(view: View): number {
  return view.all("operation").reduce((count, row) => count + (row.acknowledged ? 0 : 1), 0);
}

/** The row of the operation written last, of any epoch. */
export function lastRow(view: View): OperationRow | null {
  return view.one("operation", view.size("operation")) ?? view.all("operation").at(-1) ?? null;
}

/** Our own hash at a place, or null. */
export function hashAt(view: View, epoch: number, seq: number): string | null {
  return view.all("operation").find((row) => row.epoch === epoch && row.seq === seq)?.hash ?? null;
}

/** Everything of an epoch up to a number is durable at the office; returns how many are so anew. */
export function acknowledge(draft: Draft, epoch: number, seq: number): number {
  return flag(draft, (row) => row.epoch === epoch && row.seq <= seq, 1);
}

/** The office lacks everything from this place on; returns how many operations are unsent again. */
export function offerAgain(draft: Draft, epoch: number, seq: number): number {
  return flag(draft, (row) => row.epoch > epoch || (row.epoch === epoch && row.seq >= seq), 0);
}

/** The operations of a day, in the order in which they were written. */
export function ofPack(view: View, pack: string): Promise<Stored[]> {
  return read(view, view.all("operation").filter((row) => row.pack === pack));
}

/** All operations of some kinds, oldest first. */
export function ofKinds(view: View, kinds: readonly string[]): Promise<Stored[]> {
  return read(view, view.all("operation").filter((row) => kinds.includes(row.kind)));
}

/** The whole journal, oldest first. */
export function allOperations(view: View): Promise<Stored[]> {
  return read(view, view.all("operation"));
}

/** Rows with their bytes. */
export function read(view: View, rows: OperationRow[]): Promise<Stored[]> {
  return Promise.all(
    rows.map(async ({ sealed, ...row }) => ({
      ...row,
      acknowledged: row.acknowledged === 1,
      data: await view.bytes("operation", row.hash, sealed),
    })),
  );
}

/** Visits that were started and not concluded since. */
export function openVisits(view: View): Set<string> {
  const open = new Set<string>();
  for (const row of view.all("operation")) {
    if (row.kind === "VisitStarted") open.add(row.visit);
    if (row.kind === "VisitConcluded") open.delete(row.visit);
  }
  return open;
}

function flag(draft: Draft, at: (row: OperationRow) => boolean, acknowledged: 0 | 1): number {
  const rows = draft.all("operation").filter((row) => row.acknowledged !== acknowledged && at(row));
  for (const row of rows) draft.put("operation", { ...row, acknowledged });
  return rows.length;
}
