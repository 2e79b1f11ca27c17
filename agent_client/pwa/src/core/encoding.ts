/** Bytes and text: base64url without padding, hexadecimal, UTF-8, SHA-256, canonical JSON. */
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { argumentWrong } from "./errors";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const PLACE_OF = new Map([...ALPHABET].map((character, place) => [character, place]));
const HASH = /^[0-9a-f]{64}$/;
const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Matches only a surrogate that stands alone: a pair is one character to a regular expression with `u`. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** base64url without padding (RFC 4648 chapter 5). */
export function b64(bytes: Uint8Array): string {
  let written = "";
  for (let start = 0; start < bytes.length; start += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(start, start + 3);
    const group = (first << 16) | (second << 8) | third;
    const characters = Math.min(4, bytes.length - start + 1);
    for (let place = 0; place < characters; place += 1) written += ALPHABET.charAt((group >> (18 - 6 * place)) & 63);
  }
  return written;
}

/** Inverse of `b64`; refuses other alphabets, padding, loose bits at the end and a wrong length (ARGUMENT-WRONG). */
export function unb64(text: string, length?: number): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let filled = 0;
  for (const character of text) {
    const place = PLACE_OF.get(character);
    if (place === undefined) throw argumentWrong(`not base64url: ${JSON.stringify(text.slice(0, 20))}`);
    bits = ((bits << 6) | place) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[filled] = (bits >> held) & 0xff;
      filled += 1;
    }
  }
  const loose = bits & ((1 << held) - 1);
  if (held >= 6 || loose !== 0 || (length !== undefined && filled !== length)) {
    throw argumentWrong(`not base64url of ${length ?? "whole"} bytes: ${JSON.stringify(text.slice(0, 20))}`);
  }
  return bytes;
}

/** Lower-case hexadecimal. */
export function hex(bytes: Uint8Array): string {
  let written = "";
  for (const byte of bytes) written += byte.toString(16).padStart(2, "0");
  return written;
}

/** Inverse of `hex`; refuses anything but pairs of lower-case digits, and a wrong length (ARGUMENT-WRONG). */
export function unhex(text: string, length?: number): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/.test(text) || (length !== undefined && text.length !== length * 2)) {
    throw argumentWrong(`not ${length ?? "whole"} bytes in lower-case hexadecimal: ${JSON.stringify(text.slice(0, 40))}`);
  }
  return Uint8Array.from({ length: text.length / 2 }, (_, place) => Number.parseInt(text.slice(place * 2, place * 2 + 2), 16));
}

/** UTF-8; refuses a surrogate that stands alone, which is no character (ARGUMENT-WRONG). */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  if (hasLoneSurrogate(text)) throw argumentWrong("a surrogate that stands alone cannot be written in UTF-8");
  return ENCODER.encode(text);
}

/** Inverse of `utf8`; throws a TypeError for what is not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  return DECODER.decode(bytes);
}

/** Whether a text holds half a character. */
export function hasLoneSurrogate(text: string): boolean {
  return LONE_SURROGATE.test(text);
}

/** SHA-256; at once, so that it can be asked inside a transaction. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes);
}

/** SHA-256 in 64 lower-case hexadecimal digits; a text is hashed as UTF-8. */
export function sha256Hex(data: Uint8Array | string): string {
  return hex(nobleSha256(typeof data === "string" ? utf8(data) : data));
}

/** Whether the text is a SHA-256 as `sha256Hex` writes it. */
export function isHash(text: string): boolean {
  return HASH.test(text);
}

/** One after the other, in memory of its own. */
export function concat(...pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let place = 0;
  for (const piece of pieces) {
    whole.set(piece, place);
    place += piece.length;
  }
  return whole;
}

/** Whether two stretches of bytes are equal. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, place) => byte === right[place]);
}

/** How many characters a text has: code points, as the protocol counts them. */
export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json };

/** JSON with members sorted by code point and no spaces: the same text for any insertion order and locale. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value as Record<string, Json>).sort(([left], [right]) => compareByCodePoint(left, right));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(",")}}`;
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw argumentWrong(`${value} is no integer within 2^53 - 1`);
  if (typeof value === "string" && hasLoneSurrogate(value)) throw argumentWrong("a surrogate that stands alone is no character");
  return JSON.stringify(value);
}

/** UTF-16 order differs from code point order for characters beyond U+FFFF, so the code points are compared. */
function compareByCodePoint(left: string, right: string): number {
  const [mine, theirs] = [[...left], [...right]];
  for (let place = 0; place < Math.min(mine.length, theirs.length); place += 1) {
    const difference = (mine[place]?.codePointAt(0) ?? 0) - (theirs[place]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return mine.length - theirs.length;
}
