/** What a stranger, a damaged disk or a newer office may hand to the core: it answers with a code or a rule, never with a crash. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromUtf8, unb64, utf8 } from "../../src/core/encoding";
import { DoorstepError, refuse } from "../../src/core/errors";
import { ERRORS } from "../../src/core/generated/errors";
import { TEXTS, type TextKey } from "../../src/core/generated/texts";
import { append, place } from "../../src/core/journal";
import { readDocument, readMessage, writeMessage } from "../../src/core/messages";
import { GENESIS } from "../../src/core/operations/envelope";
import { isHeld, understand } from "../../src/core/operations/understand";
import { makeRecoverySlot, openRecoveryAnswer, recoveryRequestText } from "../../src/core/recovery";
import { seal, unseal } from "../../src/core/sealing";
import { importPublic } from "../../src/core/signing";
import { adviceSentence, oneLanguage, text } from "../../src/core/texts";
import { codeOf, codeOfLater, journalLines, load, sealingKeys, testKey } from "./vectors/files";

const HEAD = { device: "00a1b2c3d4e5f607", epoch: 1, seq: 0, hash: GENESIS, hlc: null };
const READING = { wallMs: 1_795_309_200_000, offsetMinutes: 480, boot: "b", monoMs: 1 };

/** A text with a piece cut out, doubled or replaced. */
function damaged(whole: string): fc.Arbitrary<string> {
  const span = fc.tuple(fc.nat(whole.length), fc.nat(12), fc.constantFrom("", "0", '"', "{", "}", "null", "1e9", "\\u0000", '"__proto__":', "😀"));
  return span.map(([start, length, piece]) => whole.slice(0, start) + piece + whole.slice(start + length));
}

describe("operations", () => {
  test("whatever the bytes are, they are understood or held", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
      expect(isHeld(understand(data))).toBe(true);
      expect(["FRAMING-BROKEN", "ENVELOPE-BROKEN", "OPERATION-TOO-LARGE"]).toContain(codeOf(() => place(data)));
    }));
    const lines = journalLines().map((line) => fromUtf8(line));
    fc.assert(fc.property(fc.constantFrom(...lines).chain(damaged), (line) => {
      const found = understand(line);
      if (!isHeld(found)) expect(found.v).toBe(1);
      codeOf(() => place(utf8(line)));
    }), { numRuns: 1500 });
  });

  test("members of every object's prototype are no members of an operation", () => {
    const line = fromUtf8(append(HEAD, { kind: "VisitStarted", visit: "V-1" }, READING).data);
    for (const kind of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
      expect(understand(line.replace("VisitStarted", kind))).toMatchObject({ rule: "SCHEMA-NEWER" });
    }
    expect(understand(line.replace('"visit"', '"__proto__":{"a":1},"visit"'))).toMatchObject({ rule: "OPERATION-MALFORMED" });
    expect(understand(line.replace('"visit":"V-1"', '"__proto__":{"visit":"V-1"}'))).toMatchObject({ rule: "OPERATION-MALFORMED" });
  });

  test("a writer never writes what a reader would hold", () => {
    const wrong: object[] = [
      { kind: "NoteTaken", visit: "V-1" },
      { kind: "NoteTaken", visit: "V-1", note: "n", mood: "good" },
      { kind: "NoteTaken", visit: "x".repeat(201), note: "n" },
      { kind: "NoteTaken", visit: "\ud800", note: "n" },
      { kind: "NoteTaken", visit: null, note: "n" },
      { kind: "PromiseMade", visit: "V", account: "A", customer: "C", amount_minor: 1.5, currency: "CNY", due: "2026-12-01" },
      { kind: "PromiseMade", visit: "V", account: "A", customer: "C", amount_minor: Number.NaN, currency: "CNY", due: "2026-12-01" },
      { kind: "PromiseMade", visit: "V", account: "A", customer: "C", amount_minor: -1, currency: "CNY", due: "2026-12-01" },
      { kind: "PromiseMade", visit: "V", account: "A", customer: "C", amount_minor: 10 ** 12 + 1, currency: "CNY", due: "2026-12-01" },
      { kind: "PromiseMade", visit: "V", account: "A", customer: "C", amount_minor: 1, currency: "XXX", due: "2026-12-01" },
      { kind: "PromiseMade", visit: "V", account: "A", customer: "C", amount_minor: 1, currency: "CNY", due: "2026-02-30" },
      { kind: "SafetyRaised", level: "bored" },
      { kind: "DreamTold" },
      { kind: "constructor" },
    ];
    for (const body of wrong) expect(codeOf(() => append(HEAD, body as never, READING)), JSON.stringify(body)).toBe("ARGUMENT-WRONG");
    const body = { kind: "NoteTaken", visit: "V-1", note: "n" } as const;
    expect(codeOf(() => append(HEAD, body, { ...READING, monoMs: 0.5 }))).toBe("ARGUMENT-WRONG");
    expect(codeOf(() => append(HEAD, body, READING, { position: { lat_e7: 1_000_000_000, lon_e7: 0, accuracy_m: 1 } }))).toBe("ARGUMENT-WRONG");
    expect(codeOf(() => append({ ...HEAD, seq: 2 ** 32 - 1 }, body, READING))).toBe("STATE-FORBIDS");
    expect(codeOf(() => append({ ...HEAD, epoch: 0 }, body, READING))).toBe("ENVELOPE-BROKEN");
    const evidence = Array.from({ length: 200 }, () => "0".repeat(64));
    const letter = { kind: "NoticeDelivered", visit: "V", account: "A", notice: "N", version: 1, manner: "posted", recipient: "nobody", evidence } as const;
    expect(codeOf(() => append(HEAD, letter, READING))).toBe("OPERATION-TOO-LARGE");
  });
});

