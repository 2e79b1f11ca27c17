/**
 * What the amount's keys do. An entry is the text as typed (`1409.5`), so that nothing jumps while one types; it is an
 * amount only by `minorOf`. Example: keys 1, 4, 00, point, 5 → `1400.5` → 140050 fen.
 */
import { AMOUNT_MINOR_MAX } from "../../core/limits";
import { exponentOf } from "./money";

/** The keys of an amount. */
export type AmountKey = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "00" | "point" | "erase";

/** Whole digits that fit the limit of an amount: 10^12 minor units are 10^10 yuan. */
const WHOLE_DIGITS_MAX = 10;

export function press(entry: string, key: AmountKey, currency: string): string {
  if (key === "erase") return entry.slice(0, -1);
  const exponent = exponentOf(currency);
  if (key === "point") {
    if (exponent === 0 || entry.includes(".")) return entry;
    return entry === "" ? "0." : `${entry}.`;
  }
  return [...key].reduce((before, digit) => typed(before, digit, exponent), entry);
}

function typed(entry: string, digit: string, exponent: number): string {
  const [whole = "", rest] = entry.split(".");
  if (rest !== undefined) return rest.length < exponent ? `${entry}${digit}` : entry;
  if (whole === "0") return digit === "0" ? entry : digit;
  return whole.length < WHOLE_DIGITS_MAX ? `${entry}${digit}` : entry;
}

/** Minor units; 0 for an empty entry. */
export function minorOf(entry: string, currency: string): number {
  if (entry === "") return 0;
  const exponent = exponentOf(currency);
  const [whole = "0", rest = ""] = entry.split(".");
  return Number(whole) * 10 ** exponent + Number(rest.padEnd(exponent, "0") || "0");
}

/** The entry that shows an amount: `140050` → `1400.50`, `140000` → `1400`. */
export function entryOf(minor: number, currency: string): string {
  if (minor === 0) return "";
  const exponent = exponentOf(currency);
  const unit = 10 ** exponent;
  const rest = minor % unit;
  const whole = String((minor - rest) / unit);
  return rest === 0 ? whole : `${whole}.${String(rest).padStart(exponent, "0")}`;
}

/** The entry with groups of three, as it is shown while it is typed. */
export function grouped(entry: string): string {
  const [whole = "", rest] = entry.split(".");
  const groups = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return rest === undefined ? groups : `${groups}.${rest}`;
}

export function tooMuch(minor: number): boolean {
  return minor > AMOUNT_MINOR_MAX;
}

/** A shortcut to an amount that is owed; equal amounts are offered once, zero and below never. */
export interface Shortcut {
  key: "booked" | "overdue" | "minimum" | "payoff";
  minor: number;
}

export function shortcutsOf(owed: {
  booked_minor: number;
  overdue_minor: number;
  minimum_due_minor: number;
  payoff_minor: number;
}): Shortcut[] {
  const offered: Shortcut[] = [
    { key: "booked", minor: owed.booked_minor },
    { key: "overdue", minor: owed.overdue_minor },
    { key: "minimum", minor: owed.minimum_due_minor },
    { key: "payoff", minor: owed.payoff_minor },
  ];
  return offered.filter((one, place) => one.minor > 0 && offered.findIndex((other) => other.minor === one.minor) === place);
}

/** Round amounts of cash that a customer may hand over for an amount: the next ten, fifty, hundred, each once. */
export function likelyTendered(minor: number, currency: string): number[] {
  const unit = 10 ** exponentOf(currency);
  const found = [10, 50, 100, 500, 1000].map((step) => Math.ceil(minor / (step * unit)) * step * unit).filter((sum) => sum > minor);
  return [...new Set(found)].slice(0, 3);
}

/** What goes back to the customer; negative: so much is missing. */
export function changeOf(amount: number, tendered: number): number {
  return tendered - amount;
}
