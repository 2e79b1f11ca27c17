/** Windows of local time: whether an instant lies in one, and where that changes. */
import { SCAN_MS_MAX } from "../generated/limits";
import { minuteOf, type Window } from "./model";
import { instantsOf, type LocalTime, localOf, offsetSpans } from "./zones";

const AROUND_MS = 2 * 86_400_000;
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

/** Whether a local time lies in one of the windows: from its start on, up to but not at its end. */
export function within(windows: readonly Window[], { weekday, minute }: LocalTime): boolean {
  const yesterday = ((weekday + 5) % 7) + 1;
  return windows.some(({ starts, ends, days = EVERY_DAY }) => {
    const [first, end] = [minuteOf(starts), minuteOf(ends)];
    if (first < end) return days.includes(weekday) && first <= minute && minute < end;
    // Across midnight: its evening belongs to the day on which it begins, its morning to the day after.
    return (days.includes(weekday) && minute >= first) || (days.includes(yesterday) && minute < end);
  });
}

/** The instants in (low, high] at which `within` may change, looking no farther than `SCAN_MS_MAX`. */
export function hoursChanges(windows: readonly Window[], lowMs: number, highMs: number, zone: string): number[] {
  const endMs = Math.min(highMs, lowMs + SCAN_MS_MAX);
  if (endMs <= lowMs) return [];
  const minutes = new Set([0, ...windows.flatMap(({ starts, ends }) => [minuteOf(starts), minuteOf(ends) % 1440])]);
  const spans = offsetSpans(lowMs - AROUND_MS, endMs + AROUND_MS, zone);
  const found = spans.map(({ fromMs }) => fromMs);
  // A clock change may carry an instant into the day before or after the one that its neighbours show.
  for (let day = localOf(lowMs, zone).day - 1; day <= localOf(endMs, zone).day + 1; day += 1) {
    for (const minute of minutes) found.push(...instantsOf(day, minute, spans));
  }
  return found.filter((at) => lowMs < at && at <= endMs);
}
