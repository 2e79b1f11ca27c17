/** The exchange with the office: what goes on now, or how the last one went, with what to do when it failed. */
import { DoorstepError } from "../../core/errors";
import type { SyncProgress } from "../../phone/contract";
import { type Shared, useShared, useWords } from "../state";
import type { Words } from "../words/index";
import { Banner } from "./banner";
import { FaultNote } from "./fault";
import { useStatus } from "./status";
import { Button } from "./press";
import type { Task } from "./task";
import { formatInstant } from "./time";

export function progressText(progress: SyncProgress, words: Words): string {
  if (progress.phase === "waiting") return words.sync.noSignal(Math.ceil(progress.waitS));
  if (progress.phase === "sending") return words.sync.sending(progress.done, progress.total);
  if (progress.phase === "photos") return words.sync.photos(progress.done, progress.total);
  return words.sync.receiving(progress.done, progress.total);
}

export function SyncProgressBar() {
  const shared = useShared();
  const words = useWords();
  void shared.revision.value;
  const { sync } = shared.phone;
  if (sync.at !== "running") return null;
  const { progress } = sync;
  const share = progress.total > 0 ? Math.min(1, progress.done / progress.total) : 0.1;
  return (
    <div class="stack tight" role="status">
      <p class="strong">{progressText(progress, words)}</p>
      <div
        class="progress"
        role="progressbar"
        aria-label={words.sync.running}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <span style={{ transform: `scaleX(${share})` }} />
      </div>
    </div>
  );
}

export function SyncPanel({ task }: { task: Task }) {
  const shared = useShared();
  const words = useWords();
  const language = shared.language.value;
  void shared.revision.value;
  const { sync } = shared.phone;
  const status = useStatus();
  const running = sync.at === "running" || task.busy;
  return (
    <section class="card">
      <SyncProgressBar />
      {!running && (
        <div class="row between wrap-row">
          <p class="strong">{status === null || status.seq === 0 ? words.sync.none : status.unsent > 0 ? words.sync.chip(status.seq - status.unsent, status.seq) : words.sync.allAt}</p>
          <p class="muted small">{status !== null && status.syncedMs > 0 ? words.sync.last(formatInstant(status.syncedMs, language)) : words.sync.never}</p>
        </div>
      )}
      {status !== null && !status.complete && status.totalDocuments > 0 && (
        <p class="small">{words.sync.incomplete(status.heldDocuments, status.totalDocuments)}</p>
      )}
      {status !== null && status.unsentPhotos > 0 && (
        <p class="small">{words.sync.photosPending(status.unsentPhotos, (status.unsentPhotoBytes / 1_048_576).toFixed(1))}</p>
      )}
      {status?.wiped === true && <Banner tone="warn"><p>{words.sync.wiped}</p></Banner>}
      {sync.at === "idle" && sync.lastError !== null && task.error === null && (
        <Banner tone="warn">
          <p class="strong">{words.sync.failed}</p>
          <LastError code={sync.lastError.code} cause={sync.lastError.cause} remedy={sync.lastError.remedy} />
        </Banner>
      )}
      <FaultNote error={task.error} />
      <Button icon="sync" busy={running} onPress={() => synchronise(shared, words, task)}>
        {running ? words.sync.running : words.sync.now}
      </Button>
    </section>
  );
}

function LastError({ code, cause, remedy }: { code: string; cause: string; remedy: string }) {
  const language = useShared().language.value;
  const error = new DoorstepError(code, cause, { remedy });
  return (
    <>
      <p>{language === "zh" ? error.titleIn("zh") : cause}</p>
      <p>{error.remedyIn(language)}</p>
    </>
  );
}

/** Runs one exchange and tells how it went. */
export function synchronise(shared: Shared, words: Words, task: Task): void {
  task.run(async () => {
    const report = await shared.phone.synchronise({ pull: true });
    shared.tell({ text: words.sync.done(report.acknowledged) });
    if (report.documentsWait) shared.tell({ tone: "warn", text: words.sync.documentsWait });
    else if (report.total > 0 && !report.complete) shared.tell({ tone: "warn", text: words.sync.incomplete(report.held, report.total) });
    if (report.wiped) shared.tell({ tone: "warn", text: words.sync.wiped });
    if (report.downloadsRefused) shared.tell({ tone: "warn", text: words.sync.refused });
  });
}
