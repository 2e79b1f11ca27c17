/**
 * Everything outside that the phone touches, as one argument: storage, keys, locks, network, clocks, chance.
 *
 * Nothing under `src/store`, `src/vault`, `src/exchange`, `src/work` and `src/phone` reads a global; `phone/browser.ts`
 * makes the browser's environment, tests make one that they can stop, fill up, or let die at any moment.
 */
import type { Reading } from "../core/clock";

/** What `localStorage` gives; it may throw (blocked, full), and callers live with that. */
export interface SmallStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** What `navigator.locks` gives, as far as it is used here. */
export interface Locks {
  request<T>(
    name: string,
    options: { mode?: "exclusive"; ifAvailable?: boolean },
    callback: (lock: unknown) => Promise<T>,
  ): Promise<T>;
}

/** What `BroadcastChannel` gives, as far as it is used here. */
export interface Channel {
  postMessage(message: unknown): void;
  onmessage: ((event: { data: unknown }) => void) | null;
  close(): void;
}

/** What `navigator.storage` says; null where it cannot know. */
export interface StorageKeeper {
  persisted(): Promise<boolean | null>;
  persist(): Promise<boolean | null>;
  estimate(): Promise<{ usageBytes: number; quotaBytes: number }>;
}

/** The outside world of one phone in one tab. */
export interface Environment {
  indexedDB: IDBFactory;
  /** A second place for databases, whose files are apart from those of `indexedDB`; null where the browser has none. */
  spare(): Promise<IDBFactory | null>;
  subtle: SubtleCrypto;
  random(length: number): Uint8Array;
  /** Evenly from 0 to 1, for pauses only. */
  draw(): number;
  /** All clocks at once; `boot` is random for each page load. */
  clock(): Reading;
  locks: Locks;
  channel(name: string): Channel | null;
  storage: SmallStorage | null;
  keeper: StorageKeeper;
  fetch(path: string, init: RequestInit): Promise<Response>;
  /** gzip, or null where the browser has none: then requests go plain. */
  compress: ((data: Uint8Array) => Promise<Uint8Array>) | null;
  /** Where this app was loaded from, `https://office.example`; the office's API is at the same place. */
  origin: string;
  installed(): boolean;
  /** Resolves after so many seconds: a pause before another try. */
  sleep(seconds: number): Promise<void>;
  /** Calls back after so many milliseconds; returns what undoes it. */
  after(milliseconds: number, callback: () => void): () => void;
  /** Calls back when signal may be there again (`online`) or somebody looks at the app (`visible`); returns what undoes it. */
  listen(event: "online" | "visible", callback: () => void): () => void;
  /** Asks the browser to wake the app when there is signal; does nothing where it cannot. */
  askWaking(): void;
  /** What this browser lacks; empty when the phone can work here. */
  missing: string[];
  /** PBKDF2 iterations of new PINs. */
  iterations: number;
}
