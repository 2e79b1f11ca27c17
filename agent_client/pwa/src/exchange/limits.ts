/** Bounds of the exchange on the phone's side, each with its reason; they are those of the Python client but for photos. */

/** Bytes of operations and side records in one request, before compression: a quarter of what the office takes. */
export const PAGE_BYTES_MAX = 1024 * 1024;

/** One answer after decompression: sixteen pages of documents; more is not an answer of ours. */
export const ANSWER_BYTES_MAX = 8 * 1024 * 1024;

/** Tries for one request before the agent is told to go on and sync later. */
export const SYNC_TRIES_MAX = 5;

/** Requests of one sync: 100,000 operations; an office that never says enough ends here. */
export const ROUNDS_MAX = 500;

/** First pause at most; each later one at most twice the one before, drawn evenly from zero (full jitter). */
export const BACKOFF_BASE_S = 0.5;

/** No pause of our own is longer: somebody is holding the phone up to find a signal. */
export const BACKOFF_CAP_S = 20;

/** How often an office may ask for operations again in one sync: about once for each epoch that it lost. */
export const RESENDS_MAX = 20;

/** How long an office may ask us to wait within one sync; longer means: sync later. */
export const RETRY_AFTER_S_MAX = 120;

/** Without any answer for so long there is no signal. */
export const TIMEOUT_S = 60;

/** Large side records sent apart in one sync; the rest goes with the next. */
export const SIDE_RECORDS_APART_MAX = 200;

/** One part of a photo: what a weak signal carries in a few seconds, so that little is sent twice. */
export const PART_BYTES = 128 * 1024;

/** Parts sent for one record in one sync: a record of 2 MiB has sixteen parts; more rounds mean that nothing moves. */
export const PARTS_MAX = 64;

/** Bytes of a request id for a new epoch. */
export const REQUEST_BYTES = 16;

/** Bytes of a nonce: 128 bits. */
export const NONCE_BYTES = 16;

/**
 * How long uploaded side records stay: an office that was restored from a backup may ask for them again within days; a phone
 * with a year of photos would be full, and holds no more of customers' lives than it must.
 */
export const UPLOADED_KEPT_MS = 14 * 86_400_000;
