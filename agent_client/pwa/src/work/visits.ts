/** At the door: arriving, checking whom one speaks to, letters, contacts, safety, and leaving again. */
import { refuse } from "../core/errors";
import type {
  ContactChannel, IdentityMethod, IdentityResult, Manner, NoticeDocument, Position, Recipient, SafetyLevel, VisitReason,
} from "../core/generated/types";
import type { SideRecord } from "../core/side_records";
import { codeFits } from "../core/visit_code";
import type { Desk } from "../store/desk";
import { isRemoved, noticeOf } from "../store/documents";
import { advise, visitAdvice, type Advice } from "./advice";
import { ownContacts } from "./conduct";
import { dayOf, frameOfVisit, presentFrame, visitDocument } from "./days";
import { atOpenVisit, personalContent } from "./open_visit";
import { standing, visitProgress } from "./progress";
import { record, type Written } from "./recording";
import { personalRecord, sealedRecord } from "./sealed";

type Place = Position | null | undefined;

/** The agent arrived. `again` allows a second arrival after the visit was concluded. */
export function startVisit(
  desk: Desk,
  visit: string,
  { again = false, position }: { again?: boolean; position?: Place } = {},
): Promise<Written> {
  return record(
    desk,
    async (moment) => {
      const document = await visitDocument(moment.view, visit);
      const pack = await frameOfVisit(desk, moment.view, visit);
      const day = await dayOf(desk, moment.view, pack);
      const progress = visitProgress(day, visit);
      if (progress.isOpen) throw refuse("started-already", { visit, at: progress.startedAt });
      if (progress.concluded && !again) throw refuse("concluded", { visit });
      const advice = visitAdvice(moment, pack, day, document, { removed: isRemoved(moment.view, visit) });
      return { body: { kind: "VisitStarted", visit }, pack: pack.pack, policy: pack.policy, advice };
    },
    { position },
  );
}

/** The second person confirmed with their own badge; `proof` is what the badge's code says. */
export function confirmCompanion(desk: Desk, visit: string, companion: string, proof: string): Promise<Written> {
  return atOpenVisit(desk, visit, async () => ({ body: { kind: "CompanionConfirmed", visit, companion, proof } }));
}

export interface IdentityCheck {
  method: IdentityMethod;
  result: IdentityResult;
  answer?: string;
  picture?: Uint8Array | null;
  position?: Place;
}

/**
 * Record a check. An answer, or a picture of a signature or face, is sealed to the office; the phone only catches typing
 * errors in a visit code.
 *
 * Raises WORK-REFUSED for an answered check without what was answered, an answer to a check that was not answered, and a
 * visit code that is certainly mistyped.
 */
export async function checkIdentity(
  desk: Desk,
  visit: string,
  { method, result, answer = "", picture = null, position }: IdentityCheck,
): Promise<Written> {
  const given = picture ?? answer;
  if (result === "answered" && (method === "visit_code" || method === "document_digits") && !answer) {
    throw refuse("answer-missing");
  }
  if (result !== "answered" && given.length > 0) throw refuse("answer-unwanted");
  return atOpenVisit(
    desk,
    visit,
    async (moment, document) => {
      const { account, customer, code_salt: salt, code_bits: bits } = document;
      if (method === "visit_code" && answer && !codeFits(answer, salt, bits)) throw refuse("code-mistyped");
      const sideRecords = given.length > 0 ? [await sealedRecord(desk, moment, visit, given)] : [];
      const sealed = sideRecords[0]?.sha256 ?? "";
      return {
        body: { kind: "IdentityChecked", visit, account, customer, method, result, sealed },
        sideRecords,
        advice: result === "third_party" ? [advise("third-party")] : [],
      };
    },
    { position },
  );
}

export interface Letter {
  manner: Manner;
  recipient: Recipient;
  recipientName?: string;
  notice?: string;
  version?: number;
  photo?: Uint8Array | null;
  signature?: Uint8Array | null;
  position?: Place;
}

/**
 * A letter left the agent's hands; notice and version are the visit's own unless given. Photo, signature and the name of
 * whoever took it are side records, named as evidence.
 */
