/**
 * Side records: personal content kept apart from the operation that names it, so that it can be erased.
 *
 * A side record is 16 bytes of salt followed by its content (UTF-8 text, JSON or an image); its name is the SHA-256 of both.
 * The chain still verifies when the record is gone. The salt keeps a short content (four digits, a phone number) from being
 * found by hashing guesses.
 */
import { concat, isHash, sha256Hex } from "./encoding";
import { argumentWrong, DoorstepError } from "./errors";
import { SIDE_RECORD_BYTES_MAX, SIDE_RECORD_SALT_BYTES } from "./generated/limits";

/** Salted bytes and the hash that names them. */
export interface SideRecord {
  sha256: string;
  data: Uint8Array<ArrayBuffer>;
}

/** Salt the content and name it; refuses a salt of another length and content beyond the limit (ARGUMENT-WRONG). */
export function makeSideRecord(content: Uint8Array, salt: Uint8Array): SideRecord {
  if (salt.length !== SIDE_RECORD_SALT_BYTES) throw argumentWrong(`a salt has ${SIDE_RECORD_SALT_BYTES} bytes, not ${salt.length}`);
  const data = concat(salt, content);
  if (data.length > SIDE_RECORD_BYTES_MAX) throw argumentWrong(`a side record of ${data.length} bytes is beyond ${SIDE_RECORD_BYTES_MAX}`);
  return { sha256: sha256Hex(data), data };
}

/** Accept bytes only under the hash that they have; throws SIDE-RECORD-MISMATCH. */
export function checkSideRecord(sha256: string, data: Uint8Array): SideRecord {
  if (!isHash(sha256) || data.length < SIDE_RECORD_SALT_BYTES || sha256Hex(data) !== sha256) {
    throw new DoorstepError("SIDE-RECORD-MISMATCH", `the side record named ${sha256.slice(0, 16)}… has other bytes`);
  }
  if (data.length > SIDE_RECORD_BYTES_MAX) {
    throw new DoorstepError("EXCHANGE-TOO-LARGE", `a side record of ${data.length} bytes is beyond ${SIDE_RECORD_BYTES_MAX}`);
  }
  return { sha256, data: concat(data) };
}

/** The content behind the salt. */
export function contentOf(data: Uint8Array): Uint8Array {
  return data.subarray(SIDE_RECORD_SALT_BYTES);
}
