"""Every bound of the office, in one place, each with its reason."""

WRITE_QUEUE_MAX = 1_024
"""Works waiting for the writer; beyond it a caller is told to come back instead of waiting unboundedly."""

WRITE_GROUP_MAX = 64
"""Works in one commit: enough to spread the disk's sync over a burst, few enough to answer within a blink."""

READ_CONNECTIONS_MAX = 40
"""Connections in the read pool: more than the 32 threads, the jobs and the reconciler that may read at once, since
the event loop reads too and must never wait for one."""

READ_WAIT_S = 10.0
"""How long a reader waits for a connection of the pool before it is told that the store is busy."""

BUSY_TIMEOUT_MS = 2_000
"""How long SQLite waits for another process's lock before the caller is told."""

QUERY_CHUNK = 500
"""Values in one IN (...) list; SQLite allows 32,766 parameters, plans stay small."""

PENDING_COUNT_MAX = 100_000
"""Health counts the backlog no further than this, so that it stays cheap."""

NONCE_LENGTH_MAX = 64
"""128 bits in hexadecimal are 32 characters; a reader allows twice that."""

NONCE_LENGTH_MIN = 16
"""Fewer than 64 bits would collide by accident."""

IDENTIFIER_LENGTH_MAX = 64
"""A device id has 16 characters, an agent's few."""

MODEL_LENGTH_MAX = 80
"""What a phone may say about its make."""

REQUEST_BYTES_MAX = 1024 * 1024
"""Body of any other request: forms and commands."""

DOCUMENTS_INLINE_MAX = 64
"""Changed documents that an exchange reads without handing over to a thread: a route's worth takes a fifth of a
millisecond, and the hand-over costs as much again."""

ENROL_CODE_BYTES = 16
"""128 random bits: cannot be guessed within ten minutes, or ever."""

ENROL_CODE_LIFE_MS = 10 * 60_000
"""An enrolment happens face to face; a code that lies about is worthless soon."""

KEYS_PAGE_MAX = 500
"""Published keys in one page: about 100 kB."""

SIDE_RECORDS_WANTED_MAX = 20
"""Missing side records named in one answer; the next answer names the next."""

SIDE_RECORD_PART_BYTES = 64 * 1024
"""What is kept of an upload at once: a second of a bad signal, so that little is sent twice when it breaks."""

SIDE_RECORD_UPLOADS_MAX = 8
"""Side records that one phone may have sent in part; it sends one after the other, and forgets some when restored."""

SIDE_RECORD_UPLOAD_BYTES_MAX = 8 * 1024 * 1024
"""Bytes of them in all: four of the largest, so that a thousand phones cannot fill a disk with halves."""

SIDE_RECORD_UPLOAD_LIFE_MS = 7 * 86_400_000
"""How long an upload waits to be gone on with: over a weekend and a few days of leave."""

REFOLD_PAGE = 1_000
"""Operations that are marked to be folded anew at once: what just arrived waits for no more than these."""

REFOLD_PAGES_AT_ONCE = 16
"""Pages in one run of the job: some seconds, for which a server that is told to stop waits."""

RECONCILE_CHUNK = 1_024
"""Pending operations in one run of the reconciler. Its write holds up exchanges for less than a tenth of a second; with
256 the same pages of the indexes were written half again as often, and a phone's day was folded in more pieces."""

WRITER_CACHE_KIB = 65_536
"""Of the one connection that writes. Not more: as long as the database is below a gibibyte SQLite looks at every page
in this cache at the end of a commit that split one, and 256 MiB made acknowledgements a twentieth slower."""

READER_CACHE_KIB = 16_384
"""Of each connection that reads."""

DATABASE_MAPPED_BYTES = 2_147_418_112
"""How much of the database is read where the system holds it, as far as SQLite goes: a page that is only looked at
needs no copy. It takes addresses, not memory."""

CHECKPOINT_CHANGES = 30_000
"""Changed rows after which the store's log is written back in the next pause: some tens of megabytes of it."""

