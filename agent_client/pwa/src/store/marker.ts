/**
 * A mark outside the database that says: here was a phone, and so far had it come. Nothing personal.
 *
 * The browser may throw a database away (eviction, cleaning) or bring an old one back with a backup. The mark tells both:
 * a mark without a database is a lost device, a mark ahead of the journal is a memory from before.
 */
import type { Environment } from "./environment";

const NAME = "doorstep.phone";

/** The device, and the place that its journal had reached. */
export interface Mark {
  device: string;
  epoch: number;
  seq: number;
}

/** The mark, or null where there is none (or none can be read). */
export function readMark(environment: Environment): Mark | null {
  try {
    const found: unknown = JSON.parse(environment.storage?.getItem(NAME) ?? "null");
    if (found === null || typeof found !== "object") return null;
    const { device, epoch, seq } = found as Record<string, unknown>;
    if (typeof device !== "string" || !Number.isSafeInteger(epoch) || !Number.isSafeInteger(seq)) return null;
    return { device, epoch: epoch as number, seq: seq as number };
  } catch {
    return null;
  }
}

/** Set the mark; where the browser refuses, the phone works without it. */
export function writeMark(environment: Environment, mark: Mark): void {
  try {
    environment.storage?.setItem(NAME, JSON.stringify(mark));
  } catch {
    // A full or blocked localStorage takes nothing from the journal.
  }
}

/** Whether the mark says that this device's journal had once come farther than this place. */
export function isAhead(mark: Mark | null, device: string, epoch: number, seq: number): boolean {
  if (mark === null || mark.device !== device) return false;
  return mark.epoch > epoch || (mark.epoch === epoch && mark.seq > seq);
}
