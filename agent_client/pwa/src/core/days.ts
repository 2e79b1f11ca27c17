/** Calendar days as text (`YYYY-MM-DD`) and as numbers (days since 1970), by the Gregorian calendar; no zone, no clock. */
import { argumentWrong } from "./errors";

export const DAY_MS = 86_400_000;
const DAY = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;

/** Whether a text is a day that exists, from the year 1 to 9999. */
export function isDay(text: string): boolean {
  const match = DAY.exec(text);
  return match !== null && Number(match[1]) > 0 && dayText(numberOf(match)) === text;
}

/** Days since 1970 of a day's text; throws ARGUMENT-WRONG for what is no day. */
export function dayNumber(text: string): number {
  const match = DAY.exec(text);
  if (match === null || !isDay(text)) throw argumentWrong(`${JSON.stringify(text.slice(0, 20))} is no day (YYYY-MM-DD)`);
  return numberOf(match);
}

/** The text of days since 1970. */
export function dayText(number: number): string {
  const day = new Date(number * DAY_MS);
  const pad = (value: number, length: number): string => String(value).padStart(length, "0");
  return `${pad(day.getUTCFullYear(), 4)}-${pad(day.getUTCMonth() + 1, 2)}-${pad(day.getUTCDate(), 2)}`;
}

/** Year, month (1 to 12) and day of the month. */
export function dayParts(text: string): { year: number; month: number; day: number } {
  const day = new Date(dayNumber(text) * DAY_MS);
  return { year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate() };
}

/** Days of a month (1 to 12). */
export function daysInMonth(year: number, month: number): number {
  return new Date(utc(year, month + 1, 0)).getUTCDate();
}

/** Days since 1970 of a calendar day; a day beyond the month's end rolls over. */
export function numberOfParts(year: number, month: number, day: number): number {
  return utc(year, month, day) / DAY_MS;
}

function numberOf(match: RegExpExecArray): number {
  return numberOfParts(Number(match[1]), Number(match[2]), Number(match[3]));
}

function utc(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day); // unlike Date.UTC it takes the years 0 to 99 for what they are
  return date.getTime();
}
