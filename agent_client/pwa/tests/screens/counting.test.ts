/** Counting cash by its faces, and the number of a transfer. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CURRENCIES } from "../../src/core/generated/types";
import { type Counts, COUNT_MAX, denominationsOf, facesOf, sumOf, withCount } from "../../src/screens/parts/denominations";
import { newTransferId } from "../../src/screens/parts/transfer_id";

describe("counting cash", () => {
  it("knows the faces of every currency that receipts carry, largest first", () => {
    for (const currency of CURRENCIES) {
      const { faces } = facesOf(currency);
      expect([...faces].sort((left, right) => right - left)).toEqual([...faces]);
      expect(faces.length).toBeGreaterThan(4);
    }
  });

  it("sums what was counted and names only that", () => {
    let counts: Counts = {};
    counts = withCount(counts, 10_000, 21);
    counts = withCount(counts, 5_000, 1);
    counts = withCount(counts, 100, 0);
    expect(sumOf(counts)).toBe(215_000);
    expect(denominationsOf(counts)).toEqual([
      { face_minor: 10_000, count: 21 },
      { face_minor: 5_000, count: 1 },
    ]);
  });

  it("holds a count that is no count within its bounds", () => {
    expect(sumOf(withCount({}, 100, -3))).toBe(0);
    expect(sumOf(withCount({}, 100, Number.NaN))).toBe(0);
    expect(sumOf(withCount({}, 1, 1e9))).toBe(COUNT_MAX);
  });

  it("gives denominations that make the sum, whatever was counted", () => {
    const counts = fc.dictionary(fc.constantFrom("10000", "5000", "100", "10"), fc.integer({ min: 0, max: 500 }));
    fc.assert(
      fc.property(counts, (given) => {
        const made = denominationsOf(given as unknown as Counts).reduce((sum, piece) => sum + piece.face_minor * piece.count, 0);
        expect(made).toBe(sumOf(given as unknown as Counts));
      }),
    );
  });
});

describe("a transfer's number", () => {
  it("has eight letters that do not look alike", () => {
    expect(newTransferId(new Uint8Array([0, 1, 2, 3, 250, 251, 252, 253]))).toMatch(/^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$/);
    expect(newTransferId(new Uint8Array(8))).toBe("2222-2222");
  });
});
