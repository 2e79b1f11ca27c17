/**
 * A forgotten PIN: what the phone asks and what the office answers (PROTOCOL 10).
 *
 * While the phone holds anything that the office has not acknowledged, its data key is also *sealed* to the branch's
 * recovery key (associated data: the device id). The request carries that seal and a one-time public key whose private
 * part never leaves the browser; the office, having made sure in person who is asking, seals the data key again to the
 * one-time key. The answer's associated data carries the device id and the one-time key, so that an answer to another
 * request does not open.
 */
import { canonicalJson, concat, unb64, utf8 } from "./encoding";
import { DoorstepError } from "./errors";
import { MESSAGES } from "./generated/messages";
import type { RecoveryAnswer } from "./generated/types";
import { scanJson } from "./raw_json";
import { seal, unseal } from "./sealing";
import { readStruct } from "./shape";

export const DATA_KEY_BYTES = 32;
/** An answer has about 500 bytes; more is not one of ours. */
const ANSWER_BYTES_MAX = 4096;
const ANSWER_TAG = "doorstep/recovery-answer/1\0";

/** The data key sealed to the branch (65-byte point). */
export async function makeRecoverySlot(
  dataKey: Uint8Array,
  device: string,
  recoveryPublic: Uint8Array,
  ephemeral?: CryptoKeyPair,
): Promise<Uint8Array<ArrayBuffer>> {
  return seal(recoveryPublic, dataKey, utf8(device), ephemeral);
}

/** What the phone asks, as canonical JSON; one-time point and slot in base64url. */
export function recoveryRequestText(device: string, oneTimePublic: string, recoverySlot: string): string {
  return canonicalJson({ device, one_time_public: oneTimePublic, recovery_slot: recoverySlot, version: 1 });
}

/** The data key out of the office's answer; else RECOVERY-WRONG. */
export async function openRecoveryAnswer(
  answer: string,
  device: string,
  oneTimePrivate: CryptoKey,
  oneTimePoint: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const given = parseAnswer(answer);
  if (given.device !== device) {
    throw recoveryWrong(`the answer is for device ${JSON.stringify(given.device.slice(0, 40))}, this is ${JSON.stringify(device)}`);
  }
  let key: Uint8Array<ArrayBuffer>;
  try {
    key = await unseal(oneTimePrivate, oneTimePoint, unb64(given.sealed), concat(utf8(ANSWER_TAG), oneTimePoint, utf8(device)));
  } catch (error) {
    if (!(error instanceof DoorstepError)) throw error;
    throw recoveryWrong(`the answer does not belong to this request: ${error.cause}`);
  }
  if (key.length !== DATA_KEY_BYTES) throw recoveryWrong(`the answer holds ${key.length} bytes, not a data key`);
  return key;
}

function parseAnswer(text: string): RecoveryAnswer {
  if (text.length > ANSWER_BYTES_MAX) throw recoveryWrong(`${text.length} characters are not a recovery answer`);
  let parsed: RecoveryAnswer;
  try {
    parsed = readStruct(text, scanJson(text), MESSAGES["RecoveryAnswer"] ?? [], MESSAGES, true) as unknown as RecoveryAnswer;
  } catch (fault) {
    throw recoveryWrong(`this is not a recovery answer: ${fault instanceof Error ? fault.message : String(fault)}`);
  }
  if (parsed.version !== 1) throw recoveryWrong(`a recovery answer of version ${parsed.version} is not known here`);
  return parsed;
}

function recoveryWrong(cause: string): DoorstepError {
  return new DoorstepError("RECOVERY-WRONG", cause);
}
