/**
 * A day recorded as quickly as the phone can, for a browser that is killed in the middle: the phone of the product's own
 * modules without its screens, as `phone` on the window, and `quickDay`, which goes on until nobody is there any more.
 *
 * What is done is told to `shown` only after the step resolved, which is when a screen would show it.
 */
import { DoorstepError } from "../../src/core/errors";
import type { Phone, Recorded } from "../../src/phone/contract";
import { browserEnvironment } from "../../src/phone/browser";
import { createPhone } from "../../src/phone/create";

declare const shown: (what: { hash: string; kind: string; number: number }) => Promise<void>;
declare const said: (text: string) => Promise<void>;

const PINS = ["740261", "550912"] as const;

/** Mulberry32: the same seed gives the same day. */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function quickDay(phone: Phone, seed: number, pin: string): Promise<void> {
  const draw = dice(seed);
  const below = (most: number): number => Math.floor(draw() * most);
  const picture = { bytes: new Uint8Array(20_000 + below(60_000)).fill(below(256)), mime: "image/jpeg" } as const;
  const visits = (await phone.route()).stops.map((stop) => stop.document.visit);
  const paid: string[] = [];
  const pay = async (visit: string): Promise<Recorded> => {
    const done = await phone.collect(visit, { amountMinor: 100 + below(50_000), method: draw() < 0.7 ? "cash" : "alipay", ...(visit === "" ? { walkUp: true, account: "AC00001" } : {}) });
    if (done.receipt !== null) paid.push(done.receipt.series);
    return done;
  };
  const steps: ((visit: string) => Promise<Recorded>)[] = [
    pay,
    pay,
    () => pay(""),
    (visit) => phone.note(visit, `note ${below(1e9)}`),
    (visit) => phone.checkIdentity(visit, { method: "signature", result: "answered", picture }),
    (visit) => phone.promise(visit, 1_000 + below(9_000), "2099-01-31"),
    (visit) => phone.deliver(visit, { manner: "posted", recipient: "nobody", notice: "NO-2", version: 1, photo: picture }),
    (visit) => phone.contact(visit, "call", false),
    () => phone.void(paid[below(paid.length)] ?? "", { reason: "typing_error" }),
    () => phone.deposit(100, "Bank", { slip: picture, slipNumber: `S${below(1e6)}` }),
    (visit) => phone.conclude(visit, "refused"),
  ];
  for (;;) {
    const visit = visits[below(visits.length)] ?? "";
    if (draw() < 0.01) {
      await said("pin");
      await phone.changePin(pin, PINS[1 - PINS.indexOf(pin as (typeof PINS)[number])] ?? "");
      return;
    }
    if (draw() < 0.12) void phone.synchronise({ pull: draw() < 0.3 }).catch(() => undefined);
    const state = (await phone.stop(visit)).stop.state;
    const step = state === "open" ? steps[below(steps.length)] : () => phone.start(visit, { again: state !== "to_do" });
    try {
      const done = await step?.(visit);
      if (done !== undefined) await shown({ hash: done.hash, kind: done.kind, number: done.receipt?.number ?? 0 });
    } catch (error) {
      // What a step refuses is refused to everybody; anything else is a fault.
      if (!(error instanceof DoorstepError) || error.code !== "WORK-REFUSED") await said(`fault ${String(error)}`);
    }
  }
}

const phone = createPhone(browserEnvironment());
Object.assign(globalThis, {
  phone,
  quickDay: (seed: number, pin: string) => {
    quickDay(phone, seed, pin).catch((error: unknown) => said(`fault ${String(error)}`));
  },
});
