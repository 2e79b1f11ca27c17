/** What a screen may read of an open phone; nothing here writes. */
import type { Desk } from "../store/desk";
import { daysOf } from "../store/documents";
import { allOperations } from "../store/journal";
import { daySummary } from "../work/drawer";
import { comparePlans } from "../work/plans";
import { dayReceipts, oneReceipt } from "../work/receipts";
import { dayRoute, stopView } from "../work/route";
import { phoneStatus } from "../work/status";
import type { Phone } from "./contract";

export type Reading = Pick<
  Phone, "days" | "route" | "stop" | "summary" | "status" | "receipts" | "receipt" | "comparePlans" | "exportJournal"
>;

/** The reading half of the interface over whatever opens the desk. */
export function readingOf(read: <T>(work: (desk: Desk) => Promise<T>) => Promise<T>): Reading {
  return {
    days() {
      return read(async (desk) => (await daysOf(await desk.memory.view())).map((pack) => pack.service_day));
    },

    route(day = "") {
      return read((desk) => dayRoute(desk, day));
    },

    stop(visit) {
      return read((desk) => stopView(desk, visit));
    },

    summary(day = "") {
      return read((desk) => daySummary(desk, day));
    },

    status(everything = false) {
      return read((desk) => phoneStatus(desk, everything));
    },

    receipts(day = "") {
      return read((desk) => dayReceipts(desk, day));
    },

    receipt(series) {
      return read((desk) => oneReceipt(desk, series));
    },

    comparePlans(visit, wishes) {
      return read((desk) => comparePlans(desk, visit, wishes));
    },

    exportJournal() {
      return read(async (desk) => {
        const lines = await allOperations(await desk.memory.view());
        const decoder = new TextDecoder();
        return lines.map((stored) => `${decoder.decode(stored.data)}\n`).join("");
      });
    },
  };
}
