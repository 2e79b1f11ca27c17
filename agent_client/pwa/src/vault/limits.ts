/** Every bound of the vault, each with its reason. PIN length, tries and waits are those of the Python client. */

/** PBKDF2-HMAC-SHA-256: OWASP's minimum of 2023. The device key makes a stolen copy of the storage worthless beside it. */
export const PIN_ITERATIONS = 600_000;

/** A damaged slot must not make the phone compute for hours. */
export const PIN_ITERATIONS_MAX = 10_000_000;

/** RFC 8018 asks for 8 at least. */
export const SALT_BYTES = 16;

/** Ten tries at a million PINs. */
export const PIN_DIGITS_MIN = 6;

/** Longer ones are mistyped. */
export const PIN_DIGITS_MAX = 16;

/** After so many wrong tries only the office can help: one chance in 100,000 for six random digits. */
export const TRIES_MAX = 10;

/** How long to wait after n wrong tries (index n): typing errors cost nothing, guessing costs an hour. */
export const DELAY_MS_AFTER_WRONG = [
  0, 0, 0, 5_000, 30_000, 60_000, 300_000, 900_000, 1_800_000, 3_600_000,
] as const;

/** A request or an answer of recovery has about 500 bytes; more is not one of ours. */
export const RECOVERY_BYTES_MAX = 4_096;
