/**
 * Taking a payment, and taking one back.
 *
 * Under the lock the place in the chain is fixed, the 56 bytes are built and signed, and all 120 go into the operation,
 * which is on disk before the receipt is shown. No receipt is made while the browser may throw the storage away.
 */
import { b64 } from "../core/encoding";
import { refuse } from "../core/errors";
import type { Currency, Method, Payer, Position, VisitDocument, VoidReason } from "../core/generated/types";
import { checkAmount, currency as currencyOf, formatAmount } from "../core/money";
import {
  FLAG_CLOCK, FLAG_CONFIRMED, FLAG_PAYER, FLAG_VOID, readReceipt, shortNumber, signReceipt, type Receipt,
  type ReceiptBody,
} from "../core/receipt";
import { deviceOf, type Desk } from "../store/desk";
import { daysOf, isRemoved, visitOf } from "../store/documents";
import { ofKinds } from "../store/journal";
import { syncOf } from "../store/state";
import type { View } from "../store/view";
import { advise, cashAdvice, clockIsTrusted, visitAdvice, type Advice } from "./advice";
import { dayOf, frameOfVisit, presentFrame, visitDocument } from "./days";
import { RECEIPT_SECONDS_MAX } from "./limits";
import { markVoided, paymentOf, standing, visitProgress, type Payment, type VisitProgress } from "./progress";
import { record, type Moment, type Written } from "./recording";
import { sealedRecord } from "./sealed";

const RECEIPT_KINDS = ["PaymentCollected", "PaymentVoided"];
const NO_TAG = "00000000";

export interface PaymentWish {
  amountMinor: number;
  method: Method;
  currency?: Currency;
  walkUp?: boolean;
  account?: string;
  customer?: string;
  providerOrder?: string;
  providerConfirmed?: boolean;
  cheque?: string;
  payer?: Payer;
  position?: Position | null | undefined;
}

/**
 * Record a payment.
 *
 * With `walkUp` the stop need not be started, and `visit` may be empty: then `account` (and `customer`, if known) says whose
 * debt it is, and the receipt carries no account tag. Raises WORK-REFUSED for a stop that is not open, another currency
 * than the account's, a cheque without number, storage that the browser may throw away or that is from before;
 * ARGUMENT-WRONG for an amount that is not above zero.
 */
export async function collect(desk: Desk, visit: string, wish: PaymentWish): Promise<Written> {
  const { amountMinor, method, walkUp = false, account = "", customer = "", cheque = "" } = wish;
  checkAmount(amountMinor);
  if (method === "cheque" && !cheque) throw refuse("cheque-number");
  if (!visit && !(walkUp && account)) throw refuse("walk-up-account");
  await checkStorage(desk);
  return record(
    desk,
    async (moment) => {
      const { view } = moment;
      await checkMemory(view);
      const document = walkUp ? await visitOf(view, visit) : await visitDocument(view, visit);
      const pack = await (visit ? frameOfVisit(desk, view, visit) : presentFrame(desk, view));
      const day = await dayOf(desk, view, pack);
      const progress = visitProgress(day, visit);
      if (!walkUp && !progress.isOpen) throw refuse(progress.concluded ? "concluded" : "not-started", { visit });
      const code = currencyOf(wish.currency ?? document?.currency ?? pack.currency).code;
      if (document !== null && code !== document.currency) {
        throw refuse("currency", { given: code, account: document.currency });
      }
      const receipt = await sign(desk, moment, {
        amountMinor,
        currency: code,
        method,
        kind: "payment",
        flags: (progress.identity === "answered" ? FLAG_PAYER : 0) | (wish.providerConfirmed ? FLAG_CONFIRMED : 0),
        lastFour: lastFour(document),
        tag: document !== null && !account ? document.account_tag : NO_TAG,
      });
      const advice = visitAdvice(moment, pack, day, document, { removed: isRemoved(view, visit), task: "collect" });
      advice.push(...paymentAdvice(document, progress, amountMinor));
      if (method === "cash" && code === pack.currency) advice.push(...cashAdvice(pack, day, amountMinor));
      return {
        body: {
          kind: "PaymentCollected",
          visit,
          account: account || (document?.account ?? ""),
          customer: customer || (document !== null && !account ? document.customer : ""),
          amount_minor: amountMinor,
          currency: code,
          method,
          receipt: b64(receipt.data),
          provider_order: wish.providerOrder ?? "",
          cheque,
          payer: wish.payer ?? "customer",
        },
        pack: pack.pack,
        policy: pack.policy,
        receipt: receipt.body.number,
        advice,
      };
    },
    { position: wish.position },
  );
}

/**
 * Take back a payment named by its receipt (number, short number or series).
 *
 * `voidCode` is what the customer alone holds; it is sealed to the office. Raises WORK-REFUSED for a receipt that this
 * phone did not issue, one that is a void itself, and one that was voided already.
 */
