/**
 * What the phone sends: the next page of unsent operations with their small side records, signed over the last one's head.
 *
 * Nothing is locked while the network is slow: the agent may go on working between request and answer.
 */
import { formatWall } from "../core/clock";
import { b64, fromUtf8, hex, utf8 } from "../core/encoding";
import type { Claims, Cursor } from "../core/generated/types";
import {
  EXCHANGE_OPERATIONS_MAX_WRITER, EXCHANGE_SIDE_RECORDS_MAX, SIDE_RECORD_INLINE_BYTES_MAX,
} from "../core/limits";
import { PROTOCOL_VERSION, writeMessage } from "../core/messages";
import { GENESIS } from "../core/operations/envelope";
import { sign, TAG_EXCHANGE } from "../core/signing";
import { deviceOf, type Desk } from "../store/desk";
import { lastRow, read, unsentRows, type Stored } from "../store/journal";
import type { OperationRow, SideRow } from "../store/rows";
import { lacking, smallOf, withContent } from "../store/side_records";
import { syncOf } from "../store/state";
import type { View } from "../store/view";
import { NONCE_BYTES, PAGE_BYTES_MAX } from "./limits";

/** A request's bytes, and what its answer will be held against. */
export interface Asked {
  data: Uint8Array;
  nonce: string;
  cursor: Cursor | null;
  pull: boolean;
  operations: number;
  sideRecords: readonly string[];
}

/** Build the next request; a nonce is fresh in each, a retry included. */
export async function buildRequest(desk: Desk, pull: boolean, operationsMax: number): Promise<Asked> {
  const view = await desk.memory.view();
  const state = await syncOf(view);
  const { operations, sides } = await page(view, operationsMax);
  const { epoch, seq, hash } = placeOf(desk, operations.at(-1) ?? lastRow(view));
  const reading = desk.environment.clock();
  const nonce = hex(desk.environment.random(NONCE_BYTES));
  const cursor = pull ? state.cursor : null;
  const clock = { at: formatWall(reading.wallMs, reading.offsetMinutes), boot: reading.boot, mono_ms: reading.monoMs };
  const claims: Claims = { device: deviceOf(desk), epoch, seq, hash, clock, nonce, cursor, pull };
  const payload = writeMessage("Claims", claims);
  const signature = b64(await sign(desk.signingKey, TAG_EXCHANGE, utf8(payload)));
  const records = await withContent(desk.memory, sides);
  const text = writeMessage("ExchangeRequest", {
    protocol: PROTOCOL_VERSION,
    claims: payload,
    signature,
    operations: operations.map((stored) => fromUtf8(stored.data)),
    side_records: records.map(({ sha256, data }) => ({ sha256, data: b64(data) })),
    acknowledged: state.acknowledgement,
  });
  const sideRecords = records.map((sideRecord) => sideRecord.sha256);
  return { data: utf8(text), nonce, cursor, pull, operations: operations.length, sideRecords };
}

/** Epoch, number and hash that the journal has reached at a row: what claims and requests for an epoch name. */
export function placeOf(desk: Desk, row: Pick<OperationRow, "epoch" | "seq" | "hash"> | null): {
  epoch: number;
  seq: number;
  hash: string;
} {
  if (row === null) return { epoch: desk.enrolment.answer.epoch, seq: 0, hash: GENESIS };
  return { epoch: row.epoch, seq: row.seq, hash: row.hash };
}

async function page(view: View, operationsMax: number): Promise<{ operations: Stored[]; sides: SideRow[] }> {
  const operations: Stored[] = [];
  const sides: SideRow[] = [];
  let size = 0;
  const rows = unsentRows(view, Math.min(operationsMax, EXCHANGE_OPERATIONS_MAX_WRITER));
  for (const stored of await read(view, rows)) {
    const named = smallOf(view, stored.hash, SIDE_RECORD_INLINE_BYTES_MAX);
    size += named.reduce((sum, side) => sum + 2 * side.size, stored.data.length);
    if (operations.length > 0 && (size > PAGE_BYTES_MAX || sides.length + named.length > EXCHANGE_SIDE_RECORDS_MAX)) break;
    operations.push(stored);
    sides.push(...named);
  }
  const room = Math.floor(Math.max(PAGE_BYTES_MAX - size, 0) / (2 * SIDE_RECORD_INLINE_BYTES_MAX));
  const limit = Math.min(EXCHANGE_SIDE_RECORDS_MAX - sides.length, room);
  sides.push(...lacking(view, limit, true, SIDE_RECORD_INLINE_BYTES_MAX));
  return { operations, sides };
}
