/** Writes a day by a seed: every kind of operation, receipts, a signed exchange, seals and a badge. */
import { badgeDigits, readCertificate, signBadge } from "../../src/core/badge";
import type { Reading } from "../../src/core/clock";
import { formatWall } from "../../src/core/clock";
import { b64, fromUtf8, hex, unb64, utf8 } from "../../src/core/encoding";
import { FIELD_KINDS, GENESIS, KIND_PARTS, KINDS } from "../../src/core/generated/kinds";
import { type BodyDraft, CURRENCIES, METHODS, type Position, type Seen } from "../../src/core/generated/types";
import { append, type Entry, type JournalHead } from "../../src/core/journal";
import { PROTOCOL_VERSION, writeMessage } from "../../src/core/messages";
import { FLAG_VOID, type Receipt, shortNumber, signReceipt, toDigits } from "../../src/core/receipt";
import { makeRecoverySlot, recoveryRequestText } from "../../src/core/recovery";
import { seal } from "../../src/core/sealing";
import { makeSideRecord } from "../../src/core/side_records";
import { sign, TAG_ENROLMENT, TAG_EPOCH, TAG_EXCHANGE } from "../../src/core/signing";
import { answerBinding } from "../../src/core/visit_code";
import { Dice } from "./dice";
import { type Key, signing } from "./keys";

export interface WriteTask {
  do: "write";
  seed: number;
  count: number;
  device: string;
  certificate: string;
  keys: Record<"device" | "identity" | "recovery" | "one-time", Key>;
}

const START_MS = 1_795_309_200_000;

export async function write(task: WriteTask): Promise<object> {
  const dice = new Dice(task.seed);
  const key = await signing(task.keys.device);
  const { entries, receipts } = await journal(task, dice, key);
  const last = entries.at(-1);
  if (last === undefined) throw new Error("a day of no operations");
  const { device, epoch, seq, hash } = last.head;
  const record = makeSideRecord(utf8(dice.text()), dice.bytes(16));
  const claims = writeMessage("Claims", {
    device, epoch, seq, hash, nonce: hex(dice.bytes(16)), clock: { at: formatWall(START_MS, 480), boot: "b", mono_ms: 5 },
    cursor: dice.unit() < 0.5 ? null : { incarnation: "i-1", n: dice.below(1000) }, pull: dice.unit() < 0.5,
  });
  const request = writeMessage("ExchangeRequest", {
    protocol: PROTOCOL_VERSION, claims, signature: b64(await sign(key, TAG_EXCHANGE, utf8(claims))),
    operations: entries.map(({ data }) => fromUtf8(data)), side_records: [{ sha256: record.sha256, data: b64(record.data) }],
  });
  const enrolment = writeMessage("EnrolRequest", { code: "K7F3-9QXA", public_key: task.keys.device.public_key, model: dice.text() });
  const epochs = writeMessage("EpochRequest", { device, epoch, seq, hash, request: "r-1", reason: dice.one(["requested", "restored"]) });
  const visit = dice.text();
  const answer = dice.text() || "482107";
  const sealed = await seal(unb64(task.keys.identity.public_key), utf8(answer), answerBinding(device, visit, hash));
  const dataKey = dice.bytes(32);
  const slot = await makeRecoverySlot(dataKey, device, unb64(task.keys.recovery.public_key));
  return {
    lines: entries.map(({ data }) => fromUtf8(data)),
    hashes: entries.map((entry) => entry.hash),
    receipts: receipts.map((one) => ({ text: one.text, identity: one.identity, short: shortNumber(one), digits: toDigits(one.data) })),
    request,
    enrolment: writeMessage("Signed", { payload: enrolment, signature: b64(await sign(key, TAG_ENROLMENT, utf8(enrolment))) }),
    epoch: writeMessage("Signed", { payload: epochs, signature: b64(await sign(key, TAG_EPOCH, utf8(epochs))), key: device }),
    seal: { visit, answer, prev: hash, sealed_hex: hex(sealed) },
    recovery: { data_key_hex: hex(dataKey), request: recoveryRequestText(device, task.keys["one-time"].public_key, b64(slot)) },
    badge: badgeDigits(await signBadge(key, readCertificate(task.certificate), START_MS)),
  };
}

/** So many operations, of every kind in turn, over two epochs and several page loads. */
async function journal(task: WriteTask, dice: Dice, key: CryptoKey): Promise<{ entries: Entry[]; receipts: Receipt[] }> {
  let head: JournalHead = { device: task.device, epoch: 1, seq: 0, hash: GENESIS, hlc: null };
  const entries: Entry[] = [];
  const receipts: Receipt[] = [];
  for (let step = 0; step < task.count; step += 1) {
    if (step === Math.floor(task.count / 2)) head = { ...head, epoch: 2, seq: 0 };
    const kind = FIELD_KINDS[step % FIELD_KINDS.length] ?? "NoteTaken";
    const draft: Record<string, unknown> = { kind, ...dice.members(KINDS[kind] ?? [], KIND_PARTS) };
    if (kind === "PaymentCollected" || kind === "PaymentVoided") {
      receipts.push(await receipt(dice, key, head, receipts.length + 1, kind === "PaymentVoided"));
      draft["receipt"] = receipts.at(-1)?.text;
    }
    const entry = append(head, draft as unknown as BodyDraft, reading(dice, step), {
      seen: dice.unit() < 0.3 ? null : seen(dice, step), pack: dice.unit() < 0.1 ? "" : "2026-11-22/agent-1", policy: dice.text(),
      position: dice.unit() < 0.5 ? null : position(dice),
    });
    entries.push(entry);
    head = entry.head;
  }
  return { entries, receipts };
}

async function receipt(dice: Dice, key: CryptoKey, head: JournalHead, number: number, isVoid: boolean): Promise<Receipt> {
  return signReceipt(key, {
    keyId: head.device, epoch: head.epoch, seq: head.seq + 1, number, before: head.hash.slice(0, 32), amountMinor: dice.below(10 ** 12) + 1,
    currency: dice.one(CURRENCIES), method: dice.one(METHODS), kind: isVoid ? "void" : "payment", atS: dice.below(2 ** 32),
    offsetMinutes: (dice.below(113) - 56) * 15, flags: dice.below(8) | (isVoid ? FLAG_VOID : 0), lastFour: dice.below(10_000), tag: hex(dice.bytes(4)),
  });
}

function reading(dice: Dice, step: number): Reading {
  // Clocks are set back now and then; the hybrid clock has to ascend all the same.
  const wallMs = START_MS + step * 60_000 - (dice.unit() < 0.1 ? 86_400_000 : 0) + dice.below(1000);
  return { wallMs, offsetMinutes: dice.below(1680) - 840, boot: `boot-${Math.floor(step / 30)}`, monoMs: 1000 + step * 60_000 };
}

function seen(dice: Dice, step: number): Seen {
  return { at_ms: START_MS + step * 50_000, boot: dice.one(["boot-0", "boot-1"]), mono_ms: dice.below(10 ** 9) };
}

function position(dice: Dice): Position {
  return { lat_e7: dice.below(1_800_000_001) - 900_000_000, lon_e7: dice.below(3_600_000_001) - 1_800_000_000, accuracy_m: dice.below(5000) };
}
