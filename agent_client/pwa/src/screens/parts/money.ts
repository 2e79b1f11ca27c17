/** Amounts as people read them: the account's currency, the language's digits, never a float in between. */
import type { Currency } from "../../core/generated/types";
import type { Language } from "../../phone/contract";

/** Digits of the minor unit where they are not two. */
const EXPONENTS: Partial<Record<string, number>> = { JPY: 0 };

export function exponentOf(currency: string): number {
  return EXPONENTS[currency] ?? 2;
}

/** `¥` for yuan, else the three letters: the only sign that nobody here mistakes (as on the printed receipt). */
export function signOf(currency: string): string {
  return currency === "CNY" ? "¥" : `${currency} `;
}

/** `123456, "CNY"` → `¥1,234.56`; with `short`, whole amounts have no decimals. */
export function formatMoney(minor: number, currency: string, language: Language, options: { short?: boolean } = {}): string {
  const sign = minor < 0 ? "−" : "";
  return `${sign}${signOf(currency)}${formatFigures(Math.abs(minor), currency, language, options)}`;
}

/** The figures alone. */
export function formatFigures(minor: number, currency: string, language: Language, options: { short?: boolean } = {}): string {
  const exponent = exponentOf(currency);
  const unit = 10 ** exponent;
  const digits = options.short === true && minor % unit === 0 ? 0 : exponent;
  return new Intl.NumberFormat(localeOf(language), { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(minor / unit);
}

export function localeOf(language: Language): string {
  return language === "zh" ? "zh-CN" : "en-GB";
}

/** Sentences of the shared texts write `1,234.56 CNY`; on a screen that is `¥1,234.56`. */
export function withSigns(sentence: string): string {
  return sentence.replace(/(-?[\d,]+(?:\.\d+)?) CNY\b/g, "¥$1");
}

/** What may be typed as an amount of this currency and nothing else; null where the text is no amount. */
export function parseTyped(text: string, currency: Currency | string): number | null {
  const match = /^(\d{0,12})(?:\.(\d*))?$/.exec(text.trim().replaceAll(",", ""));
  if (match === null || text.trim() === "" || text.trim() === ".") return null;
  const exponent = exponentOf(currency);
  const rest = match[2] ?? "";
  if (rest.length > exponent) return null;
  return Number(match[1] === "" ? "0" : match[1]) * 10 ** exponent + Number(rest.padEnd(exponent, "0") || "0");
}
