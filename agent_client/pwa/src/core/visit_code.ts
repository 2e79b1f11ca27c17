/**
 * Visit codes: what catches a typing error at the door, and how the answer is bound when it is sealed (PROTOCOL 10).
 *
 * Only the office can say whether a code *matches*; the phone must not be able to, because the likeliest attacker is its
 * owner. So a visit document carries a random salt and **eight bits** of a slow salted digest of the code: of 256 typing
 * errors it catches 255, and of a million six-digit codes about 3,900 pass.
 *
 *     digest = scrypt(password = the code's digits, salt = the text `code_salt`, N = 4096, r = 8, p = 1, 1 byte)
 */
import { scrypt } from "@noble/hashes/scrypt.js";
import { characters, utf8 } from "./encoding";
import { argumentWrong } from "./errors";

/** What a visit document carries when the customer has no code. */
export const CODE_BITS_NONE = -1;

/** 4 MiB and some ten milliseconds on a phone; the secrecy lies in how few bits are kept, not in the cost. */
const COST = { N: 4096, r: 8, p: 1, dkLen: 1 };
const CODE_CHARACTERS_MAX = 64;

/** The same text from every keyboard: NFKC, without spaces and hyphens; refuses nothing and too much (ARGUMENT-WRONG). */
export function normalCode(code: string): string {
  const text = code.normalize("NFKC").replace(/[ \t-]/g, "");
  const length = characters(text);
  if (length < 1 || length > CODE_CHARACTERS_MAX) {
    throw argumentWrong(`a code has 1 to ${CODE_CHARACTERS_MAX} characters, this one ${length}`);
  }
  return text;
}

/** Eight bits (0 to 255) of the slow digest of a code under the salt of its visit document. */
export function codeDigest(code: string, salt: string): number {
  if (salt === "") throw argumentWrong("a visit code needs a salt");
  return scrypt(utf8(normalCode(code)), utf8(salt), COST)[0] ?? 0;
}

/** Whether a typed code may be the right one; true where there is nothing to compare with. */
export function codeFits(code: string, salt: string, bits: number): boolean {
  return bits === CODE_BITS_NONE || salt === "" || codeDigest(code, salt) === bits;
}

/** Associated data of a sealed answer: which phone, which visit, and the hash before its operation. */
export function answerBinding(device: string, visit: string, prev: string): Uint8Array<ArrayBuffer> {
  return utf8(["doorstep/answer/1", device, visit, prev].join("\0"));
}
