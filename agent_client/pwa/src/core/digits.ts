/**
 * Bytes as decimal digits: groups of 7 bytes as 17 digits, and a last, shorter group as few digits as hold it.
 *
 * A QR code's numeric segment carries 3 digits in 10 bits, so 17 digits for 56 bits waste little, and nothing but digits
 * stands behind the `#` of an address. Receipts and badges are written so.
 */
import { DoorstepError, type ErrorCode } from "./errors";

const GROUP_BYTES = 7;
/** Digits that hold so many bytes. */
const WIDTHS = [0, 3, 5, 8, 10, 13, 15, 17] as const;

/** How many digits so many bytes have. */
export function digitsOf(length: number): number {
  return Math.floor(length / GROUP_BYTES) * WIDTHS[GROUP_BYTES] + widthOf(length % GROUP_BYTES);
}

/** Bytes → digits. */
export function encodeDigits(data: Uint8Array): string {
  let written = "";
  for (let start = 0; start < data.length; start += GROUP_BYTES) {
    const group = data.subarray(start, start + GROUP_BYTES);
    const value = group.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    written += value.toString().padStart(widthOf(group.length), "0");
  }
  return written;
}

/**
 * Inverse of `encodeDigits` for so many bytes; what some scanners append after the digits is ignored. Throws the code for
 * fewer or more digits, other characters, or groups that no bytes have; `what` names the thing in the cause.
 */
export function decodeDigits(text: string, length: number, code: ErrorCode, what: string): Uint8Array<ArrayBuffer> {
  const count = digitsOf(length);
  const digits = text.slice(0, count);
  if (digits.length !== count || !/^[0-9]*$/.test(digits)) throw new DoorstepError(code, `${what} has ${count} digits`);
  // Any digit of any script: a number that goes on is another number.
  if (/^\p{Nd}/u.test(text.slice(count))) throw new DoorstepError(code, `${what} has ${count} digits, here are more`);
  const data = new Uint8Array(length);
  let place = 0;
  for (let start = 0; start < length; start += GROUP_BYTES) {
    const size = Math.min(GROUP_BYTES, length - start);
    let value = BigInt(digits.slice(place, place + widthOf(size)));
    place += widthOf(size);
    if (value >> BigInt(8 * size) !== 0n) throw new DoorstepError(code, "a group of digits is too large");
    for (let index = size - 1; index >= 0; index -= 1) {
      data[start + index] = Number(value & 255n);
      value >>= 8n;
    }
  }
  return data;
}

function widthOf(bytes: number): number {
  return WIDTHS[bytes] ?? 0;
}
