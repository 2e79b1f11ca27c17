/** Side records on the phone: personal content, kept until the office has it. */
import type { SideRecord } from "../core/side_records";
import type { Memory } from "./memory";
import type { SideRow } from "./rows";
import type { Draft, View } from "./view";

/** Keep a record, written together with the operation that names it. */
export async function addSideRecord(draft: Draft, record: SideRecord, operation: string): Promise<void> {
  const { sha256, data } = record;
  if (draft.one("side", sha256) !== undefined) return;
  draft.put("side", { sha256, operation, size: data.length, uploaded: 0, uploadedMs: 0 });
  draft.put("content", { sha256, sealed: await draft.seal("content", sha256, data) });
}

/** The small records of one operation, in order of their hashes. */
export function smallOf(view: View, operation: string, bytesMax: number): SideRow[] {
  return view.all("side").filter((row) => row.operation === operation && row.size <= bytesMax);
}

/** Records that the office lacks although it has their operations, in the order of those: small ones, or large ones. */
export function lacking(view: View, limit: number, small: boolean, bytesMax: number): SideRow[] {
  const wanted = view.all("side").filter((row) => !row.uploaded && row.size <= bytesMax === small);
  if (wanted.length === 0) return [];
  const place = new Map(view.all("operation").filter((row) => row.acknowledged).map((row) => [row.hash, row.id]));
  return wanted
    .filter((row) => place.has(row.operation))
    .sort((one, other) => (place.get(one.operation) ?? 0) - (place.get(other.operation) ?? 0))
    .slice(0, limit);
}

/** Note what the office has since a signed server time. */
export function markUploaded(draft: Draft, hashes: Iterable<string>, uploadedMs: number): void {
  for (const sha256 of hashes) {
    const row = draft.one("side", sha256);
    if (row !== undefined && !row.uploaded) draft.put("side", { ...row, uploaded: 1, uploadedMs });
  }
}

/** Note what the office says it lacks; what is not on this phone any more cannot be offered again. */
export function markLacking(draft: Draft, hashes: Iterable<string>): void {
  for (const sha256 of hashes) {
    const row = draft.one("side", sha256);
    if (row?.uploaded) draft.put("side", { ...row, uploaded: 0, uploadedMs: 0 });
  }
}

/** Drop what the office has had since before a signed server time. */
export function dropUploadedBefore(draft: Draft, beforeMs: number): void {
  for (const row of draft.all("side")) if (row.uploaded && row.uploadedMs < beforeMs) drop(draft, row.sha256);
}

/** Records that the office does not have yet. */
export function unsentRecords(view: View): SideRow[] {
  return view.all("side").filter((row) => !row.uploaded);
}

/** Drop what the office has. */
export function wipeUploaded(draft: Draft): void {
  for (const row of draft.all("side")) {
    if (row.uploaded) drop(draft, row.sha256);
  }
}

function drop(draft: Draft, sha256: string): void {
  draft.remove("side", sha256);
  draft.remove("content", sha256);
}

/** Rows with their bytes; one whose content is gone (wiped in another tab meanwhile) is left out. */
export async function withContent(memory: Memory, rows: readonly SideRow[]): Promise<SideRecord[]> {
  const found: SideRecord[] = [];
  for (const { sha256 } of rows) {
    const data = await memory.content(sha256);
    if (data !== null) found.push({ sha256, data });
  }
  return found;
}
