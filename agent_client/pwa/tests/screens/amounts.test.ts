/** Typing an amount, shortcuts to what is owed, change, and what is shown of money. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AmountKey, changeOf, entryOf, grouped, likelyTendered, minorOf, press, shortcutsOf, tooMuch,
} from "../../src/screens/parts/amount_entry";
import { formatMoney, parseTyped, withSigns } from "../../src/screens/parts/money";

const typed = (keys: AmountKey[], currency = "CNY"): string => keys.reduce((entry, key) => press(entry, key, currency), "");

describe("the amount's keys", () => {
  it("give the amount in minor units", () => {
    expect(minorOf(typed(["1", "4", "0", "9", "point", "5"]), "CNY")).toBe(140_950);
    expect(minorOf(typed(["1", "00"]), "CNY")).toBe(10_000);
    expect(minorOf(typed(["point", "0", "5"]), "CNY")).toBe(5);
  });

  it("take no second point and no third decimal", () => {
    expect(typed(["1", "point", "2", "point", "3", "4"])).toBe("1.23");
  });

  it("take no point in a currency without minor units", () => {
    expect(typed(["5", "point", "00"], "JPY")).toBe("500");
    expect(minorOf("500", "JPY")).toBe(500);
  });

  it("let no zero stand before another digit", () => {
    expect(typed(["0", "0", "7"])).toBe("7");
    expect(typed(["00"])).toBe("0");
  });

  it("erase the last character, and nothing of an empty entry", () => {
    expect(typed(["1", "2", "erase"])).toBe("1");
    expect(typed(["erase"])).toBe("");
  });

  it("never build what is not an amount, whatever is pressed", () => {
    const key = fc.constantFrom<AmountKey>("0", "1", "2", "9", "00", "point", "erase");
    fc.assert(
      fc.property(fc.array(key, { maxLength: 40 }), fc.constantFrom("CNY", "JPY"), (keys, currency) => {
        const entry = typed(keys, currency);
        expect(entry).toMatch(/^(\d*|\d+\.\d{0,2})$/);
        expect(Number.isSafeInteger(minorOf(entry, currency))).toBe(true);
      }),
    );
  });

  it("show an amount as the entry that gives it again", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 12 }), fc.constantFrom("CNY", "JPY"), (minor, currency) => {
        expect(minorOf(entryOf(minor, currency), currency)).toBe(minor);
      }),
    );
  });

  it("group thousands while one types", () => {
    expect(grouped("1234567.5")).toBe("1,234,567.5");
    expect(grouped("")).toBe("");
  });

  it("say when an amount is beyond the limit", () => {
    expect(tooMuch(10 ** 12)).toBe(false);
    expect(tooMuch(10 ** 12 + 1)).toBe(true);
  });
});

describe("shortcuts", () => {
  it("offer each amount once, the booked one first, and never nothing", () => {
    const owed = { booked_minor: 62_000, overdue_minor: 124_050, minimum_due_minor: 62_000, payoff_minor: 0 };
    expect(shortcutsOf(owed)).toEqual([
      { key: "booked", minor: 62_000 },
      { key: "overdue", minor: 124_050 },
    ]);
  });

  it("offer round sums of cash above the amount", () => {
    expect(likelyTendered(140_950, "CNY")).toEqual([141_000, 145_000, 150_000]);
    expect(likelyTendered(10_000, "CNY")).toEqual([50_000, 100_000]);
  });
});

describe("change", () => {
  it("is what was given less the amount; below zero, what is missing", () => {
    expect(changeOf(140_950, 150_000)).toBe(9_050);
    expect(changeOf(140_950, 140_000)).toBe(-950);
  });
});

describe("money as it is read", () => {
  it("has the sign that nobody mistakes, and both decimals", () => {
    expect(formatMoney(123_456, "CNY", "zh")).toBe("¥1,234.56");
    expect(formatMoney(-5, "CNY", "en")).toBe("−¥0.05");
    expect(formatMoney(500, "JPY", "en")).toBe("JPY 500");
    expect(formatMoney(62_000, "CNY", "zh", { short: true })).toBe("¥620");
    expect(formatMoney(62_050, "CNY", "zh", { short: true })).toBe("¥620.50");
  });

  it("is rewritten inside of sentences", () => {
    expect(withSigns("Cash in hand is 52,400.00 CNY, above 50,000.00 CNY.")).toBe("Cash in hand is ¥52,400.00, above ¥50,000.00.");
  });

  it("is understood as people type it, and nothing else", () => {
    expect(parseTyped("1,450", "CNY")).toBe(145_000);
    expect(parseTyped("0.5", "CNY")).toBe(50);
    expect(parseTyped("", "CNY")).toBeNull();
    expect(parseTyped("1.234", "CNY")).toBeNull();
    expect(parseTyped("-3", "CNY")).toBeNull();
    expect(parseTyped("12 yuan", "CNY")).toBeNull();
  });
});
