/** The service worker: keeps the shell. */
declare const self: ServiceWorkerGlobalScope;
/** Version and files of this build, set by build.mjs. */
declare const __SHELL__: { version: string; files: string[] };

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(__SHELL__.version).then((cache) => cache.addAll(__SHELL__.files)));
});

export {};