export async function deliverNotice(desk: Desk, visit: string, letter: Letter): Promise<Written> {
  const { manner, recipient, version = 0, position } = letter;
  const contents: Uint8Array[] = [];
  for (const picture of [letter.photo, letter.signature]) if (picture) contents.push(picture);
  if (letter.recipientName?.trim()) contents.push(personalContent(letter.recipientName));
  return atOpenVisit(
    desk,
    visit,
    async (moment, document) => {
      const notice = letter.notice || document.notice;
      if (!notice) throw refuse("no-notice", { visit });
      const known = await noticeOf(moment.view, notice);
      if (known === null && !version) throw refuse("notice-version", { notice });
      const given = version || (known?.version ?? 0);
      const sideRecords: SideRecord[] = contents.map((content) => personalRecord(desk, content));
      const evidence = sideRecords.map((sideRecord) => sideRecord.sha256);
      const { account } = document;
      return {
        body: { kind: "NoticeDelivered", visit, account, notice, version: given, manner, recipient, evidence },
        sideRecords,
        advice: noticeAdvice(known, given, manner, recipient),
      };
    },
    { position, task: "notice" },
  );
}

/** A contact, or an attempt, with the customer of a visit, whether or not the agent stands at the door. */
export function makeContact(
  desk: Desk,
  visit: string,
  channel: ContactChannel,
  effective: boolean,
  { position }: { position?: Place } = {},
): Promise<Written> {
  return record(
    desk,
    async (moment) => {
      const { view } = moment;
      const document = await visitDocument(view, visit);
      const pack = await frameOfVisit(desk, view, visit);
      const { customer, account } = document;
      const history = await ownContacts(view, pack, customer);
      const options = { removed: isRemoved(view, visit), task: "contact", channel, history };
      const advice = visitAdvice(moment, pack, await dayOf(desk, view, pack), document, options);
      const body = { kind: "ContactMade", customer, account, channel, effective, visit } as const;
      return { body, pack: pack.pack, policy: pack.policy, advice };
    },
    { position },
  );
}

/** The agent felt unsafe or called for help; nothing keeps this from being written. */
export async function raiseSafety(
  desk: Desk,
  level: SafetyLevel,
  { visit = "", note = "", position }: { visit?: string; note?: string; position?: Place } = {},
): Promise<Written> {
  const content = note.trim() ? personalContent(note) : null;
  return record(
    desk,
    async ({ view }) => {
      const sideRecords = content === null ? [] : [personalRecord(desk, content)];
      const known = view.size("day") > 0;
      const pack = known ? await (visit ? frameOfVisit(desk, view, visit) : presentFrame(desk, view)) : null;
      return {
        body: { kind: "SafetyRaised", level, visit, note: sideRecords[0]?.sha256 ?? "" },
        pack: pack?.pack ?? "",
        policy: pack?.policy ?? "",
        sideRecords,
      };
    },
    { position, whenLocked: true },
  );
}

/** The visit is over. Raises WORK-REFUSED for a reason that nothing recorded here supports. */
export function concludeVisit(
  desk: Desk,
  visit: string,
  reason: VisitReason,
  { subReason = "", nextAction = "", position }: { subReason?: string; nextAction?: string; position?: Place } = {},
): Promise<Written> {
  return atOpenVisit(
    desk,
    visit,
    async (_moment, { account, customer }, progress) => {
      const paid = standing(progress).length > 0;
      if ((reason === "paid" || reason === "part_paid") && !paid) throw refuse("no-payment", { reason });
      if (reason === "promised" && progress.promised.length === 0) throw refuse("no-promise");
      if (reason === "delivered" && progress.delivered.length === 0) throw refuse("no-delivery");
      const body = {
        kind: "VisitConcluded", visit, account, customer, reason, sub_reason: subReason, next_action: nextAction,
      } as const;
      return { body, advice: paid && !progress.identity ? [advise("identity-skipped")] : [] };
    },
    { position },
  );
}

function noticeAdvice(known: NoticeDocument | null, given: number, manner: Manner, recipient: Recipient): Advice[] {
  const found: Advice[] = [];
  if (known?.withdrawn) found.push(advise("notice-withdrawn"));
  if (known !== null && given !== known.version) found.push(advise("notice-version", { given, current: known.version }));
  if (manner === "handed_open" && recipient !== "customer") found.push(advise("notice-disclosed"));
  return found;
}
