/**
 * What lies in the phone's memory, row by row. `sealed` is nonce ‖ AES-256-GCM under the data key, with store and key as
 * associated data, so that a value moved elsewhere does not open. Only what orders and finds records stays plain:
 * epoch, number, hash, kind, pack, visit, flags, sizes; nothing personal and no amount.
 */

/** One operation of this phone's journal; `id` counts all of them, across epochs. */
export interface OperationRow {
  id: number;
  epoch: number;
  seq: number;
  hash: string;
  kind: string;
  pack: string;
  visit: string;
  acknowledged: 0 | 1;
  sealed: Uint8Array;
}

/** Where the next operation goes, and the last receipt number of this epoch. */
export interface HeadRow {
  only: "head";
  epoch: number;
  seq: number;
  hash: string;
  hlc: string | null;
  receipt: number;
}

/** A document of the office; `removed`: it left the scope while its visit is open here. */
export interface DocumentRow {
  name: string;
  n: number;
  incarnation: string;
  removed: 0 | 1;
  sealed: Uint8Array;
}

/** The frame of a day that this phone worked on; outlives its pack. */
export interface DayRow {
  pack: string;
  sealed: Uint8Array;
}

/** A side record without its content: that lies apart (`ContentRow`), so that photos are read only to be sent. */
export interface SideRow {
  sha256: string;
  operation: string;
  size: number;
  uploaded: 0 | 1;
  /** Signed server time when the office had it; 0 before. */
  uploadedMs: number;
}

/** The salted bytes of a side record. */
export interface ContentRow {
  sha256: string;
  sealed: Uint8Array;
}

/** One JSON text a name: `enrolment`, `sync`. */
export interface StateRow {
  name: string;
  sealed: Uint8Array;
}

/** The branch's way in (a seal of the data key), there while anything is unsent. */
export interface RecoveryRow {
  only: "recovery";
  seal: Uint8Array;
}

/** Rows by store. `content` is not mirrored in memory. */
export interface Rows {
  operation: OperationRow;
  head: HeadRow;
  document: DocumentRow;
  day: DayRow;
  side: SideRow;
  content: ContentRow;
  state: StateRow;
  recovery: RecoveryRow;
}

export type StoreName = keyof Rows;
export type Key = string | number;

/** The member that is each store's key. */
export const KEY_OF: { [S in StoreName]: keyof Rows[S] & string } = {
  operation: "id",
  head: "only",
  document: "name",
  day: "pack",
  side: "sha256",
  content: "sha256",
  state: "name",
  recovery: "only",
};

/** Stores that are read whole when the phone is opened. */
export const MIRRORED = ["operation", "head", "document", "day", "side", "state", "recovery"] as const;
export type MirroredName = (typeof MIRRORED)[number];
