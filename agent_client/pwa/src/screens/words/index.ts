/** The words of a language; Chinese where the language is not known. */
import type { Language } from "../../phone/contract";
import { en } from "./en";
import { zh, type Words } from "./zh";

export type { Words };

export function wordsOf(language: Language): Words {
  return language === "en" ? en : zh;
}
