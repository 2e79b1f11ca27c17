/** Every screen in a state worth looking at: its path, what happened before, and what is pressed to get there. */
import { DoorstepError } from "../../src/core/errors";
import type { DepartureCheck } from "../../src/phone/contract";
import { fakeDigits, makeReceipt, makeRecord, NOW_MS } from "./fake_data";
import { FakePhone } from "./fake_phone";

export interface Scene {
  path: string;
  set?: (phone: FakePhone) => void;
  act?: (press: (selector: string, place?: number) => Promise<void>, type: (selector: string, text: string) => Promise<void>) => Promise<void>;
}

const CHECKS: DepartureCheck[] = [
  { key: "pack", ok: true, values: { held: 12, total: 12, missing: 0, day: "2026-03-02" } },
  { key: "fresh", ok: true, values: { minutes: 25 } },
  { key: "clock", ok: true, values: { seconds: 2 } },
  { key: "storage", ok: true, values: {} },
  { key: "space", ok: true, values: { megabytes: 5200 } },
  { key: "installed", ok: true, values: {} },
  { key: "cash", ok: true, values: { held: "200.00 CNY", limit: "50,000.00 CNY" } },
  { key: "unsent", ok: true, values: { unsent: 0, photos: 0 } },
];

/** Two stops done, the third one open: the middle of a morning. */
function morning(phone: FakePhone): void {
  const [first, second, third] = phone.stops;
  if (first === undefined || second === undefined || third === undefined) return;
  first.state = "paid";
  first.paidMinor = 62_000;
  second.state = "open";
  phone.identities.set("V-1", "answered");
  phone.shown.push(makeReceipt({ number: 1, amountMinor: 62_000, visit: "V-1", lastFour: "4818", at: "2026-03-02T09:14:00.000+08:00" }));
  phone.cashMinor += 62_000;
  phone.records.push(
    makeRecord({ seq: 1, kind: "VisitStarted" }),
    makeRecord({ seq: 2, kind: "IdentityChecked" }),
    makeRecord({ seq: 3, kind: "PaymentCollected", amountMinor: 62_000, state: "at_office", at: "2026-03-02T09:14:00.000+08:00" }),
    makeRecord({ seq: 4, kind: "VisitConcluded", state: "on_phone", at: "2026-03-02T09:20:00.000+08:00" }),
    makeRecord({ seq: 5, kind: "VisitStarted", visit: "V-2", state: "on_phone", at: "2026-03-02T10:02:00.000+08:00" }),
  );
  phone.unsent = 2;
}

function paid(phone: FakePhone): void {
  morning(phone);
  phone.identities.set("V-2", "answered");
  phone.shown.push(makeReceipt({ number: 2, amountMinor: 140_950, visit: "V-2" }));
  const second = phone.stops[1];
  if (second !== undefined) second.paidMinor = 140_950;
  phone.cashMinor += 140_950;
  phone.records.push(makeRecord({ seq: 6, kind: "PaymentCollected", visit: "V-2", amountMinor: 140_950, state: "on_phone" }));
  phone.unsent = 3;
}

function judged(phone: FakePhone): void {
  paid(phone);
  const words = {
    title: { en: "Collected while disputed", zh: "争议期间收款" },
    sentence: { en: "The customer had disputed this debt before the payment; the money waits in suspense.", zh: "客户在付款前已对债务提出异议，款项暂记。" },
    holds: { en: "The payment stands and is not counted against the debt.", zh: "收款有效，暂不冲减欠款。" },
  };
  phone.records.push(
    makeRecord({ seq: 7, kind: "PaymentCollected", visit: "V-3", amountMinor: 50_000, state: "disputed", rule: "PAY-RECALLED", ...words }),
    makeRecord({ seq: 8, kind: "PaymentVoided", visit: "V-1", amountMinor: 62_000, state: "held", rule: "VOID-UNCONFIRMED", title: { en: "Void waits for the customer", zh: "冲销待客户确认" }, sentence: { en: "No void code was given.", zh: "没有客户的冲销码。" }, holds: { en: "The payment counts until it is decided.", zh: "决定之前收款仍然有效。" } }),
  );
  phone.photos = 3;
}