describe("messages", () => {
  test("an answer that was damaged on its way is read or refused with ANSWER-UNTRUSTED", () => {
    const { answer } = load<{ answer: string }>("exchange.json");
    fc.assert(fc.property(damaged(answer), (given) => {
      expect(["", "ANSWER-UNTRUSTED"]).toContain(codeOf(() => readMessage("ExchangeAnswer", given)));
    }), { numRuns: 1000 });
  });

  test("members that are not known yet are left unread, and members with a default may be missing", () => {
    const read = readMessage("EpochGrant", '{"epoch":2,"continues":"h","reason":"fork","later":{"fraction":1.5}}');
    expect(read).toEqual({ epoch: 2, continues: "h", reason: "fork" });
    expect(readMessage("Signed", '{"payload": {"b":1,  "a":2} ,"signature":"s"}')).toEqual({ payload: '{"b":1,  "a":2}', signature: "s", key: "" });
    expect(writeMessage("Cursor", { incarnation: "i", n: 1 })).toBe('{"incarnation":"i","n":1}');
    expect(codeOf(() => writeMessage("EnrolRequest", { code: "c", public_key: "k", model: "\ud800" }))).toBe("ARGUMENT-WRONG");
    expect(codeOf(() => writeMessage("Cursor", { incarnation: "i", n: 0.5 }))).toBe("ARGUMENT-WRONG");
    expect(readDocument("someday/1", '{"a":[1.5]}')).toEqual({ a: [1.5] });
    expect(codeOf(() => readDocument("someday/1", "{"))).toBe("ANSWER-UNTRUSTED");
    expect(codeOf(() => readDocument("visit/1", "{}"))).toBe("ANSWER-UNTRUSTED");
  });
});

