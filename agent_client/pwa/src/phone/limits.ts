/** Bounds of the phone as a whole, each with its reason. */

/** Without a touch for so long the phone locks itself: a phone left on a table shows nobody's debts. */
export const IDLE_LOCK_MS = 5 * 60_000;

/** A sync follows a step after so long without another one: a visit is several steps within a minute. */
export const SYNC_AFTER_STEP_MS = 4_000;

/** While something is unsent, signal is looked for this often; `online` events do not tell of weak signal. */
export const SYNC_AGAIN_MS = 120_000;

/** An agent does not depart with a route older than this: bookings of the morning are in it. */
export const FRESH_MS_MAX = 2 * 3_600_000;

/** Room that a day with photos needs: twenty photos of at most 2 MiB and the journal, twice because of the spare. */
export const STORAGE_FREE_BYTES_MIN = 100 * 1024 * 1024;

/** How often a newer version of the app is looked for, at most, when somebody comes back to it. */
export const LOOK_AGAIN_MS = 3_600_000;
