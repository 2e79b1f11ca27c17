/** Bounds of the steps at the door, each with its reason; they are those of the Python client. */

/** A note or a reported detail, so that with its salt it travels inside the exchange. */
export const NOTE_BYTES_MAX = 4_000;

/** Instalments of a plan: five years, the longest that the card rules allow. */
export const PLAN_PERIODS_MAX = 60;

/** Seconds of a receipt's clock: four bytes. */
export const RECEIPT_SECONDS_MAX = 2 ** 32 - 1;
