/**
 * What was done so far on a day: a fold over this phone's own operations, for checks, the route and the drawer.
 *
 * It says what the *phone* recorded, nothing about what the office made of it.
 */
import type { Currency, FieldBody, IdentityResult, Method, Operation, VisitReason } from "../core/generated/types";
import { readReceipt, seriesText } from "../core/receipt";
import type { Stored } from "../store/journal";
import { operationOf } from "./reading";

/** A receipt that this phone issued. `voids`: the series that a void takes back; `voidedBy`: that of the void. */
export interface Payment {
  hash: string;
  epoch: number;
  seq: number;
  pack: string;
  series: string;
  number: number;
  identity: string;
  visit: string;
  account: string;
  amountMinor: number;
  currency: Currency;
  method: Method;
  kind: "payment" | "void";
  at: string;
  receipt: string;
  voids: string;
  voidedBy: string;
}

/** One visit as recorded on this phone. */
export interface VisitProgress {
  visit: string;
  startedAt: string;
  isOpen: boolean;
  starts: number;
  /** Result of the last identity check since the last start. */
  identity: "" | IdentityResult;
  paid: Payment[];
  delivered: string[];
  promised: string[];
  contacts: number;
  /** Reason of the last conclusion; empty while the visit is open or untouched. */
  concluded: "" | VisitReason;
}

/** A service day as recorded on this phone; cash by currency, in minor units, without the float. */
export interface DayProgress {
  visits: Map<string, VisitProgress>;
  receipts: Payment[];
  cash: Map<string, number>;
  handedOver: Map<string, number>;
  endedAt: string;
  /** Sequence number of the last `DayEnded`; 0 without one. */
  endedSeq: number;
  /** Operations written after the last `DayEnded`, hand-overs aside. */
  afterEnd: number;
}

/** What is known about a visit; empty for one that was not touched. */
export function visitProgress(day: DayProgress, visit: string): VisitProgress {
  return day.visits.get(visit) ?? untouched(visit);
}

/** Payments that were not voided. */
export function standing(progress: VisitProgress): Payment[] {
  return progress.paid.filter((payment) => payment.kind === "payment" && !payment.voidedBy);
}

/** How many visits were concluded. */
export function concludedCount(day: DayProgress): number {
  return [...day.visits.values()].filter((visit) => visit.concluded).length;
}

/** Fold one day's operations, oldest first; `agent` is whose drawer it is. */
export function foldDay(operations: readonly Stored[], agent: string): DayProgress {
  const day: DayProgress = {
    visits: new Map(), receipts: [], cash: new Map(), handedOver: new Map(), endedAt: "", endedSeq: 0, afterEnd: 0,
  };
  for (const stored of operations) {
    const operation = operationOf(stored);
    if (operation !== null) take(day, stored, operation, agent);
  }
  return day;
}

const read = new WeakMap<Uint8Array, Payment>();

/** The receipt that an operation carries, or null; read once, and given out as a copy that may be marked as voided. */
export function paymentOf(stored: Stored): Payment | null {
  if (stored.kind !== "PaymentCollected" && stored.kind !== "PaymentVoided") return null;
  let payment = read.get(stored.data) ?? null;
  if (payment === null) {
    payment = readPayment(stored);
    if (payment !== null) read.set(stored.data, payment);
  }
  return payment && { ...payment };
}

function readPayment(stored: Stored): Payment | null {
  const operation = operationOf(stored);
  if (operation === null) return null;
  const body = operation.body as FieldBody;
  if (body.kind !== "PaymentCollected" && body.kind !== "PaymentVoided") return null;
  const receipt = readReceipt(body.receipt);
  const { number, amountMinor, currency, method, kind } = receipt.body;
  return {
    hash: stored.hash, epoch: stored.epoch, seq: stored.seq, pack: stored.pack, series: seriesText(receipt.body), number, identity: receipt.identity,
    visit: body.visit, account: body.account, amountMinor, currency, method, kind, at: operation.at,
    receipt: body.receipt, voids: body.kind === "PaymentVoided" ? body.voided : "", voidedBy: "",
  };
}

/** Note on a payment the void that takes it back. */
export function markVoided(earlier: Iterable<Payment>, taken: Payment): void {
  if (!taken.voids) return;
  for (const payment of earlier) {
    if (payment.series === taken.voids) payment.voidedBy = taken.series;
  }
}

function take(day: DayProgress, stored: Stored, operation: Operation, agent: string): void {
  const body = operation.body as FieldBody;
  switch (body.kind) {
    case "DayEnded":
      day.endedAt = operation.at;
      day.endedSeq = operation.seq;
      day.afterEnd = 0;
      return;
    case "CashHandedOver":
      add(day.cash, body.currency, -body.amount_minor);
      add(day.handedOver, body.currency, body.amount_minor);
      return;
    case "CashDeposited":
    case "CashLossReported":
      add(day.cash, body.currency, -body.amount_minor);
      break;
    case "CashTransferred":
      add(day.cash, body.currency, body.to_agent === agent ? body.amount_minor : -body.amount_minor);
      break;
    case "PaymentCollected":
    case "PaymentVoided":
      takePayment(day, stored);
      break;
    default:
      takeVisit(day, stored, body, operation.at);
  }
  if (day.endedSeq) day.afterEnd += 1;
}

function takePayment(day: DayProgress, stored: Stored): void {
  const payment = paymentOf(stored);
  if (payment === null) return;
  markVoided(day.receipts, payment);
  day.receipts.push(payment);
  touched(day, stored.visit).paid.push(payment);
  if (payment.method === "cash") {
    add(day.cash, payment.currency, payment.kind === "payment" ? payment.amountMinor : -payment.amountMinor);
  }
}

function takeVisit(day: DayProgress, stored: Stored, body: FieldBody, at: string): void {
  if (!stored.visit) return;
  const visit = touched(day, stored.visit);
  switch (body.kind) {
    case "VisitStarted":
      Object.assign(visit, { startedAt: at, isOpen: true, concluded: "", identity: "" });
      visit.starts += 1;
      break;
    case "IdentityChecked":
      visit.identity = body.result;
      break;
    case "NoticeDelivered":
      visit.delivered.push(body.notice);
      break;
    case "PromiseMade":
      visit.promised.push(body.due);
      break;
    case "ContactMade":
      visit.contacts += 1;
      break;
    case "VisitConcluded":
      visit.isOpen = false;
      visit.concluded = body.reason;
      break;
    default:
  }
}

function touched(day: DayProgress, visit: string): VisitProgress {
  const known = day.visits.get(visit) ?? untouched(visit);
  day.visits.set(visit, known);
  return known;
}

function untouched(visit: string): VisitProgress {
  return {
    visit, startedAt: "", isOpen: false, starts: 0, identity: "", paid: [], delivered: [], promised: [], contacts: 0,
    concluded: "",
  };
}

function add(amounts: Map<string, number>, currency: string, amountMinor: number): void {
  amounts.set(currency, (amounts.get(currency) ?? 0) + amountMinor);
}