CHECKPOINT_CHANGES_MAX = 150_000
"""Changed rows after which it is written back although commits go on: up to some 200 megabytes of log."""

CHECKPOINT_PAUSE_S = 0.25
"""Without a commit, the burst is over."""

HASHES_RECENT = 32_768
"""Recent hashes from which on they are merged with the others in the next pause: of a million, some three to a page."""

HASHES_AT_ONCE = 4_096
"""Merged in one work of the writer: some hundredths of a second."""

CHECKPOINT_RETRY_S = 1.0
"""Before the log is written back again when that failed."""

CHECKPOINT_WAIT_MS = 1_000
"""How long writing the log back waits for readers while writers wait for it: half of what these wait for a lock."""

LOG_PAGES_RESTART = 32_768
"""128 MiB of log, twice what an evening of two hundred phones writes, after which it is made to begin anew."""

PAGE_BYTES = 4_096
"""SQLite's default, which no database of ours changes."""

WAL_PAGES_MAX = 65_536
"""256 MiB of log, after which a commit writes it back itself: without pauses between commits it would grow for ever."""

ARRIVALS_KEPT = 100_000
"""Exchanges whose time of arrival a process remembers, a hundred bytes each."""

GARBAGE_THRESHOLDS = (50_000, 20, 100)
"""Of the collector of cycles: with its own it looked through all that was decoded for every 700 objects, found next to
nothing, and took an eighth of the time that folding takes."""

FOLD_PROCESSES_MAX = 4
"""Fold workers that are started unasked: the process that prepares and writes for them is busy enough with three."""

FOLD_ANSWER_S = 120.0
"""How long a fold worker may take for one run; a thousand operations with long histories take a second."""

FOLD_FAILURES_MAX = 3
"""Failures of fold workers in a row before the office folds everything itself until it is started again."""

FOLD_DECODED_MAX = 50_000
"""Operations that a fold worker remembers decoded, about a kilobyte each."""

RECONCILE_YIELD_S = 1.0
"""How long the reconciler waits for exchanges under way to end before it takes a chunk all the same."""

BACKLOG_READY_MAX = 50_000
"""Pending operations above which `/readyz` says that reconciliation is behind."""

RETRY_AFTER_S = 2
"""What an overloaded or busy office asks a client to wait."""

EXCHANGES_UNDER_WAY_MAX = 256
"""Exchanges handled at once; each may hold some megabytes. More are told to come back."""

ANSWER_GZIP_BYTES_MIN = 2_048
"""Smaller answers fit a packet or two; compressing them costs more than it saves."""

COMMAND_TIMEOUT_S = 120.0
"""How long a command waits for the running server: an import or a plan may take a minute."""

# -- people at the office: passwords, sessions, forms

PASSWORD_LENGTH_MIN = 10
"""NIST SP 800-63B asks for eight; money is decided with these, and nobody types them on a phone."""

PASSWORD_LENGTH_MAX = 256
"""Longer than any passphrase; argon2 works on every byte, so that a megabyte would be a way to stall it."""

LOGIN_TRIES_FREE = 5
"""Wrong passwords of one name before it has to wait; typing errors come in twos and threes."""

LOGIN_WAIT_FIRST_MS = 30_000
"""The first wait; it doubles with each further wrong password."""

LOGIN_WAIT_MAX_MS = 15 * 60_000
"""The longest wait: a guesser gets a hundred tries a day, and a forgetful cashier is not locked out of an evening."""

LOGIN_ADDRESS_TRIES = 30
"""Tries from one network address within `LOGIN_ADDRESS_WINDOW_MS`: a branch behind one address signs in at eight."""

LOGIN_ADDRESS_WINDOW_MS = 5 * 60_000
"""Window of `LOGIN_ADDRESS_TRIES`."""

PASSWORD_CHECKS_AT_ONCE = 2
"""argon2 takes 64 MiB and a core for each; more wait their turn."""

SESSION_IDLE_MS = 30 * 60_000
"""A console left alone at a counter signs itself out."""

