/** The app's side of the service worker: it is registered, its questions are answered, and a newer version is noticed. */
import type { RunningPhone } from "./create";
import { LOOK_AGAIN_MS } from "./limits";

/** What a screen may know about the app's version. */
export interface AppVersion {
  /** Whether a newer version waits. */
  readonly waiting: boolean;
  subscribe(listener: () => void): () => void;
  /** Ask the newer version to take over; false when a window has something under way. The page loads anew when it does. */
  activate(): Promise<boolean>;
}

/** Register the worker at `script` (its folder is its scope) and answer it for the phone. */
export function linkWorker(container: ServiceWorkerContainer, script: string, phone: RunningPhone, reload: () => void): AppVersion {
  const listeners = new Set<() => void>();
  let waiting: ServiceWorker | null = null;
  let asked = false;

  const notice = (registration: ServiceWorkerRegistration): void => {
    // Without a controller this is the first version: it has nothing to replace.
    waiting = container.controller === null ? null : registration.waiting;
    for (const listener of listeners) listener();
  };
  container
    .register(script)
    .then((registration) => {
      notice(registration);
      // An installed app is resumed for days without being loaded, which is when browsers look by themselves.
      let looked = performance.now();
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState !== "visible" || performance.now() - looked < LOOK_AGAIN_MS) return;
        looked = performance.now();
        registration.update().catch(() => undefined);
      });
      registration.addEventListener("updatefound", () => {
        registration.installing?.addEventListener("statechange", () => notice(registration));
      });
    })
    // Without a network, or in a private window, the page works as far as it was loaded.
    .catch(() => undefined);
  container.addEventListener("controllerchange", () => {
    if (asked) reload();
  });
  container.addEventListener("message", ({ data, ports }) => {
    if (data === "busy?") ports[0]?.postMessage(phone.busy);
    if (data === "wake") void phone.wake().then((done) => ports[0]?.postMessage(done));
  });

  return {
    get waiting() {
      return waiting !== null;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    activate() {
      const worker = waiting;
      if (worker === null || phone.busy) return Promise.resolve(false);
      return new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        asked = true;
        port1.onmessage = ({ data }) => {
          asked = data === true;
          resolve(asked);
        };
        worker.postMessage("activate", [port2]);
      });
    },
  };
}
