/** A phone's whole outside world in memory: storage, locks, clocks, timers and an office; tests move and break it by hand. */
import { IDBFactory } from "fake-indexeddb";
import type { Reading } from "../../src/core/clock";
import { sha256, utf8 } from "../../src/core/encoding";
import { createPhone, type RunningPhone } from "../../src/phone/create";
import type { Channel, Environment, Locks } from "../../src/store/environment";
import { aVisit, CODE, ORIGIN, PIN, SERVER_MS } from "./documents";
import { FakeOffice } from "./fake_office";

/** PBKDF2 as cheap as it gets, since tests guess nothing. */
const ITERATIONS = 10;

/** Web Locks for one origin. */
export class TestLocks implements Locks {
  private readonly tails = new Map<string, { count: number; tail: Promise<unknown> }>();

  async request<T>(
    name: string,
    options: { ifAvailable?: boolean },
    callback: (lock: unknown) => Promise<T>,
  ): Promise<T> {
    const place = this.tails.get(name) ?? { count: 0, tail: Promise.resolve() };
    this.tails.set(name, place);
    if (options.ifAvailable && place.count > 0) return callback(null);
    place.count += 1;
    const run = place.tail.then(() => callback({ name }));
    place.tail = run.catch(() => undefined);
    try {
      return await run;
    } finally {
      place.count -= 1;
    }
  }
}

interface Timer {
  atMs: number;
  callback: () => void;
}

/** The same databases, of which each connection is changed as it is opened. */
export function withEach(factory: IDBFactory, change: (database: IDBDatabase) => void): IDBFactory {
  const open = factory.open.bind(factory);
  return Object.assign(Object.create(factory) as IDBFactory, {
    open(...given: Parameters<typeof open>) {
      const request = open(...given);
      request.addEventListener("success", () => change(request.result));
      return request;
    },
  });
}

/** What several tabs of one browser share, and what each has for itself. */
export class World {
  indexedDB: IDBFactory = new IDBFactory();
  spare: IDBFactory | null = new IDBFactory();
  locks: Locks = new TestLocks();
  marks = new Map<string, string>();
  channels = new Set<TestChannel>();
  persisted: boolean | null = true;
  estimate = { usageBytes: 1_000_000, quotaBytes: 1_000_000_000 };
  slept: number[] = [];
  wakings = 0;
  wallMs = SERVER_MS + 110 * 60_000;
  monoMs = 1_000_000;
  boot = "b00tb00tb00tb00t";
  origin = ORIGIN;
  missing: string[] = [];
  timers = new Set<Timer>();
  listeners = new Map<string, Set<() => void>>();
  compress: Environment["compress"] = null;
  subtle: SubtleCrypto = crypto.subtle;
  iterations = ITERATIONS;
  private drawn = 0;

  constructor(public office: FakeOffice) {}

  /** 09:00 in Shanghai at first; moves only when it is told to. */
  readonly clock = (): Reading => ({ wallMs: this.wallMs, offsetMinutes: 480, boot: this.boot, monoMs: this.monoMs });

  /** Let time pass on both clocks, and whatever was planned happen. */
  pass(milliseconds: number): void {
    this.wallMs += milliseconds;
    this.monoMs += milliseconds;
    for (const timer of [...this.timers]) {
      if (timer.atMs > this.monoMs || !this.timers.delete(timer)) continue;
      timer.callback();
    }
  }

  /** Something of the browser happens. */
  happen(event: "online" | "visible"): void {
    for (const callback of this.listeners.get(event) ?? []) callback();
  }

  /** Bytes that look random, never repeat, and are the same in every run. */
  random(length: number): Uint8Array {
    this.drawn += 1;
    let bytes = sha256(utf8(`${this.drawn}`));
    while (bytes.length < length) bytes = new Uint8Array([...bytes, ...sha256(bytes)]);
    return bytes.slice(0, length);
  }

  environment(changes: Partial<Environment> = {}): Environment {
    return {
      indexedDB: this.indexedDB,
      spare: async () => this.spare,
      subtle: this.subtle,
      random: (length) => this.random(length),
      draw: () => 1,
      clock: this.clock,
      locks: this.locks,
      channel: () => new TestChannel(this),
      storage: {
        getItem: (key) => this.marks.get(key) ?? null,
        setItem: (key, value) => void this.marks.set(key, value),
        removeItem: (key) => void this.marks.delete(key),
      },
      keeper: {
        persisted: async () => this.persisted,
        persist: async () => {
          this.persisted = true;
          return true;
        },
        estimate: async () => this.estimate,
      },
      fetch: (path, init) => this.office.fetch(path, init),
      compress: this.compress,
      origin: this.origin,
      installed: () => true,
      listen: (event, callback) => {
        const heard = this.listeners.get(event) ?? new Set();
        this.listeners.set(event, heard.add(callback));
        return () => heard.delete(callback);
      },
      sleep: async (seconds) => void this.slept.push(seconds),
      after: (milliseconds, callback) => {
        const timer = { atMs: this.monoMs + milliseconds, callback };
        this.timers.add(timer);
        return () => this.timers.delete(timer);
      },
      askWaking: () => {
        this.wakings += 1;
      },
      missing: this.missing,
      iterations: this.iterations,
      ...changes,
    };
  }

  /** A tab: its phone, locked or blank as storage says. */
  async tab(changes: Partial<Environment> = {}): Promise<RunningPhone> {
    const phone = createPhone(this.environment(changes));
    await phone.started;
    return phone;
  }

  /** A tab that was unlocked. */
  async openTab(changes: Partial<Environment> = {}): Promise<RunningPhone> {
    const phone = await this.tab(changes);
    await phone.unlock(PIN);
    return phone;
  }
}

class TestChannel implements Channel {
  onmessage: ((event: { data: unknown }) => void) | null = null;

  constructor(private readonly world: World) {
    world.channels.add(this);
  }

  postMessage(data: unknown): void {
    for (const other of this.world.channels) if (other !== this) queueMicrotask(() => other.onmessage?.({ data }));
  }

  close(): void {
    this.world.channels.delete(this);
  }
}

/** A world with a day of three stops, and an enrolled phone with the route. */
export async function aDay(): Promise<{ world: World; office: FakeOffice; phone: RunningPhone }> {
  const { world, office, phone } = await enrolled();
  office.giveDay([aVisit("V1", 1), aVisit("V2", 2, { tasks: ["notice"], notice: "N1" }), aVisit("V3", 3)]);
  await phone.synchronise();
  return { world, office, phone };
}

/** An enrolled phone that has not pulled yet. */
export async function enrolled(): Promise<{ world: World; office: FakeOffice; phone: RunningPhone }> {
  const office = await FakeOffice.open();
  const world = new World(office);
  const phone = await world.tab();
  await phone.enrol(CODE, PIN, "test");
  return { world, office, phone };
}

/** The code and key with which something is refused. */
export async function refusal(step: Promise<unknown>): Promise<{ code: string; key: string; cause: string }> {
  try {
    await step;
  } catch (error) {
    const { code = "", key = "", cause = String(error) } = error as { code?: string; key?: string; cause?: string };
    return { code, key, cause };
  }
  return { code: "", key: "", cause: "nothing was refused" };
}
