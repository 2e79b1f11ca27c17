"""Every bound of the core, in one place, each with its reason.

Writers' limits are tighter than readers': what our client may write is less than what the office accepts,
so that an old office never refuses what a newer client was allowed to record.
"""

OPERATION_BYTES_MAX = 16_384
"""An operation is one line of JSON; ordinary ones are 500 bytes, a closing with many heads 10 kB."""

OPERATION_BYTES_MAX_WRITER = 8_192
"""What a client may write: half of what is accepted."""

EXCHANGE_OPERATIONS_MAX = 500
"""Operations in one request: two days of one agent; verification stays under 10 ms."""

EXCHANGE_OPERATIONS_MAX_WRITER = 200
"""What a client sends at once: about 100 kB, fits a signal of five seconds."""

EXCHANGE_BYTES_MAX = 4 * 1024 * 1024
"""Bytes of one request after decompression; a gzip bomb is cut here."""

EXCHANGE_SIDE_RECORDS_MAX = 500
"""Small side records in one request, one for each operation."""

SIDE_RECORD_INLINE_BYTES_MAX = 4_096
"""A side record inside an exchange: a note or a sealed answer. Larger ones travel apart."""

SIDE_RECORD_BYTES_MAX = 2 * 1024 * 1024
"""A photo that the phone has shrunk."""

SIDE_RECORD_SALT_BYTES = 16
"""Salt before the content, so that a short content cannot be found by hashing guesses."""

DOCUMENTS_PAGE_MAX = 200
"""Documents in one answer; the client pages until `more` is false."""

DOCUMENTS_PAGE_BYTES_MAX = 512 * 1024
"""Bytes of documents in one answer, for the same short signal."""

EPOCH_MAX = 65_535
"""Two bytes in a receipt; a phone restored every day for 179 years."""

SEQ_MAX = 2**32 - 1
"""Four bytes in a receipt."""

AMOUNT_MINOR_MAX = 10**12
"""Ten thousand million yuan at one door is a mistake; six bytes in a receipt would hold 2.8 × 10^14."""

INTEGER_MAX = 2**53 - 1
"""JSON integers beyond this change silently in a browser (RFC 8259 chapter 6); such an operation is held."""

TEXT_LENGTH_MAX = 200
"""Characters of an identifier or a coded text inside an operation; free text is a side record."""

CLOCK_DRIFT_PPM = 500
"""How far a phone's monotonic clock may run off: quartz is within 100 ppm, plus suspended sleep counting."""

CLOCK_DRIFT_INFO_MS = 120_000
"""A wall clock two minutes outside its interval is mentioned: people set clocks by hand that well."""

CLOCK_DRIFT_REVIEW_MS = 3_600_000
"""An hour outside (a wrong zone, a wrong day) is reviewed."""

HLC_COUNTER_MAX = 0xFFFF
"""Four hexadecimal digits; on overflow the clock moves one millisecond ahead (Kulkarni et al. 2014)."""

HLC_WALL_MS_MAX = 9_999_990_000_000
"""Wall clocks are followed up to 2286-11-20, ten thousand seconds short of what 13 digits hold: room to count on."""

PAY_TWICE_WINDOW_MS = 15 * 60_000
"""Two equal payments on one account possibly within a quarter of an hour look like one taken twice."""

QR_PREFIX_CHARACTERS_V8 = 29
"""Prefix that still fits QR version 8 at level M together with 292 digits."""

BADGE_MINUTES_MAX = 5
"""Minutes after which a badge is stale: long enough to scan it and load the page, too short to pass a picture on."""
