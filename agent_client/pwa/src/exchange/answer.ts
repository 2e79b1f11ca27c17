/**
 * What becomes of the office's answer: it is applied whole, in one transaction, or not at all.
 *
 * - An acknowledgement counts only if it is signed by the enrolled office key, answers *this* request's nonce, and names the
 *   hash that the phone itself has at that place.
 * - Documents are applied only onto the cursor that was asked with, so that two tabs cannot interleave.
 * - `resend_from` makes operations unsent again; a granted epoch is entered only if the phone's head is still the one that
 *   it continues (else the office is asked once more).
 * - Nothing that the office has not acknowledged is ever deleted.
 */
import type { Reading } from "../core/clock";
import { unb64 } from "../core/encoding";
import { DoorstepError } from "../core/errors";
import type { Acknowledgement, EpochGrant, ExchangeAnswer, Signed } from "../core/generated/types";
import { readAcknowledgement, readDocument, readMessage } from "../core/messages";
import { deviceOf, type Desk } from "../store/desk";
import { applyChanges, neededBy, purge, wipeDocuments, type ReadChange } from "../store/documents";
import { acknowledge, hashAt, headRow, offerAgain, openVisits, unsentCount, writer } from "../store/journal";
import { markLacking, markUploaded, unsentRecords, wipeUploaded } from "../store/side_records";
import { setSync, syncOf, type SyncState } from "../store/state";
import type { Draft } from "../store/view";
import type { Asked } from "./request";

/** What an answer changed. */
export interface Applied {
  /** Operations that are durable at the office anew. */
  acknowledged: number;
  /** Whether the acknowledgement named our own hash. */
  honoured: boolean;
  /** Whether the office holds more of this epoch than this phone does: its memory is from before. */
  behind: boolean;
  documents: number;
  /** Whether another tab had moved the cursor meanwhile, so that documents were left alone. */
  interleaved: boolean;
  resent: number;
  /** The epoch entered, or 0. */
  epoch: number;
  more: boolean;
  /** The office was set back and gives no documents to anybody until its revocations are confirmed. */
  documentsWait: boolean;
}

/** Check an answer and take it in; ANSWER-UNTRUSTED when it is not the office's to this request. */
export async function applyAnswer(desk: Desk, asked: Asked, answer: ExchangeAnswer): Promise<Applied> {
  const acknowledgement = await trusted(desk, asked, answer);
  const changes = readChanges(answer);
  const reading = desk.environment.clock();
  return desk.memory.change(async (draft) => {
    const known = hashAt(draft, acknowledgement.epoch, acknowledgement.seq);
    const honoured = acknowledgement.seq === 0 ? asked.operations === 0 : known === acknowledgement.hash;
    const acknowledged = honoured ? acknowledge(draft, acknowledgement.epoch, acknowledgement.seq) : 0;
    let state = await syncOf(draft);
    if (honoured) {
      markUploaded(draft, asked.sideRecords, acknowledgement.server_ms);
      state = keepFarthest(state, answer.acknowledgement, acknowledgement);
    }
    markLacking(draft, answer.missing_side_records);
    const place = answer.resend_from;
    // An office that lost the beginning of an epoch may have lost the epochs before it as well.
    const resent = place === null ? 0 : offerAgain(draft, place.seq === 1 ? 0 : place.epoch, place.seq);
    const epoch = enterEpoch(desk, draft, answer.epoch);
    const taken = await takeDocuments(draft, asked, answer, changes, state);
    state = withTime(taken.state, acknowledgement, reading, answer);
    await setSync(draft, state);
    await wipeIfDue(draft);
    const { head } = writer(draft, deviceOf(desk));
    return {
      acknowledged,
      honoured,
      behind: acknowledgement.seq > 0 && known === null && acknowledgement.epoch === head.epoch && acknowledgement.seq > head.seq,
      documents: taken.documents,
      interleaved: taken.interleaved,
      resent,
      epoch,
      more: answer.more && asked.pull && !taken.interleaved,
      documentsWait: answer.documents_wait && asked.pull,
    };
  });
}

