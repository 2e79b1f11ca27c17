/** Answers that only the office may read: sealed to its identity key, kept as a side record. */
import { unb64, utf8 } from "../core/encoding";
import { SIDE_RECORD_SALT_BYTES } from "../core/limits";
import { seal } from "../core/sealing";
import { makeSideRecord, type SideRecord } from "../core/side_records";
import { answerBinding, normalCode } from "../core/visit_code";
import { deviceOf, type Desk } from "../store/desk";
import type { Moment } from "./recording";

/** An answer in normal form, or a picture, sealed with device, visit and previous hash as associated data, then salted. */
export async function sealedRecord(
  desk: Desk,
  moment: Moment,
  visit: string,
  answer: string | Uint8Array,
): Promise<SideRecord> {
  const content = typeof answer === "string" ? utf8(normalCode(answer)) : answer;
  const recipient = unb64(desk.enrolment.answer.identity_key.public_key, 65);
  const sealed = await seal(recipient, content, answerBinding(deviceOf(desk), visit, moment.head.hash));
  return makeSideRecord(sealed, desk.environment.random(SIDE_RECORD_SALT_BYTES));
}

/** Personal content, salted. */
export function personalRecord(desk: Desk, content: Uint8Array): SideRecord {
  return makeSideRecord(content, desk.environment.random(SIDE_RECORD_SALT_BYTES));
}
