/**
 * What the rules of conduct say at the door: the office's own rules, which come with the app.
 *
 * The phone knows the hour, what the customer booked, how old its data is, and the contacts that it made itself; what it does
 * not know it does not warn of. A warning never stops a record.
 */
import { parseWall } from "../core/clock";
import { DOOR_POLICY } from "../core/generated/rules";
import type { ContactChannel, FieldBody, Pack, VisitDocument } from "../core/generated/types";
import { CONTACTS_MAX, TIME_MS_MAX, TIME_MS_MIN } from "../core/limits";
import { advise as judge, checkZone, exactly, type PastContact, type Window } from "../core/policy";
import { ofPack } from "../store/journal";
import type { View } from "../store/view";
import type { Advice } from "./advice";
import { operationOf } from "./reading";

/** One advice for each rule that a contact at this moment breaks, or may break, by the phone's own clock. */
export function conductAdvice(
  wallMs: number,
  pack: Pack,
  document: VisitDocument | null,
  channel: ContactChannel = "visit",
  history: readonly PastContact[] = [],
): Advice[] {
  const atMs = within(wallMs);
  const zone = [document?.zone ?? "", pack.zone].find(isZone);
  // A zone that this browser does not know: then the hour there is not known either, and nobody is warned of it.
  if (zone === undefined) return [];
  const found = judge(DOOR_POLICY, {
    zone,
    interval: exactly(atMs),
    channel,
    history,
    agreedHours: booked(document),
    snapshotMs: document?.as_of_ms ?? atMs,
  });
  return found
    .filter(({ verdict }) => verdict !== "allowed")
    .map(({ rule, reasonEn, reasonZh }) => ({ key: "conduct", values: { rule, why: `${reasonEn} | ${reasonZh}` } }));
}

/** Contacts with a customer that this phone recorded under a pack, in its own order. */
export async function ownContacts(view: View, pack: Pack, customer: string): Promise<PastContact[]> {
  const found: PastContact[] = [];
  for (const stored of await ofPack(view, pack.pack)) {
    const operation = operationOf(stored);
    if (operation === null) continue;
    const body = operation.body as FieldBody;
    const interval = exactly(within(parseWall(operation.at).wallMs));
    if (body.kind === "VisitConcluded" && body.customer === customer) {
      const effective = body.reason !== "nobody_home" && body.reason !== "moved";
      found.push({ channel: "visit", effective, interval, before: true });
    } else if (body.kind === "ContactMade" && body.customer === customer && body.channel !== "visit") {
      found.push({ channel: body.channel, effective: body.effective, interval, before: true });
    }
  }
  return found.slice(-CONTACTS_MAX);
}

/** Whether this browser knows a zone; the customer's own comes first, then the branch's. */
function isZone(zone: string): boolean {
  if (!zone) return false;
  try {
    checkZone(zone);
    return true;
  } catch {
    return false;
  }
}

function booked(document: VisitDocument | null): Window[] {
  if (document === null || document.origin !== "booking") return [];
  const starts = Math.floor(document.window_starts_s / 60);
  const ends = Math.ceil(document.window_ends_s / 60);
  return starts >= 0 && starts < ends && ends <= 24 * 60 ? [{ starts: clock(starts), ends: clock(ends) }] : [];
}

function within(ms: number): number {
  return Math.min(Math.max(ms, TIME_MS_MIN), TIME_MS_MAX);
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}
