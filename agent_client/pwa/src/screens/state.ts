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
  history: Pick<History, "pushState" | "replaceState" | "go">;
  path(): string;
  language: Language;
}

export interface Shared {
  phone: Phone;
  language: Signal<Language>;
  scheme: Signal<Scheme>;
  path: Signal<string>;
  /** How far a step is within its path: 0 its first page, 1 the next, 2 a sheet over that. The back gesture takes one off. */
  stage: Signal<number>;
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
  deeper(): void;
  shallower(): void;
  /** The browser went back or forward by itself; `state` is what its entry of the history holds. */
  moved(path: string, state: unknown): void;
  /** These notices stand on a screen, and go with it; not on one that is being left, for there nobody reads them. */
  drawn(notices: readonly Notice[]): void;
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
  const stage = signal(0);
  let steps = 0;
  // Where a step ended that had gone deeper: its entries are taken off the history, then the last one is renamed.
  let landing: string | null = null;
  // The browser was asked to go back, and has not done it yet.
  let leaving = false;
  phone.subscribe(() => {
    revision.value += 1;
  });

  const arrive = (to: string): void => {
    stage.value = 0;
    if (to === path.value) return;
    notices.value = notices.value.filter((notice) => !notice.shown);
    path.value = to;
  };
  const shared: Shared = {
    phone,
    language,
    scheme,
    path,
    stage,
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
      if (options.replace === true && stage.value > 0) {
        landing = to;
        around.history.go(-stage.value);
      } else if (options.replace === true) around.history.replaceState(null, "", to);
      else {
        around.history.pushState(null, "", to);
        steps += 1;
      }
      arrive(to);
    },
    back(otherwise) {
      if (steps > 0) {
        leaving = true;
        around.history.go(-1 - stage.value);
      } else shared.go(otherwise, { replace: true });
    },
    deeper() {
      around.history.pushState({ stage: stage.value + 1 }, "", path.value);
      stage.value += 1;
    },
    shallower() {
      if (stage.value > 0) around.history.go(-1);
    },
    moved(to, state) {
      leaving = false;
      if (landing !== null) {
        around.history.replaceState(null, "", landing);
        landing = null;
        return;
      }
      if (to === path.value) {
        // Forward again within a step: what was typed is still there.
        stage.value = stageOf(state);
        return;
      }
      steps = Math.max(0, steps - 1);
      arrive(to);
    },
    drawn(found) {
      if (!leaving) for (const notice of found) notice.shown = true;
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

function stageOf(state: unknown): number {
  const stage = (state as { stage?: unknown } | null)?.stage;
  return typeof stage === "number" ? stage : 0;
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
