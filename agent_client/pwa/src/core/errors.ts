/**
 * Every error that the app raises on purpose: a stable code, a cause with its values, and what to do about it.
 *
 * Titles and remedies come with the code, in both languages; the cause is written where its values are known. A step that
 * does not fit what was recorded is WORK-REFUSED and carries the key of its text, so that it reads in either language.
 * A code that only a newer office knows keeps the title and remedy that came with it.
 */
import { ERRORS, type ErrorCode, type ErrorEntry } from "./generated/errors";
import type { TextKey } from "./generated/texts";
import { type Language, type Values, text } from "./texts";

export type { ErrorCode } from "./generated/errors";

/** What an error may carry besides code and cause. */
export interface ErrorContext {
  /** Key of `texts`, where the cause is one of our texts. */
  key?: TextKey;
  values?: Values;
  /** From an office's problem document. */
  title?: string;
  remedy?: string;
  /** Names the entry in the office's log. */
  reference?: string;
  /** Seconds that the office asks to wait. */
  retryAfterS?: number;
  /** Tries that are left, and until when the next one waits (ms). */
  triesLeft?: number;
  untilMs?: number;
}

/** Base of all; `code` is stable, `cause` a sentence with the values concerned, `title` and `remedy` are English. */
export class DoorstepError extends Error {
  override readonly name = "DoorstepError";
  override readonly cause: string;
  readonly code: ErrorCode | (string & {});
  readonly key: TextKey | "";
  readonly values: Values;
  readonly context: ErrorContext;

  constructor(code: ErrorCode | (string & {}), cause: string, context: ErrorContext = {}) {
    super(`${code}: ${cause}`);
    this.code = code;
    this.cause = cause;
    this.key = context.key ?? "";
    this.values = context.values ?? {};
    this.context = context;
  }

  get title(): string {
    return this.titleIn("en");
  }

  get remedy(): string {
    return this.remedyIn("en");
  }

  /** HTTP's status of the code; 500 for a code that is not known here. */
  get status(): number {
    return entryOf(this.code)?.[0] ?? 500;
  }

  titleIn(language: Language): string {
    const entry = entryOf(this.code);
    return (language === "zh" && entry?.[3]) || this.context.title || entry?.[1] || this.code;
  }

  remedyIn(language: Language): string {
    const entry = entryOf(this.code);
    return (language === "zh" && entry?.[4]) || this.context.remedy || entry?.[2] || "";
  }

  /** The cause in a language; English where it is no text of ours. */
  causeIn(language: Language): string {
    return this.key === "" ? this.cause : text(this.key, language, this.values);
  }
}

function entryOf(code: string): ErrorEntry | undefined {
  return Object.hasOwn(ERRORS, code) ? ERRORS[code as ErrorCode] : undefined;
}

type Rest<Key, Prefix extends string> = Key extends `${Prefix}${infer Tail}` ? Tail : never;
export type RefusedKey = Rest<TextKey, "refused-">;
export type AdviceKey = Rest<TextKey, "advice-">;

/** The WORK-REFUSED error of a key; the caller throws it. */
export function refuse(key: RefusedKey, values: Values = {}): DoorstepError {
  const whole = `refused-${key}` as TextKey;
  return new DoorstepError("WORK-REFUSED", text(whole, "en", values), { key: whole, values });
}

/** Input that is not accepted. */
export function argumentWrong(cause: string): DoorstepError {
  return new DoorstepError("ARGUMENT-WRONG", cause);
}