const typeAmount: NonNullable<Scene["act"]> = async (press) => {
  for (const place of [0, 3, 10, 8, 9, 4]) await press(".keypad button", place);
};
const toMethod: NonNullable<Scene["act"]> = async (press, type) => {
  await typeAmount(press, type);
  await press(".action");
};

export const SCENES: Record<string, Scene> = {
  starting: { path: "/app/", set: (phone) => void (phone.state = { at: "starting" }) },
  unsupported: { path: "/app/", set: (phone) => void (phone.state = { at: "unsupported", missing: ["indexeddb", "locks"] }) },
  "unsupported-tab": { path: "/app/", set: (phone) => void (phone.state = { at: "unsupported", missing: ["othertab"] }) },
  "unsupported-old": { path: "/app/", set: (phone) => void (phone.state = { at: "unsupported", missing: ["update"] }) },
  enrol: { path: "/app/", set: (phone) => void (phone.state = { at: "blank", lost: false, lostDevice: "" }) },
  "enrol-pin": {
    path: "/app/",
    set: (phone) => void (phone.state = { at: "blank", lost: false, lostDevice: "" }),
    act: async (press, type) => {
      await type("textarea", "doorstep:ENROL?url=https://doorstep.example&code=7KQ2-M4X9");
      await press(".action");
      for (const place of [0, 1, 2, 3]) await press(".keypad button", place);
    },
  },
  lost: { path: "/app/", set: (phone) => void (phone.state = { at: "blank", lost: true, lostDevice: "9f3a1c44d2e07b18" }) },
  locked: { path: "/app/", set: (phone) => void (phone.state = { at: "locked", device: "9f3a1c44d2e07b18", triesLeft: 10, waitMs: 0, unsent: 12 }) },
  "locked-wrong": {
    path: "/app/",
    set: (phone) => void (phone.state = { at: "locked", device: "9f3a1c44d2e07b18", triesLeft: 6, waitMs: 0, unsent: 0 }),
    act: async (press) => {
      for (const place of [0, 0, 2, 3, 4, 5]) await press(".keypad button", place);
      await press(".action");
    },
  },
  "locked-wait": { path: "/app/", set: (phone) => void (phone.state = { at: "locked", device: "9f3a1c44d2e07b18", triesLeft: 4, waitMs: 58_000, unsent: 12 }) },
  "forgot-pin": {
    path: "/app/forgot-pin",
    set: (phone) => void (phone.state = { at: "locked", device: "9f3a1c44d2e07b18", triesLeft: 0, waitMs: 0, unsent: 12 }),
    act: (press) => press(".action"),
  },
  "route-empty": { path: "/app/", set: (phone) => void (phone.empty = true) },
  route: { path: "/app/", set: morning },
  "route-incomplete": {
    path: "/app/",
    set: (phone) => {
      phone.complete = false;
      phone.cashMinor = 5_240_000;
    },
  },
  "route-locked": { path: "/app/", set: (phone) => void (phone.state = { ...phone.open, lockedByOffice: true, otherWriter: true }) },
  "stop-before": { path: "/app/stop/V-3" },
  stop: { path: "/app/stop/V-2", set: morning },
  "stop-forbidden": { path: "/app/stop/V-4" },
  "stop-paid": { path: "/app/stop/V-2", set: paid },
  "stop-third": {
    path: "/app/stop/V-2",
    set: (phone) => {
      morning(phone);
      phone.identities.set("V-2", "third_party");
    },
  },
  "stop-not-open": { path: "/app/stop/V-3/identity" },
  "stop-unknown": { path: "/app/stop/V-99" },
  identity: { path: "/app/stop/V-2/identity", set: morning },
  "identity-mistyped": {
    path: "/app/stop/V-2/identity",
    set: morning,
    act: async (press, type) => {
      await type("input.code", "000000");
      await press(".action");
    },
  },
  "identity-signature": { path: "/app/stop/V-2/identity", set: morning, act: (press) => press(".tile input", 2) },
  "identity-third": { path: "/app/stop/V-2/identity", set: morning, act: (press) => press(".buttons .button", 1) },
  collect: { path: "/app/stop/V-2/collect", set: morning, act: typeAmount },
  "collect-forbidden": {
    path: "/app/stop/V-4/collect",
    set: (phone) => {
      const stop = phone.stops[3];
      if (stop !== undefined) stop.state = "open";
    },
  },
  "collect-method": { path: "/app/stop/V-2/collect", set: morning, act: toMethod },
  "collect-wallet": {
    path: "/app/stop/V-2/collect",
    set: morning,
    act: async (press, type) => {
      await toMethod(press, type);
      await press(".tile input", 1);
    },
  },
  "collect-confirm": {
    path: "/app/stop/V-2/collect",
    set: morning,
    act: async (press, type) => {
      await toMethod(press, type);
      await press(".card .shortcut", 2);
      await press(".action");
    },
  },
  "collect-busy": {
    path: "/app/stop/V-2/collect",
    set: (phone) => {
      morning(phone);
      phone.hanging = true;
    },
    act: async (press, type) => {
      await toMethod(press, type);
      await press(".action");
      await press(".sheet .action");
    },
  },
  "collect-full": {
    path: "/app/stop/V-2/collect",
    set: (phone) => {
      morning(phone);
      phone.failing = new DoorstepError("STORE-FULL", "the browser gave no more room");
    },
    act: async (press, type) => {
      await toMethod(press, type);
      await press(".action");
      await press(".sheet .action");
    },
  },
  receipt: { path: "/app/receipt/9f3a1c44d2e07b18/1/2", set: paid },
  "receipt-english": { path: "/app/receipt/9f3a1c44d2e07b18/1/2", set: paid, act: (press) => press(".bar-top .button") },
  "receipt-void": {
    path: "/app/receipt/9f3a1c44d2e07b18/1/3",
    set: (phone) => {
      paid(phone);
      phone.shown.push(makeReceipt({ number: 3, amountMinor: 140_950, kind: "void", voids: "7KQ2-M002-X4" }));
    },
  },
  void: { path: "/app/receipt/9f3a1c44d2e07b18/1/2/void", set: paid },
  receipts: {
    path: "/app/receipts",
    set: (phone) => {
      paid(phone);
      phone.shown.push(makeReceipt({ number: 3, amountMinor: 9_900, method: "wechat", voidedBy: "x" }));
    },
  },
  "receipts-none": { path: "/app/receipts" },
  deliver: { path: "/app/stop/V-2/deliver", set: morning },
  "deliver-open": {
    path: "/app/stop/V-2/deliver",
    set: morning,
    act: async (press) => {
      await press(".tile input", 1);
      await press(".tile input", 6);
    },
  },
  promise: { path: "/app/stop/V-2/promise", set: morning, act: typeAmount },
  "promise-day": {
    path: "/app/stop/V-2/promise",
    set: morning,
    act: async (press, type) => {
      await typeAmount(press, type);
      await press(".action");
      await press(".shortcut", 3);
    },
  },
  plan: { path: "/app/stop/V-2/plan", set: morning },
  "plan-schemes": {
    path: "/app/stop/V-2/plan",
    set: morning,
    act: async (press, type) => {
      await type(".tiles input", "6");
      await press(".action");
      await press(".scheme", 2);
    },
  },
  "plan-beyond": {
    path: "/app/stop/V-2/plan",
    set: morning,
    act: async (press, type) => {
      await type("#never, .tiles .field:nth-child(2) input", "10");
      await press(".action");
      await press(".scheme", 3);
    },
  },
  contact: { path: "/app/stop/V-2/contact", set: morning },
  note: { path: "/app/stop/V-2/note", set: morning },
  details: { path: "/app/stop/V-2/details", set: morning },
  companion: { path: "/app/stop/V-2/companion", set: morning },
  conclude: { path: "/app/stop/V-2/conclude", set: paid, act: (press) => press(".tile input") },
  concluded: {
    path: "/app/stop/V-2/conclude",
    set: paid,
    act: async (press) => {
      await press(".tile input");
      await press(".action");
    },
  },
  safety: { path: "/app/stop/V-2", set: morning, act: (press) => press(".safety") },
  "safety-done": {
    path: "/app/stop/V-2",
    set: morning,
    act: async (press) => {
      await press(".safety");
      await press(".sheet .stack .button", 1);
    },
  },
  "walk-up": { path: "/app/walk-up", set: morning },
  cash: { path: "/app/cash", set: paid },
  "cash-over": { path: "/app/cash", set: (phone) => void (phone.cashMinor = 5_240_000) },
  "cash-none": { path: "/app/cash", set: (phone) => void (phone.empty = true) },
  "hand-over": {
    path: "/app/cash/hand-over",
    set: paid,
    act: async (press, type) => {
      await type(".stepper input", "21");
      await press(".counting:nth-child(2) .stepper button", 1);
    },
  },
  "hand-over-confirm": {
    path: "/app/cash/hand-over",
    set: paid,
    act: async (press, type) => {
      await type(".stepper input", "21");
      await press(".action");
    },
  },
  deposit: { path: "/app/cash/deposit", set: paid },
  "deposit-slip": {
    path: "/app/cash/deposit",
    set: paid,
    act: async (press) => {
      await press(".shortcut");
      await press(".action");
    },
  },
  transfer: { path: "/app/cash/transfer", set: paid },
  "transfer-who": {
    path: "/app/cash/transfer",
    set: paid,
    act: async (press, type) => {
      await typeAmount(press, type);
      await press(".action");
    },
  },
  loss: {
    path: "/app/cash/loss",
    set: paid,
    act: async (press, type) => {
      await typeAmount(press, type);
      await press(".action");
      await press(".tile input", 2);
    },
  },
  "end-of-day": { path: "/app/end-of-day", set: paid },
  "end-of-day-done": {
    path: "/app/end-of-day",
    set: (phone) => {
      paid(phone);
      for (const stop of phone.stops) if (stop.state === "open" || stop.state === "to_do") stop.state = "nobody_home";
    },
    act: (press) => press(".action"),
  },
  records: { path: "/app/records", set: judged },
  "records-none": { path: "/app/records" },
  "records-running": {
    path: "/app/records",
    set: (phone) => {
      judged(phone);
      phone.sync = { at: "running", progress: { phase: "sending", done: 2, total: 8, waitS: 0 } };
    },
  },
  "records-failed": {
    path: "/app/records",
    set: (phone) => {
      judged(phone);
      phone.sync = { at: "idle", lastMs: NOW_MS, lastError: { code: "NETWORK-DOWN", cause: "no answer from the office", remedy: "Go on working; sync again when there is a signal." } };
    },
  },
  departure: { path: "/app/departure", set: (phone) => void (phone.checks = CHECKS) },
  "departure-bad": {
    path: "/app/departure",
    set: (phone) => {
      phone.persisted = false;
      phone.checks = CHECKS.map((check) => (["storage", "fresh"].includes(check.key) ? { ...check, ok: false } : check.key === "space" ? { ...check, ok: false, values: { megabytes: 41 } } : check.key === "clock" ? { ...check, ok: null } : check));
    },
  },
  badge: { path: "/app/badge", set: (phone) => void (phone.badgeText = { prefix: "https://doorstep.example/agent#", digits: fakeDigits(7), staleMs: NOW_MS + 300_000 }) },
  "badge-none": { path: "/app/badge" },
  settings: { path: "/app/settings", set: (phone) => void (phone.persisted = false) },
  "change-pin": { path: "/app/settings/pin" },
};
