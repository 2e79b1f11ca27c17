/** What the agent reads about steps, in English and Chinese, by key; values are filled in by name. */
import { TEXTS, type TextKey } from "./generated/texts";

export type { TextKey } from "./generated/texts";
export type Language = "zh" | "en";
export type Values = Readonly<Record<string, string | number>>;

/** The text of a key in a language, with its values; a value that is missing stays as its name in braces. */
export function text(key: TextKey, language: Language, values: Values = {}): string {
  const [english, chinese] = TEXTS[key];
  const chosen: string = language === "zh" ? chinese : english;
  return chosen.replace(/\{([a-z_]+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
}

/** The half of a text of the office that is written `English | 中文`; the whole where it has one language. */
export function oneLanguage(both: string, language: Language): string {
  const place = both.indexOf(" | ");
  if (place < 0) return both;
  return language === "zh" ? both.slice(place + 3) : both.slice(0, place);
}

/** The sentence of an advice: its key without `advice-`, its values cut to the language. */
export function adviceSentence(advice: { key: string; values: Values }, language: Language): string {
  const key = `advice-${advice.key}`;
  if (!Object.hasOwn(TEXTS, key)) return advice.key;
  const values = Object.fromEntries(
    Object.entries(advice.values).map(([name, value]) => [name, typeof value === "string" ? oneLanguage(value, language) : value]),
  );
  return text(key as TextKey, language, values);
}
