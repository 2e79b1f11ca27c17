/**
 * A `Phone` in memory for looking at screens: steps change what the next reading gives, nothing is signed, sealed or kept.
 * It is bundled into the gallery alone, never into the product.
 */
import { DoorstepError, refuse } from "../../src/core/errors";
import { agentAuthority } from "../../src/core/repayment/authority";
import { type Comparison, compare } from "../../src/core/repayment/comparing";
import type {
  Advice, DaySummary, DepartureCheck, Phone, PhoneState, PhoneStatus, PlanWish, Recorded, RecordStatus, Route, RouteStop,
  ShownReceipt, StopView, SyncReport, SyncState,
} from "../../src/phone/contract";
import { DAY, makeReceipt, makeRecord, makeStops, NOW_MS, PACK } from "./fake_data";

const OPEN: PhoneState = {
  at: "open", device: "9f3a1c44d2e07b18", agent: PACK.agent, agentName: PACK.agent_name, branch: PACK.branch,
  officeUrl: "https://doorstep.example", lockedByOffice: false, otherWriter: false,
};

export class FakePhone implements Phone {
  state: PhoneState = OPEN;
  sync: SyncState = { at: "idle", lastMs: NOW_MS, lastError: null };
  stops: RouteStop[] = makeStops();
  shown: ShownReceipt[] = [];
  records: RecordStatus[] = [];
  identities = new Map<string, "answered" | "refused" | "third_party">();
  delivered = new Map<string, string[]>();
  promised = new Map<string, string[]>();
  unsent = 0;
  photos = 0;
  cashMinor = PACK.float_minor;
  endedAt = "";
  afterEnd = 0;
  empty = false;
  complete = true;
  persisted = true;
  badgeText: { prefix: string; digits: string; staleMs: number } | null = null;
  checks: DepartureCheck[] = [];
  failing: DoorstepError | null = null;
  /** Never answers: for looking at work under way. */
  hanging = false;
  private readonly listeners = new Set<() => void>();

