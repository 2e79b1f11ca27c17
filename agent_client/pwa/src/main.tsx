/** Starts the app: the phone of this browser, what the screens share, the service worker; nothing is decided here. */
import "./styles/index.css";
import { render } from "preact";
import { browserEnvironment } from "./phone/browser";
import { createPhone } from "./phone/create";
import { linkWorker } from "./phone/worker_link";
import { App } from "./screens/app";
import { keepInstallOffer } from "./screens/parts/install";
import { createShared, type Memory } from "./screens/state";

/** How often a touch of the screen is passed on; the idle limit is minutes. */
const TOUCH_EVERY_MS = 10_000;
const WORKER = "/app/sw.js";

function browserMemory(): Memory {
  return {
    get(key) {
      try {
        return localStorage.getItem(key);
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        localStorage.setItem(key, value);
      } catch {
        // Blocked by the browser's settings: the choice holds until the page is left.
      }
    },
  };
}

/** Chinese unless the phone itself speaks English. */
function browserLanguage(): "zh" | "en" {
  return navigator.language.toLowerCase().startsWith("en") ? "en" : "zh";
}

/** The build's own name: the hash in this script's address. */
function buildVersion(): string {
  return /app-([A-Za-z0-9]+)\.js/.exec(import.meta.url)?.[1] ?? "";
}

function watchTouches(touch: () => void): void {
  let last = -TOUCH_EVERY_MS;
  const passOn = (event: Event): void => {
    if (event.timeStamp - last < TOUCH_EVERY_MS) return;
    last = event.timeStamp;
    touch();
  };
  for (const name of ["pointerdown", "keydown", "scroll"]) window.addEventListener(name, passOn, { passive: true, capture: true });
}

function start(root: HTMLElement): void {
  keepInstallOffer(window);
  const phone = createPhone(browserEnvironment());
  const shared = createShared(
    phone,
    { now: () => Date.now(), memory: browserMemory(), history, path: () => location.pathname, language: browserLanguage() },
    buildVersion(),
  );
  window.addEventListener("popstate", ({ state }) => shared.moved(location.pathname, state));
  watchTouches(() => phone.touch());
  if (navigator.serviceWorker !== undefined) {
    const version = linkWorker(navigator.serviceWorker, WORKER, phone, () => location.reload());
    version.subscribe(() => {
      shared.update.value = version.waiting ? { apply: () => version.activate() } : null;
    });
  }
  render(<App shared={shared} />, root);
}

const root = document.getElementById("app");
if (root !== null) start(root);
