/**
 * The phone between its page load and its end: blank, locked, open; what opens and closes it, and what holds it together.
 *
 * It starts by itself; `state` says where it stands. While it is locked nothing but the vault's status is known; unlocking makes
 * a `Desk`, locking drops it with every key and every decrypted value.
 */
import { unb64 } from "../core/encoding";
import { DoorstepError } from "../core/errors";
import { synchronise } from "../exchange/syncing";
import { Cipher } from "../store/cipher";
import { Connection } from "../store/connection";
import { deviceOf, type Desk } from "../store/desk";
import type { Channel, Environment } from "../store/environment";
import { unsentCount, writer } from "../store/journal";
import { CHANNEL } from "../store/limits";
import { isAhead, readMark } from "../store/marker";
import { Memory } from "../store/memory";
import { unsentRecords } from "../store/side_records";
import { enrolmentOf, setSync, syncOf } from "../store/state";
import type { View } from "../store/view";
import { WriterLock } from "../store/writer_lock";
import { finishRecovery, makeRecoveryRequest } from "../vault/recovery";
import { changePin, unlockVault, vaultStatus, type Unlocked } from "../vault/vault";
import { receiptOf } from "../work/receipts";
import type { Written } from "../work/recording";
import { Automatic } from "./automatic";
import { showBadge } from "./badge";
import type { DepartureCheck, PhoneState, Recorded, StorageReport, SyncReport, SyncState } from "./contract";
import { departureChecks } from "./departure";
import { enrol } from "./enrol";
import { IDLE_LOCK_MS } from "./limits";
import { Observers } from "./observers";

export class Session {
  state: PhoneState = { at: "starting" };
  sync: SyncState = { at: "idle", lastMs: 0, lastError: null };
  readonly started: Promise<void>;

  private readonly observers = new Observers();
  private readonly connection: Connection;
  private readonly lockOfWriter: WriterLock;
  private readonly automatic: Automatic;
  private readonly channel: Channel | null;
  private desk: Desk | null = null;
  private syncing: Promise<SyncReport> | null = null;
  private steps = 0;
  private unsent = 0;
  private otherWriter = false;
  private undoIdle: () => void = () => undefined;
  private undoWait: () => void = () => undefined;

  constructor(private readonly environment: Environment) {
    this.connection = new Connection(environment);
    this.lockOfWriter = new WriterLock(environment, (writing) => this.otherWrites(writing));
    this.automatic = new Automatic(environment, {
      isOpen: () => this.desk !== null,
      hasUnsent: () => this.unsent > 0,
      run: () => this.synchronise(),
    });
    environment.listen("visible", () => {
      if (this.state.at === "unsupported") void this.look();
    });
    this.channel = environment.missing.length > 0 ? null : environment.channel(CHANNEL);
    // What fails while another tab's change is looked at fails again, and is told, when something is asked of the phone.
    if (this.channel !== null) this.channel.onmessage = ({ data }) => void this.hear(data).catch(() => undefined);
    this.started = this.look();
  }

  get busy(): boolean {
    return this.steps > 0 || this.syncing !== null;
  }

  subscribe(listener: () => void): () => void {
    return this.observers.subscribe(listener);
  }

  // -- opening and closing

  async enrol(text: string, pin: string, model: string): Promise<void> {
    const { unlocked, recoverySeal } = await enrol(this.environment, this.connection, text, pin, model);
    await this.open(unlocked, recoverySeal);
    this.channel?.postMessage("changed");
  }

  async unlock(pin: string): Promise<void> {
    await this.opening(() => unlockVault(this.environment, this.connection, pin));
  }

  lock(): void {
    this.close();
    this.channel?.postMessage("locked");
  }

  touch(): void {
    this.undoIdle();
    if (this.desk === null) return;
    this.undoIdle = this.environment.after(IDLE_LOCK_MS, () => this.close());
  }

  changePin(old: string, fresh: string): Promise<void> {
    return changePin(this.environment, this.connection, old, fresh);
  }

  recoveryRequest(): Promise<string> {
    return makeRecoveryRequest(this.environment, this.connection);
  }

  async recoveryFinish(answer: string, fresh: string): Promise<void> {
    await this.opening(() => finishRecovery(this.environment, this.connection, answer, fresh));
  }

  // -- the office and the browser

  synchronise({ pull = true }: { pull?: boolean } = {}): Promise<SyncReport> {
    this.syncing ??= this.sendAndReceive(pull).finally(() => {
      this.syncing = null;
    });
    return this.syncing;
  }

  wake(): Promise<boolean> {
    return this.automatic.now();
  }

  async storage(): Promise<StorageReport> {
    const { keeper } = this.environment;
    const persisted = await keeper.persisted();
    return { persisted: persisted !== false, ...(await keeper.estimate()), installed: this.environment.installed() };
  }

  async askPersistence(): Promise<StorageReport> {
    await this.environment.keeper.persist();
    return this.storage();
  }

  departure(): Promise<DepartureCheck[]> {
    return this.read(departureChecks);
  }

  badge(): Promise<{ prefix: string; digits: string; staleMs: number } | null> {
    return this.read(showBadge);
  }

  // -- what holds it together

  /** Take a step on the open desk; its receipt is read back from what is on disk. */
  async step(work: (desk: Desk) => Promise<Written>): Promise<Recorded> {
    const desk = this.need();
    this.steps += 1;
    try {
      const written = await work(desk);
      const isReceipt = written.kind === "PaymentCollected" || written.kind === "PaymentVoided";
      const receipt = isReceipt ? await receiptOf(desk, written.hash) : null;
      this.automatic.soon();
      return { ...written, receipt };
    } finally {
      this.steps -= 1;
    }
  }

  /** Read what the open desk holds. */
  async read<T>(work: (desk: Desk) => Promise<T>): Promise<T> {
    return work(this.need());
  }

