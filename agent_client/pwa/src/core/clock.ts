/**
 * Time that is not trusted: readings, the hybrid logical clock, and effective time as an interval (PROTOCOL 2 and 12).
 *
 * The hybrid logical clock follows Kulkarni et al., "Logical Physical Clocks", OPODIS 2014: it never runs backwards on one
 * device and stays close to the wall clock. Text form: 13 digits of milliseconds, a hyphen, four hexadecimal digits of the
 * counter, so that text order is time order. A wall clock before 1970 or after 2286 is followed only as far as those digits
 * go. All times are integer milliseconds since 1970-01-01T00:00:00Z unless a name says otherwise.
 */
import { argumentWrong, DoorstepError } from "./errors";
import { CLOCK_DRIFT_PPM, HLC_COUNTER_MAX, HLC_WALL_MS_MAX } from "./generated/limits";
import type { Seen } from "./generated/types";

export type { Seen } from "./generated/types";

/** What a device's clocks say at one moment: wall (ms), offset (minutes east), boot identity, monotonic ms. */
export interface Reading {
  wallMs: number;
  offsetMinutes: number;
  boot: string;
  monoMs: number;
}

/** Effective time: not before `lowMs`, not after `highMs`; null where nothing bounds it. */
export interface Interval {
  lowMs: number | null;
  highMs: number | null;
}

const HLC = /^[0-9]{13}-[0-9a-f]{4}$/;
const HLC_MS_END = 10 ** 13 - 1;
const WALL = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.([0-9]{3})([+-])([0-9]{2}):([0-9]{2})$/;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/** RFC 3339 with milliseconds and a numeric offset; throws ARGUMENT-WRONG outside the years 1 to 9999. */
export function formatWall(wallMs: number, offsetMinutes: number): string {
  const local = wallMs + offsetMinutes * MINUTE_MS;
  const whole = Number.isSafeInteger(wallMs) && Number.isInteger(offsetMinutes) && Math.abs(offsetMinutes) < DAY_MINUTES;
  if (!whole || !withinCalendar(wallMs) || !withinCalendar(local)) {
    throw argumentWrong(`no time: ${wallMs} ms at ${offsetMinutes} minutes`);
  }
  const clock = new Date(local);
  const year = String(clock.getUTCFullYear()).padStart(4, "0");
  const [hours, minutes] = [Math.floor(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60];
  return (
    `${year}-${two(clock.getUTCMonth() + 1)}-${two(clock.getUTCDate())}` +
    `T${two(clock.getUTCHours())}:${two(clock.getUTCMinutes())}:${two(clock.getUTCSeconds())}` +
    `.${String(clock.getUTCMilliseconds()).padStart(3, "0")}${offsetMinutes < 0 ? "-" : "+"}${two(hours)}:${two(minutes)}`
  );
}

/** Milliseconds and offset in minutes of what `formatWall` writes; refuses every other form (ARGUMENT-WRONG). */
export function parseWall(text: string): { wallMs: number; offsetMinutes: number } {
  const match = WALL.exec(text);
  if (match === null) throw argumentWrong(`not a time with milliseconds and offset: ${JSON.stringify(text.slice(0, 40))}`);
  const [year, month, day, hour, minute, second, millis] = match.slice(1, 8).map(Number) as [number, number, number, number, number, number, number];
  const [sign, offsetHours, offsetRest] = [match[8], Number(match[9]), Number(match[10])];
  const offset = offsetHours * 60 + offsetRest;
  if (offsetRest > 59 || offset >= DAY_MINUTES || (sign === "-" && offset === 0)) {
    throw argumentWrong(`not an offset: ${JSON.stringify(text)}`);
  }
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  local.setUTCHours(hour, minute, second, millis);
  // A day or an hour that does not exist rolls over, and then it reads otherwise than it was written.
  const same = year > 0 && local.getUTCMonth() === month - 1 && local.getUTCDate() === day && local.getUTCHours() === hour;
  if (!same || minute > 59 || second > 59) throw argumentWrong(`not a time: ${JSON.stringify(text)}`);
  const offsetMinutes = sign === "-" ? -offset : offset;
  return { wallMs: local.getTime() - offsetMinutes * MINUTE_MS, offsetMinutes };
}

function withinCalendar(ms: number): boolean {
  const year = new Date(ms).getUTCFullYear();
  return year >= 1 && year <= 9999;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** Text whose order is the clock's order. */
export function hlcFormat(ms: number, counter: number): string {
  return `${String(ms).padStart(13, "0")}-${counter.toString(16).padStart(4, "0")}`;
}

/** Inverse of `hlcFormat`; refuses any other form (ARGUMENT-WRONG). */
export function hlcParse(text: string): { ms: number; counter: number } {
  if (!HLC.test(text)) throw argumentWrong(`not a hybrid logical clock: ${JSON.stringify(text.slice(0, 40))}`);
  return { ms: Number(text.slice(0, 13)), counter: Number.parseInt(text.slice(14), 16) };
}

/** The next value of the hybrid logical clock: ahead of `last`, and of the wall clock where that has moved on. */
export function tick(last: string | null, wallMs: number): string {
  const wall = Math.min(Math.max(wallMs, 0), HLC_WALL_MS_MAX);
  if (last === null) return hlcFormat(wall, 0);
  const { ms, counter } = hlcParse(last);
  if (wall > ms) return hlcFormat(wall, 0);
  if (counter < HLC_COUNTER_MAX) return hlcFormat(ms, counter + 1);
  if (ms >= HLC_MS_END) throw new DoorstepError("STATE-FORBIDS", `the hybrid logical clock ${last} cannot move on; open a new epoch`);
  return hlcFormat(ms + 1, 0);
}

/** When an operation can have been written, from its own readings and those of the exchange that brought it. */
export function effectiveInterval(given: {
  boot: string; monoMs: number; seen: Seen | null; receivedMs: number | null; receivedBoot: string; receivedMonoMs: number;
}): Interval {
  const { seen, receivedMs } = given;
  let low: number | null = null;
  if (seen !== null) {
    low = seen.at_ms;
    if (seen.boot === given.boot && given.monoMs > seen.mono_ms) low += lessDrift(given.monoMs - seen.mono_ms);
  }
  let high = receivedMs;
  if (high !== null && given.receivedBoot === given.boot && given.receivedMonoMs > given.monoMs) {
    high -= lessDrift(given.receivedMonoMs - given.monoMs);
  }
  // Two bounds that contradict each other bound nothing: only the office's own receive time is left.
  if (low !== null && high !== null && low > high) return { lowMs: null, highMs: receivedMs };
  return { lowMs: low, highMs: high };
}

/** What has certainly passed: less the drift, and less the millisecond by which two readings may be cut. */
function lessDrift(elapsedMs: number): number {
  // In big integers, because a hostile reading may make the product larger than 2^53.
  const drift = Number((BigInt(elapsedMs) * BigInt(CLOCK_DRIFT_PPM) + 999_999n) / 1_000_000n);
  return Math.max(0, elapsedMs - 1 - drift);
}
