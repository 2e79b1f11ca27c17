/** Situations, terms and what is made of them, from and to the names that members have in JSON between the languages. */
import type { Interval } from "../../../src/core/clock";
import type { ContactChannel } from "../../../src/core/generated/types";
import type { RuleAdvice, Situation, Window } from "../../../src/core/policy";
import type { Schedule } from "../../../src/core/repayment/schedules";
import type { Terms } from "../../../src/core/repayment/terms";

type Bounds = [number | null, number | null];
export interface GivenSituation {
  zone: string; interval: Bounds; channel: ContactChannel; effective: boolean; agreed_hours: Window[]; snapshot_ms: number | null;
  jurisdiction: string; history: { channel: ContactChannel; effective: boolean; before: boolean; interval: Bounds }[];
}
export interface GivenAdvice {
  rule: string; verdict: string; possible: boolean; certain: boolean; reason_en: string; reason_zh: string; next_ms: number | null;
}

/** An advice without what stands in the rule itself. */
export function adviceOnWire({ rule, verdict, possible, certain, reasonEn, reasonZh, nextMs }: RuleAdvice): GivenAdvice {
  return { rule, verdict, possible, certain, reason_en: reasonEn, reason_zh: reasonZh, next_ms: nextMs };
}

export function situationOf(given: GivenSituation): Situation {
  return {
    zone: given.zone, interval: intervalOf(given.interval), channel: given.channel, effective: given.effective,
    history: given.history.map((past) => ({ ...past, interval: intervalOf(past.interval) })),
    agreedHours: given.agreed_hours, snapshotMs: given.snapshot_ms, jurisdiction: given.jurisdiction,
  };
}

function intervalOf([lowMs, highMs]: Bounds): Interval {
  return { lowMs, highMs };
}

/** Terms by the members' names on the wire. */
export type GivenTerms = Record<string, string | number>;
export type GivenInstalment = [number: number, due: string, principal: number, interest: number, fee: number];

/** A schedule as number, due date, principal, interest and fee of each instalment. */
export function instalmentsOnWire({ instalments }: Schedule): GivenInstalment[] {
  return instalments.map(({ number, due, principalMinor, interestMinor, feeMinor }) => [number, due, principalMinor, interestMinor, feeMinor]);
}

export function termsOf(given: GivenTerms): Terms {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), value]),
  ) as unknown as Terms;
}

export function snakeCase(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, unknown]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), member]),
  );
}
