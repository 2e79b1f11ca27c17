/** The badge's code at this moment: the office's certificate for the day, and the device's signature over the minute. */
import type { Desk } from "../store/desk";

export async function showBadge(_desk: Desk): Promise<{ prefix: string; digits: string; staleMs: number } | null> {
  return null;
}
