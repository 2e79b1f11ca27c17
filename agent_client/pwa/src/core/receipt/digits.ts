/** A receipt's 120 bytes as 292 decimal digits: 17 groups of 7 bytes as 17 digits, and the last byte as 3. */
import { decodeDigits, digitsOf, encodeDigits } from "../digits";
import { DoorstepError } from "../errors";

export const RECEIPT_BYTES = 120;
export const DIGITS = digitsOf(RECEIPT_BYTES);

/** 120 bytes → 292 digits. */
export function toDigits(data: Uint8Array): string {
  if (data.length !== RECEIPT_BYTES) {
    throw new DoorstepError("RECEIPT-MALFORMED", `a receipt has ${RECEIPT_BYTES} bytes, not ${data.length}`);
  }
  return encodeDigits(data);
}

/** Inverse of `toDigits`; what some scanners append after the digits is ignored. Else RECEIPT-MALFORMED. */
export function fromDigits(text: string): Uint8Array<ArrayBuffer> {
  return decodeDigits(text, RECEIPT_BYTES, "RECEIPT-MALFORMED", "a receipt");
}