SESSION_LIFE_MS = 12 * 3_600_000
"""A working day; whoever works longer signs in again."""

SESSION_TOUCH_MS = 60_000
"""How stale the last use in a session's row may be: one write a minute instead of one a click."""

SESSIONS_PER_USER_MAX = 5
"""Browsers of one person signed in at once; a sixth ends the oldest."""

# -- receipts, asked about by anybody

RECEIPT_CHECKS_PER_WINDOW = 40
"""Receipt checks from one address in a minute; a bank's hall behind one address stays below it."""

RECEIPT_GUESSES_PER_WINDOW = 10
"""Checks with last four digits or a visit code in a minute: ten thousand endings take most of a day to guess."""

RECEIPT_WINDOW_MS = 60_000
"""Window of the two above."""

RATE_ADDRESSES_MAX = 10_000
"""Addresses remembered by one limiter; the one longest unseen is forgotten first."""

WITNESSES_PER_SERIES_MAX = 8
"""Different receipt bodies journaled as witnesses of one receipt number: two prove a fraud, eight are no flood."""

RECEIPT_TEXT_MAX = 1_024
"""Characters of digits that are looked at: 292 and whatever a scanner appended."""

BADGE_CHECKS_PER_WINDOW = 40
"""Badge checks from one address in a minute, as for receipts."""

BADGE_GUESSES_PER_AGENT = 8
"""Wrong visit codes under one agent's badges in half a day. The phone knows eight bits of each code, which leave some
3,900 of a million: who holds the phone and guesses at one hits it once in two hundred days."""

BADGE_GUESSES_WINDOW_MS = 12 * 3_600_000
"""Window of `BADGE_GUESSES_PER_AGENT`."""

AGENT_PHOTO_BYTES_MAX = 96 * 1024
"""A face of 400 pixels as JPEG has 30 kB; a customer's phone loads it at the door, on whatever signal there is."""

DAY_AGENTS_MAX = 500
"""Agents of one branch on one day's page."""

DAY_STOPS_MAX = 2_000
"""Stops of one branch's day; 300 are usual at most."""

DAY_DISCREPANCIES_MAX = 2_000
"""Discrepancies on one day's page; one for each stop would be a day to investigate by other means."""

REVOKED_OPERATIONS_MAX = 100_000
"""Operations of one revoked epoch that are judged again when another arrives: years of one phone."""

WITNESS_ROWS_MAX = 8
"""Branches of a fork that are looked at for a witness's previous hash."""

CLOSING_WAIT_S = 10.0
"""How long a closing waits for reconciliation to catch up before it says so."""

BRANCHES_MAX = 1_000
"""Branches on the console's list: a large bank's province."""

JOB_PAGE = 500
"""Aggregates that one run of a job looks at; the next run goes on behind them."""

RECEIPT_DEADLINE_MS = 20 * 3_600_000
"""How long after its scan a receipt may stay unreported: an agent without signal all day syncs in the evening."""

PROMISE_WAIT_DAYS = 2
"""Days after a promise's own before the office looks for the money: so long may a phone be without signal."""

SETTLEMENT_DEADLINE_MS = 3 * 86_400_000
"""How long a payment may wait for its settlement line, or a line for its payment: statements come the next working day,
and a weekend lies between."""

SETTLEMENTS_WAITING_MAX = 10_000
"""Orders that wait for their statement or payment and are compared at once: a week of a large bank's wallets."""

MATCH_WINDOW_MS = 86_400_000
"""How far a line's time may lie from a payment's for the two to be proposed: providers book a day late."""

MATCH_NEAR_MS = 10 * 60_000
"""A payment at the door and the provider's own time of it lie within minutes."""

MATCH_CONFIDENCE_MIN = 75
"""Percent from which a rule alone may match: the same amount within minutes, or the account named."""

REMITTANCE_LINES_MAX = 5_000
"""Lines of one batch, written in one transaction; what is more waits for the next batch."""

RESTORE_BATCHES_MAX = 10_000
"""Batches that a creditor can have got since a backup; a larger number is mistyped, and would use up all below it."""
