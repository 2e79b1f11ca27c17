// @vitest-environment happy-dom
/** A step under way: nothing is shown before it is on disk, nothing is done twice, and what failed says what to do. */
import { render } from "preact";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DoorstepError } from "../../src/core/errors";
import type { Recorded } from "../../src/phone/contract";
import { App } from "../../src/screens/app";
import { createShared, type Shared } from "../../src/screens/state";
import { makeReceipt, NOW_MS } from "./fake_data";
import { FakePhone } from "./fake_phone";

let phone: FakePhone;
let shared: Shared;
let root: HTMLElement;
/** The browser's history, as it would keep it. */
let entries: { path: string; state: unknown }[];
/** How long the browser takes to go back. */
let slowness = 0;
const present = (): string => entries.at(-1)?.path ?? "";

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 8; turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
};
const text = (): string => root.textContent ?? "";
const press = async (selector: string, place = 0): Promise<void> => {
  root.querySelectorAll<HTMLElement>(selector)[place]?.click();
  await settle();
};

async function show(at: string): Promise<void> {
  const memory = new Map<string, string>();
  entries = [{ path: at, state: null }];
  const history = {
    pushState: (state: unknown, _title: string, to?: string | URL | null) => void entries.push({ path: String(to), state }),
    replaceState: (state: unknown, _title: string, to?: string | URL | null) => {
      entries[entries.length - 1] = { path: String(to), state };
    },
    go: (steps = 0) => {
      entries.splice(entries.length + steps);
      const entry = entries.at(-1);
      if (entry !== undefined) setTimeout(() => shared.moved(entry.path, entry.state), slowness);
    },
  };
  shared = createShared(
    phone,
    { now: () => NOW_MS, memory: { get: (key) => memory.get(key) ?? null, set: (key, value) => void memory.set(key, value) }, history, path: () => at, language: "en" },
    "test",
  );
  render(<App shared={shared} />, root);
  await settle();
}

async function toConfirmation(): Promise<void> {
  for (const place of [0, 1]) await press(".keypad button", place);
  await press(".action");
  await press(".action");
}

beforeEach(() => {
  slowness = 0;
  phone = new FakePhone();
  const stop = phone.stops[1];
  if (stop !== undefined) stop.state = "open";
  phone.identities.set("V-2", "answered");
  root = document.createElement("div");
  document.body.append(root);
});
afterEach(() => {
  render(null, root);
  root.remove();
});

describe("taking a payment", () => {
  it("shows the receipt only once the step has resolved, and writes it once however often it is pressed", async () => {
    let finish: (done: Recorded) => void = () => undefined;
    let times = 0;
    const receipt = makeReceipt({ number: 1, amountMinor: 1_200 });
    phone.collect = () => {
      times += 1;
      return new Promise((resolve) => {
        finish = resolve;
      });
    };
    await show("/app/stop/V-2/collect");
    await toConfirmation();
    await press(".sheet .action");
    await press(".sheet .action");
    expect(times).toBe(1);
    expect(root.querySelector(".sheet .action")?.getAttribute("aria-busy")).toBe("true");
    expect(root.querySelector(".qr")).toBeNull();
    phone.shown.push(receipt);
    finish({ hash: "0", epoch: 1, seq: 1, kind: "PaymentCollected", at: "", receipt, advice: [{ key: "unidentified", values: {} }] });
    await settle();
    expect(present()).toBe(`/app/receipt/${receipt.series}`);
    expect(root.querySelector(".qr")).not.toBeNull();
  });

  it("keeps advice for the agent from the customer's eyes, and shows it on the next screen", async () => {
    phone.identities.clear();
    await show("/app/stop/V-2/collect");
    await toConfirmation();
    await press(".sheet .action");
    expect(root.querySelector(".qr")).not.toBeNull();
    expect(text()).not.toContain("The payer answered no identity check");
    shared.go("/app/stop/V-2");
    await settle();
    expect(text()).toContain("The payer answered no identity check");
    shared.go("/app/");
    await settle();
    expect(text()).not.toContain("The payer answered no identity check");
  });

  it("that fails says what is the matter and what to do, and can be tried again", async () => {
    phone.failing = new DoorstepError("STORE-FULL", "the browser gave no more room");
    await show("/app/stop/V-2/collect");
    await toConfirmation();
    await press(".sheet .action");
    const alert = root.querySelector(".sheet [role=alert]");
    expect(alert?.textContent).toContain(new DoorstepError("STORE-FULL", "").remedyIn("en"));
    expect(root.querySelector(".qr")).toBeNull();
    phone.failing = null;
    await press(".sheet .action");
    expect(root.querySelector(".qr")).not.toBeNull();
  });

  it("keeps a half-typed amount when the screen is left, and forgets it once it is recorded", async () => {
    await show("/app/stop/V-2/collect");
    for (const place of [0, 1]) await press(".keypad button", place);
    shared.go("/app/stop/V-2");
    await settle();
    shared.go("/app/stop/V-2/collect");
    await settle();
    expect(root.querySelector("output")?.textContent).toBe("12");
    await press(".action");
    await press(".action");
    await press(".sheet .action");
    shared.go("/app/stop/V-2/collect");
    await settle();
    expect(root.querySelector("output")?.textContent).toBe("0");
  });
});

