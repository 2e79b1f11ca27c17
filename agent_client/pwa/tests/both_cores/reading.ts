/** Takes apart what Python wrote: verifies, understands, writes every operation again, and says what it found. */
import { isFresh, readBadgeDigits, verifyBadge } from "../../src/core/badge";
import { DoorstepError } from "../../src/core/errors";
import { fromUtf8, unb64, unhex, utf8 } from "../../src/core/encoding";
import type { Operation } from "../../src/core/generated/types";
import { checkBatch, place, verifyChain } from "../../src/core/journal";
import { readAcknowledgement, readMessage, writeMessage } from "../../src/core/messages";
import { encodeOperation, kindOf } from "../../src/core/operations/envelope";
import { seriesOf, sideRecordsOf, touches } from "../../src/core/operations/kinds";
import { isHeld, understand } from "../../src/core/operations/understand";
import { fromDigits, readReceipt, shortNumber, toDigits, verifyReceipt } from "../../src/core/receipt";
import { openRecoveryAnswer } from "../../src/core/recovery";
import { unseal } from "../../src/core/sealing";
import { checkSideRecord } from "../../src/core/side_records";
import { TAG_EXCHANGE, verify } from "../../src/core/signing";
import { type Key, opening, verifying } from "./keys";

export interface ReadTask {
  do: "read";
  lines: string[];
  odd: string[];
  device: string;
  prev: string;
  request: string;
  answer: string;
  badge: { digits: string; now_ms: number };
  seal: { sealed_hex: string; associated_hex: string };
  recovery_answer: string;
  keys: Record<"device" | "office" | "identity" | "one-time", Key>;
}

export async function read(task: ReadTask): Promise<object> {
  const device = await verifying(task.keys.device);
  const lines = task.lines.map((line) => utf8(line));
  const placed = verifyChain(lines, task.prev);
  checkBatch(task.device, lines);
  const operations = [];
  for (const { data, hash, header } of placed) operations.push({ hash, ...header, ...(await taken(data, device)) });
  const request = readMessage("ExchangeRequest", task.request);
  await verify(device, TAG_EXCHANGE, utf8(request.claims), unb64(request.signature, 64));
  for (const { sha256, data } of request.side_records) checkSideRecord(sha256, unb64(data));
  const answer = readMessage("ExchangeAnswer", task.answer);
  const badge = readBadgeDigits(task.badge.digits);
  await verifyBadge(badge, await verifying(task.keys.office), device);
  const identity = task.keys.identity;
  const opened = await unseal(await opening(identity), unb64(identity.public_key), unhex(task.seal.sealed_hex), unhex(task.seal.associated_hex));
  const oneTime = task.keys["one-time"];
  const dataKey = await openRecoveryAnswer(task.recovery_answer, task.device, await opening(oneTime), unb64(oneTime.public_key));
  return {
    operations,
    rules: task.odd.map((line) => {
      const found = understand(utf8(line));
      return isHeld(found) ? found.rule : "";
    }),
    placed: task.odd.map((line) => {
      try {
        return place(utf8(line)).header;
      } catch (error) {
        return error instanceof DoorstepError ? error.code : String(error);
      }
    }),
    request: { text: writeMessage("ExchangeRequest", request), operations: request.operations, claims: readMessage("Claims", request.claims) },
    acknowledgement: await readAcknowledgement(unb64(task.keys.office.public_key), answer.acknowledgement),
    answer: writeMessage("ExchangeAnswer", answer),
    badge: { ...badge.certificate.body, minute: badge.minute, fresh: isFresh(badge, task.badge.now_ms) },
    opened: fromUtf8(opened),
    data_key: [...dataKey],
  };
}

async function taken(data: Uint8Array, device: CryptoKey): Promise<object> {
  const operation = understand(data);
  if (isHeld(operation)) return { held: operation.sentence };
  const { body, ...envelope } = operation;
  return {
    kind: kindOf(operation),
    text: encodeOperation(envelope, body as Operation["body"] & Record<string, unknown>),
    touches: touches(operation),
    side_records: sideRecordsOf(operation),
    receipt: "receipt" in body ? await receipt(body.receipt, device) : null,
  };
}

async function receipt(text: string, device: CryptoKey): Promise<object> {
  const found = readReceipt(text);
  await verifyReceipt(found, device);
  const digits = toDigits(found.data);
  const same = readReceipt(fromDigits(digits)).text === text;
  return { ...found.body, identity: found.identity, series: seriesOf(text), short: shortNumber(found), digits, same };
}