export async function voidPayment(
  desk: Desk,
  receipt: string,
  { reason, voidCode = "", position }: { reason: VoidReason; voidCode?: string; position?: Position | null | undefined },
): Promise<Written> {
  await checkStorage(desk);
  return record(
    desk,
    async (moment) => {
      const { view } = moment;
      await checkMemory(view);
      const payment = await findPayment(view, receipt);
      if (payment.kind !== "payment") throw refuse("void-of-void", { receipt });
      if (payment.voidedBy) throw refuse("voided-already", { receipt });
      const pack = (await daysOf(view)).find((day) => day.pack === payment.pack);
      const original = readReceipt(payment.receipt);
      const { amountMinor, currency, method } = payment;
      const signed = await sign(desk, moment, {
        amountMinor,
        currency: currencyOf(currency).code,
        method,
        kind: "void",
        flags: FLAG_VOID | (original.body.flags & FLAG_PAYER),
        lastFour: original.body.lastFour,
        tag: original.identity.slice(0, 8),
      });
      const sideRecords = voidCode ? [await sealedRecord(desk, moment, payment.visit, voidCode)] : [];
      return {
        body: {
          kind: "PaymentVoided",
          visit: payment.visit,
          account: payment.account,
          payment: payment.hash,
          voided: payment.series,
          reason,
          receipt: b64(signed.data),
          void_code: sideRecords[0]?.sha256 ?? "",
        },
        pack: payment.pack,
        policy: pack?.policy ?? "",
        receipt: signed.body.number,
        sideRecords,
        advice: voidCode ? [] : [advise("void-unconfirmed")],
      };
    },
    { position },
  );
}

/** Every receipt that this phone issued, oldest first, each with the void that took it back. */
export async function payments(view: View): Promise<Payment[]> {
  const found: Payment[] = [];
  for (const stored of await ofKinds(view, RECEIPT_KINDS)) {
    const payment = paymentOf(stored);
    if (payment === null) continue;
    markVoided(found, payment);
    found.push(payment);
  }
  return found;
}

/** A receipt by its number in the present epoch, its short number or its series. */
export async function findPayment(view: View, receipt: string): Promise<Payment> {
  const wanted = receipt.trim().toUpperCase();
  for (const payment of (await payments(view)).reverse()) {
    const names = [String(payment.number), payment.series.toUpperCase(), shortNumber(readReceipt(payment.receipt))];
    if (names.includes(wanted)) return payment;
  }
  throw refuse("receipt-unknown", { receipt });
}

type Signing = Pick<ReceiptBody, "amountMinor" | "currency" | "method" | "kind" | "flags" | "lastFour" | "tag">;

function sign(desk: Desk, moment: Moment, what: Signing): Promise<Receipt> {
  const { reading, head } = moment;
  return signReceipt(desk.signingKey, {
    ...what,
    keyId: deviceOf(desk),
    epoch: head.epoch,
    seq: head.seq + 1,
    number: moment.receipt + 1,
    before: head.hash.slice(0, 32),
    // A clock that stands outside the four bytes must not keep the customer from a receipt.
    atS: Math.min(Math.max(Math.floor(reading.wallMs / 1000), 0), RECEIPT_SECONDS_MAX),
    offsetMinutes: Math.floor(reading.offsetMinutes / 15) * 15,
    flags: what.flags | (clockIsTrusted(moment) ? FLAG_CLOCK : 0),
  });
}

/** No receipt without persistent storage: what the browser throws away would be money without a record. */
async function checkStorage(desk: Desk): Promise<void> {
  if ((await desk.environment.keeper.persisted()) === false) throw refuse("phone-storage");
}

/** No receipt on a memory from before: its next numbers are on receipts that customers hold already. */
async function checkMemory(view: View): Promise<void> {
  if ((await syncOf(view)).restored) throw refuse("phone-restored");
}

function lastFour(document: VisitDocument | null): number {
  const text = document?.last_four ?? "";
  return /^[0-9]{4}$/.test(text) ? Number(text) : 0;
}

function paymentAdvice(document: VisitDocument | null, progress: VisitProgress, amountMinor: number): Advice[] {
  const found: Advice[] = [];
  if (progress.identity !== "answered") found.push(advise("unidentified"));
  if (document === null) return [...found, advise("walk-up")];
  const taken = standing(progress);
  const over = taken.reduce((sum, payment) => sum + payment.amountMinor, amountMinor) - document.payoff_minor;
  if (over > 0) found.push(advise("over-payoff", { over: formatAmount(over, document.currency) }));
  if (taken.some((payment) => payment.amountMinor === amountMinor)) {
    found.push(advise("same-amount", { amount: formatAmount(amountMinor, document.currency) }));
  }
  return found;
}
