/** Trying again while the office cannot be reached: pauses with full jitter under a doubling bound. */
import { DoorstepError } from "../core/errors";
import type { Environment } from "../store/environment";
import { BACKOFF_BASE_S, BACKOFF_CAP_S, RETRY_AFTER_S_MAX, SYNC_TRIES_MAX } from "./limits";
import { isTransient } from "./transport";

/** Seconds before try number `attempt` (from 1): what is drawn, and at least what the office asks. */
export function pauseBefore(attempt: number, draw: number, retryAfterS: number | null): number {
  const bound = Math.min(BACKOFF_CAP_S, BACKOFF_BASE_S * 2 ** (attempt - 1));
  return Math.max(draw * bound, retryAfterS ?? 0);
}

/** Call, and again after a pause while the office cannot be reached, at most `SYNC_TRIES_MAX` times. */
export async function withTries<T>(
  environment: Environment,
  call: () => Promise<T>,
  onWait: (seconds: number) => void = () => undefined,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof DoorstepError) || !isTransient(error)) throw error;
      const retryAfterS = error.context.retryAfterS ?? null;
      if (attempt === SYNC_TRIES_MAX || (retryAfterS ?? 0) > RETRY_AFTER_S_MAX) throw error;
      const seconds = pauseBefore(attempt, environment.draw(), retryAfterS);
      onWait(seconds);
      await environment.sleep(seconds);
    }
  }
}
