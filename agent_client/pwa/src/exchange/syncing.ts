/**
 * A whole sync: page after page until both sides have everything, trying again when the signal drops.
 *
 * Every try is a new request with a fresh nonce; what an answer that got lost had already stored is recognised by its hash.
 * Stopping at any moment leaves a phone that simply goes on with the next sync.
 */
import { DoorstepError } from "../core/errors";
import type { ExchangeAnswer } from "../core/generated/types";
import { EXCHANGE_OPERATIONS_MAX_WRITER, SIDE_RECORD_INLINE_BYTES_MAX } from "../core/limits";
import { readMessage } from "../core/messages";
import type { Desk } from "../store/desk";
import { heldCount } from "../store/documents";
import { unsentCount } from "../store/journal";
import { dropUploadedBefore, lacking, unsentRecords } from "../store/side_records";
import { syncOf } from "../store/state";
import { applyAnswer, wipeIfDue, type Applied } from "./answer";
import { requestEpoch } from "./epoch";
import { RESENDS_MAX, ROUNDS_MAX, UPLOADED_KEPT_MS } from "./limits";
import { buildRequest } from "./request";
import { notOurs, post } from "./transport";
import { sendLarge } from "./uploads";
import { withTries } from "./waiting";

const PATH = "/api/v1/sync";

/** How far a sync has come, for somebody who watches. */
export interface SyncProgress {
  phase: "sending" | "receiving" | "photos" | "waiting";
  done: number;
  total: number;
  waitS: number;
}

/** What a sync did, and where the phone stands now. */
export interface SyncReport {
  acknowledged: number;
  documents: number;
  photos: number;
  resent: number;
  /** The new epoch, if one was entered. */
  epoch: number;
  unsent: number;
  /** Documents in scope on this phone, and how many a complete phone holds. */
  held: number;
  total: number;
  complete: boolean;
  locked: boolean;
  wiped: boolean;
  /** The office takes from this phone and gives no more: it was revoked. */
  downloadsRefused: boolean;
  /** The office was set back: it takes everything, and gives documents again once its revocations are confirmed. */
  documentsWait: boolean;
}

/**
 * Send everything unsent, fetch everything new, and say how the phone stands.
 *
 * Raises NETWORK-DOWN and its like when the tries are used up, ANSWER-UNTRUSTED for an answer that is not the office's, and
 * what the office refuses with; all that was acknowledged until then stays so.
 */
export async function synchronise(
  desk: Desk,
  { pull = true, watch = () => undefined }: { pull?: boolean; watch?: (progress: SyncProgress) => void } = {},
): Promise<SyncReport> {
  const run = new Run(desk, pull, watch);
  await run.begin();
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    if (!(await run.step())) break;
  }
  await run.sendPhotos();
  await run.settle();
  return run.report();
}

class Run {
  private page = EXCHANGE_OPERATIONS_MAX_WRITER;
  private acknowledged = 0;
  private documents = 0;
  private photos = 0;
  private resent = 0;
  private epoch = 0;
  private toSend = 0;
  private downloadsRefused = false;
  private documentsWait = false;
  private newEpochs = 0;
  private nonces = 0;
  private resends = 0;

  constructor(
    private readonly desk: Desk,
    private pull: boolean,
    private readonly watch: (progress: SyncProgress) => void,
  ) {}

  /** A memory from before (restored, or partly lost) would write under numbers that it used already: a new epoch first. */
  async begin(): Promise<void> {
    const view = await this.desk.memory.view();
    this.toSend = unsentCount(view);
    this.tell();
    if ((await syncOf(view)).restored) this.epoch = await requestEpoch(this.desk, "restored", this.waits);
  }

