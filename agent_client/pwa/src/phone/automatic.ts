/**
 * Synchronising without being asked: when there is signal again, when the app is looked at, shortly after each step, and
 * from time to time while something is unsent. Only an open phone does: the key never leaves the vault for that.
 */
import type { Environment } from "../store/environment";
import { SYNC_AFTER_STEP_MS, SYNC_AGAIN_MS } from "./limits";

/** What automatic syncing asks of the phone. */
export interface Syncable {
  isOpen(): boolean;
  /** Whether something waits to be sent. */
  hasUnsent(): boolean;
  /** One sync; rejects when it failed. */
  run(): Promise<unknown>;
}

export class Automatic {
  private undo: (() => void) | null = null;
  private running = false;

  constructor(
    private readonly environment: Environment,
    private readonly phone: Syncable,
  ) {
    environment.listen("online", () => void this.now());
    environment.listen("visible", () => void this.now());
  }

  /** After a step; further steps put it off. */
  soon(): void {
    this.plan(SYNC_AFTER_STEP_MS);
  }

  /** Forget what was planned. */
  stop(): void {
    this.undo?.();
    this.undo = null;
  }

  /** Sync at once; false when the phone is locked, or it failed and something still waits. */
  async now(): Promise<boolean> {
    this.stop();
    if (!this.phone.isOpen()) return false;
    if (this.running) return true;
    this.running = true;
    let done = true;
    try {
      await this.phone.run();
    } catch {
      // What went wrong stands in the phone's sync state; here it only means to try again.
      done = false;
    } finally {
      this.running = false;
    }
    if (this.phone.isOpen() && this.phone.hasUnsent()) {
      this.environment.askWaking();
      this.plan(SYNC_AGAIN_MS);
      return false;
    }
    return done;
  }

  private plan(milliseconds: number): void {
    this.stop();
    this.undo = this.environment.after(milliseconds, () => {
      this.undo = null;
      void this.now();
    });
  }
}
