/**
 * The 56 bytes that are signed. All integers are big-endian.
 *
 *     offset length content
 *     0      1      version (high four bits, now 1) and algorithm (low four bits, 1 = ES256)
 *     1      8      key id: the device's id, assigned by the office
 *     9      2      epoch
 *     11     4      seq of the operation that carries the receipt
 *     15     4      receipt number, counted per key id and epoch from 1
 *     19     16     first 16 bytes of the chain hash before that operation
 *     35     6      amount in minor units
 *     41     2      ISO 4217 currency number
 *     43     1      method (high four bits) and kind (low four bits: 1 payment, 2 void)
 *     44     4      wall clock, seconds since 1970 UTC
 *     48     1      offset from UTC in quarter-hours, signed
 *     49     1      flags: 1 clock trusted, 2 payer answered a check, 4 provider confirmed, 8 void
 *     50     2      the account's last four digits as a number
 *     52     4      keyed account tag; zero for a walk-up; in a void the first 4 bytes of the voided identity
 */
import { hex, unhex } from "../encoding";
import { DoorstepError } from "../errors";
import { AMOUNT_MINOR_MAX } from "../generated/limits";
import { type Currency, type Method, METHODS } from "../generated/types";
import { currency, currencyByNumber, isCurrency } from "../money";

export const BODY_BYTES = 56;
/** A signed server time was seen within the present boot. */
export const FLAG_CLOCK = 1;
/** The payer answered an identity check at this visit. */
export const FLAG_PAYER = 2;
/** The provider confirmed the payment to the phone. */
export const FLAG_CONFIRMED = 4;
/** This receipt takes another one back. */
export const FLAG_VOID = 8;

const VERSION = 0x11;
const KINDS = ["payment", "void"] as const;
const QUARTERS_MAX = 56;

/** What a receipt says, before its signature; `keyId`, `before` and `tag` are hexadecimal (8, 16 and 4 bytes). */
export interface ReceiptBody {
  keyId: string;
  epoch: number;
  seq: number;
  number: number;
  before: string;
  amountMinor: number;
  currency: Currency;
  method: Method;
  kind: "payment" | "void";
  atS: number;
  offsetMinutes: number;
  flags: number;
  lastFour: number;
  tag: string;
}

/** `key id/epoch/number`: what a receipt and its operation share. */
export function seriesText(body: Pick<ReceiptBody, "keyId" | "epoch" | "number">): string {
  return `${body.keyId}/${body.epoch}/${body.number}`;
}

/** 56 bytes; throws RECEIPT-MALFORMED when a value does not fit its place or could not be read back. */
export function encodeBody(body: ReceiptBody): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(BODY_BYTES);
  const view = new DataView(data.buffer);
  const method = METHODS.indexOf(body.method) + 1;
  const kind = KINDS.indexOf(body.kind) + 1;
  if (method === 0 || kind === 0 || !isCurrency(body.currency)) throw unfit("method, kind or currency is not known");
  const integers: [number, number][] = [
    [body.epoch, 2 ** 16], [body.seq, 2 ** 32], [body.number, 2 ** 32], [body.amountMinor, 2 ** 48],
    [body.atS, 2 ** 32], [body.flags, 16], [body.lastFour, 10_000],
  ];
  for (const [value, end] of integers) {
    if (!Number.isInteger(value) || value < 0 || value >= end) throw unfit(`${value} does not fit its place`);
  }
  if (!Number.isInteger(body.offsetMinutes) || body.offsetMinutes % 15 !== 0 || Math.abs(body.offsetMinutes / 15) > QUARTERS_MAX) {
    throw unfit(`an offset of ${body.offsetMinutes} minutes is no quarter-hour of the day`);
  }
  view.setUint8(0, VERSION);
  data.set(hexBytes(body.keyId, 8), 1);
  view.setUint16(9, body.epoch);
  view.setUint32(11, body.seq);
  view.setUint32(15, body.number);
  data.set(hexBytes(body.before, 16), 19);
  view.setUint16(35, Math.floor(body.amountMinor / 2 ** 32));
  view.setUint32(37, body.amountMinor % 2 ** 32);
  view.setUint16(41, currency(body.currency).number);
  view.setUint8(43, (method << 4) | kind);
  view.setUint32(44, body.atS);
  view.setInt8(48, body.offsetMinutes / 15);
  view.setUint8(49, body.flags);
  view.setUint16(50, body.lastFour);
  data.set(hexBytes(body.tag, 4), 52);
  decodeBody(data); // what could not be read back is not written
  return data;
}

/** Inverse of `encodeBody`; throws RECEIPT-MALFORMED for another version or impossible values. */
export function decodeBody(data: Uint8Array): ReceiptBody {
  if (data.length !== BODY_BYTES || data[0] !== VERSION) throw unfit("not a receipt of version 1");
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [methodKind, flags, lastFour, quarters] = [view.getUint8(43), view.getUint8(49), view.getUint16(50), view.getInt8(48)];
  const method = METHODS[(methodKind >> 4) - 1];
  const kind = KINDS[(methodKind & 15) - 1];
  if (method === undefined || kind === undefined || lastFour > 9999 || flags > 15 || Math.abs(quarters) > QUARTERS_MAX) {
    throw unfit("method, kind, flags, offset or last four digits are impossible");
  }
  if ((kind === "void") !== ((flags & FLAG_VOID) !== 0)) throw unfit("kind and flags disagree whether this is a void");
  const [epoch, seq, number] = [view.getUint16(9), view.getUint32(11), view.getUint32(15)];
  const amountMinor = view.getUint16(35) * 2 ** 32 + view.getUint32(37);
  if (epoch === 0 || seq === 0 || number === 0 || amountMinor === 0 || amountMinor > AMOUNT_MINOR_MAX) {
    throw unfit("epoch, seq, number or amount is zero or beyond its limit");
  }
  return {
    keyId: hex(data.subarray(1, 9)), epoch, seq, number, before: hex(data.subarray(19, 35)), amountMinor,
    currency: currencyByNumber(view.getUint16(41)).code, method, kind, atS: view.getUint32(44),
    offsetMinutes: quarters * 15, flags, lastFour, tag: hex(data.subarray(52, 56)),
  };
}

function hexBytes(text: string, length: number): Uint8Array {
  try {
    return unhex(text, length);
  } catch {
    throw unfit(`${JSON.stringify(text)} is not ${length} bytes in lower-case hexadecimal`);
  }
}

function unfit(why: string): DoorstepError {
  return new DoorstepError("RECEIPT-MALFORMED", why);
}
