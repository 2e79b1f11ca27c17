/**
 * What a rule of conduct is: data with a source and a validity, and a condition. A condition says what must hold; it is
 * *breached* when it does not. Days of validity are the customer's local days, both included.
 *
 * Here stand the conditions of which a phone knows enough; what stands about the account comes with the visit's document.
 */
import type { ContactChannel } from "../generated/types";

/** What a breach means: do not, think twice, or see that it can be proved. */
export type Severity = "block" | "warn" | "evidence";

/**
 * Local times from `starts` up to but not at `ends` (`HH:MM`); across midnight when `ends` is the earlier. `days` are ISO
 * weekdays (1 is Monday) on which the window begins; missing: every day.
 */
export interface Window {
  readonly starts: string;
  readonly ends: string;
  readonly days?: readonly number[];
}

/** Contact only within one of the windows. `agreement`: the hours that the customer agreed to are permitted besides. */
export interface PermittedHours {
  readonly kind: "PermittedHours";
  readonly windows: readonly Window[];
  readonly agreement?: boolean;
}

/** At most `limit` contacts within `days` local days, this one's day being the last of them. */
export interface ContactLimit {
  readonly kind: "ContactLimit";
  readonly limit: number;
  readonly days: number;
  /** Those counted; missing: the rule's own. */
  readonly channels?: readonly ContactChannel[];
  readonly counts?: "all" | "effective";
  /** Which contacts can breach it: with `effective` an attempt that reached nobody is no breach. */
  readonly concerns?: "all" | "effective";
}

/** What the phone knows of the account is at most so many hours old. */
export interface SnapshotAge {
  readonly kind: "SnapshotAge";
  readonly hours_max: number;
}

export type Condition = PermittedHours | ContactLimit | SnapshotAge;

/** One rule; `source` names law and article, or the house's own handbook where `house`. */
export interface PolicyRule {
  readonly id: string;
  readonly jurisdiction: string;
  readonly source: string;
  readonly effective_from: string;
  readonly effective_to?: string;
  readonly channels: readonly ContactChannel[];
  readonly condition: Condition;
  readonly severity: Severity;
  readonly text_en: string;
  readonly text_zh: string;
  readonly house?: boolean;
}

/** A list of rules under one name; another `version` is another policy. */
export interface Policy {
  readonly id: string;
  readonly version: number;
  readonly title_en: string;
  readonly title_zh: string;
  readonly rules: readonly PolicyRule[];
}

/** The jurisdiction of a rule that holds in all of them: a house's own. */
export const EVERYWHERE = "*";

const CLOCK = /^(?:([01][0-9]|2[0-3]):([0-5][0-9])|24:00)$/;

/** Minutes since local midnight of a window's bound, 0 to 1440; NaN for what is no time of day. */
export function minuteOf(text: string): number {
  return CLOCK.test(text) ? Number(text.slice(0, 2)) * 60 + Number(text.slice(3)) : Number.NaN;
}

/** `08:00–22:00`, with its days where it does not begin on every day. */
export function windowText({ starts, ends, days }: Window): string {
  const some = days === undefined || days.length === 7 ? "" : ` (${[...days].sort((left, right) => left - right).join(",")}/7)`;
  return `${starts}–${ends}${some}`;
}
