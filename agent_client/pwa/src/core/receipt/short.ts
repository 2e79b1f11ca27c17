/**
 * The short receipt number for paper, SMS and telephone: `KKKKK-E-N-CCCCCC`.
 *
 * Five characters of the key id, epoch, receipt number, and six characters (30 bits) of the receipt's identity as a check
 * code; Crockford's base 32, in which no character looks like another.
 */
import { unhex } from "../encoding";
import { DoorstepError } from "../errors";
import type { Receipt } from "./signed";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const FORM = /^([0-9A-HJKMNP-TV-Z]{5})-([0-9]{1,5})-([0-9]{1,10})-([0-9A-HJKMNP-TV-Z]{6})$/;
const FORGIVEN: Readonly<Record<string, string>> = { O: "0", I: "1", L: "1", "‐": "-", "–": "-", "—": "-", "−": "-" };
/** More than any number has, however it is spaced. */
const TYPED_CHARACTERS_MAX = 100;

/** A short number taken apart: the key's five characters, epoch, number and check code. */
export interface ShortNumber {
  key: string;
  epoch: number;
  number: number;
  check: string;
}

/** The text printed below the QR code. */
export function shortNumber(receipt: Receipt): string {
  const { keyId, epoch, number } = receipt.body;
  return `${base32(unhex(keyId), 5)}-${epoch}-${number}-${base32(unhex(receipt.identity), 6)}`;
}

/** Read what a person typed: case, spaces, full-width characters, dashes and look-alike letters are forgiven. */
export function parseShort(text: string): ShortNumber {
  const typed = [...text].slice(0, TYPED_CHARACTERS_MAX).join("");
  const normal = typed.normalize("NFKC").toUpperCase().replace(/\s+/g, "").replace(/[OIL‐–—−]/g, (one) => FORGIVEN[one] ?? one);
  const match = FORM.exec(normal);
  if (match === null) throw new DoorstepError("RECEIPT-MALFORMED", `not a short receipt number: ${JSON.stringify(text.slice(0, 40))}`);
  return { key: match[1] ?? "", epoch: Number(match[2]), number: Number(match[3]), check: match[4] ?? "" };
}

function base32(data: Uint8Array, characters: number): string {
  const bits = data.subarray(0, 8).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return Array.from({ length: characters }, (_, place) => ALPHABET.charAt(Number((bits >> BigInt(59 - 5 * place)) & 31n))).join("");
}
