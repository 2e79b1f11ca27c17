/** The page of the gallery: one scene by `?screen=`, in `?language=` and `?scheme=`; built for tests alone. */
/// <reference path="../../src/files.d.ts" />
import "../../src/styles/index.css";
import { render } from "preact";
import { App } from "../../src/screens/app";
import { createShared } from "../../src/screens/state";
import { NOW_MS, PACK } from "./fake_data";
import { FakePhone } from "./fake_phone";
import { SCENES } from "./scenes";

const asked = new URLSearchParams(location.search);
const scene = SCENES[asked.get("screen") ?? "route"];
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60));

async function press(selector: string, place = 0): Promise<void> {
  const found = document.querySelectorAll<HTMLElement>(selector)[place];
  if (found === undefined) throw new Error(`nothing at ${selector} ${place}`);
  found.click();
  await settle();
}

async function type(selector: string, text: string): Promise<void> {
  const found = document.querySelector<HTMLInputElement>(selector);
  if (found === null) throw new Error(`nothing at ${selector}`);
  found.value = text;
  found.dispatchEvent(new InputEvent("input", { bubbles: true }));
  await settle();
}

// As a phone whose owner chose larger text.
document.documentElement.style.fontSize = `${asked.get("text") ?? "100"}%`;

async function show(): Promise<void> {
  if (scene === undefined) throw new Error(`no scene ${asked.get("screen")}`);
  const phone = new FakePhone();
  scene.set?.(phone);
  const memory = new Map([
    ["doorstep-language", asked.get("language") ?? "zh"],
    ["doorstep-scheme", asked.get("scheme") ?? "auto"],
    ["doorstep-office-phone", PACK.office_phone],
  ]);
  const shared = createShared(
    phone,
    {
      now: () => NOW_MS,
      memory: { get: (key) => memory.get(key) ?? null, set: (key, value) => void memory.set(key, value) },
      history: { pushState: () => undefined, replaceState: () => undefined, go: () => undefined },
      path: () => scene.path,
      language: "zh",
    },
    "gallery",
  );
  if (asked.get("screen") === "settings") shared.update.value = { apply: async () => false };
  const root = document.getElementById("app");
  if (root === null) throw new Error("no place to draw");
  render(<App shared={shared} />, root);
  await settle();
  await settle();
  await scene.act?.(press, type);
  await settle();
  document.documentElement.dataset["ready"] = "yes";
}

show().catch((error: unknown) => {
  document.documentElement.dataset["ready"] = "failed";
  document.body.append(String(error));
});

Object.assign(globalThis, { SCENES: Object.keys(SCENES) });
