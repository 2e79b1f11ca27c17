/** What to tell the agent about a step that is recorded all the same: a breach is recorded, a payment is never refused for it. */
import type { ContactChannel, Pack, VisitDocument } from "../core/generated/types";
import { formatAmount } from "../core/money";
import type { PastContact } from "../core/policy";
import { conductAdvice } from "./conduct";
import type { DayProgress } from "./progress";
import type { Moment } from "./recording";

/** A key of the shared texts (without `advice-`), and its values. */
export interface Advice {
  key: string;
  values: Record<string, string | number>;
}

/** An advice of a key. */
export function advise(key: string, values: Record<string, string | number> = {}): Advice {
  return { key, values };
}

/** Whether a signed server time was seen within the present boot. */
export function clockIsTrusted(moment: Moment): boolean {
  return moment.seen !== null && moment.seen.boot === moment.reading.boot;
}

export interface VisitAdviceOptions {
  removed: boolean;
  task?: string;
  channel?: ContactChannel;
  history?: readonly PastContact[];
}

/** Rules of conduct, what is forbidden at this stop, a visit that left the scope, a day that was ended. */
export function visitAdvice(
  moment: Moment,
  pack: Pack,
  day: DayProgress,
  document: VisitDocument | null,
  { removed, task = "", channel = "visit", history = [] }: VisitAdviceOptions,
): Advice[] {
  const found = conductAdvice(moment.reading.wallMs, pack, document, channel, history);
  for (const [index, code] of (document?.forbidden ?? []).entries()) {
    if (task !== "" && task !== code && code !== "visit") continue;
    found.push(advise("forbidden", { code, why: document?.forbidden_why[index] ?? "" }));
  }
  if (removed) found.push(advise("removed"));
  if (day.endedSeq) found.push(advise("day-ended"));
  return found;
}

/** A warning when the cash in hand passes the agent's limit with what is added now. */
export function cashAdvice(pack: Pack, day: DayProgress, addedMinor: number): Advice[] {
  const held = pack.float_minor + (day.cash.get(pack.currency) ?? 0) + addedMinor;
  if (!pack.cash_limit_minor || held <= pack.cash_limit_minor) return [];
  const limit = formatAmount(pack.cash_limit_minor, pack.currency);
  return [advise("cash-limit", { held: formatAmount(held, pack.currency), limit })];
}