  get open(): Extract<PhoneState, { at: "open" }> {
    return OPEN as Extract<PhoneState, { at: "open" }>;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  change(): void {
    for (const listener of this.listeners) listener();
  }

  private async step(kind: string, given: Partial<RecordStatus> = {}, advice: Advice[] = [], receipt: ShownReceipt | null = null): Promise<Recorded> {
    if (this.hanging) await new Promise(() => undefined);
    if (this.failing !== null) throw this.failing;
    const seq = this.records.length + 1;
    const record = makeRecord({ seq, kind, state: "on_phone", at: "2026-03-02T10:05:00.000+08:00", ...given });
    this.records.push(record);
    this.unsent += 1;
    if (this.endedAt !== "" && kind !== "DayEnded") this.afterEnd += 1;
    this.change();
    return { hash: record.hash, epoch: 1, seq, kind, at: record.at, receipt, advice };
  }

  private stopOf(visit: string): RouteStop {
    const stop = this.stops.find((one) => one.document.visit === visit);
    if (stop === undefined) throw refuse("visit-unknown", { visit });
    return stop;
  }

  async enrol(): Promise<void> {
    this.state = OPEN;
    this.change();
  }
  async unlock(pin: string): Promise<void> {
    if (pin !== "258036" && this.state.at === "locked") {
      this.state = { ...this.state, triesLeft: this.state.triesLeft - 1 };
      this.change();
      throw new DoorstepError("PIN-WRONG", "the PIN does not open the vault");
    }
    this.state = OPEN;
    this.change();
  }
  lock(): void {
    this.state = { at: "locked", device: OPEN.at === "open" ? OPEN.device : "", triesLeft: 10, waitMs: 0, unsent: this.unsent };
    this.change();
  }
  touch(): void {}
  async changePin(): Promise<void> {}
  async recoveryRequest(): Promise<string> {
    return '{"device":"9f3a1c44d2e07b18","one_time_public":"BLc4x0Uo0m8ZyN3cZ4l2QmZ8n8bM1q3m0o9hJ4bS3k2v","recovery_slot":"AQQ5d0mY7t1","version":1}';
  }
  async recoveryFinish(): Promise<void> {
    this.state = OPEN;
    this.change();
  }

  async synchronise(): Promise<SyncReport> {
    if (this.failing !== null) throw this.failing;
    const acknowledged = this.unsent;
    this.unsent = 0;
    this.records = this.records.map((record) => (record.state === "on_phone" ? { ...record, state: "at_office" } : record));
    this.change();
    return { acknowledged, documents: 12, photos: 0, resent: 0, epoch: 1, unsent: 0, held: 12, total: 12, complete: true, locked: false, wiped: false, downloadsRefused: false, documentsWait: false };
  }
  async storage() {
    return { persisted: this.persisted, usageBytes: 4_600_000, quotaBytes: 12_884_901_888, installed: this.persisted };
  }
  async askPersistence() {
    this.persisted = true;
    return this.storage();
  }
  async departure(): Promise<DepartureCheck[]> {
    return this.checks;
  }

  async days(): Promise<string[]> {
    return this.empty ? [] : [DAY];
  }
  async route(): Promise<Route> {
    if (this.empty) throw new DoorstepError("PACK-MISSING", "no route");
    return { pack: PACK, stops: this.stops, missing: [], complete: this.complete, held: this.complete ? 12 : 9, total: 12, syncedMs: NOW_MS - 1_500_000 };
  }
  async stop(visit: string): Promise<StopView> {
    const stop = this.stopOf(visit);
    return {
      stop,
      pack: PACK,
      startedAt: stop.state === "to_do" ? "" : "2026-03-02T10:02:00.000+08:00",
      identity: this.identities.get(visit) ?? "",
      receipts: this.shown.filter((receipt) => receipt.visit === visit),
      delivered: this.delivered.get(visit) ?? [],
      promised: this.promised.get(visit) ?? [],
      records: this.records.filter((record) => record.visit === visit),
      advice: [],
    };
  }
  async summary(): Promise<DaySummary> {
    const standing = this.shown.filter((receipt) => receipt.kind === "payment" && receipt.voidedBy === "");
    const byMethod: DaySummary["byMethod"] = {};
    for (const receipt of standing) byMethod[receipt.method] = (byMethod[receipt.method] ?? 0) + receipt.amountMinor;
    return {
      serviceDay: DAY, pack: PACK.pack, currency: "CNY", visits: this.stops.length,
      concluded: this.stops.filter((stop) => stop.state !== "to_do" && stop.state !== "open").length,
      open: this.stops.filter((stop) => stop.state === "open").map((stop) => stop.document.visit),
      receipts: this.shown.length, voided: this.shown.filter((receipt) => receipt.kind === "void").length, byMethod,
      cashMinor: this.cashMinor, floatMinor: PACK.float_minor, cashLimitMinor: PACK.cash_limit_minor, handedOverMinor: 0,
      endedAt: this.endedAt, afterEnd: this.afterEnd,
    };
  }
  async status(): Promise<PhoneStatus> {
    return {
      epoch: 1, seq: this.records.length, receiptLast: this.shown.length, unsent: this.unsent, unsentPhotos: this.photos,
      unsentPhotoBytes: this.photos * 640_000, heldDocuments: this.complete ? 12 : 9, totalDocuments: this.empty ? 0 : 12, complete: this.complete,
      syncedMs: this.empty ? 0 : NOW_MS - 1_500_000, wiped: false, daysNotEnded: [], records: this.records,
    };
  }
  async receipts(): Promise<ShownReceipt[]> {
    return [...this.shown].reverse();
  }
  async receipt(series: string): Promise<ShownReceipt> {
    const found = this.shown.find((receipt) => receipt.series === series);
    if (found === undefined) throw refuse("receipt-unknown", { receipt: series });
    return found;
  }
  async badge() {
    return this.badgeText;
  }
  async exportJournal(): Promise<string> {
    return this.records.map((record) => JSON.stringify(record)).join("\n");
  }

  async start(visit: string): Promise<Recorded> {
    const stop = this.stopOf(visit);
    stop.state = "open";
    return this.step("VisitStarted", { visit });
  }
  async companion(visit: string): Promise<Recorded> {
    return this.step("CompanionConfirmed", { visit });
  }
  async checkIdentity(visit: string, check: Parameters<Phone["checkIdentity"]>[1]): Promise<Recorded> {
    if (check.answer === "000000") throw refuse("code-mistyped");
    this.identities.set(visit, check.result);
    return this.step("IdentityChecked", { visit }, check.result === "third_party" ? [{ key: "third-party", values: {} }] : []);
  }
  async collect(visit: string, payment: Parameters<Phone["collect"]>[1]): Promise<Recorded> {
    const stop = this.stops.find((one) => one.document.visit === visit);
    const number = this.shown.length + 1;
    const receipt = makeReceipt({
      number, visit, amountMinor: payment.amountMinor, method: payment.method, confirmed: payment.providerConfirmed ?? false,
      identified: this.identities.get(visit) === "answered", lastFour: stop?.document.last_four ?? "0000",
    });
    const advice: Advice[] = this.identities.get(visit) === "answered" ? [] : [{ key: "unidentified", values: {} }];
    const done = await this.step("PaymentCollected", { visit, amountMinor: payment.amountMinor }, advice, receipt);
    this.shown.push(receipt);
    if (stop !== undefined) stop.paidMinor += payment.amountMinor;
    if (payment.method === "cash") this.cashMinor += payment.amountMinor;
    return done;
  }
  async void(series: string): Promise<Recorded> {
    const payment = await this.receipt(series);
    const receipt = makeReceipt({ number: this.shown.length + 1, visit: payment.visit, amountMinor: payment.amountMinor, kind: "void", voids: payment.short });
    const done = await this.step("PaymentVoided", { visit: payment.visit, amountMinor: payment.amountMinor }, [{ key: "void-unconfirmed", values: {} }], receipt);
    payment.voidedBy = receipt.series;
    this.shown.push(receipt);
    return done;
  }
  async deliver(visit: string, letter: Parameters<Phone["deliver"]>[1]): Promise<Recorded> {
    this.delivered.set(visit, [letter.notice ?? "N-2026-0117"]);
    return this.step("NoticeDelivered", { visit });
  }
  async promise(visit: string, amountMinor: number, due: string): Promise<Recorded> {
    this.promised.set(visit, [due]);
    return this.step("PromiseMade", { visit, amountMinor });
  }
  async comparePlans(_visit: string, wishes: PlanWish[]): Promise<Comparison> {
    const terms = wishes.map((wish) => ({
      scheme: wish.scheme, principalMinor: wish.totalMinor, currency: "CNY" as const, firstDue: wish.firstDue, periods: wish.periods,
      rateBp: wish.rateBp, deferralMonths: wish.deferralMonths, reductionBp: wish.reductionBp,
    }));
    return compare(terms, agentAuthority("CNY"));
  }
  async proposePlan(visit: string): Promise<Recorded> {
    return this.step("PlanProposed", { visit }, [{ key: "plan-agreed", values: {} }]);
  }
  async contact(visit: string): Promise<Recorded> {
    return this.step("ContactMade", { visit });
  }
  async reportDetails(visit: string): Promise<Recorded> {
    return this.step("DetailsReported", { visit });
  }
  async note(visit: string): Promise<Recorded> {
    return this.step("NoteTaken", { visit });
  }
  async safety(): Promise<Recorded> {
    return this.step("SafetyRaised", { visit: "" });
  }
  async conclude(visit: string, reason: Parameters<Phone["conclude"]>[1]): Promise<Recorded> {
    this.stopOf(visit).state = reason;
    return this.step("VisitConcluded", { visit });
  }
  async endDay(): Promise<Recorded> {
    this.endedAt = "2026-03-02T17:40:00.000+08:00";
    this.afterEnd = 0;
    return this.step("DayEnded", { visit: "" }, this.stops.filter((stop) => stop.state === "open").map((stop) => ({ key: "still-open", values: { visit: stop.document.visit } })));
  }
  async handOver(): Promise<Recorded> {
    return this.step("CashHandedOver", { visit: "" });
  }
  async deposit(amountMinor: number): Promise<Recorded> {
    return this.step("CashDeposited", { visit: "", amountMinor });
  }
  async transfer(_transfer: string, amountMinor: number): Promise<Recorded> {
    return this.step("CashTransferred", { visit: "", amountMinor });
  }
  async loss(amountMinor: number): Promise<Recorded> {
    return this.step("CashLossReported", { visit: "", amountMinor });
  }
}