describe("a stop that is concluded", () => {
  const action = (): HTMLButtonElement | null => root.querySelector<HTMLButtonElement>("button.action");
  const conclude = async (): Promise<void> => {
    await show("/app/stop/V-2/conclude");
    const nobody = [...root.querySelectorAll<HTMLElement>("label")].find((label) => label.textContent?.includes("nobody home"));
    nobody?.click();
    await settle();
    await press("button.action");
    expect(text()).toContain("This stop is concluded");
  };

  it("leads nowhere until it is known what comes next, and then by a button of its own", async () => {
    const route = phone.route.bind(phone);
    let tell: () => void = () => undefined;
    phone.route = async () => {
      await new Promise<void>((resolve) => {
        tell = resolve;
      });
      return route();
    };
    await conclude();
    const before = action();
    before?.click();
    await settle();
    expect(text()).toContain("This stop is concluded");
    tell();
    await settle();
    expect(action()?.textContent).toContain("Next stop");
    expect(action()).not.toBe(before);
  });

  it("leads back to the route where the route cannot be read", async () => {
    phone.route = () => Promise.reject(new DoorstepError("PACK-MISSING", "gone"));
    await conclude();
    expect(action()?.textContent).toContain("Back to the route");
    await press("button.action");
    expect(present()).toBe("/app/");
  });
});

describe("what a step says once it is on disk", () => {
  it("stands on the screen behind it, however long the browser takes to get there", async () => {
    for (slowness of [0, 200]) {
      await show("/app/stop/V-2");
      await press("main a.list-row[href$='/note']");
      const box = root.querySelector("textarea");
      if (box === null) throw new Error("no box");
      box.value = "the bell is broken";
      box.dispatchEvent(new Event("input", { bubbles: true }));
      await settle();
      await press(".action");
      await new Promise((resolve) => setTimeout(resolve, slowness));
      await settle();
      expect(present()).toBe("/app/stop/V-2");
      expect(root.querySelector("main > [role=status]")?.textContent, `${slowness} ms`).toContain("Recorded on this phone");
      render(null, root);
    }
  });
});

describe("the back gesture", () => {
  const back = async (): Promise<void> => {
    entries.pop();
    const entry = entries.at(-1);
    if (entry !== undefined) shared.moved(entry.path, entry.state);
    await settle();
  };

  it("takes one page off a step, and keeps what was typed", async () => {
    await show("/app/");
    shared.go("/app/stop/V-2");
    shared.go("/app/stop/V-2/collect");
    await settle();
    await toConfirmation();
    expect(root.querySelector(".sheet")).not.toBeNull();
    await back();
    expect(root.querySelector(".sheet")).toBeNull();
    expect(text()).toContain("Who pays");
    await back();
    expect(root.querySelector("output")?.textContent).toBe("12");
    await back();
    expect(present()).toBe("/app/stop/V-2");
    expect(root.querySelector("h1")?.textContent).toBe("Stop 2");
  });

  it("leads from a receipt to the stop, not into the payment again", async () => {
    await show("/app/");
    shared.go("/app/stop/V-2");
    shared.go("/app/stop/V-2/collect");
    await settle();
    await toConfirmation();
    await press(".sheet .action");
    expect(root.querySelector(".qr")).not.toBeNull();
    expect(entries.map((entry) => entry.path)).toEqual(["/app/", "/app/stop/V-2", expect.stringContaining("/app/receipt/")]);
    await press(".bar-bottom .action");
    expect(root.querySelector("h1")?.textContent).toBe("Stop 2");
  });

  it("leads from a step with two pages back to where it was begun", async () => {
    await show("/app/");
    shared.go("/app/cash");
    shared.go("/app/cash/loss");
    await settle();
    await press(".keypad button");
    await press(".action");
    await press(".tile input");
    await press(".action");
    expect(entries.map((entry) => entry.path)).toEqual(["/app/", "/app/cash"]);
    expect(root.querySelector("h1")?.textContent).toBe("Cash");
  });
});

describe("screens", () => {
  it("give the focus to their heading and the window their title", async () => {
    await show("/app/cash");
    expect(document.activeElement?.tagName).toBe("H1");
    expect(document.title).toContain("Cash");
  });

  it("that need the agent at the door send them to check in first", async () => {
    await show("/app/stop/V-3/identity");
    expect(text()).toContain("Check in first");
    await press(".action");
    expect(present()).toBe("/app/stop/V-3");
  });

  it("show nothing of what is owed once a third party stands there", async () => {
    phone.identities.set("V-2", "third_party");
    await show("/app/stop/V-2");
    expect(text()).toContain("say nothing about debt");
    expect(text()).not.toContain("3,860.40");
  });

  it("have safety within reach wherever the phone is open, also when the office locked it", async () => {
    phone.state = { ...phone.open, lockedByOffice: true };
    for (const at of ["/app/", "/app/stop/V-2", "/app/stop/V-2/collect", "/app/records", "/app/badge", "/app/settings/pin"]) {
      render(null, root);
      await show(at);
      expect(root.querySelector(".safety"), at).not.toBeNull();
    }
  });

  it("change their language at once", async () => {
    await show("/app/cash");
    shared.setLanguage("zh");
    await settle();
    expect(text()).toContain("手头现金");
    expect(document.documentElement.lang).toBe("zh-CN");
  });
});
