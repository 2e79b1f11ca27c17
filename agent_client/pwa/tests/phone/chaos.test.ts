/**
 * Many days by seeds: tabs that come, die and write at once, a signal that drops answers, an office that forgets, locks and is
 * made anew. Whatever happened, in the end both sides hold the same chain, and everything that was shown is in it.
 *
 * A failure names its seed; `CHAOS_SEED=n` runs that one alone, `CHAOS_DAYS=n` so many of them.
 */
import { expect, test } from "vitest";
import { utf8 } from "../../src/core/encoding";
import { DoorstepError } from "../../src/core/errors";
import { verifyChain } from "../../src/core/journal";
import { GENESIS } from "../../src/core/operations/envelope";
import type { Recorded } from "../../src/phone/contract";
import { createPhone, type RunningPhone } from "../../src/phone/create";
import { aVisit, CODE, DEVICE, PIN } from "./documents";
import { FakeOffice } from "./fake_office";
import { Mortal } from "./mortal";
import { World } from "./world";

const SEEDS = Number(process.env["CHAOS_DAYS"] ?? 12);
const EVENTS = 60;
const TABS_MAX = 3;
const VISITS = ["V1", "V2", "V3"];

/** A small generator (mulberry32), so that a seed means the same everywhere. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Tab {
  phone: RunningPhone;
  mortal: Mortal;
}

class Chaos {
  readonly shown: Recorded[] = [];
  private tabs: Tab[] = [];

  constructor(
    private readonly world: World,
    private readonly office: FakeOffice,
    private readonly roll: () => number,
  ) {}

  async event(): Promise<void> {
    if (this.tabs.length === 0 || (this.tabs.length < TABS_MAX && this.roll() < 0.1)) await this.open();
    const chosen = this.roll();
    if (chosen < 0.55) await this.on((phone) => this.step(phone));
    else if (chosen < 0.65) await Promise.all([this.on((phone) => this.step(phone)), this.on((phone) => this.step(phone))]);
    else if (chosen < 0.85) await this.sync();
    else this.change();
    this.world.pass(1_000);
  }

  /** The faults end: a last tab goes on as if nothing had happened. */
  async settle(): Promise<RunningPhone> {
    this.office.lock = this.office.dropSideRecords = false;
    this.office.loseAnswers = 0;
    this.office.fail = [];
    const phone = await this.world.openTab();
    await phone.synchronise();
    await phone.note("V1", "the last word");
    await phone.synchronise();
    return phone;
  }

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.roll() * from.length)] as T;
  }

  private async open(): Promise<void> {
    // Most tabs live long; some are killed within a few steps.
    const mortal = new Mortal(this.roll() < 0.7 ? 1 + Math.floor(this.roll() * 400) : 1_000_000);
    this.world.boot = `boot-${Math.floor(this.roll() * 1e9)}`;
    const phone = createPhone(mortal.of(this.world.environment()));
    const tab = { phone, mortal };
    this.tabs.push(tab);
    await this.live(tab, async () => {
      await phone.started;
      await phone.unlock(PIN);
    });
  }

  private async on(work: (phone: RunningPhone) => Promise<unknown>): Promise<void> {
    if (this.tabs.length === 0) return;
    const tab = this.pick(this.tabs);
    await this.live(tab, () => work(tab.phone));
  }

  /** Work until it is done, refused, or the tab is dead; it is never asked again then. */
  private async live(tab: Tab, work: () => Promise<unknown>): Promise<void> {
    const { mortal } = tab;
    const done = work().catch((error: unknown) => {
      if (!mortal.dead && !(error instanceof DoorstepError)) throw error;
    });
    await Promise.race([done, mortal.died]);
    if (!mortal.dead) return;
    this.tabs = this.tabs.filter((other) => other !== tab);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }

  private async step(phone: RunningPhone): Promise<void> {
    const visit = this.pick(VISITS);
    const amountMinor = 1 + Math.floor(this.roll() * 10_000);
    const method = this.pick(["cash", "alipay"] as const);
    const picture = { bytes: new Uint8Array(5_000 + amountMinor).fill(amountMinor), mime: "image/jpeg" } as const;
    const recorded = await this.pick([
      () => phone.start(visit, { again: true }),
      () => phone.collect(visit, { amountMinor, method }),
      () => phone.collect("", { amountMinor, method, walkUp: true, account: "AC-9" }),
      () => phone.void(String(1 + Math.floor(this.roll() * 5)), { reason: "other" }),
      () => phone.note(visit, `note ${amountMinor}`),
      () => phone.deposit(amountMinor, "Bank", { slip: picture }),
      () => phone.conclude(visit, "refused"),
      () => phone.endDay(),
    ])();
    this.shown.push(recorded);
  }

  private async sync(): Promise<void> {
    const { office } = this;
    const fault = this.roll();
    if (fault < 0.2) office.loseAnswers = 1 + Math.floor(this.roll() * 6);
    else if (fault < 0.4) office.fail = Array.from({ length: Math.floor(this.roll() * 7) }, () => new TypeError("no route"));
    await this.on((phone) => phone.synchronise({ pull: this.roll() < 0.8 }));
    office.loseAnswers = 0;
    office.fail = [];
  }

  private change(): void {
    const { office } = this;
    this.pick([
      () => office.put(`visit/${this.pick(VISITS)}`, null),
      () => office.put("visit/V1", aVisit("V1", 1, { payoff_minor: Math.floor(this.roll() * 500_000) })),
      () => office.put("visit/V2", aVisit("V2", 2)),
      () => (office.page = 1 + Math.floor(this.roll() * 3)),
      () => (office.lock = this.roll() < 0.3),
      () => (office.dropSideRecords = this.roll() < 0.3),
      () => (office.incarnation = `made anew ${Math.floor(this.roll() * 1e6)}`),
      () => this.forget(),
      () => this.grant(),
    ])();
  }

  /** A backup was brought back: the office lacks the end of what it had acknowledged, photos with it. */
  private forget(): void {
    const { office } = this;
    const kept = Math.floor(this.roll() * office.held.size);
    office.chain().slice(kept).forEach(({ header, hash }) => {
      office.held.delete(`${header.epoch}/${header.seq}`);
      office.byHash.delete(hash);
    });
    office.missing = [...office.sideRecords.keys()];
    office.sideRecords.clear();
    office.partial.clear();
    office.incarnation = `restored ${kept}`;
  }

  private grant(): void {
    const last = this.office.chain().at(-1);
    if (last === undefined) return;
    this.office.epochLast += 1;
    this.office.grant = { epoch: this.office.epochLast, continues: last.hash, reason: "fork" };
  }
}

