/**
 * Whether a condition is breached at one instant, and at which instants that can change.
 *
 * Both questions have an exact answer for every kind of condition, so an interval is judged by asking once in each piece
 * between two changes: nothing is sampled. At one instant the answer has three values, because past contacts have intervals
 * of their own.
 */
import { TIME_MS_MAX, TIME_MS_MIN } from "../generated/limits";
import { hoursChanges, within } from "./hours";
import type { ContactLimit, PermittedHours, PolicyRule, Window } from "./model";
import type { PastContact, Situation } from "./situation";
import { dayStartMs, localOf } from "./zones";

export const HOUR_MS = 3_600_000;

/** How sure it is that a rule is breached; only CERTAIN blocks. */
export const NONE = 0;
export const POSSIBLE = 1;
export const CERTAIN = 2;
export type Breach = typeof NONE | typeof POSSIBLE | typeof CERTAIN;

/** Whether a contact at this very instant breaches the rule's condition; validity and channel are not asked. */
export function breachAt(rule: PolicyRule, situation: Situation, atMs: number): Breach {
  const { condition } = rule;
  switch (condition.kind) {
    case "PermittedHours":
      return within(windowsFor(condition, situation), localOf(atMs, situation.zone)) ? NONE : CERTAIN;
    case "ContactLimit": {
      if (condition.concerns === "effective" && situation.effective === false) return NONE;
      const { certain, possible } = contactsCounted(rule, condition, situation, atMs);
      if (certain >= condition.limit) return CERTAIN;
      return possible >= condition.limit ? POSSIBLE : NONE;
    }
    case "SnapshotAge": {
      const asOf = situation.snapshotMs ?? null;
      if (asOf === null) return POSSIBLE;
      return atMs - asOf > condition.hours_max * HOUR_MS ? CERTAIN : NONE;
    }
  }
}

/** The instants in (low, high], ascending, from which on `breachAt` may answer otherwise than just before. */
export function changes(rule: PolicyRule, situation: Situation, lowMs: number, highMs: number): number[] {
  const found = changesOf(rule, situation, lowMs, highMs).filter((at) => lowMs < at && at <= highMs);
  return [...new Set(found)].sort((left, right) => left - right);
}

function changesOf({ condition }: PolicyRule, situation: Situation, lowMs: number, highMs: number): number[] {
  switch (condition.kind) {
    case "PermittedHours":
      return hoursChanges(windowsFor(condition, situation), lowMs, highMs, situation.zone);
    case "ContactLimit":
      return contactChanges(condition, situation);
    case "SnapshotAge": {
      const asOf = situation.snapshotMs ?? null;
      return asOf === null ? [] : [asOf + condition.hours_max * HOUR_MS + 1];
    }
  }
}

/** The rule's windows, and the agreed ones where the rule lets an agreement extend them. */
export function windowsFor(condition: PermittedHours, situation: Situation): Window[] {
  return [...condition.windows, ...(condition.agreement === true ? (situation.agreedHours ?? []) : [])];
}

/** How many past contacts certainly, and how many possibly, lie before `atMs` within the days that count. */
export function contactsCounted(
  rule: PolicyRule,
  condition: ContactLimit,
  situation: Situation,
  atMs: number,
): { certain: number; possible: number } {
  const startMs = dayStartMs(localOf(atMs, situation.zone).day - (condition.days - 1), situation.zone);
  const channels = countedChannels(rule, condition);
  let [certain, possible] = [0, 0];
  for (const past of situation.history ?? []) {
    if (!channels.includes(past.channel) || (condition.counts === "effective" && !past.effective)) continue;
    const { low, high } = bounds(past);
    if (startMs <= low && (past.before === true || high < atMs)) certain += 1;
    if (startMs <= high && (past.before === true || low <= atMs)) possible += 1;
  }
  return { certain, possible };
}

/** The channels that a limit counts: its own, or else the rule's. */
export function countedChannels(rule: PolicyRule, condition: ContactLimit): PolicyRule["channels"] {
  return condition.channels !== undefined && condition.channels.length > 0 ? condition.channels : rule.channels;
}

function bounds({ interval }: PastContact): { low: number; high: number } {
  return { low: interval.lowMs ?? TIME_MS_MIN - 1, high: interval.highMs ?? TIME_MS_MAX + 1 };
}

/** Where a past contact's bounds are passed, and where the day begins on which it is counted no more. */
function contactChanges(condition: ContactLimit, situation: Situation): number[] {
  const found: number[] = [];
  for (const { interval } of situation.history ?? []) {
    for (const bound of [interval.lowMs, interval.highMs]) {
      if (bound === null) continue;
      const last = localOf(bound, situation.zone).day + condition.days;
      found.push(bound, bound + 1, dayStartMs(last, situation.zone));
    }
  }
  return found;
}