  private need(): Desk {
    if (this.desk === null) throw new DoorstepError("STATE-FORBIDS", "the phone is locked; unlock it first");
    this.touch();
    return this.desk;
  }

  private async sendAndReceive(pull: boolean): Promise<SyncReport> {
    const desk = this.need();
    let last = this.sync.at === "idle" ? this.sync.lastMs : 0;
    let failure: DoorstepError | null = null;
    try {
      const watch = (progress: Extract<SyncState, { at: "running" }>["progress"]): void =>
        this.setSync({ at: "running", progress });
      const report = await synchronise(desk, { pull, watch });
      last = (await syncOf(await desk.memory.view())).syncedMs;
      return report;
    } catch (error) {
      failure = error instanceof DoorstepError ? error : new DoorstepError("INTERNAL", String(error));
      throw error;
    } finally {
      const lastError = failure === null ? null : { code: failure.code, cause: failure.cause, remedy: failure.remedy };
      this.setSync({ at: "idle", lastMs: last, lastError });
    }
  }

  /** Where a phone without a key stands. */
  private async look(): Promise<void> {
    this.undoWait();
    const { environment } = this;
    if (environment.missing.length > 0) {
      this.setState({ at: "unsupported", missing: environment.missing });
      return;
    }
    try {
      const status = await vaultStatus(this.connection);
      if (this.desk !== null) return;
      if (status === null) {
        const mark = readMark(environment);
        this.setState({ at: "blank", lost: mark !== null, lostDevice: mark?.device ?? "" });
        return;
      }
      const { device, triesLeft, allowedAtMs, unsent } = status;
      const waitMs = allowedAtMs === null ? 0 : Math.max(0, allowedAtMs - environment.clock().wallMs);
      this.setState({ at: "locked", device, triesLeft, waitMs, unsent });
      if (waitMs > 0) this.undoWait = environment.after(waitMs, () => void this.look());
    } catch (error) {
      // Some browsers have IndexedDB and refuse to open it, in private windows for one.
      const code = error instanceof DoorstepError ? error.code : "";
      const what = code === "STORE-VERSION" ? "update" : code === "STORE-LOCKED" ? "othertab" : "indexeddb";
      this.setState({ at: "unsupported", missing: [what] });
    }
  }

  private async opening(unlocking: () => Promise<Unlocked>): Promise<void> {
    try {
      await this.open(await unlocking());
    } catch (error) {
      await this.look();
      throw error;
    }
  }

  private async open(unlocked: Unlocked, seal?: Uint8Array): Promise<void> {
    const { environment } = this;
    const cipher = new Cipher(environment, unlocked.dataKey);
    const memory = new Memory(this.connection, cipher, this.lockOfWriter, (view) => this.changed(memory, view));
    const view = await memory.view();
    const enrolment = await enrolmentOf(view);
    const recoverySeal = seal ?? (await unlocked.sealFor(unb64(enrolment.answer.recovery_key.public_key, 65)));
    const desk: Desk = { environment, memory, enrolment, signingKey: unlocked.signingKey, recoverySeal };
    this.desk = desk;
    this.undoWait();
    await this.compareMark(desk, view);
    await this.askToKeep();
    await this.show(desk, await memory.view());
    const { syncedMs } = await syncOf(view);
    this.setSync({ at: "idle", lastMs: syncedMs, lastError: null });
    this.touch();
    this.automatic.soon();
  }

  /** A mark ahead of the journal: this memory is from before, and its next numbers were used already. */
  private async compareMark(desk: Desk, view: View): Promise<void> {
    const { epoch, seq } = writer(view, deviceOf(desk)).head;
    if (!isAhead(readMark(this.environment), deviceOf(desk), epoch, seq)) return;
    await desk.memory.change(async (draft) => setSync(draft, { ...(await syncOf(draft)), restored: true }));
  }

  /** Installed apps are granted it without a question; where the browser asks or denies, `askPersistence` may follow. */
  private async askToKeep(): Promise<void> {
    const { keeper } = this.environment;
    if ((await keeper.persisted()) === false) await keeper.persist();
  }

  private close(): void {
    this.undoIdle();
    this.automatic.stop();
    if (this.desk === null) return;
    this.desk = null;
    this.setSync({ at: "idle", lastMs: 0, lastError: null });
    void this.look();
  }

  /** After every change that this tab has written. */
  private changed(memory: Memory, view: View): void {
    if (this.desk?.memory !== memory) return;
    this.channel?.postMessage("changed");
    void this.show(this.desk, view);
  }

  /** The open state as a view shows it. */
  private async show(desk: Desk, view: View): Promise<void> {
    const { locked } = await syncOf(view);
    if (this.desk !== desk) return;
    this.unsent = unsentCount(view) + unsentRecords(view).length;
    const { device, agent, agent_name: agentName, branch } = desk.enrolment.answer;
    const { officeUrl } = desk.enrolment;
    this.setState({
      at: "open", device, agent, agentName, branch, officeUrl, lockedByOffice: locked, otherWriter: this.otherWriter,
    });
  }

  private otherWrites(writing: boolean): void {
    this.otherWriter = writing;
    if (this.state.at === "open") this.setState({ ...this.state, otherWriter: writing });
  }

  /** Another tab has changed something, or was locked by hand. */
  private async hear(message: unknown): Promise<void> {
    if (message === "locked") this.close();
    if (message !== "changed") return;
    const { desk } = this;
    if (desk === null) await this.look();
    else await this.show(desk, await desk.memory.view());
  }

  private setState(state: PhoneState): void {
    this.state = state;
    this.observers.tell();
  }

  private setSync(sync: SyncState): void {
    this.sync = sync;
    this.observers.tell();
  }
}