async function live(seed: number): Promise<void> {
  const office = await FakeOffice.open();
  office.giveDay([aVisit("V1", 1), aVisit("V2", 2), aVisit("V3", 3)]);
  const world = new World(office);
  const first = await world.tab();
  await first.enrol(CODE, PIN, "test");
  await first.synchronise();
  world.channels.clear();
  world.listeners.clear();
  world.timers.clear();
  const chaos = new Chaos(world, office, dice(seed));
  for (let event = 0; event < EVENTS; event += 1) await chaos.event();
  // The visit that the last word is about is there for certain.
  office.put("visit/V1", aVisit("V1", 1));
  const phone = await chaos.settle();
  await check(phone, office, chaos.shown);
}

async function check(phone: RunningPhone, office: FakeOffice, shown: readonly Recorded[]): Promise<void> {
  const lines = (await phone.exportJournal()).trim().split("\n").map((line) => utf8(line));
  const placed = verifyChain(lines, GENESIS);
  const hashes = placed.map(({ hash }) => hash);
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(hashes).toEqual(expect.arrayContaining(shown.map(({ hash }) => hash)));
  const status = await phone.status(true);
  expect(status).toMatchObject({ unsent: 0, unsentPhotos: 0, complete: true });
  expect(new Set(office.byHash.keys())).toEqual(new Set(hashes));
  const numbers = new Map<string, number>();
  for (const record of status.records.filter(({ kind }) => kind === "PaymentCollected" || kind === "PaymentVoided")) {
    const number = (numbers.get(`${record.epoch}`) ?? 0) + 1;
    numbers.set(`${record.epoch}`, number);
    expect((await phone.receipt(`${DEVICE}/${record.epoch}/${number}`)).operation).toBe(record.hash);
  }
  for (const { receipt } of shown) if (receipt !== null) expect((await phone.receipt(receipt.series)).operation).toBe(receipt.operation);
}

const alone = Number(process.env["CHAOS_SEED"] ?? 0);
const seeds = alone ? [alone] : Array.from({ length: SEEDS }, (_, at) => 20_261_100 + at);

test.each(seeds)("Whatever happens on day %i, both sides end with the same chain and every receipt that was shown.", { timeout: 60_000 }, live);
