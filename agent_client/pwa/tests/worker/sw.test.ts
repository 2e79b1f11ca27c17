/** The service worker, as it is built, in a scope that a test arranges. */
import { build } from "esbuild";
import { beforeAll, expect, test, vi } from "vitest";

const SCOPE = "https://office.example/app/";
const SHELL = { version: "v2", files: ["app-1.css", "app-1.js", "icons/192.png", "index.html", "manifest.webmanifest"] };

let code = "";

beforeAll(async () => {
  const built = await build({
    entryPoints: ["src/worker/sw.ts"], bundle: true, write: false, format: "iife", define: { __SHELL__: JSON.stringify(SHELL) },
  });
  code = built.outputFiles[0]?.text ?? "";
});

type Listener = (event: Record<string, unknown>) => void;

/** What a browser gives a worker: caches, windows, and a network that counts. */
class Scope {
  stores = new Map<string, Map<string, string>>();
  missing = new Set<string>();
  windows: { answer: unknown; asked: unknown[] }[] = [];
  skipped = 0;
  claimed = 0;
  fetched: string[] = [];
  private readonly listeners = new Map<string, Listener>();

  constructor() {
    const scope = this;
    const self = {
      addEventListener: (name: string, listener: Listener) => this.listeners.set(name, listener),
      registration: { scope: SCOPE },
      skipWaiting: async () => {
        this.skipped += 1;
      },
      clients: {
        claim: async () => {
          this.claimed += 1;
        },
        matchAll: async () =>
          this.windows.map((window) => ({
            postMessage: (question: unknown, [port]: [MessagePort]) => {
              window.asked.push(question);
              if (window.answer !== undefined) port.postMessage(window.answer);
            },
          })),
      },
    };
    const caches = {
      open: async (name: string) => scope.cache(name),
      keys: async () => [...this.stores.keys()],
      delete: async (name: string) => this.stores.delete(name),
    };
    const fetch = async (request: Request): Promise<Response> => {
      this.fetched.push(request.url);
      return new Response("network");
    };
    new Function("self", "caches", "fetch", code)(self, caches, fetch);
  }

  private cache(name: string): object {
    const store = this.stores.get(name) ?? new Map<string, string>();
    this.stores.set(name, store);
    return {
      addAll: async (requests: Request[]) => {
        if (requests.some(({ url }) => this.missing.has(url))) throw new TypeError("one of them cannot be had");
        for (const { url } of requests) store.set(url, `cached ${url}`);
      },
      match: async (url: string) => (store.has(url) ? new Response(store.get(url)) : undefined),
    };
  }

  /** Let an event happen; resolves with what the worker waits for. */
  async happen(name: string, event: Record<string, unknown> = {}): Promise<unknown> {
    let waited: Promise<unknown> = Promise.resolve();
    this.listeners.get(name)?.({ ...event, waitUntil: (promise: Promise<unknown>) => (waited = promise) });
    return waited;
  }

  /** What the worker answers to a request; null: it leaves it to the network. */
  async ask(path: string, options: { mode?: string; method?: string } = {}): Promise<string | null> {
    let answer: Promise<Response> | null = null;
    const { mode = "same-origin", method = "GET" } = options;
    const request = { url: new URL(path, SCOPE).href, mode, method };
    this.listeners.get("fetch")?.({ request, respondWith: (given: Promise<Response>) => (answer = given) });
    return answer === null ? null : (await (answer as Promise<Response>)).text();
  }
}

test("The shell of a build is kept whole, or not at all.", async () => {
  const scope = new Scope();
  await scope.happen("install");
  expect([...(scope.stores.get("doorstep-shell-v2")?.keys() ?? [])]).toEqual(SHELL.files.map((name) => SCOPE + name));
  expect(scope.skipped).toBe(0);
  const poor = new Scope();
  poor.missing.add(`${SCOPE}app-1.js`);
  await expect(poor.happen("install")).rejects.toThrow();
  expect(poor.stores.size).toBe(0);
});

test("With a new version the shells of older ones go, and nothing else of this origin.", async () => {
  const scope = new Scope();
  scope.stores.set("doorstep-shell-v1", new Map()).set("of-another-app", new Map());
  await scope.happen("install");
  await scope.happen("activate");
  expect([...scope.stores.keys()]).toEqual(["of-another-app", "doorstep-shell-v2"]);
  expect(scope.claimed).toBe(1);
});

test("Every address of the app starts it from the shell, without the network.", async () => {
  const scope = new Scope();
  await scope.happen("install");
  for (const path of ["", "visit/V1", "index.html", "anything?code=1"]) {
    expect(await scope.ask(path, { mode: "navigate" }), path).toBe(`cached ${SCOPE}index.html`);
  }
  expect(await scope.ask("app-1.js")).toBe(`cached ${SCOPE}app-1.js`);
  expect(scope.fetched).toEqual([]);
});

test("What is not the shell's is left alone: the API, other pages, other origins, and everything but GET.", async () => {
  const scope = new Scope();
  await scope.happen("install");
  for (const path of ["/api/v1/sync", "/api/v1/keys", "/r", "https://other.example/app/index.html", "app-0.js"]) {
    expect(await scope.ask(path), path).toBeNull();
  }
  expect(await scope.ask("/console", { mode: "navigate" })).toBeNull();
  expect(await scope.ask("index.html", { method: "POST" })).toBeNull();
});

test("When the browser threw the shell away the network serves it.", async () => {
  const scope = new Scope();
  expect(await scope.ask("app-1.js")).toBe("network");
});

test("A new version takes over only when it is asked to and no window has something under way.", async () => {
  const scope = new Scope();
  const activate = async (): Promise<unknown> => {
    const { port1, port2 } = new MessageChannel();
    const heard = new Promise((resolve) => {
      port1.onmessage = ({ data }) => resolve(data);
    });
    await scope.happen("message", { data: "activate", ports: [port2] });
    const said = await heard;
    port1.close();
    return said;
  };
  scope.windows = [{ answer: false, asked: [] }, { answer: true, asked: [] }];
  expect(await activate()).toBe(false);
  expect(scope.skipped).toBe(0);
  scope.windows = [{ answer: false, asked: [] }];
  expect(await activate()).toBe(true);
  expect(scope.skipped).toBe(1);
  await scope.happen("message", { data: "something else", ports: [] });
  expect(scope.skipped).toBe(1);
});

test("A background sync wakes a window that can send; without one it fails, so that the browser tries again.", async () => {
  const scope = new Scope();
  scope.windows = [{ answer: false, asked: [] }, { answer: true, asked: [] }];
  await scope.happen("sync", { tag: "doorstep-sync" });
  expect(scope.windows[1]?.asked).toEqual(["wake"]);
  scope.windows = [{ answer: false, asked: [] }];
  await expect(scope.happen("sync", { tag: "doorstep-sync" })).rejects.toThrow();
  scope.windows = [];
  await expect(scope.happen("sync", { tag: "doorstep-sync" })).rejects.toThrow();
  await scope.happen("sync", { tag: "of another" });
});

test("A window that does not answer counts as not busy, after a moment.", async () => {
  vi.useFakeTimers();
  try {
    const scope = new Scope();
    scope.windows = [{ answer: undefined, asked: [] }];
    const taking = scope.happen("message", { data: "activate", ports: [] });
    await vi.advanceTimersByTimeAsync(2_000);
    await taking;
    expect(scope.skipped).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});
