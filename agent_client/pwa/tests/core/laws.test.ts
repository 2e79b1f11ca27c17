/** What holds for every input: codecs go there and back, clocks never run back, money is conserved. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatWall, hlcParse, parseWall, tick } from "../../src/core/clock";
import { b64, canonicalJson, hex, type Json, sha256, unb64, unhex, utf8 } from "../../src/core/encoding";
import { AMOUNT_MINOR_MAX, INTEGER_MAX } from "../../src/core/generated/limits";
import { CURRENCIES, METHODS } from "../../src/core/generated/types";
import { formatAmount, parseAmount } from "../../src/core/money";
import { decodeBody, encodeBody, FLAG_VOID, fromDigits, type ReceiptBody, toDigits } from "../../src/core/receipt";
import { JsonFault, scanJson } from "../../src/core/raw_json";
import { compare } from "../../src/core/repayment/comparing";
import { schedule } from "../../src/core/repayment/schedules";
import type { Terms } from "../../src/core/repayment/terms";
import { dayStartMs, localOf } from "../../src/core/policy/zones";
import { dayNumber, dayText, isDay } from "../../src/core/days";
import { codeOf } from "./vectors/files";

const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const character = fc.string({ unit: "binary", maxLength: 40 }); // any code points but lone surrogates

describe("encodings", () => {
  test("bytes have exactly one base64url text, and it goes back to them", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
      const text = b64(data);
      expect(text).toBe(Buffer.from(data).toString("base64url"));
      expect(hex(unb64(text, data.length))).toBe(hex(data));
    }));
  });

  test("a text that is accepted as base64url is the one that its bytes have", () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(..."AZaz09-_+/= ="), maxLength: 12 }), (text) => {
      let found: Uint8Array;
      try {
        found = unb64(text);
      } catch {
        return;
      }
      expect(b64(found)).toBe(text);
    }), { numRuns: 2000 });
  });

  test("hexadecimal goes there and back, SHA-256 is node's", async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (data) => {
      expect(hex(unhex(hex(data)))).toBe(hex(data));
      expect(hex(sha256(data))).toBe(hex(new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(data)))));
    }));
  });

  test("canonical JSON is the same for any order of members and is read back as it was", () => {
    const json: fc.Arbitrary<Json> = fc.letrec<{ any: Json }>((tie) => ({
      any: fc.oneof({ maxDepth: 3 }, character, fc.boolean(), fc.constant(null), fc.maxSafeInteger(), fc.array(tie("any"), { maxLength: 4 }),
        fc.dictionary(character, tie("any"), { maxKeys: 5, noNullPrototype: true })),
    })).any;
    fc.assert(fc.property(json, (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(shuffled(value))).toBe(text);
      expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
      scanJson(text);
    }));
  });

  test("a text is JSON to us exactly when it is JSON to the browser", () => {
    const piece = fc.constantFrom("{", "}", "[", "]", ",", ":", '"a"', '"\\u00e9"', '"\\x"', '"', "1", "-0", "01", "1.5e3", "true", "nul", "null", " ", "\n", "\\");
    fc.assert(fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
      const text = pieces.join("");
      expect(accepted(() => scanJson(text)), text).toBe(accepted(() => JSON.parse(text) as unknown));
    }), { numRuns: 5000 });
  });

  test("nesting without end is refused, not followed", () => {
    expect(() => scanJson("[".repeat(100_000))).toThrow(JsonFault);
  });
});

function accepted(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

function shuffled(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => shuffled(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value as Record<string, Json>).reverse().map(([name, member]) => [name, shuffled(member)]));
}

describe("clocks", () => {
  test("wall clocks go there and back", () => {
    const moment = fc.record({ ms: fc.integer({ min: -62_135_000_000_000, max: 253_402_000_000_000 }), offset: fc.integer({ min: -840, max: 840 }) });
    fc.assert(fc.property(moment, ({ ms, offset }) => {
      let text: string;
      try {
        text = formatWall(ms, offset);
      } catch {
        return; // outside the years 1 to 9999 at that offset
      }
      expect(parseWall(text)).toEqual({ wallMs: ms, offsetMinutes: offset });
    }));
  });

  test("the hybrid logical clock only ascends, whatever the wall clock does", () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -(10 ** 14), max: 10 ** 14 }), { minLength: 2, maxLength: 50 }), (walls) => {
      let last = tick(null, walls[0] ?? 0);
      for (const wall of walls.slice(1)) {
        const next = tick(last, wall);
        expect(next > last).toBe(true);
        expect(hlcParse(next).ms).toBeGreaterThanOrEqual(hlcParse(last).ms);
        last = next;
      }
    }));
  });

  test("days are numbered without holes", () => {
    fc.assert(fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (number) => {
      const text = dayText(number);
      expect(isDay(text)).toBe(true);
      expect(dayNumber(text)).toBe(number);
    }));
    for (const text of ["2026-02-29", "2026-13-01", "0000-01-01", "2026-1-1", "2026-11-31", ""]) expect(isDay(text), text).toBe(false);
  });

  test("the start of a local day is its first instant", () => {
    const zone = fc.constantFrom("Asia/Shanghai", "Europe/London", "America/Havana", "Australia/Lord_Howe", "America/New_York");
    fc.assert(fc.property(zone, fc.integer({ min: 20_000, max: 24_000 }), (name, day) => {
      const start = dayStartMs(day, name);
      expect(localOf(start, name).day).toBe(day);
      expect(localOf(start - 1, name).day).toBe(day - 1);
    }), { numRuns: 60 });
  });
});

describe("money", () => {
  test("an amount that is written is read back, in every currency", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: AMOUNT_MINOR_MAX }), fc.constantFrom(...CURRENCIES), (minor, code) => {
      expect(parseAmount(formatAmount(minor, code).slice(0, -4), code)).toBe(minor);
    }));
  });

  const terms: fc.Arbitrary<Terms> = fc.record({
    scheme: fc.constantFrom("equal_instalments" as const, "equal_principal" as const, "reduction" as const, "deferral" as const),
    principalMinor: fc.integer({ min: 1, max: 10 ** 9 }), periods: fc.integer({ min: 1, max: 60 }), rateBp: fc.integer({ min: 0, max: 5000 }),
    share: fc.integer({ min: 1, max: 9999 }), months: fc.integer({ min: 1, max: 60 }), fee: fc.integer({ min: 0, max: 5000 }),
  }).map(({ scheme, principalMinor, periods, rateBp, share, months, fee }) => ({
    scheme, principalMinor, currency: "CNY", firstDue: "2027-01-31", rateBp, feeMinor: fee,
    ...(scheme === "deferral" ? { deferralMonths: months } : { periods }),
    ...(scheme === "reduction" ? { reductionBp: share } : {}),
  }));

  test("a plan repays exactly what it is about: principal parts and what is waived make the debt", () => {
    fc.assert(fc.property(terms, (given) => {
      if (codeOf(() => schedule(given)) !== "") return;
      const found = schedule(given);
      expect(found.principalMinor + found.waivedMinor).toBe(given.principalMinor);
      expect(found.instalments.reduce((sum, one) => sum + one.totalMinor, 0)).toBe(found.totalMinor);
      expect(found.principalMinor + found.interestMinor + found.feesMinor).toBe(found.totalMinor);
      for (const one of found.instalments) expect(Math.min(one.principalMinor, one.interestMinor)).toBeGreaterThanOrEqual(0);
      expect([...found.instalments.map(({ due }) => due)].sort()).toEqual(found.instalments.map(({ due }) => due));
    }), { numRuns: 500 });
  });

  test("the cheapest plan costs no more than any other, the lightest asks no more at once", () => {
    const principalMinor = 500_000;
    const several = fc.array(terms.map((given) => ({ ...given, principalMinor })), { minLength: 1, maxLength: 6 });
    fc.assert(fc.property(several, (schemes) => {
      if (codeOf(() => compare(schemes)) !== "") return;
      const found = compare(schemes);
      for (const column of found.columns) {
        expect(column.totalMinor).toBeGreaterThanOrEqual(found.columns[found.cheapest]?.totalMinor ?? INTEGER_MAX);
        expect(column.highestMinor).toBeGreaterThanOrEqual(found.columns[found.lightest]?.highestMinor ?? INTEGER_MAX);
      }
    }));
  });
});

describe("receipts", () => {
  test("120 bytes are exactly one text of 292 digits", () => {
    fc.assert(fc.property(bytes(120), (data) => {
      const digits = toDigits(data);
      expect(digits).toMatch(/^[0-9]{292}$/);
      expect(hex(fromDigits(digits))).toBe(hex(data));
      expect(hex(fromDigits(`${digits}?utm_source=scanner`))).toBe(hex(data));
    }));
  });

  test("digits that are read are the ones that their bytes have", () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 292, maxLength: 292 }), (digits) => {
      if (codeOf(() => fromDigits(digits)) === "") expect(toDigits(fromDigits(digits))).toBe(digits);
    }));
  });

  test("a body goes into its 56 bytes and back", () => {
    const hexText = (length: number): fc.Arbitrary<string> => bytes(length).map(hex);
    const body: fc.Arbitrary<ReceiptBody> = fc.record({
      keyId: hexText(8), epoch: fc.integer({ min: 1, max: 65_535 }), seq: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
      number: fc.integer({ min: 1, max: 2 ** 32 - 1 }), before: hexText(16), amountMinor: fc.integer({ min: 1, max: AMOUNT_MINOR_MAX }),
      currency: fc.constantFrom(...CURRENCIES), method: fc.constantFrom(...METHODS), kind: fc.constantFrom("payment" as const, "void" as const),
      atS: fc.integer({ min: 0, max: 2 ** 32 - 1 }), offsetMinutes: fc.integer({ min: -56, max: 56 }).map((quarters) => quarters * 15),
      flags: fc.integer({ min: 0, max: 7 }), lastFour: fc.integer({ min: 0, max: 9999 }), tag: hexText(4),
    }).map((one) => ({ ...one, flags: one.kind === "void" ? one.flags | FLAG_VOID : one.flags }));
    fc.assert(fc.property(body, (one) => {
      expect(decodeBody(encodeBody(one))).toEqual({ ...one, offsetMinutes: one.offsetMinutes + 0 });
    }));
  });
});

test("UTF-8 refuses half a character", () => {
  expect(codeOf(() => utf8("\ud800"))).toBe("ARGUMENT-WRONG");
  expect(hex(utf8("甲😀"))).toBe("e794b2f09f9880");
});
