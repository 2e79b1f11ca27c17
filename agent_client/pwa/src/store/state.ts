/** Who this phone is, and how far it has synchronised. */
import type { Reading } from "../core/clock";
import { DoorstepError } from "../core/errors";
import type { Cursor, EnrolAnswer, Seen, Signed } from "../core/generated/types";
import type { Draft, View } from "./view";

/** What enrolment gave. The signing key is not here: the browser keeps it and never shows it. */
export interface Enrolment {
  officeUrl: string;
  answer: EnrolAnswer;
}

/** How far this phone and the office agree. */
export interface SyncState {
  cursor: Cursor | null;
  acknowledgement: Signed | null;
  seen: Seen | null;
  /** How many documents the office says that a complete phone holds. */
  total: number;
  /** Whether the office had nothing more to send when it was last asked. */
  complete: boolean;
  /** Signed server time of the last answer. */
  syncedMs: number;
  locked: boolean;
  wipe: boolean;
  wiped: boolean;
  /** The random id of a request for a new epoch that was not answered yet. */
  epochRequest: string;
  /** The memory is older than what this phone once wrote: a new epoch is asked for before anything is sent. */
  restored: boolean;
}

export const FRESH_SYNC: SyncState = {
  cursor: null, acknowledgement: null, seen: null, total: 0, complete: false, syncedMs: 0, locked: false, wipe: false,
  wiped: false, epochRequest: "", restored: false,
};

/** The office's time as well as this phone can know it: by what was seen last in this page load, else by its own clock. */
export function officeMs({ seen }: SyncState, reading: Reading): number {
  if (seen === null || seen.boot !== reading.boot || reading.monoMs < seen.mono_ms) return reading.wallMs;
  return seen.at_ms + reading.monoMs - seen.mono_ms;
}

/** Who this phone is; STORE-CORRUPT when that is not there. */
export async function enrolmentOf(view: View): Promise<Enrolment> {
  const row = view.one("state", "enrolment");
  if (row === undefined) throw new DoorstepError("STORE-CORRUPT", "the memory does not say which phone this is");
  return view.json<Enrolment>("state", "enrolment", row.sealed);
}

/** How far the phone has synchronised; members that an older version did not write have their defaults. */
export async function syncOf(view: View): Promise<SyncState> {
  const row = view.one("state", "sync");
  if (row === undefined) return FRESH_SYNC;
  return { ...FRESH_SYNC, ...(await view.json<Partial<SyncState>>("state", "sync", row.sealed)) };
}

/** Replaced as a whole. */
export async function setSync(draft: Draft, state: SyncState): Promise<void> {
  draft.put("state", { name: "sync", sealed: await draft.sealJson("state", "sync", state) });
}
