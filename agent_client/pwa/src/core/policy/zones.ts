/**
 * Local time by the IANA zones that the browser knows: which day and time of day an instant has, and when that changes.
 *
 * Every instant has exactly one local time, so the rules are asked instant by instant and a clock change needs no special
 * case: an hour that summer time skips has no instants, an hour that is repeated has twice as many. The other way round a
 * local time can have none or two instants. Local days are counted as days since 1970, local times in minutes of the day.
 */
import { DAY_MS, dayText } from "../days";
import { argumentWrong } from "../errors";
import { OFFSET_STEP_MS } from "../generated/limits";

/** Local day (days since 1970), minute of the day (0 to 1439), and ISO weekday (1 is Monday). */
export interface LocalTime {
  day: number;
  minute: number;
  weekday: number;
}

/** From `fromMs` on the zone is `offsetMs` east of UTC. */
export interface OffsetSpan {
  fromMs: number;
  offsetMs: number;
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();
/** No zone is farther from UTC, and no change is larger, than a day and two hours. */
const REACH_MS = 26 * 3_600_000;
const MINUTE_MS = 60_000;

/** Throws ARGUMENT-WRONG for a zone that the browser does not have. */
export function checkZone(zone: string): void {
  formatOf(zone);
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(zone);
  if (known !== undefined) return known;
  // A plain offset is no zone of the IANA data, though newer browsers take it for one.
  if (!/^[A-Za-z]/.test(zone)) throw unknownZone(zone);
  try {
    const made = new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
      second: "numeric",
    });
    FORMATS.set(zone, made);
    return made;
  } catch {
    throw unknownZone(zone);
  }
}

function unknownZone(zone: string): Error {
  return argumentWrong(`${JSON.stringify(zone.slice(0, 40))} is not a time zone that is known here`);
}

/** Milliseconds east of UTC at an instant. */
export function offsetAt(atMs: number, zone: string): number {
  const whole = Math.floor(atMs / 1000) * 1000;
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatOf(zone).formatToParts(whole)) parts[type] = Number(value);
  const local = new Date(0);
  local.setUTCFullYear(parts.year ?? 0, (parts.month ?? 1) - 1, parts.day ?? 1);
  local.setUTCHours(parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0);
  return local.getTime() - whole;
}

/** The local time of an instant. */
export function localOf(atMs: number, zone: string): LocalTime {
  const local = atMs + offsetAt(atMs, zone);
  const day = Math.floor(local / DAY_MS);
  return { day, minute: Math.floor((local - day * DAY_MS) / MINUTE_MS), weekday: ((day + 3) % 7) + 1 };
}

/** `2026-11-23 22:15`, for sentences. */
export function localText(atMs: number, zone: string): string {
  const { day, minute } = localOf(atMs, zone);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${dayText(day)} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** The offsets in force from `lowMs` on through `highMs`, ascending, each from the instant of its change. */
export function offsetSpans(lowMs: number, highMs: number, zone: string): OffsetSpan[] {
  const spans: OffsetSpan[] = [{ fromMs: lowMs, offsetMs: offsetAt(lowMs, zone) }];
  let [left, before] = [lowMs, offsetAt(lowMs, zone)];
  while (left < highMs) {
    const right = Math.min(left + OFFSET_STEP_MS, highMs);
    const after = offsetAt(right, zone);
    if (after !== before) spans.push({ fromMs: changeBetween(left, right, before, zone), offsetMs: after });
    [left, before] = [right, after];
  }
  return spans;
}

function changeBetween(low: number, high: number, before: number, zone: string): number {
  let [left, right] = [low, high];
  while (right - left > 1) {
    const middle = Math.floor((left + right) / 2);
    if (offsetAt(middle, zone) === before) left = middle;
    else right = middle;
  }
  return right;
}

/** The instants that show a local time, ascending, by the offsets around it: one, two in a repeated hour, none in a skipped one. */
export function instantsOf(day: number, minute: number, spans: readonly OffsetSpan[]): number[] {
  const wall = day * DAY_MS + minute * MINUTE_MS;
  return spans
    .filter(({ fromMs, offsetMs }, index) => {
      const at = wall - offsetMs;
      const [first, end] = [index === 0 ? Number.NEGATIVE_INFINITY : fromMs, spans[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY];
      return at >= first && at < end;
    })
    .map(({ offsetMs }) => wall - offsetMs);
}

/** The first instant of a local day; where summer time skips midnight, the moment of the change. */
export function dayStartMs(day: number, zone: string): number {
  const utcMs = day * DAY_MS;
  const spans = offsetSpans(utcMs - REACH_MS, utcMs + REACH_MS, zone);
  const [first] = instantsOf(day, 0, spans);
  if (first !== undefined) return first;
  // Midnight is skipped: read by the offset before the skip, it is the very instant of the change.
  const place = spans.findIndex(({ fromMs, offsetMs }) => utcMs - offsetMs < fromMs);
  const before = spans[place - 1] ?? { offsetMs: 0 };
  return utcMs - before.offsetMs;
}
