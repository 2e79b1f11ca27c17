/**
 * 120 bytes as 292 decimal digits: 17 groups of 7 bytes as 17 digits, and the last byte as 3.
 *
 * A QR code's numeric segment carries 3 digits in 10 bits, so 17 digits for 56 bits waste little, and nothing but digits
 * stands behind the `#`.
 */
import { DoorstepError } from "../errors";

export const DIGITS = 292;
export const RECEIPT_BYTES = 120;
const GROUP_BYTES = 7;
const GROUP_DIGITS = 17;
const GROUPS = 17;
const GROUP_END = 1n << 56n;

/** 120 bytes → 292 digits. */
export function toDigits(data: Uint8Array): string {
  if (data.length !== RECEIPT_BYTES) throw malformed(`a receipt has ${RECEIPT_BYTES} bytes, not ${data.length}`);
  let written = "";
  for (let group = 0; group < GROUPS; group += 1) {
    let value = 0n;
    for (const byte of data.subarray(group * GROUP_BYTES, (group + 1) * GROUP_BYTES)) value = (value << 8n) | BigInt(byte);
    written += value.toString().padStart(GROUP_DIGITS, "0");
  }
  return written + String(data[GROUPS * GROUP_BYTES]).padStart(3, "0");
}

/** Inverse of `toDigits`; what some scanners append after the digits is ignored. Else RECEIPT-MALFORMED. */
export function fromDigits(text: string): Uint8Array<ArrayBuffer> {
  const digits = text.slice(0, DIGITS);
  if (!/^[0-9]{292}$/.test(digits)) throw malformed(`a receipt has ${DIGITS} digits`);
  // Any digit of any script: a number that goes on is another number.
  if (/^\p{Nd}/u.test(text.slice(DIGITS))) throw malformed(`a receipt has ${DIGITS} digits, here are more`);
  const data = new Uint8Array(RECEIPT_BYTES);
  for (let group = 0; group < GROUPS; group += 1) {
    let value = BigInt(digits.slice(group * GROUP_DIGITS, (group + 1) * GROUP_DIGITS));
    if (value >= GROUP_END) throw malformed("a group of digits is too large");
    for (let place = GROUP_BYTES - 1; place >= 0; place -= 1) {
      data[group * GROUP_BYTES + place] = Number(value & 255n);
      value >>= 8n;
    }
  }
  const last = Number(digits.slice(GROUPS * GROUP_DIGITS));
  if (last > 255) throw malformed("a group of digits is too large");
  data[GROUPS * GROUP_BYTES] = last;
  return data;
}

function malformed(why: string): DoorstepError {
  return new DoorstepError("RECEIPT-MALFORMED", why);
}
