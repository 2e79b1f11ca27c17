/**
 * Photos and other large side records travel apart, after the operations that name them, in parts that a weak signal
 * carries: the office says how far it has one (`HEAD`), and the phone goes on from there (`PATCH`). An office that knows
 * no parts is sent the whole (`PUT`).
 */
import { b64, utf8 } from "../core/encoding";
import { DoorstepError } from "../core/errors";
import { SIDE_RECORD_INLINE_BYTES_MAX } from "../core/limits";
import { sign, TAG_SIDE_RECORD } from "../core/signing";
import { deviceOf, type Desk } from "../store/desk";
import type { SideRow } from "../store/rows";
import { lacking, markUploaded } from "../store/side_records";
import { syncOf } from "../store/state";
import { PART_BYTES, PARTS_MAX, SIDE_RECORDS_APART_MAX } from "./limits";
import { send, statusOf, type Answer } from "./transport";
import { withTries } from "./waiting";

/** How far one upload has come at the office. */
interface Reached {
  offset: number;
  complete: boolean;
}

export interface UploadWatch {
  onWait(seconds: number): void;
  /** Bytes sent of bytes to send, over all records of this sync. */
  onBytes(done: number, total: number): void;
}

/** Send what the office lacks; returns how many records it has anew. */
export async function sendLarge(desk: Desk, watch: UploadWatch): Promise<number> {
  const total = large(await desk.memory.view()).reduce((sum, row) => sum + row.size, 0);
  let done = 0;
  for (let sent = 0; sent < SIDE_RECORDS_APART_MAX; sent += 1) {
    const row = large(await desk.memory.view())[0];
    if (row === undefined) return sent;
    const data = await desk.memory.content(row.sha256);
    if (data === null) throw new DoorstepError("STORE-CORRUPT", `the side record ${row.sha256.slice(0, 16)}… has no content`);
    await sendOne(desk, row.sha256, data, watch.onWait, (bytes) => watch.onBytes(done + bytes, total));
    await desk.memory.change(async (draft) => markUploaded(draft, [row.sha256], (await syncOf(draft)).syncedMs));
    done += row.size;
    watch.onBytes(done, total);
  }
  return SIDE_RECORDS_APART_MAX;
}

function large(view: Parameters<typeof lacking>[0]): SideRow[] {
  return lacking(view, SIDE_RECORDS_APART_MAX, false, SIDE_RECORD_INLINE_BYTES_MAX);
}

async function sendOne(
  desk: Desk,
  sha256: string,
  data: Uint8Array,
  onWait: (seconds: number) => void,
  onBytes: (bytes: number) => void,
): Promise<void> {
  // A part that failed is not repeated blindly: bytes of it may have arrived, so then the office is asked again.
  let reached: Reached | null = null;
  for (let part = 0; part < PARTS_MAX; part += 1) {
    if (reached === null) {
      reached = await withTries(desk.environment, () => ask(desk, sha256), onWait);
      if (reached === null) {
        await withTries(desk.environment, () => put(desk, sha256, data), onWait);
        return;
      }
    }
    if (reached.complete) return;
    onBytes(reached.offset);
    reached = await append(desk, sha256, data, reached.offset, onWait);
  }
  throw new DoorstepError("STATE-FORBIDS", "the office takes parts of a photo and does not keep them");
}

/** How far the upload came; null: this office takes no parts. */
async function ask(desk: Desk, sha256: string): Promise<Reached | null> {
  try {
    return readState(await send(desk.environment, "HEAD", path(sha256), await proof(desk, "HEAD", sha256), null));
  } catch (error) {
    // An answer to HEAD has no body, so an office that does not know the method shows only its status.
    if (error instanceof DoorstepError && [404, 405, 501].includes(statusOf(error))) return null;
    throw error;
  }
}

/** Send the next part; null when it has to be asked how far the office is. */
async function append(
  desk: Desk,
  sha256: string,
  data: Uint8Array,
  offset: number,
  onWait: (seconds: number) => void,
): Promise<Reached | null> {
  const end = Math.min(offset + PART_BYTES, data.length);
  const headers = {
    ...(await proof(desk, "PATCH", sha256)),
    "Content-Type": "application/partial-upload",
    "Upload-Offset": String(offset),
    "Upload-Complete": end === data.length ? "?1" : "?0",
  };
  let failed = false;
  return withTries(
    desk.environment,
    async () => {
      if (failed) return null;
      try {
        return readState(await send(desk.environment, "PATCH", path(sha256), headers, data.slice(offset, end)));
      } catch (error) {
        if (error instanceof DoorstepError && statusOf(error) === 409) return null;
        failed = true;
        throw error;
      }
    },
    onWait,
  );
}

async function put(desk: Desk, sha256: string, data: Uint8Array): Promise<void> {
  const headers = { ...(await proof(desk, "PUT", sha256)), "Content-Type": "application/octet-stream" };
  await send(desk.environment, "PUT", path(sha256), headers, data);
}

async function proof(desk: Desk, method: string, sha256: string): Promise<Record<string, string>> {
  const signature = await sign(desk.signingKey, TAG_SIDE_RECORD, utf8(`${method}\n${sha256}`));
  return { "Doorstep-Device": deviceOf(desk), "Doorstep-Signature": b64(signature) };
}

function path(sha256: string): string {
  return `/api/v1/side-records/${sha256}`;
}

function readState(answer: Answer): Reached {
  const offset = answer.headers.get("Upload-Offset") ?? "";
  const complete = answer.headers.get("Upload-Complete") ?? "";
  if (!/^[0-9]{1,15}$/.test(offset) || !/^\?[01]$/.test(complete)) {
    throw new DoorstepError("NETWORK-DOWN", "what came back says nothing about the upload");
  }
  return { offset: Number(offset), complete: complete === "?1" };
}
