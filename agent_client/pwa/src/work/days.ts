/** Which day a step belongs to: its visit's pack, never what a clock says. */
import { DoorstepError, refuse } from "../core/errors";
import type { Pack, VisitDocument } from "../core/generated/types";
import type { Desk } from "../store/desk";
import { daysOf, packsOf, visitOf } from "../store/documents";
import { lastRow, ofPack } from "../store/journal";
import type { View } from "../store/view";
import { foldDay, type DayProgress } from "./progress";

/** The stop, or WORK-REFUSED when this phone does not hold it. */
export async function visitDocument(view: View, visit: string): Promise<VisitDocument> {
  const document = await visitOf(view, visit);
  if (document === null) throw refuse("visit-unknown", { visit });
  return document;
}

/** The day's frame that a visit stands in: the latest one that lists it, else the present one. */
export async function frameOfVisit(desk: Desk, view: View, visit: string): Promise<Pack> {
  const days = await daysOf(view);
  return days.reverse().find((pack) => pack.visits.includes(visit)) ?? presentFrame(desk, view);
}

/** The frame of a service day (`YYYY-MM-DD`), or PACK-MISSING. */
export async function frameOfDay(view: View, day: string): Promise<Pack> {
  const found = (await daysOf(view)).find((pack) => pack.service_day === day);
  if (found === undefined) throw new DoorstepError("PACK-MISSING", `this phone holds no route for ${day}`);
  return found;
}

/**
 * The day being worked on: that of the last operation written, unless a later one's route replaced it.
 *
 * Raises PACK-MISSING when this phone never held a route.
 */
export async function presentFrame(desk: Desk, view: View): Promise<Pack> {
  const days = await daysOf(view);
  const packs = await packsOf(view);
  const inScope = packs.length ? packs : days;
  const first = inScope[0];
  if (first === undefined) throw new DoorstepError("PACK-MISSING", "no route was ever pulled to this phone");
  const last = lastRow(view);
  const worked = last === null ? undefined : days.find((pack) => pack.pack === last.pack);
  if (worked === undefined) return first;
  if (!(await dayOf(desk, view, worked)).endedSeq) return worked;
  return inScope.find((pack) => pack.service_day > worked.service_day) ?? worked;
}

/** The frame of a day, the present one unless named. */
export function frameOf(desk: Desk, view: View, day: string): Promise<Pack> {
  return day ? frameOfDay(view, day) : presentFrame(desk, view);
}

/** What this phone recorded for a day. */
export async function dayOf(desk: Desk, view: View, pack: Pack): Promise<DayProgress> {
  return foldDay(await ofPack(view, pack.pack), desk.enrolment.answer.agent);
}
