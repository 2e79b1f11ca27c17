/** Every bound, each with its reason. Written by `python -m agent_client.pwa_types`; never edited by hand. */

/** An operation is one line of JSON; ordinary ones are 500 bytes, a closing with many heads 10 kB. */
export const OPERATION_BYTES_MAX = 16384;

/** What a client may write: half of what is accepted. */
export const OPERATION_BYTES_MAX_WRITER = 8192;

/** Operations in one request: two days of one agent; verification stays under 10 ms. */
export const EXCHANGE_OPERATIONS_MAX = 500;

/** What a client sends at once: about 100 kB, fits a signal of five seconds. */
export const EXCHANGE_OPERATIONS_MAX_WRITER = 200;

/** Bytes of one request after decompression; a gzip bomb is cut here. */
export const EXCHANGE_BYTES_MAX = 4194304;

/** Small side records in one request, one for each operation. */
export const EXCHANGE_SIDE_RECORDS_MAX = 500;

/** A side record inside an exchange: a note or a sealed answer. Larger ones travel apart. */
export const SIDE_RECORD_INLINE_BYTES_MAX = 4096;

/** A photo that the phone has shrunk. */
export const SIDE_RECORD_BYTES_MAX = 2097152;

/** Salt before the content, so that a short content cannot be found by hashing guesses. */
export const SIDE_RECORD_SALT_BYTES = 16;

/** Documents in one answer; the client pages until `more` is false. */
export const DOCUMENTS_PAGE_MAX = 200;

/** Bytes of documents in one answer, for the same short signal. */
export const DOCUMENTS_PAGE_BYTES_MAX = 524288;

/** Two bytes in a receipt; a phone restored every day for 179 years. */
export const EPOCH_MAX = 65535;

/** Four bytes in a receipt. */
export const SEQ_MAX = 4294967295;

/** Ten thousand million yuan at one door is a mistake; six bytes in a receipt would hold 2.8 × 10^14. */
export const AMOUNT_MINOR_MAX = 1000000000000;

/** JSON integers beyond this change silently in a browser (RFC 8259 chapter 6); such an operation is held. */
export const INTEGER_MAX = 9007199254740991;

/** Characters of an identifier or a coded text inside an operation; free text is a side record. */
export const TEXT_LENGTH_MAX = 200;

/** How far a phone's monotonic clock may run off: quartz is within 100 ppm, plus suspended sleep counting. */
export const CLOCK_DRIFT_PPM = 500;

/** A wall clock two minutes outside its interval is mentioned: people set clocks by hand that well. */
export const CLOCK_DRIFT_INFO_MS = 120000;

/** An hour outside (a wrong zone, a wrong day) is reviewed. */
export const CLOCK_DRIFT_REVIEW_MS = 3600000;

/** Four hexadecimal digits; on overflow the clock moves one millisecond ahead (Kulkarni et al. 2014). */
export const HLC_COUNTER_MAX = 65535;

/** Wall clocks are followed up to 2286-11-20, ten thousand seconds short of what 13 digits hold: room to count on. */
export const HLC_WALL_MS_MAX = 9999990000000;

/** Two equal payments on one account possibly within a quarter of an hour look like one taken twice. */
export const PAY_TWICE_WINDOW_MS = 900000;

/** Prefix that still fits QR version 8 at level M together with 292 digits. */
export const QR_PREFIX_CHARACTERS_V8 = 29;

/** Minutes after which a badge is stale: long enough to scan it and load the page, too short to pass a picture on. */
export const BADGE_MINUTES_MAX = 5;

/** Bytes of operations and side records in one request, before compression: a quarter of what the office takes. */
export const PAGE_BYTES_MAX = 1048576;

/** One answer after decompression: sixteen pages of documents; more is not an answer of ours. */
export const ANSWER_BYTES_MAX = 8388608;

/** Tries for one request before the agent is told to go on and sync later. */
export const SYNC_TRIES_MAX = 5;

/** Requests of one sync: 100,000 operations; an office that never says enough ends here. */
export const ROUNDS_MAX = 500;

/** First pause at most; each later one at most twice the one before, drawn evenly from zero (full jitter). */
export const BACKOFF_BASE_S = 0.5;

/** No pause of our own is longer: somebody is holding the phone up to find a signal. */
export const BACKOFF_CAP_S = 20.0;

/** How often an office may ask for operations again in one sync: about once for each epoch that it lost. */
export const RESENDS_MAX = 20;

/** How long an office may ask us to wait within one sync; longer means: sync later. */
export const RETRY_AFTER_S_MAX = 120.0;

