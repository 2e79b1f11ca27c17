/** Killed at any moment of a day, the phone loses nothing that it had shown, and goes on. */
import { expect, test } from "vitest";
import { utf8 } from "../../src/core/encoding";
import { verifyChain } from "../../src/core/journal";
import { GENESIS } from "../../src/core/operations/envelope";
import { createPhone, type RunningPhone } from "../../src/phone/create";
import type { Recorded } from "../../src/phone/contract";
import { aVisit, CODE, DEVICE, PIN } from "./documents";
import { FakeOffice } from "./fake_office";
import { Mortal } from "./mortal";
import { refusal, TestLocks, World } from "./world";

const FRESH_PIN = "550912";
const PHOTO = { bytes: new Uint8Array(9000).fill(9), mime: "image/jpeg" } as const;

type Step = (phone: RunningPhone) => Promise<unknown>;

const BEGINNING: Step[] = [
  (phone) => phone.enrol(CODE, PIN, "test"),
  (phone) => phone.synchronise(),
  (phone) => phone.start("V1"),
  (phone) => phone.changePin(PIN, FRESH_PIN),
];
const DAY: Step[] = [
  (phone) => phone.unlock(PIN),
  (phone) => phone.start("V1"),
  (phone) => phone.checkIdentity("V1", { method: "document_digits", result: "answered", answer: "1234" }),
  (phone) => phone.collect("V1", { amountMinor: 20_000, method: "cash" }),
  (phone) => phone.void("1", { reason: "typing_error", voidCode: "77" }),
  (phone) => phone.collect("V1", { amountMinor: 30_000, method: "alipay" }),
  (phone) => phone.deposit(5_000, "Bank", { slip: PHOTO }),
  (phone) => phone.synchronise(),
  (phone) => phone.conclude("V1", "part_paid"),
  (phone) => phone.endDay(),
  (phone) => phone.synchronise(),
];

interface Shown {
  recorded: Recorded[];
  steps: number;
}

/** Run the steps on a page that dies at a touch; what was shown until then, and whether it died at all. */
async function live(world: World, steps: Step[], dieAt: number): Promise<{ shown: Shown; died: boolean; touches: number }> {
  const mortal = new Mortal(dieAt);
  const shown: Shown = { recorded: [], steps: 0 };
  const phone = createPhone(mortal.of(world.environment()));
  const whole = async (): Promise<void> => {
    await phone.started;
    for (const step of steps) {
      const result = (await step(phone)) as Recorded | undefined;
      if (mortal.dead) return;
      shown.steps += 1;
      if (result !== undefined && "hash" in result) shown.recorded.push(result);
    }
  };
  await Promise.race([whole().catch((error: unknown) => (mortal.dead ? mortal.died : Promise.reject(error))), mortal.died]);
  // Whatever the dead page still had in hand comes to nothing.
  await new Promise((resolve) => setTimeout(resolve, 0));
  world.locks = new TestLocks();
  world.timers.clear();
  world.channels.clear();
  world.listeners.clear();
  world.boot = `${world.boot.slice(0, -1)}2`;
  return { shown, died: mortal.dead, touches: mortal.count };
}

/** Everything that was shown is there, the chain is whole, head and receipt numbers agree with it. */
async function check(phone: RunningPhone, shown: Shown, office: FakeOffice): Promise<void> {
  const text = await phone.exportJournal();
  const lines = text ? text.trim().split("\n").map((line) => utf8(line)) : [];
  const placed = verifyChain(lines, GENESIS);
  const status = await phone.status(true);
  const hashes = placed.map(({ hash }) => hash);
  expect(hashes).toEqual(expect.arrayContaining(shown.recorded.map(({ hash }) => hash)));
  expect(status.seq).toBe(lines.length);
  const receipts = status.records.filter(({ kind }) => kind === "PaymentCollected" || kind === "PaymentVoided");
  expect(status.receiptLast).toBe(receipts.length);
  for (const { receipt } of shown.recorded) {
    if (receipt !== null) expect((await phone.receipt(receipt.series)).operation).toBe(receipt.operation);
  }
  // Nothing counts as sent that the office does not hold.
  for (const { hash, state } of status.records) if (state !== "on_phone") expect(office.byHash.has(hash)).toBe(true);
}

/** The phone goes on: another record, and a sync after which both hold the same. */
async function goOn(phone: RunningPhone, office: FakeOffice): Promise<void> {
  await phone.synchronise();
  await phone.collect("V3", { amountMinor: 700, method: "cash", walkUp: true });
  const report = await phone.synchronise();
  expect(report).toMatchObject({ unsent: 0, complete: true });
  const decoder = new TextDecoder();
  expect(office.chain().map(({ data }) => `${decoder.decode(data)}\n`).join("")).toBe(await phone.exportJournal());
  expect(await phone.status()).toMatchObject({ unsentPhotos: 0 });
}

test("From enrolment to another PIN, killed at every touch in turn: there is no phone, or a whole one.", { timeout: 240_000 }, async () => {
  for (let dieAt = 1; ; dieAt += 1) {
    const office = await FakeOffice.open();
    office.giveDay([aVisit("V1", 1), aVisit("V3", 3)]);
    const world = new World(office);
    const { shown, died } = await live(world, BEGINNING, dieAt);
    const phone = await world.tab();
    expect(phone.state.at, `killed at ${dieAt}`).toMatch(shown.steps > 0 ? /^locked$/ : /^(blank|locked)$/);
    if (phone.state.at === "blank") await phone.enrol(CODE, PIN, "test");
    else if ((await refusal(phone.unlock(shown.steps < 3 ? PIN : FRESH_PIN))).code !== "") await phone.unlock(PIN);
    expect(phone.state).toMatchObject({ at: "open", device: DEVICE });
    await check(phone, shown, office);
    if (shown.steps > 1) expect((await phone.route()).complete).toBe(true);
    await goOn(phone, office);
    if (!died) break;
    expect(dieAt).toBeLessThan(1000);
  }
});

test("A day with receipts, a photo and two syncs, killed at every touch in turn: nothing shown is lost.", { timeout: 240_000 }, async () => {
  for (let dieAt = 1; ; dieAt += 1) {
    const office = await FakeOffice.open();
    office.giveDay([aVisit("V1", 1), aVisit("V3", 3)]);
    const world = new World(office);
    const before = await world.tab();
    await before.enrol(CODE, PIN, "test");
    await before.synchronise();
    world.channels.clear();
    world.timers.clear();
    world.listeners.clear();
    const { shown, died } = await live(world, DAY, dieAt);
    const phone = await world.tab();
    await phone.unlock(PIN);
    await check(phone, shown, office);
    await goOn(phone, office);
    if (!died) break;
    expect(dieAt).toBeLessThan(2000);
  }
});
