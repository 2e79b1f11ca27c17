/** The steps of the day as screens ask for them; `src/work` knows what each checks and writes. */
import type { Desk } from "../store/desk";
import { promise, reportDetails, takeNote } from "../work/agreements";
import { depositCash, endDay, handOver, reportLoss, transferCash } from "../work/drawer";
import { collect, voidPayment } from "../work/payments";
import { proposePlan } from "../work/plans";
import type { Written } from "../work/recording";
import {
  checkIdentity, concludeVisit, confirmCompanion, deliverNotice, makeContact, raiseSafety, startVisit,
} from "../work/visits";
import type { Phone, Recorded } from "./contract";

export type Steps = Pick<
  Phone,
  | "start" | "companion" | "checkIdentity" | "collect" | "void" | "deliver" | "promise" | "proposePlan" | "contact"
  | "reportDetails" | "note" | "safety" | "conclude" | "endDay" | "handOver" | "deposit" | "transfer" | "loss"
>;

/** The writing half of the interface over whatever takes a step. */
export function stepsOf(step: (work: (desk: Desk) => Promise<Written>) => Promise<Recorded>): Steps {
  return {
    start(visit, options = {}) {
      return step((desk) => startVisit(desk, visit, options));
    },

    companion(visit, companion, proof) {
      return step((desk) => confirmCompanion(desk, visit, companion, proof));
    },

    checkIdentity(visit, check) {
      return step((desk) => checkIdentity(desk, visit, { ...check, picture: check.picture?.bytes ?? null }));
    },

    collect(visit, payment) {
      return step((desk) => collect(desk, visit, payment));
    },

    void(series, options) {
      return step((desk) => voidPayment(desk, series, options));
    },

    deliver(visit, letter) {
      const pictures = { photo: letter.photo?.bytes ?? null, signature: letter.signature?.bytes ?? null };
      return step((desk) => deliverNotice(desk, visit, { ...letter, ...pictures }));
    },

    promise(visit, amountMinor, due) {
      return step((desk) => promise(desk, visit, amountMinor, due));
    },

    proposePlan(visit, wish, terms = "") {
      return step((desk) => proposePlan(desk, visit, wish, terms));
    },

    contact(visit, channel, effective) {
      return step((desk) => makeContact(desk, visit, channel, effective));
    },

    reportDetails(visit, field, value) {
      return step((desk) => reportDetails(desk, visit, field, value));
    },

    note(visit, text) {
      return step((desk) => takeNote(desk, visit, text));
    },

    safety(level, options = {}) {
      return step((desk) => raiseSafety(desk, level, options));
    },

    conclude(visit, reason, options = {}) {
      return step((desk) => concludeVisit(desk, visit, reason, options));
    },

    endDay(day = "") {
      return step((desk) => endDay(desk, day));
    },

    handOver(denominations, options = {}) {
      return step((desk) => handOver(desk, denominations, options));
    },

    deposit(amountMinor, bank, options = {}) {
      return step((desk) => depositCash(desk, amountMinor, bank, { ...options, slip: options.slip?.bytes ?? null }));
    },

    transfer(transfer, amountMinor, side) {
      return step((desk) => transferCash(desk, transfer, amountMinor, side));
    },

    loss(amountMinor, cause, options = {}) {
      return step((desk) => reportLoss(desk, amountMinor, cause, options));
    },
  };
}
