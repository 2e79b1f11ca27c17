/** How often and how fast somebody may guess: pure rules, no clock and no storage. */
import { DELAY_MS_AFTER_WRONG, TRIES_MAX } from "./limits";

/** Wrong tries since the last right one, and when the last was made. */
export interface Tries {
  tries: number;
  lastTryMs: number;
}

/** Whether only recovery helps after this many tries. */
export function isLocked(tries: number): boolean {
  return tries >= TRIES_MAX;
}

/** How many tries remain after this many. */
export function triesLeft(tries: number): number {
  return Math.max(TRIES_MAX - tries, 0);
}

/** When the next try is allowed. */
export function allowedAtMs({ tries, lastTryMs }: Tries): number {
  return lastTryMs + (DELAY_MS_AFTER_WRONG[Math.min(tries, DELAY_MS_AFTER_WRONG.length - 1)] as number);
}

/**
 * The tries as they count at this moment. A clock that stands before the last try starts the wait anew from now: else a
 * phone whose clock was once years ahead would stay locked for years.
 */
export function atPresent(tries: Tries, nowMs: number): Tries {
  return nowMs < tries.lastTryMs ? { ...tries, lastTryMs: nowMs } : tries;
}
