/**
 * What the rules say of one contact, beforehand, as the office will judge it afterwards: the same rules, the same questions.
 *
 * A certain breach of a rule that blocks is `blocked`; every other breach, certain or possible, is `warned`. Advice never
 * stops a record: a breach is recorded, and a payment is never refused for it.
 */
import { dayNumber } from "../days";
import { NEAR_MS, SCAN_MS_MAX, TIME_MS_MAX } from "../generated/limits";
import { type Breach, breachAt, CERTAIN, changes, NONE } from "./breach";
import { EVERYWHERE, type Policy, type PolicyRule, type Severity } from "./model";
import { reason } from "./sentences";
import { checkSituation, highOf, lowOf, type Situation } from "./situation";
import { dayStartMs } from "./zones";

export type Verdict = "allowed" | "warned" | "blocked";

/**
 * What one rule says. `certain`: every instant of the interval breaches it; else, if `possible`, some may. `nextMs` is the
 * first instant, not before the interval's end, at which this rule is not breached (null: it is not breached now, time alone
 * will not change it, or nothing bounds the interval from above).
 */
export interface RuleAdvice {
  rule: string;
  severity: Severity;
  house: boolean;
  source: string;
  verdict: Verdict;
  possible: boolean;
  certain: boolean;
  reasonEn: string;
  reasonZh: string;
  nextMs: number | null;
}

/** One advice for each rule that applies to the contact's channel, jurisdiction and time, in the policy's order. */
export function advise(policy: Policy, situation: Situation): RuleAdvice[] {
  checkSituation(situation);
  const found: RuleAdvice[] = [];
  for (const rule of policy.rules) {
    const span = concerns(rule, situation) ? inForce(rule, situation) : null;
    if (span !== null) found.push(adviceOf(rule, situation, span));
  }
  return found;
}

interface Span {
  lowMs: number;
  highMs: number;
}

function concerns(rule: PolicyRule, situation: Situation): boolean {
  const wanted = situation.jurisdiction ?? "";
  return (wanted === "" || rule.jurisdiction === wanted || rule.jurisdiction === EVERYWHERE) && rule.channels.includes(situation.channel);
}

function adviceOf(rule: PolicyRule, situation: Situation, span: Span): RuleAdvice {
  const { lowMs } = span;
  const highMs = rule.condition.kind === "PermittedHours" ? Math.min(span.highMs, lowMs + SCAN_MS_MAX) : span.highMs;
  const points = [lowMs, ...changes(rule, situation, lowMs, highMs)];
  const states = points.map((atMs) => breachAt(rule, situation, atMs));
  const worst = Math.max(...states) as Breach;
  const possible = worst !== NONE;
  const throughout = span.lowMs === lowOf(situation) && span.highMs === highOf(situation);
  const certain = Math.min(...states) === CERTAIN && throughout;
  const atMs = points[states.indexOf(worst)] ?? lowMs;
  const { en, zh } = reason(rule, situation, atMs, { possible, certain });
  const breached: Verdict = certain && rule.severity === "block" ? "blocked" : "warned";
  return {
    rule: rule.id,
    severity: rule.severity,
    house: rule.house ?? false,
    source: rule.source,
    verdict: possible ? breached : "allowed",
    possible,
    certain,
    reasonEn: en,
    reasonZh: zh,
    nextMs: possible && situation.interval.highMs !== null ? firstFree(rule, situation, highOf(situation)) : null,
  };
}

/** The part of the contact's interval in which the rule is in force; null when there is none. */
function inForce(rule: PolicyRule, situation: Situation): Span | null {
  const { fromMs, endMs } = validity(rule, situation.zone);
  const [lowMs, highMs] = [Math.max(lowOf(situation), fromMs), Math.min(highOf(situation), endMs - 1)];
  return lowMs <= highMs ? { lowMs, highMs } : null;
}

/** The rule is in force from the first of these instants up to, and not at, the second. */
function validity(rule: PolicyRule, zone: string): { fromMs: number; endMs: number } {
  const endMs = rule.effective_to === undefined ? TIME_MS_MAX + 1 : dayStartMs(dayNumber(rule.effective_to) + 1, zone);
  return { fromMs: dayStartMs(dayNumber(rule.effective_from), zone), endMs };
}

function breachInForce(rule: PolicyRule, situation: Situation, atMs: number): Breach {
  const { fromMs, endMs } = validity(rule, situation.zone);
  return fromMs <= atMs && atMs < endMs ? breachAt(rule, situation, atMs) : NONE;
}

/** The first instant from `fromMs` on at which the rule is not breached, as far as time alone can tell. */
function firstFree(rule: PolicyRule, situation: Situation, fromMs: number): number | null {
  if (breachInForce(rule, situation, fromMs) === NONE) return fromMs;
  const { fromMs: startMs, endMs } = validity(rule, situation.zone);
  // Most rules are free again by the day after next; only the others are worth a look at the whole calendar.
  for (const untilMs of [Math.min(fromMs + NEAR_MS, TIME_MS_MAX), TIME_MS_MAX]) {
    const ends = [startMs, endMs].filter((end) => fromMs < end && end <= untilMs);
    const points = [...new Set([...ends, ...changes(rule, situation, fromMs, untilMs)])].sort((left, right) => left - right);
    for (const atMs of points) if (breachInForce(rule, situation, atMs) === NONE) return atMs;
  }
  return null;
}
