/**
 * What the rules are asked about: one contact, made or intended, with all that is known around it. Nothing is looked up:
 * zone, moment and history are arguments. Times are intervals, since a phone's clock is not trusted.
 */
import type { Interval } from "../clock";
import { argumentWrong } from "../errors";
import { CONTACTS_MAX, TIME_MS_MAX, TIME_MS_MIN, WINDOWS_MAX } from "../generated/limits";
import type { ContactChannel } from "../generated/types";
import { minuteOf, type Window } from "./model";
import { checkZone } from "./zones";

/**
 * Another contact with the same customer, never the one that is judged. `before`: it is known to be the earlier of the two,
 * by the order of one chain, whatever the intervals say.
 */
export interface PastContact {
  channel: ContactChannel;
  effective: boolean;
  interval: Interval;
  before?: boolean;
}

/**
 * One contact and what is known around it. `zone` is the customer's IANA zone, `effective` whether somebody was, or is to be,
 * reached, `snapshotMs` as of when the phone knows the account (null: not known), `jurisdiction` empty means every rule.
 */
export interface Situation {
  zone: string;
  interval: Interval;
  channel: ContactChannel;
  effective?: boolean;
  history?: readonly PastContact[];
  agreedHours?: readonly Window[];
  snapshotMs?: number | null;
  jurisdiction?: string;
}

/** The interval of one known moment. */
export function exactly(atMs: number): Interval {
  return { lowMs: atMs, highMs: atMs };
}

/** The earliest instant at which it can have been. */
export function lowOf(situation: Situation): number {
  return situation.interval.lowMs ?? TIME_MS_MIN;
}

/** The latest instant at which it can have been. */
export function highOf(situation: Situation): number {
  return situation.interval.highMs ?? TIME_MS_MAX;
}

/** Throws ARGUMENT-WRONG for an unknown zone, a time out of bounds, and an interval that ends before it starts. */
export function checkSituation(situation: Situation): void {
  checkZone(situation.zone);
  checkInterval("the contact", situation.interval);
  const history = situation.history ?? [];
  if (history.length > CONTACTS_MAX) throw argumentWrong(`${history.length} past contacts are beyond ${CONTACTS_MAX}`);
  for (const past of history) checkInterval("a past contact", past.interval);
  const windows = situation.agreedHours ?? [];
  if (windows.length > WINDOWS_MAX) throw argumentWrong(`${windows.length} agreed windows are beyond ${WINDOWS_MAX}`);
  for (const { starts, ends } of windows) {
    if (Number.isNaN(minuteOf(starts)) || Number.isNaN(minuteOf(ends)) || starts === "24:00" || starts === ends) {
      throw argumentWrong(`no window from ${starts} to ${ends}; a whole day is 00:00 to 24:00`);
    }
  }
}

function checkInterval(what: string, { lowMs, highMs }: Interval): void {
  for (const bound of [lowMs, highMs]) {
    if (bound !== null && !(bound >= TIME_MS_MIN && bound <= TIME_MS_MAX)) {
      throw argumentWrong(`${what}: ${bound} ms is not between ${TIME_MS_MIN} and ${TIME_MS_MAX}`);
    }
  }
  if (lowMs !== null && highMs !== null && lowMs > highMs) {
    throw argumentWrong(`${what}: the interval ends (${highMs}) before it starts (${lowMs})`);
  }
}
