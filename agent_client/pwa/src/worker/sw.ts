/**
 * The service worker: the app starts without a network, and a sync is woken when there is signal.
 *
 * - It keeps the shell of one build, whole or not at all, and serves it from there: every address under `/app/` that is no
 *   file gives `index.html`. It never touches `/api/` and keeps no answer of it.
 * - A newer version waits. It takes over only when no window is open, or when the app asks for it (`activate`) and no window
 *   has a step or a sync under way: an app that is replaced between two steps would lose what was typed.
 * - On a background sync it asks an open window to send; it has no key itself. Without an unlocked window it fails, so that
 *   the browser tries again later.
 */
declare const self: ServiceWorkerGlobalScope;
/** Version and files of this build, set by build.mjs. */
declare const __SHELL__: { version: string; files: string[] };

/** Not in TypeScript's library: Chromium alone has it. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

const PREFIX = "doorstep-shell-";
const CACHE = PREFIX + __SHELL__.version;
const SYNC_TAG = "doorstep-sync";
/** A window that is asked whether it is busy answers at once, or not at all. */
const BUSY_ANSWER_MS = 2_000;
/** A sync over a weak signal; browsers end a worker that takes much longer. */
const WAKE_ANSWER_MS = 60_000;

self.addEventListener("install", (event) => event.waitUntil(keepShell()));
self.addEventListener("activate", (event) => event.waitUntil(dropOthers()));
self.addEventListener("fetch", (event) => {
  const answer = shellAnswer(event.request);
  if (answer !== null) event.respondWith(answer);
});
self.addEventListener("message", (event) => {
  if (event.data === "activate") event.waitUntil(takeOver(event.ports[0]));
});
self.addEventListener("sync" as keyof ServiceWorkerGlobalScopeEventMap, (event) => {
  const { tag } = event as SyncEvent;
  if (tag === SYNC_TAG) (event as SyncEvent).waitUntil(wake());
});

/** All files or none: `addAll` stores nothing when one of them cannot be had. */
async function keepShell(): Promise<void> {
  const cache = await caches.open(CACHE);
  try {
    await cache.addAll(__SHELL__.files.map((name) => new Request(address(name), { cache: "reload" })));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function dropOthers(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

/** What the shell answers, or null for what is none of its business. */
function shellAnswer(request: Request): Promise<Response> | null {
  const { origin, pathname } = new URL(request.url);
  const scope = new URL(self.registration.scope);
  if (request.method !== "GET" || origin !== scope.origin || !pathname.startsWith(scope.pathname)) return null;
  const name = pathname.slice(scope.pathname.length);
  if (request.mode === "navigate" && !__SHELL__.files.includes(name)) return fromShell("index.html", request);
  return __SHELL__.files.includes(name) ? fromShell(name, request) : null;
}

async function fromShell(name: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  // A browser that threw the cache away is served by the network, as if there were no worker.
  return (await cache.match(address(name))) ?? fetch(request);
}

/** Take over if no window is busy; the window that asked hears whether it was done. */
async function takeOver(port: MessagePort | undefined): Promise<void> {
  const answers = await Promise.all((await windows()).map((window) => ask(window, "busy?", BUSY_ANSWER_MS)));
  const busy = answers.some((answer) => answer === true);
  if (!busy) await self.skipWaiting();
  port?.postMessage(!busy);
}

async function wake(): Promise<void> {
  for (const window of await windows()) {
    if ((await ask(window, "wake", WAKE_ANSWER_MS)) === true) return;
  }
  throw new Error("no window is open and unlocked that could send");
}

function windows(): Promise<readonly WindowClient[]> {
  return self.clients.matchAll({ type: "window", includeUncontrolled: true });
}

/** A window's answer to a question; undefined when it does not answer in time. */
function ask(window: WindowClient, question: "busy?" | "wake", withinMs: number): Promise<unknown> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => resolve(undefined), withinMs);
    port1.onmessage = ({ data }) => {
      clearTimeout(timer);
      port1.close();
      resolve(data);
    };
    window.postMessage(question, [port2]);
  });
}

function address(name: string): string {
  return new URL(name, self.registration.scope).href;
}

export {};
