/** exchange.json, side_records.json, sealing.json. */
import { expect } from "vitest";
import { b64, fromUtf8, hex, sha256Hex, unb64, unhex, utf8 } from "../../../src/core/encoding";
import { type MessageName, readAcknowledgement, readDocument, readMessage, writeMessage } from "../../../src/core/messages";
import { seal, unseal } from "../../../src/core/sealing";
import { checkSideRecord, contentOf, makeSideRecord } from "../../../src/core/side_records";
import { type Tag, TAG_ENROLMENT, TAG_EPOCH, TAG_EXCHANGE, verify } from "../../../src/core/signing";
import { answerBinding, codeDigest, codeFits, normalCode } from "../../../src/core/visit_code";
import { codeOf, codeOfLater, journalLines, load, publicKey, sealingKeys, testKey } from "./files";

interface SignedCase {
  what: string; key: string; tag: Tag; payload: string; signature: string;
}
interface ExchangeVectors {
  request: string; first_request: string; answer: string; answer_behind: string; enrolment: string; enrolment_answer: string;
  epoch_request: string; epoch_answer: string; keys: string; signed: SignedCase[]; signed_wrongly: SignedCase[];
}

const NAMES = {
  request: "ExchangeRequest", first_request: "ExchangeRequest", answer: "ExchangeAnswer", answer_behind: "ExchangeAnswer",
  enrolment: "Signed", enrolment_answer: "EnrolAnswer", epoch_request: "Signed", epoch_answer: "EpochGrant", keys: "PublishedKeys",
} as const satisfies Partial<Record<keyof ExchangeVectors, MessageName>>;

export async function exchange(): Promise<void> {
  const vectors = load<ExchangeVectors>("exchange.json");
  for (const one of vectors.signed) await verify(await publicKey(one.key), one.tag, utf8(one.payload), unb64(one.signature, 64));
  for (const one of vectors.signed_wrongly) {
    const checked = verify(await publicKey(one.key), one.tag, utf8(one.payload), unb64(one.signature, 64));
    expect(await codeOfLater(checked), one.what).toBe("SIGNATURE-WRONG");
  }
  for (const [member, name] of Object.entries(NAMES) as [keyof typeof NAMES, MessageName][]) {
    expect(writeMessage(name, readMessage(name, vectors[member])), member).toBe(vectors[member]);
  }
  const lines = journalLines();
  const request = readMessage("ExchangeRequest", vectors.request);
  await verify(await publicKey("device"), TAG_EXCHANGE, utf8(request.claims), unb64(request.signature, 64));
  expect(request.operations).toEqual(lines.slice(2).map((line) => fromUtf8(line)));
  for (const { sha256, data } of request.side_records) checkSideRecord(sha256, unb64(data));
  expect(readMessage("Claims", request.claims)).toMatchObject({ pull: true, cursor: { n: 41 } });
  const answer = readMessage("ExchangeAnswer", vectors.answer);
  const acknowledgement = await readAcknowledgement(unb64(testKey("office").public_key), answer.acknowledgement);
  expect(acknowledgement.hash).toBe(sha256Hex(lines.at(-1) ?? Buffer.alloc(0)));
  expect(answer.documents.map(({ document }) => document === "null")).toEqual([false, false, true]);
  expect(readDocument("journal/x/2", answer.documents[0]?.document ?? "")).toMatchObject({ epoch: 2, reconciled_seq: 3 });
  expect(readDocument("verdict/x", answer.documents[1]?.document ?? "")).toMatchObject({ rule: "PAY-OVER", sentence_zh: "" });
  const behind = readMessage("ExchangeAnswer", vectors.answer_behind);
  expect(behind).toMatchObject({ more: true, lock: true, wipe_after_upload: true, resend_from: { epoch: 1, seq: 3 }, epoch: { epoch: 3 } });
  const enrolment = readMessage("Signed", vectors.enrolment);
  await verify(await publicKey("device"), TAG_ENROLMENT, utf8(enrolment.payload), unb64(enrolment.signature, 64));
  expect(readMessage("EnrolRequest", enrolment.payload).public_key).toBe(testKey("device").public_key);
  const epoch = readMessage("Signed", vectors.epoch_request);
  await verify(await publicKey("device"), TAG_EPOCH, utf8(epoch.payload), unb64(epoch.signature, 64));
  expect(readMessage("EpochRequest", epoch.payload).epoch).toBe(1);
}

export function sideRecords(): void {
  for (const one of load<{ salt_hex: string; text: string; data: string; sha256: string }[]>("side_records.json")) {
    const record = makeSideRecord(utf8(one.text), unhex(one.salt_hex));
    expect([record.sha256, b64(record.data)]).toEqual([one.sha256, one.data]);
    expect(fromUtf8(contentOf(unb64(one.data)))).toBe(one.text);
    expect(codeOf(() => checkSideRecord(one.sha256, utf8("other bytes of a side record")))).toBe("SIDE-RECORD-MISMATCH");
  }
}

export async function sealing(): Promise<void> {
  const vectors = load<{
    recipient: string; ephemeral: string; seals: { text: string; associated_hex: string; sealed_hex: string }[];
    binding: { device: string; visit: string; prev: string; associated_hex: string };
    codes: { code: string; salt: string; digest: number }[];
  }>("sealing.json");
  const recipient = await sealingKeys(vectors.recipient);
  const point = unb64(testKey(vectors.recipient).public_key);
  const ephemeral = await sealingKeys(vectors.ephemeral);
  for (const one of vectors.seals) {
    const associated = unhex(one.associated_hex);
    expect(hex(await seal(point, utf8(one.text), associated, ephemeral))).toBe(one.sealed_hex);
    expect(fromUtf8(await unseal(recipient.privateKey, point, unhex(one.sealed_hex), associated))).toBe(one.text);
    const elsewhere = unseal(recipient.privateKey, point, unhex(one.sealed_hex), unhex(`${one.associated_hex}78`));
    expect(await codeOfLater(elsewhere)).toBe("ARGUMENT-WRONG");
    const fresh = await seal(point, utf8(one.text), associated);
    expect(fromUtf8(await unseal(recipient.privateKey, point, fresh, associated))).toBe(one.text);
  }
  const { device, visit, prev, associated_hex } = vectors.binding;
  expect(hex(answerBinding(device, visit, prev))).toBe(associated_hex);
  for (const { code, salt, digest } of vectors.codes) {
    expect(codeDigest(code, salt)).toBe(digest);
    expect([codeFits(code, salt, digest), codeFits(code, salt, digest ^ 1), codeFits(code, salt, -1)]).toEqual([true, false, true]);
    expect(normalCode(code)).toMatch(/^[0-9]+$/);
  }
}