describe("seals", () => {
  test("a seal opens only whole, with its key and its associated data", async () => {
    const own = await sealingKeys("identity");
    const point = unb64(testKey("identity").public_key);
    const sealed = await seal(point, utf8("482107"), utf8("here"));
    for (let place = 0; place < sealed.length; place += 7) {
      const other = sealed.slice();
      other[place] = (other[place] ?? 0) ^ 1;
      expect(await codeOfLater(unseal(own.privateKey, point, other, utf8("here"))), `byte ${place}`).toBe("ARGUMENT-WRONG");
    }
    for (const cut of [0, 82, sealed.length - 1]) {
      expect(await codeOfLater(unseal(own.privateKey, point, sealed.slice(0, cut), utf8("here")))).toBe("ARGUMENT-WRONG");
    }
    expect(await codeOfLater(seal(point.slice(0, 64), utf8("x"), utf8("")))).toBe("ARGUMENT-WRONG");
    expect(await codeOfLater(importPublic(new Uint8Array(65).fill(4)))).toBe("ARGUMENT-WRONG");
  });

  test("an answer to another request, phone or version opens nothing", async () => {
    const oneTime = await sealingKeys("one-time");
    const point = unb64(testKey("one-time").public_key);
    const slot = await makeRecoverySlot(new Uint8Array(32), "device", unb64(testKey("recovery").public_key));
    expect(JSON.parse(recoveryRequestText("device", "p", "s"))).toEqual({ device: "device", one_time_public: "p", recovery_slot: "s", version: 1 });
    const wrong = [
      "", "{}", "[".repeat(5000), '{"device":"other","sealed":"AA","version":1}', '{"device":"device","sealed":"AA","version":2}',
      `{"device":"device","sealed":"${Buffer.from(slot).toString("base64url")}","version":1}`, '{"device":"device","sealed":"AA","more":1}',
    ];
    for (const answer of wrong) expect(await codeOfLater(openRecoveryAnswer(answer, "device", oneTime.privateKey, point)), answer).toBe("RECOVERY-WRONG");
  });
});

describe("texts", () => {
  test("every text has the same values in both languages, and refusals carry them", () => {
    for (const [key, [english, chinese]] of Object.entries(TEXTS)) {
      const names = (sentence: string): string[] => [...new Set([...sentence.matchAll(/\{([a-z_]+)\}/g)].map((match) => match[1] ?? ""))].sort();
      expect(names(chinese), key).toEqual(names(english));
      const values = Object.fromEntries(names(english).map((name) => [name, `<${name}>`]));
      expect(text(key as TextKey, "zh", values)).not.toMatch(/\{[a-z_]+\}/);
    }
    const error = refuse("visit-unknown", { visit: "V-1" });
    expect([error.code, error.key, error.causeIn("zh")]).toEqual(["WORK-REFUSED", "refused-visit-unknown", "本机没有上门任务 V-1"]);
    expect(error.message).toContain("this phone holds no visit V-1");
  });

  test("an advice cuts the office's two languages to the reader's", () => {
    expect([oneLanguage("a | 甲", "en"), oneLanguage("a | 甲", "zh"), oneLanguage("only", "zh")]).toEqual(["a", "甲", "only"]);
    const advice = { key: "conduct", values: { rule: "CN-HOURS", why: "too late. | 太晚。" } };
    expect(adviceSentence(advice, "zh")).toBe("规则 CN-HOURS：太晚。");
    expect(adviceSentence({ key: "of-a-newer-version", values: {} }, "en")).toBe("of-a-newer-version");
  });

  test("every error has a title and a remedy; one of a newer office keeps its own", () => {
    for (const code of Object.keys(ERRORS)) {
      const error = new DoorstepError(code, "cause");
      expect(error.title.length * error.titleIn("zh").length, code).toBeGreaterThan(0);
      expect(error.status).toBeGreaterThanOrEqual(400);
      if (code !== "WORK-REFUSED") expect(error.remedyIn("zh").length, code).toBeGreaterThan(0);
    }
    const newer = new DoorstepError("MOON-FULL", "it is full", { title: "The moon", remedy: "Wait." });
    expect([newer.title, newer.remedyIn("zh"), newer.status]).toEqual(["The moon", "Wait.", 500]);
    expect(new DoorstepError("constructor", "x").title).toBe("constructor");
  });
});