/** A village's signal is slow, but ten seconds without a connection is none. */
export const CONNECT_TIMEOUT_S = 10.0;

/** Between two bytes of an answer. */
export const TIMEOUT_S = 60.0;

/** Large side records sent apart in one sync; the rest goes with the next. */
export const SIDE_RECORDS_APART_MAX = 200;

/** A note or a reported detail, so that with its salt it travels inside the exchange. */
export const NOTE_BYTES_MAX = 4000;

/** Instalments of a plan: five years, the longest that the card rules allow. */
export const PLAN_PERIODS_MAX = 60;

/** Ten tries at a million PINs; four digits would fall in minutes to somebody who has the key store's secret. */
export const PIN_DIGITS_MIN = 6;

/** Longer ones are mistyped; whoever wants more takes a passphrase. */
export const PIN_DIGITS_MAX = 16;

/** A passphrase stands alone, without a key store's secret, so it carries the whole strength. */
export const PASSPHRASE_CHARACTERS_MIN = 12;

/** Bounds the work before hashing; nobody types more. */
export const PASSPHRASE_CHARACTERS_MAX = 256;

/** `aaaaaaaaaaaa` has twelve characters and no strength. */
export const PASSPHRASE_DISTINCT_MIN = 5;

/** RFC 9106's recommendation. */
export const SALT_BYTES = 16;

/** After so many wrong tries only the office can help: one chance in 100,000 for six random digits. */
export const TRIES_MAX = 10;

/** How long to wait after n wrong tries (index n): typing errors cost nothing, guessing costs an hour. */
export const DELAY_MS_AFTER_WRONG = [0, 0, 0, 5000, 30000, 60000, 300000, 900000, 1800000, 3600000] as const;

/** Rules in one policy: a jurisdiction's rules fit on a page or two; more means that files were joined by mistake. */
export const RULES_MAX = 200;

/** Windows of one rule or one agreement: four for each day of the week. */
export const WINDOWS_MAX = 28;

/** The longest period over which contacts are counted; laws count by day, week or month. */
export const CONTACT_DAYS_MAX = 366;

/** Past contacts in one situation: five a day for a year. More are cut by the caller to the period that counts. */
export const CONTACTS_MAX = 2000;

/** 1970: no contact is older, so an interval without lower bound begins here. */
export const TIME_MS_MIN = 0;

/** 2286, where the journals' clocks end; an interval without upper bound ends here. */
export const TIME_MS_MAX = 9999990000000;

/** Permitted hours repeat every week, and no two weeks running have a clock change: a fortnight shows every state. */
export const SCAN_MS_MAX = 1296000000;

/** No zone changes its offset twice within three hours, so that sampling this far apart misses no change. */
export const OFFSET_STEP_MS = 10800000;

/** Where a next permitted moment is looked for first: nights end within it. */
export const NEAR_MS = 172800000;

/** Rounds in search of a moment that every rule permits; rules that never agree end here. */
export const NEXT_STEPS_MAX = 60;

/** Five years of months: the longest personal repayment plan on a card (China's card rules, article 70). */
export const PERIODS_MAX = 60;

/** A deferral is no longer than a plan may be. */
export const DEFERRAL_MONTHS_MAX = 60;

/** Older plans are in no journal. */
export const DUE_YEAR_MIN = 1970;

/** A first instalment beyond is a mistyped year. */
export const DUE_YEAR_MAX = 2200;

/** Instalments are due monthly, quarterly, at the most yearly. */
export const EVERY_MONTHS_MAX = 12;

/** 100 % a year: no lawful rate comes near it, and a rate typed in the wrong unit does. */
export const RATE_BP_MAX = 10000;

/** Rates down to a ten-thousandth of a basis point; finer ones are mistakes. */
export const RATE_DIVISOR_MAX = 10000;

/** A reduction leaves something to pay; forgiving everything is another decision than a plan. */
export const REDUCTION_BP_MAX = 9999;

/** More than a quarter of grace is another due date. */
export const GRACE_DAYS_MAX = 90;

/** Payments judged at once: five on each day of the longest plan. */
export const PAYMENTS_MAX = 10000;

/** More columns than anybody reads side by side. */
export const SCHEMES_COMPARED_MAX = 12;

/** Two years: what an agent may agree on at the door by the house's own rule. */
export const AGENT_PERIODS_MAX = 24;

/** An agent may bridge two missing wages; more is another plan. */
export const AGENT_DEFERRAL_MONTHS_MAX = 2;

/** A debt of 100,000.00 in the account's currency; larger ones are the office's to negotiate. No agent may waive any. */
export const AGENT_TOTAL_MINOR_MAX = 10000000;
