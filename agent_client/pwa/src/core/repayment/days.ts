/** Due dates: the same day of each month, or the month's last day where it is shorter. */
import { dayParts, dayText, daysInMonth, numberOfParts } from "../days";
import { argumentWrong } from "../errors";

/**
 * The day `months` later, on `anchorDay` of that month (0: the day's own) or on its last day.
 *
 * 31 January and one month give 28 or 29 February; counted from the anchor, two months give 31 March again. Throws
 * ARGUMENT-WRONG past the year 9999.
 */
export function addMonths(day: string, months: number, anchorDay = 0): string {
  const { year, month, day: own } = dayParts(day);
  const index = year * 12 + month - 1 + months;
  const [wantedYear, wantedMonth] = [Math.floor(index / 12), (index % 12) + 1];
  if (wantedYear < 1 || wantedYear > 9999) throw argumentWrong(`${months} months after ${day} there is no date`);
  const wanted = Math.min(anchorDay || own, daysInMonth(wantedYear, wantedMonth));
  return dayText(numberOfParts(wantedYear, wantedMonth, wanted));
}

/** `count` due dates from `first` on, each counted from the first, so that a short month shifts none after it. */
export function dueDates(first: string, count: number, everyMonths: number, anchorDay = 0): string[] {
  return Array.from({ length: count }, (_, index) => addMonths(first, index * everyMonths, anchorDay));
}
