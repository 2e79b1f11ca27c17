/** One writer at a time: first within this tab, then among all tabs of this browser (Web Locks). */
import type { Environment } from "./environment";
import { WRITER_LOCK } from "./limits";

export class WriterLock {
  private tail: Promise<unknown> = Promise.resolve();

  /** `onOther` hears whether another tab is writing while this one waits. */
  constructor(
    private readonly environment: Environment,
    private readonly onOther: (writing: boolean) => void = () => undefined,
  ) {}

  /** Run `work` while nobody else writes; freed by the browser when the tab dies. */
  hold<T>(work: () => Promise<T>): Promise<T> {
    const run = this.tail.then(() => this.among(work));
    this.tail = run.catch(() => undefined);
    return run;
  }

  private async among<T>(work: () => Promise<T>): Promise<T> {
    const { locks } = this.environment;
    let had = false;
    const first = await locks.request(WRITER_LOCK, { ifAvailable: true }, async (lock) => {
      if (lock === null) return undefined;
      had = true;
      return { value: await work() };
    });
    if (had && first !== undefined) return first.value;
    this.onOther(true);
    return locks.request(WRITER_LOCK, {}, async () => {
      this.onOther(false);
      return work();
    });
  }
}
