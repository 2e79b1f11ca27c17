/** What steps at an open visit share: the check that the agent is there, the day, and the general advice. */
import { utf8 } from "../core/encoding";
import { DoorstepError, refuse } from "../core/errors";
import type { FieldBody, Position, VisitDocument } from "../core/generated/types";
import type { SideRecord } from "../core/side_records";
import type { Desk } from "../store/desk";
import { isRemoved } from "../store/documents";
import { visitAdvice, type Advice } from "./advice";
import { dayOf, frameOfVisit, visitDocument } from "./days";
import { NOTE_BYTES_MAX } from "./limits";
import { visitProgress, type VisitProgress } from "./progress";
import { record, type Moment, type Written } from "./recording";

/** A body, the side records that it names, and what to tell the agent. */
export interface Made {
  body: FieldBody;
  sideRecords?: readonly SideRecord[];
  advice?: readonly Advice[];
}

/** Everything that needs the agent at the door; the visit's day, policy and general advice are added. */
export function atOpenVisit(
  desk: Desk,
  visit: string,
  make: (moment: Moment, document: VisitDocument, progress: VisitProgress) => Promise<Made>,
  { position = null, task = "-" }: { position?: Position | null | undefined; task?: string } = {},
): Promise<Written> {
  return record(
    desk,
    async (moment) => {
      const document = await visitDocument(moment.view, visit);
      const pack = await frameOfVisit(desk, moment.view, visit);
      const day = await dayOf(desk, moment.view, pack);
      const progress = visitProgress(day, visit);
      if (!progress.isOpen) throw refuse(progress.concluded ? "concluded" : "not-started", { visit });
      const made = await make(moment, document, progress);
      const general = visitAdvice(moment, pack, day, document, { removed: isRemoved(moment.view, visit), task });
      const advice = [...general, ...(made.advice ?? [])];
      return { body: made.body, pack: pack.pack, policy: pack.policy, sideRecords: made.sideRecords ?? [], advice };
    },
    { position },
  );
}

/** Text as bytes; refuses (ARGUMENT-WRONG) nothing and too much. */
export function personalContent(value: string): Uint8Array {
  const content = utf8(value.trim());
  if (content.length === 0 || content.length > NOTE_BYTES_MAX) {
    const cause = `a text has 1 to ${NOTE_BYTES_MAX} bytes, this one ${content.length}`;
    throw new DoorstepError("ARGUMENT-WRONG", cause);
  }
  return content;
}
