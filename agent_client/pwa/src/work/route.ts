/** The day's route as the agent reads it: stops in driving order, what is owed, what to do, what is forbidden. */
import type { NoticeDocument, Pack, VisitDocument, VisitReason } from "../core/generated/types";
import { deviceOf, type Desk } from "../store/desk";
import { heldCount, isRemoved, noticeOf, visitOf } from "../store/documents";
import { ofPack, writer } from "../store/journal";
import { syncOf } from "../store/state";
import type { View } from "../store/view";
import { visitAdvice, type Advice } from "./advice";
import { dayOf, frameOf, frameOfVisit, visitDocument } from "./days";
import { standing, visitProgress, type DayProgress } from "./progress";
import { visitReceipts, type ShownReceipt } from "./receipts";
import { statuses, type RecordStatus } from "./status";

/** One stop: the office's document, the letter to hand over, and what was done here. */
export interface RouteStop {
  document: VisitDocument;
  notice: NoticeDocument | null;
  /** `open`, `to_do`, or the reason with which it was concluded. */
  state: "to_do" | "open" | VisitReason;
  paidMinor: number;
  /** Taken out of this phone's scope while it is open here. */
  removed: boolean;
}

/** A day: its frame, its stops in driving order, and how complete the download is. */
export interface Route {
  pack: Pack;
  stops: RouteStop[];
  /** Visits that the frame lists and that this phone does not hold: pull again. */
  missing: string[];
  complete: boolean;
  held: number;
  total: number;
  syncedMs: number;
}

/** One stop with what was done there, oldest first. */
export interface StopView {
  stop: RouteStop;
  pack: Pack;
  startedAt: string;
  identity: "" | "answered" | "refused" | "third_party";
  receipts: ShownReceipt[];
  delivered: string[];
  promised: string[];
  records: RecordStatus[];
  advice: Advice[];
}

/** The route of a service day, the present one unless named; PACK-MISSING when there is none. */
export async function dayRoute(desk: Desk, day = ""): Promise<Route> {
  const view = await desk.memory.view();
  const pack = await frameOf(desk, view, day);
  const progress = await dayOf(desk, view, pack);
  const state = await syncOf(view);
  const open = [...progress.visits.values()].filter((visit) => visit.isOpen).map((visit) => visit.visit);
  const stops: RouteStop[] = [];
  const missing: string[] = [];
  for (const visit of new Set([...pack.visits, ...open])) {
    const stop = await stopOf(view, progress, visit);
    if (stop === null) missing.push(visit);
    else stops.push(stop);
  }
  const held = state.cursor === null ? 0 : heldCount(view, state.cursor.incarnation);
  const complete = state.complete && held === state.total && missing.length === 0;
  return { pack, stops, missing, complete, held, total: state.total, syncedMs: state.syncedMs };
}

/** One stop; WORK-REFUSED when this phone does not hold it. */
export async function stopView(desk: Desk, visit: string): Promise<StopView> {
  const view = await desk.memory.view();
  const document = await visitDocument(view, visit);
  const pack = await frameOfVisit(desk, view, visit);
  const day = await dayOf(desk, view, pack);
  const progress = visitProgress(day, visit);
  const stop = (await stopOf(view, day, visit)) as RouteStop;
  const operations = (await ofPack(view, pack.pack)).filter((stored) => stored.visit === visit);
  const { head, receipt } = writer(view, deviceOf(desk));
  const moment = { view, head, receipt, reading: desk.environment.clock(), seen: (await syncOf(view)).seen };
  return {
    stop,
    pack,
    startedAt: progress.startedAt,
    identity: progress.identity,
    receipts: await visitReceipts(desk, view, pack, visit),
    delivered: progress.delivered,
    promised: progress.promised,
    records: await statuses(desk, view, operations),
    advice: visitAdvice(moment, pack, day, document, { removed: stop.removed }),
  };
}

async function stopOf(view: View, day: DayProgress, visit: string): Promise<RouteStop | null> {
  const document = await visitOf(view, visit);
  if (document === null) return null;
  const progress = visitProgress(day, visit);
  return {
    document,
    notice: document.notice ? await noticeOf(view, document.notice) : null,
    state: progress.isOpen ? "open" : progress.concluded || "to_do",
    paidMinor: standing(progress).reduce((sum, payment) => sum + payment.amountMinor, 0),
    removed: isRemoved(view, visit),
  };
}
