/** The end of a day: what the office may expect, and what becomes of the cash. */
import { DoorstepError, refuse } from "../core/errors";
import type { Currency, Denomination, FieldBody, LossCause, Method, Pack } from "../core/generated/types";
import { checkAmount, formatAmount } from "../core/money";
import type { SideRecord } from "../core/side_records";
import type { Desk } from "../store/desk";
import { advise } from "./advice";
import { dayOf, frameOf } from "./days";
import { personalContent } from "./open_visit";
import { concludedCount, type DayProgress } from "./progress";
import { record, type Written } from "./recording";
import { personalRecord } from "./sealed";

/** A day in figures; amounts in minor units of `currency`, cash with the float. */
export interface DaySummary {
  serviceDay: string;
  pack: string;
  currency: Currency;
  visits: number;
  concluded: number;
  open: string[];
  receipts: number;
  voided: number;
  byMethod: Partial<Record<Method, number>>;
  cashMinor: number;
  floatMinor: number;
  cashLimitMinor: number;
  handedOverMinor: number;
  endedAt: string;
  afterEnd: number;
}

/** The figures of a service day, the present one unless named. */
export async function daySummary(desk: Desk, day = ""): Promise<DaySummary> {
  const view = await desk.memory.view();
  const pack = await frameOf(desk, view, day);
  return summarise(pack, await dayOf(desk, view, pack));
}

/**
 * Write the tail of the day: its own number, the last receipt number, receipts, cash and concluded visits.
 *
 * May be written again when something came after it; visits that are still open are only mentioned.
 */
export function endDay(desk: Desk, day = ""): Promise<Written> {
  return record(
    desk,
    async (moment) => {
      const pack = await frameOf(desk, moment.view, day);
      const progress = await dayOf(desk, moment.view, pack);
      const summary = summarise(pack, progress);
      if (progress.endedSeq && !progress.afterEnd) {
        throw refuse("day-ended", { day: pack.service_day, at: progress.endedAt });
      }
      return {
        body: {
          kind: "DayEnded",
          seq: moment.head.seq + 1,
          receipt_last: moment.receipt,
          receipts: summary.receipts,
          cash_minor: Math.max(summary.cashMinor, 0),
          currency: summary.currency,
          concluded: summary.concluded,
        },
        pack: pack.pack,
        policy: pack.policy,
        advice: summary.open.map((visit) => advise("still-open", { visit })),
      };
    },
    { whenLocked: true },
  );
}

/** Declare what is handed over; the amount is that of the denominations, which must agree when both are given. */
export async function handOver(
  desk: Desk,
  denominations: readonly Denomination[],
  { amountMinor, day = "" }: { amountMinor?: number; day?: string } = {},
): Promise<Written> {
  const counted = denominations.reduce((sum, piece) => sum + piece.face_minor * piece.count, 0);
  if (amountMinor !== undefined && denominations.length > 0 && amountMinor !== counted) {
    throw refuse("denominations", { given: amountMinor, counted });
  }
  if (denominations.some((piece) => !(piece.face_minor > 0 && piece.count > 0))) {
    throw new DoorstepError("ARGUMENT-WRONG", "a denomination has a face value and a count above zero");
  }
  const amount = checkAmount(amountMinor ?? counted);
  return cashLeaves(desk, amount, day, (currency) => ({
    kind: "CashHandedOver", amount_minor: amount, currency, denominations: [...denominations],
  }));
}

/** The agent's own deposit at a bank; `slip` is the slip's photo, `slipNumber` stands on it. */
export async function depositCash(
  desk: Desk,
  amountMinor: number,
  bank: string,
  { slip = null, slipNumber = "", day = "" }: { slip?: Uint8Array | null; slipNumber?: string; day?: string } = {},
): Promise<Written> {
  checkAmount(amountMinor);
  const photo = slip === null ? null : personalRecord(desk, slip);
  return cashLeaves(
    desk,
    amountMinor,
    day,
    (currency) => ({
      kind: "CashDeposited", amount_minor: amountMinor, currency, bank, slip: photo?.sha256 ?? "", slip_number: slipNumber,
    }),
    photo,
  );
}

/** Cash to or from another agent; both phones journal the same transfer id. */
export async function transferCash(
  desk: Desk,
  transfer: string,
  amountMinor: number,
  { toAgent = "", fromAgent = "", day = "" }: { toAgent?: string; fromAgent?: string; day?: string },
): Promise<Written> {
  checkAmount(amountMinor);
  if (Boolean(toAgent) === Boolean(fromAgent)) throw refuse("transfer-side");
  const { agent } = desk.enrolment.answer;
  return cashLeaves(desk, toAgent ? amountMinor : 0, day, (currency) => ({
    kind: "CashTransferred",
    transfer,
    from_agent: fromAgent || agent,
    to_agent: toAgent || agent,
    amount_minor: amountMinor,
    currency,
  }));
}

/** Lost, stolen or counterfeit cash; it counts when two persons at the office approve. */
export async function reportLoss(
  desk: Desk,
  amountMinor: number,
  cause: LossCause,
  { note = "", day = "" }: { note?: string; day?: string } = {},
): Promise<Written> {
  checkAmount(amountMinor);
  const told = note.trim() ? personalRecord(desk, personalContent(note)) : null;
  return cashLeaves(
    desk,
    amountMinor,
    day,
    (currency) => ({
      kind: "CashLossReported", amount_minor: amountMinor, currency, cause, note: told?.sha256 ?? "",
    }),
    told,
  );
}

/** The figures of a day out of its fold. */
export function summarise(pack: Pack, day: DayProgress): DaySummary {
  const currency = pack.currency as Currency;
  const byMethod: Partial<Record<Method, number>> = {};
  for (const payment of day.receipts) {
    if (payment.kind !== "payment" || payment.voidedBy || payment.currency !== currency) continue;
    byMethod[payment.method] = (byMethod[payment.method] ?? 0) + payment.amountMinor;
  }
  return {
    serviceDay: pack.service_day,
    pack: pack.pack,
    currency,
    visits: pack.visits.length,
    concluded: concludedCount(day),
    open: [...day.visits.values()].filter((visit) => visit.isOpen).map((visit) => visit.visit),
    receipts: day.receipts.length,
    voided: day.receipts.filter((payment) => payment.kind === "void").length,
    byMethod,
    cashMinor: pack.float_minor + (day.cash.get(currency) ?? 0),
    floatMinor: pack.float_minor,
    cashLimitMinor: pack.cash_limit_minor,
    handedOverMinor: day.handedOver.get(currency) ?? 0,
    endedAt: day.endedAt,
    afterEnd: day.afterEnd,
  };
}

function cashLeaves(
  desk: Desk,
  leavingMinor: number,
  day: string,
  body: (currency: Currency) => FieldBody,
  evidence: SideRecord | null = null,
): Promise<Written> {
  return record(
    desk,
    async ({ view }) => {
      const pack = await frameOf(desk, view, day);
      const currency = pack.currency as Currency;
      const held = summarise(pack, await dayOf(desk, view, pack)).cashMinor;
      const amounts = { amount: formatAmount(leavingMinor, currency), held: formatAmount(held, currency) };
      return {
        body: body(currency),
        pack: pack.pack,
        policy: pack.policy,
        sideRecords: evidence === null ? [] : [evidence],
        advice: leavingMinor > held ? [advise("more-than-held", amounts)] : [],
      };
    },
    { whenLocked: true },
  );
}
