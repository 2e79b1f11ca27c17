/** Days and times as people read them. Wall texts (`2026-03-02T09:05:00.000+08:00`) are shown as written, never shifted. */
import type { Language } from "../../phone/contract";
import { localeOf } from "./money";

const DAY_S = 86_400;

/** Seconds since local midnight → `09:05`; beyond midnight it goes on from 00:00. */
export function clockOf(seconds: number): string {
  const within = ((Math.trunc(seconds) % DAY_S) + DAY_S) % DAY_S;
  return `${two(Math.floor(within / 3600))}:${two(Math.floor(within / 60) % 60)}`;
}

/** `2026-03-02T09:05:00.000+08:00` → `09:05`. */
export function clockOfWall(wall: string): string {
  return /T(\d{2}:\d{2})/.exec(wall)?.[1] ?? "";
}

/** `2026-03-02` → `3月2日周一` or `Mon 2 Mar`. */
export function formatDay(day: string, language: Language): string {
  const at = dateOf(day);
  if (at === null) return day;
  const options: Intl.DateTimeFormatOptions =
    language === "zh"
      ? { month: "long", day: "numeric", weekday: "short", timeZone: "UTC" }
      : { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" };
  return new Intl.DateTimeFormat(localeOf(language), options).format(at);
}

/** `2026-03-02` → `2026年3月2日` or `2 March 2026`. */
export function formatDayLong(day: string, language: Language): string {
  const at = dateOf(day);
  if (at === null) return day;
  return new Intl.DateTimeFormat(localeOf(language), { year: "numeric", month: "long", day: "numeric", timeZone: "UTC" }).format(at);
}

/** `2026-03-02` → `2026-03-02`'s short form for tables: `26/03/02` in Chinese order, `02/03/26` in English. */
export function formatDayShort(day: string, language: Language): string {
  const [year = "", month = "", date = ""] = day.slice(0, 10).split("-");
  return language === "zh" ? `${year}/${month}/${date}` : `${date}/${month}/${year}`;
}

/** Milliseconds since 1970 → day and time in a zone. */
export function formatInstant(ms: number, language: Language, zone?: string): string {
  const options: Intl.DateTimeFormatOptions = { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false };
  if (zone !== undefined && zone !== "") options.timeZone = zone;
  try {
    return new Intl.DateTimeFormat(localeOf(language), options).format(ms);
  } catch {
    delete options.timeZone;
    return new Intl.DateTimeFormat(localeOf(language), options).format(ms);
  }
}

/** The day in a zone at an instant, `YYYY-MM-DD`. */
export function dayAt(ms: number, zone: string): string {
  try {
    return new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(ms);
  } catch {
    return new Date(ms).toISOString().slice(0, 10);
  }
}

/** A day so many days later. */
export function addDays(day: string, days: number): string {
  const at = dateOf(day);
  return at === null ? day : new Date(at.getTime() + days * DAY_S * 1000).toISOString().slice(0, 10);
}

/** A day in the month so many months later, held within that month. */
export function addMonths(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), Math.min(date, last))).toISOString().slice(0, 10);
}

/** The last day of a day's month. */
export function endOfMonth(day: string): string {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

/** The weeks of a day's month, Monday first; null where another month's day would stand. */
export function weeksOf(month: string): (string | null)[][] {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const first = new Date(Date.UTC(year, number - 1, 1));
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  const lead = (first.getUTCDay() + 6) % 7;
  const cells: (string | null)[] = [
    ...Array.from({ length: lead }, () => null),
    ...Array.from({ length: count }, (_, place) => `${month}-${two(place + 1)}`),
  ];
  while (cells.length % 7 !== 0) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

/** `65 s` → `1:05`. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

function dateOf(day: string): Date | null {
  const at = new Date(`${day.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(at.getTime()) ? null : at;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
