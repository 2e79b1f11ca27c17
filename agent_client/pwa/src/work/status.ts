/** What became of each record: on this phone, durable at the office, applied, held or disputed. */
import type { Currency, FieldBody, VerdictDocument } from "../core/generated/types";
import { deviceOf, type Desk } from "../store/desk";
import { heldCount, reconciledOf, verdictsOf } from "../store/documents";
import { allOperations, unsentCount, writer, type Stored } from "../store/journal";
import { unsentRecords } from "../store/side_records";
import { syncOf } from "../store/state";
import type { View } from "../store/view";
import { operationOf } from "./reading";

export type RecordState = "on_phone" | "at_office" | "applied" | "held" | "disputed";

/** One operation and what became of it. */
export interface RecordStatus {
  epoch: number;
  seq: number;
  hash: string;
  kind: string;
  at: string;
  visit: string;
  amountMinor: number;
  currency: Currency;
  state: RecordState;
  rule: string;
  title: Record<"zh" | "en", string>;
  sentence: Record<"zh" | "en", string>;
  holds: Record<"zh" | "en", string>;
}

/** The phone and its records. */
export interface PhoneStatus {
  epoch: number;
  seq: number;
  receiptLast: number;
  unsent: number;
  unsentPhotos: number;
  unsentPhotoBytes: number;
  heldDocuments: number;
  totalDocuments: number;
  complete: boolean;
  syncedMs: number;
  wiped: boolean;
  daysNotEnded: string[];
  records: RecordStatus[];
}

/** All records that are not applied yet; with `everything`, the whole journal. */
export async function phoneStatus(desk: Desk, everything = false): Promise<PhoneStatus> {
  const view = await desk.memory.view();
  const state = await syncOf(view);
  const { head, receipt } = writer(view, deviceOf(desk));
  const stored = await allOperations(view);
  const records = await statuses(desk, view, stored);
  const worked = new Set(stored.map((one) => one.pack).filter(Boolean));
  for (const one of stored) if (one.kind === "DayEnded") worked.delete(one.pack);
  const held = state.cursor === null ? 0 : heldCount(view, state.cursor.incarnation);
  const waiting = unsentRecords(view);
  return {
    epoch: head.epoch,
    seq: head.seq,
    receiptLast: receipt,
    unsent: unsentCount(view),
    unsentPhotos: waiting.length,
    unsentPhotoBytes: waiting.reduce((sum, row) => sum + row.size, 0),
    heldDocuments: held,
    totalDocuments: state.total,
    complete: state.complete && held === state.total,
    syncedMs: state.syncedMs,
    wiped: state.wiped,
    daysNotEnded: [...worked].map((pack) => pack.split("/", 1)[0] as string).sort(),
    records: everything ? records : records.filter((record) => record.state !== "applied"),
  };
}

/** What became of some operations. */
export async function statuses(desk: Desk, view: View, stored: readonly Stored[]): Promise<RecordStatus[]> {
  const verdicts = await verdictsOf(view);
  const reconciled = new Map<number, number>();
  for (const epoch of new Set(stored.map((one) => one.epoch))) {
    reconciled.set(epoch, (await reconciledOf(view, deviceOf(desk), epoch))?.reconciled_seq ?? 0);
  }
  return stored.map((one) => status(one, verdicts.get(one.hash), reconciled.get(one.epoch) ?? 0));
}

function status(stored: Stored, found: VerdictDocument | undefined, reconciledSeq: number): RecordStatus {
  const operation = operationOf(stored);
  const verdict = stored.acknowledged ? found : undefined;
  const reached = stored.seq <= reconciledSeq ? "applied" : "at_office";
  const state = verdict?.verdict ?? (stored.acknowledged ? reached : "on_phone");
  const body = operation?.body as (FieldBody & { amount_minor?: number; currency?: Currency; cash_minor?: number }) | undefined;
  return {
    epoch: stored.epoch,
    seq: stored.seq,
    hash: stored.hash,
    kind: stored.kind,
    at: operation?.at ?? "",
    visit: stored.visit,
    amountMinor: body?.amount_minor ?? body?.cash_minor ?? 0,
    currency: body?.currency ?? "CNY",
    state,
    rule: verdict?.rule ?? "",
    title: { en: verdict?.title ?? "", zh: verdict?.title_zh ?? "" },
    sentence: { en: verdict?.sentence ?? "", zh: verdict?.sentence_zh || (verdict?.sentence ?? "") },
    holds: { en: verdict?.holds ?? "", zh: verdict?.holds_zh || (verdict?.holds ?? "") },
  };
}
