/** The faces of each currency's notes and coins, and the sum of what was counted. */
import type { Denomination } from "../../core/generated/types";

/** Notes and coins in minor units, largest first; `coinsFrom` is the first that is a coin. */
export interface Faces {
  faces: readonly number[];
  coinsBelow: number;
}

const FACES: Record<string, Faces> = {
  CNY: { faces: [10000, 5000, 2000, 1000, 500, 100, 50, 10], coinsBelow: 100 },
  EUR: { faces: [20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1], coinsBelow: 500 },
  GBP: { faces: [5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1], coinsBelow: 500 },
  HKD: { faces: [100000, 50000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10], coinsBelow: 1000 },
  INR: { faces: [50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100], coinsBelow: 1000 },
  JPY: { faces: [10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1], coinsBelow: 1000 },
  TWD: { faces: [200000, 100000, 50000, 20000, 10000, 5000, 1000, 500, 100], coinsBelow: 10000 },
  USD: { faces: [10000, 5000, 2000, 1000, 500, 200, 100, 50, 25, 10, 5, 1], coinsBelow: 100 },
};

/** More pieces of one face than anybody carries: a mistyped count. */
export const COUNT_MAX = 99_999;

export function facesOf(currency: string): Faces {
  return FACES[currency] ?? { faces: [10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1], coinsBelow: 100 };
}

/** Face → count, as it is typed. */
export type Counts = Readonly<Record<number, number>>;

/** A count that may stand: whole, not below zero, not beyond the limit. */
export function heldCount(count: number): number {
  return Number.isFinite(count) ? Math.min(COUNT_MAX, Math.max(0, Math.trunc(count))) : 0;
}

export function withCount(counts: Counts, face: number, count: number): Counts {
  return { ...counts, [face]: heldCount(count) };
}

export function sumOf(counts: Counts): number {
  return Object.entries(counts).reduce((sum, [face, count]) => sum + Number(face) * count, 0);
}

/** What goes into the operation: largest first, only what was counted. */
export function denominationsOf(counts: Counts): Denomination[] {
  return Object.entries(counts)
    .map(([face, count]) => ({ face_minor: Number(face), count }))
    .filter((piece) => piece.count > 0)
    .sort((left, right) => right.face_minor - left.face_minor);
}
