/** What is agreed and told at the door: promises, contact details, notes; plans stand in `plans.ts`. */
import { DoorstepError, refuse } from "../core/errors";
import type { Currency, DetailField } from "../core/generated/types";
import { checkAmount } from "../core/money";
import type { Desk } from "../store/desk";
import { frameOfVisit, visitDocument } from "./days";
import { atOpenVisit, personalContent } from "./open_visit";
import { record, type Written } from "./recording";
import { personalRecord } from "./sealed";

/** The customer promises to pay an amount by a day, `YYYY-MM-DD`, not before the service day. */
export async function promise(desk: Desk, visit: string, amountMinor: number, due: string): Promise<Written> {
  checkAmount(amountMinor);
  checkDay(due);
  return atOpenVisit(desk, visit, async (moment, { account, customer, currency }) => {
    const pack = await frameOfVisit(desk, moment.view, visit);
    if (due < pack.service_day) throw refuse("promise-past", { due, day: pack.service_day });
    return {
      body: {
        kind: "PromiseMade", visit, account, customer, amount_minor: amountMinor, currency: currency as Currency, due,
      },
    };
  });
}

/** A contact field as told at the door; its value is a side record. */
export async function reportDetails(desk: Desk, visit: string, field: DetailField, value: string): Promise<Written> {
  const content = personalContent(value);
  return atOpenVisit(desk, visit, async (_moment, { customer }) => {
    const told = personalRecord(desk, content);
    return { body: { kind: "DetailsReported", visit, customer, field, value: told.sha256 }, sideRecords: [told] };
  });
}

/** A note about a visit, open or not; its text is a side record. */
export async function takeNote(desk: Desk, visit: string, note: string): Promise<Written> {
  const content = personalContent(note);
  return record(desk, async ({ view }) => {
    await visitDocument(view, visit);
    const pack = await frameOfVisit(desk, view, visit);
    const taken = personalRecord(desk, content);
    return {
      body: { kind: "NoteTaken", visit, note: taken.sha256 },
      pack: pack.pack,
      policy: pack.policy,
      sideRecords: [taken],
    };
  });
}

/** A day as people type it, `YYYY-MM-DD`; raises ARGUMENT-WRONG. */
export function checkDay(text: string): string {
  const day = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : new Date(NaN);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text) {
    throw new DoorstepError("ARGUMENT-WRONG", `'${text.slice(0, 20)}' is not a day written YYYY-MM-DD`);
  }
  return text;
}
