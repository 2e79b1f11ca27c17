/** A receipt of this phone, ready to be shown; names come from its day's pack. */
import { parseWall } from "../core/clock";
import type { Currency, Method, Pack } from "../core/generated/types";
import { amountInWords } from "../core/money";
import { FLAG_CLOCK, FLAG_CONFIRMED, FLAG_PAYER, readReceipt, shortNumber, toDigits } from "../core/receipt";
import type { Desk } from "../store/desk";
import { daysOf } from "../store/documents";
import type { View } from "../store/view";
import { dayOf, frameOf } from "./days";
import { findPayment, payments } from "./payments";
import type { Payment } from "./progress";

/** What a screen shows of a receipt. */
export interface ShownReceipt {
  number: number;
  short: string;
  series: string;
  identity: string;
  kind: "payment" | "void";
  amountMinor: number;
  currency: Currency;
  amountInWords: Record<"zh" | "en", string>;
  method: Method;
  at: string;
  takenMs: number;
  offsetMinutes: number;
  visit: string;
  account: string;
  lastFour: string;
  agentName: string;
  agentNumber: string;
  creditorName: string;
  officePhone: string;
  officialAddress: string;
  identified: boolean;
  confirmed: boolean;
  clockTrusted: boolean;
  voids: string;
  voidedBy: string;
  operation: string;
  /** The QR's text: `prefix` (byte segment) and 292 digits (numeric segment). */
  prefix: string;
  digits: string;
}

/** Receipts of a day, oldest first; the present day unless named. */
export async function dayReceipts(desk: Desk, day = ""): Promise<ShownReceipt[]> {
  const view = await desk.memory.view();
  const pack = await frameOf(desk, view, day);
  const taken = (await payments(view)).filter((payment) => payment.pack === pack.pack);
  return Promise.all(taken.map((payment) => shownReceipt(desk, view, payment)));
}

/** Receipts of one visit on a day, oldest first. */
export async function visitReceipts(desk: Desk, view: View, pack: Pack, visit: string): Promise<ShownReceipt[]> {
  const paid = (await dayOf(desk, view, pack)).visits.get(visit)?.paid ?? [];
  return Promise.all(paid.map((payment) => shownReceipt(desk, view, payment)));
}

/** One receipt by its series (or number, or short number). */
export async function oneReceipt(desk: Desk, receipt: string): Promise<ShownReceipt> {
  const view = await desk.memory.view();
  return shownReceipt(desk, view, await findPayment(view, receipt));
}

/** The receipt that an operation carries, or null. */
export async function receiptOf(desk: Desk, operation: string): Promise<ShownReceipt | null> {
  const view = await desk.memory.view();
  const found = (await payments(view)).find((payment) => payment.hash === operation);
  return found === undefined ? null : shownReceipt(desk, view, found);
}

/** A receipt's facts and its code's text. */
export async function shownReceipt(desk: Desk, view: View, payment: Payment): Promise<ShownReceipt> {
  const receipt = readReceipt(payment.receipt);
  const { flags, lastFour } = receipt.body;
  const { answer } = desk.enrolment;
  const frame = (await daysOf(view)).find((day) => day.pack === payment.pack);
  const { wallMs, offsetMinutes } = parseWall(payment.at);
  const { number, series, identity, kind, amountMinor, currency, method, at, visit, account, voids, voidedBy } = payment;
  return {
    number, series, identity, kind, amountMinor, currency, method, at, visit, account, voids, voidedBy,
    short: shortNumber(receipt),
    amountInWords: { zh: amountInWords(amountMinor, currency, "zh"), en: amountInWords(amountMinor, currency, "en") },
    takenMs: wallMs,
    offsetMinutes,
    lastFour: String(lastFour).padStart(4, "0"),
    agentName: answer.agent_name,
    agentNumber: answer.agent,
    creditorName: frame?.creditor_name || "—",
    officePhone: frame?.office_phone || "—",
    officialAddress: answer.public_url,
    identified: (flags & FLAG_PAYER) !== 0,
    confirmed: (flags & FLAG_CONFIRMED) !== 0,
    clockTrusted: (flags & FLAG_CLOCK) !== 0,
    operation: payment.hash,
    prefix: `${(frame?.public_url || answer.public_url).replace(/\/+$/, "")}/r#`,
    digits: toDigits(receipt.data),
  };
}
