/**
 * What all screens share: the phone, the language, the present path, and notices that the next screen shows.
 *
 * Everything from outside (the phone, the browser's history and storage, the clock) is an argument of `createShared`, so
 * that tests drive the screens without a browser's own.
 */
import { signal, type Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Advice, Language, Phone, Recorded } from "../phone/contract";
import { wordsOf, type Words } from "./words/index";

/** How bright the app looks: as the phone says, black on white for the sun, or dark. */
export type Scheme = "auto" | "sun" | "dark";

/** Something that the agent must hear after a step; it stays until the screen that showed it is left. */
export interface Notice {
  tone: "good" | "warn";
  text: string;
  advice: Advice[];
  shown: boolean;
}

/** The little that the screens remember by themselves; nothing personal. */
export interface Memory {
  get(key: string): string | null;
  set(key: string, value: string): void;
}

/** The browser's side of a screen. */
export interface Surroundings {
  now(): number;
  memory: Memory;
  history: Pick<History, "pushState" | "replaceState" | "back" | "length">;
  path(): string;
  language: Language;
}

export interface Shared {
  phone: Phone;
  language: Signal<Language>;
  scheme: Signal<Scheme>;
  path: Signal<string>;
  /** Counts changes of the phone's state; whoever reads it is drawn again. */
  revision: Signal<number>;
  notices: Signal<Notice[]>;
  /** A new version that waits; `apply` asks it to take over, false while something is under way. */
  update: Signal<null | { apply: () => Promise<boolean> }>;
  /** The agent wants to hear of it again once the day is ended. */
  updateLater: Signal<boolean>;
  safetyOpen: Signal<boolean>;
  /** What was typed and not yet recorded; in memory only, gone with the page. */
  drafts: Map<string, string>;
  version: string;
  now(): number;
  memory: Memory;
  /** Goes to a path under /app/; `replace` leaves no way back to the present one. */
  go(path: string, options?: { replace?: boolean }): void;
  back(otherwise: string): void;
  /** The browser went back or forward by itself. */
  moved(path: string): void;
  tell(notice: { tone?: "good" | "warn"; text: string; advice?: Advice[] }): void;
  /** Tells that a step is on disk, and what it says besides. */
  recorded(done: Recorded, text: string): void;
  setLanguage(language: Language): void;
  setScheme(scheme: Scheme): void;
}

const LANGUAGE = "doorstep-language";
const SCHEME = "doorstep-scheme";

export function createShared(phone: Phone, around: Surroundings, version: string): Shared {
  const remembered = around.memory.get(LANGUAGE);
  const language = signal<Language>(remembered === "zh" || remembered === "en" ? remembered : around.language);
  const scheme = signal<Scheme>(schemeOf(around.memory.get(SCHEME)));
  const path = signal(around.path());
  const notices = signal<Notice[]>([]);
  const revision = signal(0);
  let steps = 0;
  phone.subscribe(() => {
    revision.value += 1;
  });

  const arrive = (to: string): void => {
    if (to === path.value) return;
    notices.value = notices.value.filter((notice) => !notice.shown);
    path.value = to;
  };
  const shared: Shared = {
    phone,
    language,
    scheme,
    path,
    revision,
    notices,
    update: signal<null | { apply: () => Promise<boolean> }>(null),
    updateLater: signal(false),
    safetyOpen: signal(false),
    drafts: new Map(),
    version,
    now: () => around.now(),
    memory: around.memory,
    go(to, options = {}) {
      if (options.replace === true) around.history.replaceState(null, "", to);
      else {
        around.history.pushState(null, "", to);
        steps += 1;
      }
      arrive(to);
    },
    back(otherwise) {
      if (steps > 0) around.history.back();
      else shared.go(otherwise, { replace: true });
    },
    moved(to) {
      steps = Math.max(0, steps - 1);
      arrive(to);
    },
    tell({ tone = "good", text, advice = [] }) {
      notices.value = [...notices.value, { tone: advice.length > 0 ? "warn" : tone, text, advice, shown: false }];
    },
    recorded(done, text) {
      shared.tell({ text, advice: done.advice });
    },
    setLanguage(chosen) {
      around.memory.set(LANGUAGE, chosen);
      language.value = chosen;
    },
    setScheme(chosen) {
      around.memory.set(SCHEME, chosen);
      scheme.value = chosen;
    },
  };
  return shared;
}

function schemeOf(text: string | null): Scheme {
  return text === "sun" || text === "dark" ? text : "auto";
}

export const SharedContext = createContext<Shared | null>(null);

/** The shared state inside a screen. */
export function useShared(): Shared {
  const shared = useContext(SharedContext);
  if (shared === null) throw new Error("a screen outside of the app");
  return shared;
}

/** The words of the present language; a change draws the screen again. */
export function useWords(): Words {
  return wordsOf(useShared().language.value);
}