/** Wipe documents and uploaded side records once the office said so and nothing is unsent; operations stay. */
export async function wipeIfDue(draft: Draft): Promise<void> {
  const state = await syncOf(draft);
  if (!state.wipe || unsentCount(draft) > 0 || unsentRecords(draft).length > 0) return;
  wipeDocuments(draft);
  wipeUploaded(draft);
  await setSync(draft, { ...state, cursor: null, total: 0, complete: false, wipe: false, wiped: true });
}

async function trusted(desk: Desk, asked: Asked, answer: ExchangeAnswer): Promise<Acknowledgement> {
  let acknowledgement: Acknowledgement;
  try {
    const office = unb64(desk.enrolment.answer.office_key.public_key, 65);
    acknowledgement = await readAcknowledgement(office, answer.acknowledgement);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DoorstepError("ANSWER-UNTRUSTED", `the acknowledgement does not verify: ${why}`);
  }
  if (acknowledgement.device !== deviceOf(desk) || acknowledgement.nonce !== asked.nonce) {
    throw new DoorstepError("ANSWER-UNTRUSTED", "the acknowledgement answers another request");
  }
  return acknowledgement;
}

/** Every document is read before anything is written: one that cannot be read takes the whole answer with it. */
function readChanges(answer: ExchangeAnswer): ReadChange[] {
  return answer.documents.map(({ n, name, document }) => ({
    n, name, document: document === "null" ? null : readDocument(name, document),
  }));
}

/** Keep the acknowledgement that proves most: an office that was rolled back must not talk itself out of it. */
function keepFarthest(state: SyncState, signed: Signed, { epoch, seq }: Acknowledgement): SyncState {
  if (seq === 0) return state;
  if (state.acknowledgement !== null) {
    const before = readMessage("Acknowledgement", state.acknowledgement.payload);
    if (before.epoch > epoch || (before.epoch === epoch && before.seq > seq)) return state;
  }
  return { ...state, acknowledgement: signed };
}

/** Go on in a new epoch; its first operation names the head that it continues, receipts start at 1 again. */
function enterEpoch(desk: Desk, draft: Draft, grant: EpochGrant | null): number {
  if (grant === null) return 0;
  const { head } = writer(draft, deviceOf(desk));
  const unused = head.seq === 0 && head.epoch > desk.enrolment.answer.epoch;
  // An epoch that was granted before and not written in yet serves as well as another one.
  if (unused || grant.continues !== head.hash || grant.epoch <= head.epoch) return 0;
  draft.put("head", headRow({ ...head, epoch: grant.epoch, seq: 0, hash: grant.continues }, 0));
  return grant.epoch;
}

async function takeDocuments(
  draft: Draft,
  asked: Asked,
  answer: ExchangeAnswer,
  changes: readonly ReadChange[],
  state: SyncState,
): Promise<{ state: SyncState; documents: number; interleaved: boolean }> {
  const { cursor } = answer;
  if (!asked.pull || cursor === null) return { state, documents: 0, interleaved: false };
  if (state.cursor?.incarnation !== asked.cursor?.incarnation || state.cursor?.n !== asked.cursor?.n) {
    return { state, documents: 0, interleaved: true };
  }
  const keep = await neededBy(draft, openVisits(draft));
  const documents = await applyChanges(draft, changes, cursor.incarnation, keep);
  // What an earlier incarnation had sent stays in use until the new one is complete.
  if (!answer.more) purge(draft, cursor.incarnation, keep);
  return {
    state: {
      ...state, cursor, total: answer.total || state.total, complete: !answer.more, wiped: state.wiped && documents === 0,
    },
    documents,
    interleaved: false,
  };
}

function withTime(state: SyncState, { server_ms }: Acknowledgement, reading: Reading, answer: ExchangeAnswer): SyncState {
  const newer = state.seen === null || server_ms >= state.seen.at_ms;
  return {
    ...state,
    seen: newer ? { at_ms: server_ms, boot: reading.boot, mono_ms: reading.monoMs } : state.seen,
    syncedMs: server_ms,
    locked: answer.lock,
    wipe: answer.wipe_after_upload,
  };
}