  /** One exchange; whether another is needed and promises to change something. */
  async step(): Promise<boolean> {
    let applied: Applied;
    let sent: number;
    try {
      ({ applied, sent } = await withTries(this.desk.environment, () => this.exchange(), this.waits));
    } catch (error) {
      return this.recover(error);
    }
    this.acknowledged += applied.acknowledged;
    this.documents += applied.documents;
    this.resent += applied.resent;
    this.epoch = applied.epoch || this.epoch;
    this.documentsWait = applied.documentsWait;
    this.tell();
    if (sent > 0 && !applied.honoured && !applied.epoch && !applied.resent) {
      if (!applied.behind || this.newEpochs > 0) {
        throw new DoorstepError("ANSWER-UNTRUSTED", "the office acknowledges operations that this phone did not write");
      }
      this.newEpochs += 1;
      this.epoch = await requestEpoch(this.desk, "restored", this.waits);
      return true;
    }
    if (applied.resent > 0) this.resends += 1;
    if (this.resends > RESENDS_MAX) {
      throw new DoorstepError("STATE-FORBIDS", "the office asks for the same operations again and does not keep them");
    }
    const view = await this.desk.memory.view();
    const wanting = unsentCount(view) > 0 || lacking(view, 1, true, SIDE_RECORD_INLINE_BYTES_MAX).length > 0;
    const moved = applied.acknowledged > 0 || applied.resent > 0 || applied.epoch > 0;
    return applied.more || (wanting && moved);
  }

  /** Large side records travel apart, after the operations that name them. */
  async sendPhotos(): Promise<void> {
    this.photos = await sendLarge(this.desk, {
      onWait: this.waits,
      onBytes: (done, total) => this.watch({ phase: "photos", done, total, waitS: 0 }),
    });
  }

  /** With everything at the office the branch's way in is closed again; photos that it has had for long go. */
  async settle(): Promise<void> {
    await this.desk.memory.change(async (draft) => {
      await wipeIfDue(draft);
      dropUploadedBefore(draft, (await syncOf(draft)).syncedMs - UPLOADED_KEPT_MS);
      const done = unsentCount(draft) === 0 && unsentRecords(draft).length === 0;
      if (done && draft.one("recovery", "recovery") !== undefined) draft.remove("recovery", "recovery");
    });
  }

  /** Where the phone stands now. */
  async report(): Promise<SyncReport> {
    const view = await this.desk.memory.view();
    const state = await syncOf(view);
    const held = state.cursor === null ? 0 : heldCount(view, state.cursor.incarnation);
    return {
      acknowledged: this.acknowledged,
      documents: this.documents,
      photos: this.photos,
      resent: this.resent,
      epoch: this.epoch,
      unsent: unsentCount(view),
      held,
      total: state.total,
      complete: state.complete && held === state.total && !this.documentsWait,
      locked: state.locked,
      wiped: state.wiped,
      downloadsRefused: this.downloadsRefused,
      documentsWait: this.documentsWait,
    };
  }

  private async exchange(): Promise<{ applied: Applied; sent: number }> {
    const asked = await buildRequest(this.desk, this.pull, this.page);
    const answer = readAnswer(await post(this.desk.environment, PATH, asked.data, true));
    return { applied: await applyAnswer(this.desk, asked, answer), sent: asked.operations };
  }

  /** What the phone can do by itself about a refusal; everything else is raised. */
  private async recover(error: unknown): Promise<boolean> {
    if (!(error instanceof DoorstepError)) throw error;
    const { code } = error;
    if ((code === "EXCHANGE-TOO-LARGE" || code === "EXCHANGE-TOO-MANY") && this.page > 1) {
      this.page = Math.floor(this.page / 2);
      return true;
    }
    if (code === "DEVICE-REVOKED" && this.pull) {
      this.pull = false;
      this.downloadsRefused = true;
      return true;
    }
    if (code === "NONCE-REUSED" && this.nonces === 0) {
      this.nonces += 1;
      return true;
    }
    if (code === "EPOCH-UNKNOWN" && this.newEpochs === 0) {
      this.newEpochs += 1;
      this.epoch = await requestEpoch(this.desk, "requested", this.waits);
      return true;
    }
    throw error;
  }

  private readonly waits = (waitS: number): void => {
    this.watch({ phase: "waiting", done: this.acknowledged, total: this.toSend, waitS });
  };

  private tell(): void {
    const sending = this.acknowledged < this.toSend;
    this.watch(
      sending
        ? { phase: "sending", done: this.acknowledged, total: this.toSend, waitS: 0 }
        : { phase: "receiving", done: this.documents, total: 0, waitS: 0 },
    );
  }
}

function readAnswer(text: string): ExchangeAnswer {
  try {
    return readMessage("ExchangeAnswer", text);
  } catch (error) {
    throw notOurs(PATH, error);
  }
}
