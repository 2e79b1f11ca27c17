/**
 * The browser's environment, and the phone's link to its service worker.
 *
 * Clocks: `boot` is random for each page load and `monoMs` is `performance.now()`, which ascends within one load. Some systems
 * stop it while they sleep, so what it measures is a minimum; the protocol takes it for no more than that.
 */
import { hex } from "../core/encoding";
import type { Channel, Environment, StorageKeeper } from "../store/environment";
import { PIN_ITERATIONS } from "../vault/limits";

/** The tag of the browser's own background sync; the service worker knows it too. */
const SYNC_TAG = "doorstep-sync";

/** Everything outside, as this browser gives it. */
export function browserEnvironment(): Environment {
  const boot = hex(random(8));
  return {
    indexedDB: globalThis.indexedDB,
    spare,
    subtle: globalThis.crypto?.subtle,
    random,
    draw: Math.random,
    clock: () => ({
      wallMs: Date.now(),
      offsetMinutes: -Math.round(new Date().getTimezoneOffset()),
      boot,
      monoMs: Math.floor(performance.now()),
    }),
    locks: navigator.locks as Environment["locks"],
    channel: (name) => ("BroadcastChannel" in globalThis ? (new BroadcastChannel(name) as Channel) : null),
    storage: smallStorage(),
    keeper: keeper(),
    fetch: (path, init) => fetch(path, init),
    compress: "CompressionStream" in globalThis ? gzip : null,
    origin: location.origin,
    installed,
    listen,
    sleep: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
    after(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
    askWaking,
    missing: missing(),
    iterations: PIN_ITERATIONS,
  };
}

/** A bucket of its own, which Chromium keeps in a folder of its own (Storage Buckets; other browsers do not have them). */
async function spare(): Promise<IDBFactory | null> {
  const { storageBuckets } = navigator as Navigator & { storageBuckets?: StorageBuckets };
  return (await storageBuckets?.open("spare", { persisted: true }))?.indexedDB ?? null;
}

interface StorageBuckets {
  open(name: string, options: { persisted: boolean }): Promise<{ indexedDB: IDBFactory }>;
}

function random(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** What the phone cannot do without; on plain http most of it is missing. */
function missing(): string[] {
  const needed: [string, unknown][] = [
    ["indexeddb", globalThis.indexedDB],
    ["webcrypto", globalThis.crypto?.subtle],
    ["locks", navigator.locks],
    ["serviceworker", navigator.serviceWorker],
  ];
  return needed.filter(([, found]) => !found).map(([name]) => name);
}

function smallStorage(): Environment["storage"] {
  try {
    return globalThis.localStorage;
  } catch {
    // Blocked by the browser's settings.
    return null;
  }
}

function keeper(): StorageKeeper {
  const { storage } = navigator;
  return {
    persisted: async () => (storage?.persisted ? storage.persisted() : null),
    persist: async () => (storage?.persist ? storage.persist() : null),
    async estimate() {
      const { usage = 0, quota = 0 } = storage?.estimate ? await storage.estimate() : {};
      return { usageBytes: usage, quotaBytes: quota };
    },
  };
}

async function gzip(data: Uint8Array): Promise<Uint8Array> {
  const packed = new Blob([data as BlobPart]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

function installed(): boolean {
  const standalone = (navigator as Navigator & { standalone?: boolean }).standalone === true;
  return standalone || matchMedia("(display-mode: standalone), (display-mode: fullscreen)").matches;
}

function listen(event: "online" | "visible", callback: () => void): () => void {
  const target: EventTarget = event === "online" ? window : document;
  const name = event === "online" ? "online" : "visibilitychange";
  const heard = (): void => {
    if (event === "online" || document.visibilityState === "visible") callback();
  };
  target.addEventListener(name, heard);
  return () => target.removeEventListener(name, heard);
}

function askWaking(): void {
  navigator.serviceWorker?.ready
    .then((registration) => {
      const { sync } = registration as ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } };
      return sync?.register(SYNC_TAG);
    })
    // Where the browser does not allow it, the app looks for signal by itself while it is open.
    .catch(() => undefined);
}
