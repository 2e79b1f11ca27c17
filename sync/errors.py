"""Every error that Doorstep raises on purpose.

::

    DoorstepError
    ├── Refused        input from a device, a person or a file that is not accepted (4xx)
    ├── Conflict       somebody else changed the thing first, or its state forbids the step (409)
    ├── NotAllowed     not signed in, wrong role, revoked device, wrong signature (401, 403)
    ├── Unavailable    try again later: locked database, full disk, port in use (503)
    └── Corrupt        something stored is not what was written (500); set aside, never reset

An error names a stable code of `ERROR_CODES`; the code carries status, title and remedy, the
exception carries the cause with its values. HTTP translates it to an RFC 9457 problem in one place,
the command lines print one readable line.
"""

from __future__ import annotations

import msgspec

__all__ = [
    "ERROR_CODES",
    "Conflict",
    "Corrupt",
    "DoorstepError",
    "ErrorCode",
    "NotAllowed",
    "Refused",
    "Unavailable",
]


class ErrorCode(msgspec.Struct, frozen=True):
    """One stable error code: HTTP status, a title for people, and what to do about it."""

    status: int
    title: str
    remedy: str


ERROR_CODES: dict[str, ErrorCode] = {
    # -- the envelope of an operation and of an exchange (DESIGN chapter 5: refused, not held)
    "EXCHANGE-MALFORMED": ErrorCode(
        400, "The request is not a valid exchange", "Send the members that PROTOCOL.md lists, as JSON."
    ),
    "EXCHANGE-TOO-LARGE": ErrorCode(
        413, "The request is larger than allowed", "Send fewer operations in one request and page."
    ),
    "EXCHANGE-TOO-MANY": ErrorCode(
        413, "Too many operations or side records in one request", "Page: send the rest in the next request."
    ),
    "EXCHANGE-ENCODING": ErrorCode(
        400, "The body's compression is broken or unknown", "Send plain JSON or one complete gzip stream."
    ),
    "PROTOCOL-UNKNOWN": ErrorCode(400, "Unknown protocol version", "Update the client or the server."),
    "FRAMING-BROKEN": ErrorCode(
        400, "An operation is not one line of UTF-8 JSON", "Write operations without CR, LF or NUL bytes."
    ),
    "ENVELOPE-BROKEN": ErrorCode(
        400,
        "An operation's envelope cannot be read",
        "Write device, epoch, seq and prev as PROTOCOL.md says.",
    ),
    "OPERATION-TOO-LARGE": ErrorCode(413, "An operation is larger than allowed", "Put large content in a side record."),
    "CHAIN-BROKEN": ErrorCode(
        400, "The operations do not form one chain", "Send operations in order, each naming the one before."
    ),
    "SIGNATURE-WRONG": ErrorCode(
        401, "The signature does not verify", "Sign head, cursor, clock and nonce with the device's own key."
    ),
    "HEAD-MISMATCH": ErrorCode(
        400, "The signed head is not the last operation sent", "Sign the head of the last operation sent."
    ),
    "DEVICE-UNKNOWN": ErrorCode(401, "No such device is enrolled", "Enrol the phone with a fresh code."),
    "DEVICE-REVOKED": ErrorCode(
        403, "This device was revoked", "Uploads still work; ask a supervisor about the phone."
    ),
    "DEVICE-LOCKED": ErrorCode(
        403, "This device is locked", "Uploads still work; ask a supervisor to unlock the phone."
    ),
    "EPOCH-UNKNOWN": ErrorCode(
        409, "This epoch was not assigned to the device", "Ask for a new epoch and go on in it."
    ),
    "NONCE-REUSED": ErrorCode(409, "This nonce was used before", "Repeat the request with a fresh nonce."),
    "SIDE-RECORD-MISMATCH": ErrorCode(
        400, "A side record does not have the hash it is named by", "Send the bytes that were hashed."
    ),
    "SIDE-RECORD-UNKNOWN": ErrorCode(404, "No such side record is held", "Upload it, or check the hash."),
    "UPLOAD-OFFSET-WRONG": ErrorCode(
        409, "The upload does not go on from there", "Go on from the offset that the answer names."
    ),
    # -- enrolment
    "ENROL-CODE-WRONG": ErrorCode(403, "The enrolment code is not valid", "Ask the office for a new code."),
    "ENROL-CODE-USED": ErrorCode(403, "The enrolment code was used", "Ask the office for a new code."),
    "ENROL-CODE-EXPIRED": ErrorCode(403, "The enrolment code has expired", "Ask the office for a new code."),
    # -- receipts
    "RECEIPT-MALFORMED": ErrorCode(
        400, "These are not a receipt's digits", "Scan the code again, or type the short receipt number."
    ),
    "RECEIPT-FORGED": ErrorCode(
        400, "The receipt's signature is not one of ours", "Keep the paper and call the office."
    ),
    "RECEIPT-UNKNOWN": ErrorCode(404, "No receipt has this number", "Check each character, then call us."),
    "BADGE-MALFORMED": ErrorCode(400, "These are not a badge's digits", "Scan the code again."),
    "BADGE-FORGED": ErrorCode(400, "The badge's signatures are not ours", "Give no money, and call the office."),
    # -- office commands
    "NOT-SIGNED-IN": ErrorCode(401, "You are not signed in", "Sign in and try again."),
    "LOGIN-WRONG": ErrorCode(401, "Name or password is wrong", "Check both; after many tries wait."),
    "LOGIN-LOCKED": ErrorCode(429, "Too many tries", "Wait for the time stated, then try again."),
    "CSRF-WRONG": ErrorCode(403, "The form is stale or came from elsewhere", "Load the page again."),
    "ROLE-MISSING": ErrorCode(403, "Your role may not do this", "Ask somebody who holds the role named."),
    "TWO-PERSONS": ErrorCode(403, "This needs two persons", "Let a second person confirm with their password."),
    "OWN-RECORD": ErrorCode(403, "Nobody decides on what they recorded", "Let somebody else decide."),
    "STATE-STALE": ErrorCode(409, "It changed since you looked", "Look at the present state, then repeat the command."),
    "STATE-FORBIDS": ErrorCode(409, "Its present state does not allow this", "See the cause for what is in the way."),
    "NOT-FOUND": ErrorCode(404, "No such thing", "Check the identifier."),
    "METHOD-NOT-ALLOWED": ErrorCode(405, "This address does not take that method", "See the OpenAPI document."),
    "ARGUMENT-WRONG": ErrorCode(400, "A value is not acceptable", "Correct the value named in the cause."),
    "CLOSING-REFUSED": ErrorCode(
        409, "The day cannot be closed yet", "Settle each item named, or carry it forward by two persons."
    ),
    "RESTORE-UNCONFIRMED": ErrorCode(
        409,
        "The office was set back to a backup, and what is missing is not confirmed",
        "See doorstep restore status; it says what is to be confirmed, and by whom.",
    ),
    "CLOSING-STALE": ErrorCode(409, "Reconciliation is not finished", "Wait a moment and close again."),
    # -- files
    "IMPORT-MALFORMED": ErrorCode(
        422, "The import file is not acceptable", "Correct the rows named; nothing was imported."
    ),
    "FILE-UNREADABLE": ErrorCode(400, "A file cannot be read", "Check the path, its owner and its mode."),
    "KEY-FILE-WRONG": ErrorCode(500, "A key file is missing or unreadable", "Restore it, or run doorstep init."),
    "CLOCK-WRONG": ErrorCode(400, "The clock setting cannot be read", "Write start=...;real=...;rate=..."),
    # -- the machine
    "STORE-LOCKED": ErrorCode(503, "The database is busy", "Try again in a moment; another process holds it."),
    "STORE-FULL": ErrorCode(503, "The disk is full", "Free space; nothing that was acknowledged is lost."),
    "STORE-CORRUPT": ErrorCode(
        500, "Something stored is not what was written", "Run doorstep verify and restore what it names."
    ),
    "STORE-VERSION": ErrorCode(500, "The database is from a newer version", "Update Doorstep."),
    "PORT-IN-USE": ErrorCode(503, "The port is in use", "Choose another with --port, or stop the other program."),
    "NETWORK-DOWN": ErrorCode(503, "The office cannot be reached", "Go on working; sync when there is signal."),
    "ANSWER-UNTRUSTED": ErrorCode(
        502,
        "The office's answer is not signed as it should be",
        "Check the address; enrol again if keys changed.",
    ),
    "RATE-LIMITED": ErrorCode(429, "Too many requests", "Wait for the seconds in Retry-After."),
    "INTERNAL": ErrorCode(500, "Something unexpected happened", "Report the reference to the operator."),
    # -- the phone
    "PIN-WRONG": ErrorCode(403, "Wrong PIN or passphrase", "Try again; see how many tries are left."),
    "PIN-LOCKED": ErrorCode(403, "Too many wrong tries", "Wait for the time stated, or recover through the office."),
    "VAULT-MISSING": ErrorCode(404, "No vault is here", "Enrol this phone first."),
    "VAULT-EXISTS": ErrorCode(409, "A vault is here already", "Use another folder; a vault is never overwritten."),
    "VAULT-CORRUPT": ErrorCode(500, "The vault's files are damaged", "Keep them, and ask the office for recovery."),
    "KEYSTORE-MISSING": ErrorCode(503, "This machine has no key store", "Use a passphrase instead of a PIN."),
    "SECRET-WEAK": ErrorCode(400, "The PIN or passphrase is too weak", "Choose a longer one."),
    "RECOVERY-WRONG": ErrorCode(400, "The recovery answer does not fit", "Make a new request and repeat."),
    "BADGE-MISSING": ErrorCode(409, "No badge for today is on this phone", "Pull while there is signal."),
    "PACK-MISSING": ErrorCode(409, "No route is on this phone for that day", "Pull while there is signal."),
    "WORK-REFUSED": ErrorCode(409, "This step does not fit what was recorded", "See the cause."),
}
"""Code → status, title, remedy. Codes are never reused or renamed."""


class DoorstepError(Exception):
    """Base of all; `code` is a key of `ERROR_CODES`, `cause` a sentence with the values concerned."""

    def __init__(self, code: str, cause: str, /, **context: object) -> None:
        super().__init__(f"{code}: {cause}")
        self.code = code
        self.cause = cause
        self.context = context

    @property
    def entry(self) -> ErrorCode:
        """Status, title and remedy of this error's code."""
        return ERROR_CODES[self.code]

    @property
    def remedy(self) -> str:
        """What the reader can do about it."""
        return self.entry.remedy


class Refused(DoorstepError):
    """Input that is not accepted; nothing was stored."""


class Conflict(DoorstepError):
    """The state does not allow the step, or changed before it."""


class NotAllowed(DoorstepError):
    """Identity, role or signature does not permit it."""


class Unavailable(DoorstepError):
    """The machine or the network cannot do it now; repeating later is safe."""


class Corrupt(DoorstepError):
    """What was read is not what was written."""
