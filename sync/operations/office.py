"""What the office writes: imports, plans, assignments, arrivals, decisions, counts and closings.

Everything that changes state is an operation. One that changes a plan, decides, counts or closes is a
compare-and-set: `basis` is the hash of the last office operation on the same aggregate that the author saw
(empty for the first), and the store refuses it when another came between (STATE-STALE).
"""

from __future__ import annotations

from typing import Literal

import msgspec

from sync.operations.field import Denomination, _Body
from sync.operations.money import MoneyBody

__all__ = [
    "AccountImported",
    "AgentRegistered",
    "CashCounted",
    "DayClosed",
    "DetailsVerified",
    "DeviceEnrolled",
    "DeviceLocked",
    "DeviceRevoked",
    "DeviceUnlocked",
    "DiscrepancyDecided",
    "EpochOpened",
    "ExchangeReceived",
    "ExternalPaymentRecorded",
    "Head",
    "IdentityJudged",
    "JournalLost",
    "NoticeIssued",
    "NoticeWithdrawn",
    "OfficeBody",
    "OfficeOpened",
    "PackIssued",
    "PromiseJudged",
    "ReceiptCheckAnswered",
    "ReceiptUnreported",
    "ReceiptWitnessed",
    "RecoveryAnswered",
    "VisitAssigned",
    "VisitCancelled",
    "VisitMoved",
    "VisitPlanned",
    "VoidConfirmed",
]


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place in a journal, named by hash: at or below it means ancestor of it, never a smaller number."""

    device: str
    epoch: int
    seq: int
    hash: str


class OfficeOpened(_Body, frozen=True, tag=True):
    """A writing server process took up its journal; `continues` is the head before, empty for the first."""

    process: str
    public_key: str
    continues: str = ""


class AgentRegistered(_Body, frozen=True, tag=True):
    """An agent of a branch; name and photo are personal and kept apart."""

    agent: str
    branch: str
    home_lat_e7: int
    home_lon_e7: int
    shift_starts_s: int
    shift_ends_s: int
    visits_max: int
    cash_limit_minor: int
    currency: str
    details: str
    skills: tuple[str, ...] = ()
    photo: str = ""
    """Side record with a small picture, which customers see on a genuine badge."""


class DeviceEnrolled(_Body, frozen=True, tag=True):
    """A phone got its id, which is also its receipts' key id; it speaks for one agent."""

    device: str
    agent: str
    branch: str
    public_key: str


class EpochOpened(_Body, frozen=True, tag=True):
    """A new epoch for a device; its first operation names the head that it continues."""

    device: str
    epoch: int
    continues: str
    request: str
    reason: Literal["enrolled", "fork", "restored", "requested"]


class DeviceRevoked(_Body, frozen=True, tag=True):
    """From here on, only what is at or below these heads, or what these witnesses cover, counts."""

    device: str
    heads: tuple[Head, ...]
    witnesses: tuple[str, ...] = ()
    """Receipts (base64url of 120 bytes) that customers had shown before."""
    reason: str = ""


class DeviceLocked(_Body, frozen=True, tag=True):
    """From its next exchange on the phone shows nothing but uploading, and is given nothing; all that it wrote counts.

    The latest lock or unlocking holds.
    """

    device: str
    wipe_after_upload: bool = False
    """Once everything is acknowledged the phone removes its documents and uploaded side records."""
    reason: str = ""
    basis: str = ""


class DeviceUnlocked(_Body, frozen=True, tag=True):
    """A lock is lifted, and a wipe that the phone has not done yet; it fetches its documents anew."""

    device: str
    reason: str = ""
    basis: str = ""


class RecoveryAnswered(_Body, frozen=True, tag=True):
    """Somebody at the office answered a phone whose PIN was forgotten, and so gave its database's key back to it."""

    device: str
    request: str
    """SHA-256 of the request in canonical JSON."""
    identified: Literal["in_person", "call_back"]
    """How the office made sure who asked: face to face, or by calling the agent's number."""


class JournalLost(_Body, frozen=True, tag=True):
    """Two persons close over what a device never delivered; `to_seq` 0 means the tail after `from_seq`."""

    device: str
    epoch: int
    from_seq: int
    to_seq: int
    pack: str
    second: str
    reason: str


class ExchangeReceived(_Body, frozen=True, tag=True):
    """Arrival is a fact: what one exchange brought, and the phone's clocks inside it.

    `new` operations from `first_seq` to `last_seq`, ending in `last_hash`, were stored with this; `again`
    were already here. The envelope's time is the receive time.
    """

    device: str
    epoch: int
    first_seq: int
    last_seq: int
    last_hash: str
    new: int
    again: int
    received_ms: int
    boot: str
    mono_ms: int
    wall: str
    pack: str = ""
    """What the last operation of the request named as its pack: whose day this exchange belongs to."""


class PackIssued(_Body, frozen=True, tag=True):
    """A route pack was made for an agent and a service day; `pack` is ``YYYY-MM-DD/agent``."""

    pack: str
    agent: str
    branch: str
    service_day: str
    visits: tuple[str, ...]
    float_minor: int = 0
    currency: str = "CNY"
    carried_minor: int = 0
    """Cash that the agent still held when the drawer before was closed."""
    cash_limit_minor: int = 0
    """What the agent may hold in hand, in `currency`; 0: no limit is known."""


class AccountImported(_Body, frozen=True, tag=True):
    """A creditor's statement of one account as of a time; the latest as-of wins in any order of arrival."""

    account: str
    customer: str
    creditor: str
    currency: str
    as_of_ms: int
    minimum_due_minor: int
    overdue_minor: int
    statement_minor: int
    payoff_minor: int
    due: str
    months_late: int
    status: Literal["open", "written_off", "recalled", "moratorium", "disputed", "ceased"]
    last_four: str
    details: str
    """Side record: name, phone, address, language."""
    lat_e7: int
    lon_e7: int
    source: str = ""
    absorbs_through: int = 0
    """The amounts have our remittance lines in them of every batch through this number, but for rejected ones."""
    absorbs_references: tuple[str, ...] = ()
    """Booking references of payments made elsewhere that the amounts have in them, beside all up to the as-of."""


class ExternalPaymentRecorded(_Body, frozen=True, tag=True):
    """The creditor says that the customer paid elsewhere: online, at a counter."""

    external: str
    account: str
    amount_minor: int
    currency: str
    paid_ms: int
    channel: str
    reference: str = ""
    """The creditor's booking reference."""
    branch: str = ""
    """In whose books it stands; empty: the branch of the account's first visit."""


class NoticeIssued(_Body, frozen=True, tag=True):
    """A version of an overdue notice; a higher version supersedes the ones before."""

    notice: str
    version: int
    account: str
    customer: str
    title: str
    content_sha256: str
    amount_minor: int
    currency: str
    issued_on: str
    basis: str = ""


class NoticeWithdrawn(_Body, frozen=True, tag=True):
    """No version of this notice shall be delivered any more."""

    notice: str
    account: str
    reason: Literal["settled", "error", "disputed", "recalled"]
    basis: str = ""


class VisitPlanned(_Body, frozen=True, tag=True):
    """A visit exists: booked by the customer or planned by the office."""

    visit: str
    account: str
    customer: str
    branch: str
    service_day: str
    tasks: tuple[Literal["collect", "notice", "identity", "negotiate", "update_details"], ...]
    window_starts_s: int
    window_ends_s: int
    service_s: int
    mandatory: bool
    prize: int
    origin: Literal["booking", "planned"]
    booked_minor: int = 0
    notice: str = ""
    code: str = ""
    """Side record with the visit code, where the customer got one."""
    lat_e7: int = 0
    lon_e7: int = 0
    """Where the address is, WGS-84; both 0: not known, and no place is judged."""
    zone: str = ""
    """The customer's IANA time zone; empty: not known, and no hours are judged."""
    staff_min: int = 0
    """So many of our staff make this visit together; below 2 nobody asks."""


class VisitAssigned(_Body, frozen=True, tag=True):
    """The visit is agent's, at a position in the route of a day; `basis` makes it a compare-and-set."""

    visit: str
    agent: str
    service_day: str
    position: int
    eta_s: int
    leg_m: int = 0
    basis: str = ""


class VisitMoved(_Body, frozen=True, tag=True):
    """The visit was moved to another day or window; it is no longer assigned."""

    visit: str
    service_day: str
    window_starts_s: int
    window_ends_s: int
    basis: str = ""


class VisitCancelled(_Body, frozen=True, tag=True):
    """The visit shall not happen."""

    visit: str
    reason: Literal["customer", "office", "settled", "unsafe"]
    basis: str = ""


class ReceiptWitnessed(_Body, frozen=True, tag=True):
    """A customer's scan: the 120 signed bytes, verified before they were journaled."""

    receipt: str
    scanned_ms: int


class ReceiptCheckAnswered(_Body, frozen=True, tag=True):
    """Whoever scanned this receipt gave a check value that is another account's, visited by this agent that day."""

    series: str
    matches: Literal["last_four", "visit_code"]
    account: str
    """The account whose value it is."""
    visit: str


class ReceiptUnreported(_Body, frozen=True, tag=True):
    """By the office's deadline no operation carries this receipt's number; a rule about absence."""

    series: str
    witness: str
    deadline_ms: int
    ended: str = ""
    """Hash of the device's `DayEnded` that covers the number; empty while that day is unreported."""
    place: Literal["free", "taken", "forked", "held"] = "free"
    """What the office found at the receipt's (epoch, seq); only a free place allows suspicion."""


class VoidConfirmed(_Body, frozen=True, tag=True):
    """The customer confirmed a void: by the void code that only they hold, or from the registered contact."""

    payment: str
    voided: str
    """Receipt series of the voided payment."""
    means: Literal["void_code", "registered_contact"]


class IdentityJudged(_Body, frozen=True, tag=True):
    """The office opened a sealed answer and compared it; `check` is the hash of the IdentityChecked."""

    visit: str
    check: str
    matched: bool


class PromiseJudged(_Body, frozen=True, tag=True):
    """The office looked for the money as of a day; a rule about absence.

    `promise` is the hash of the PromiseMade, or of the PlanProposed whose instalments were looked for.
    """

    account: str
    promise: str
    as_of_day: str
    """``YYYY-MM-DD``, local; what was due before it is judged, what is due on it is not."""


class DetailsVerified(_Body, frozen=True, tag=True):
    """The office verified a contact field; it beats every report."""

    customer: str
    field: Literal["phone", "address", "email", "employer", "language"]
    value: str


class DiscrepancyDecided(_Body, frozen=True, tag=True):
    """A named person decided a discrepancy on the ground that they saw."""

    rule: str
    subject: str
    ground: str
    outcome: Literal["accept", "void", "refund", "carry", "move", "excuse", "escalate", "confirm_fail", "confirm_pass"]
    second: str = ""
    note: str = ""
    amount_minor: int = 0
    account: str = ""
    basis: str = ""


class CashCounted(_Body, frozen=True, tag=True):
    """The cashier's blind count of what an agent handed over for a day."""

    agent: str
    service_day: str
    amount_minor: int
    currency: str
    denominations: tuple[Denomination, ...] = ()
    basis: str = ""


class DayClosed(_Body, frozen=True, tag=True):
    """Fixes a branch's day: the heads it covers and the lines it booked (by digest and document)."""

    branch: str
    service_day: str
    number: int
    """Counted per branch from 1."""
    before: str
    """Hash of the closing before it; empty for the branch's first."""
    heads_document: str
    """SHA-256 of the document that lists every journal head covered."""
    lines_document: str
    """SHA-256 of the document with the lines booked."""
    books_digest: str
    agents: tuple[str, ...]
    carried: tuple[str, ...] = ()
    """What two persons carried forward, by name."""
    second: str = ""


OfficeBody = (
    OfficeOpened
    | AgentRegistered
    | DeviceEnrolled
    | EpochOpened
    | DeviceRevoked
    | DeviceLocked
    | DeviceUnlocked
    | RecoveryAnswered
    | JournalLost
    | ExchangeReceived
    | PackIssued
    | AccountImported
    | ExternalPaymentRecorded
    | NoticeIssued
    | NoticeWithdrawn
    | VisitPlanned
    | VisitAssigned
    | VisitMoved
    | VisitCancelled
    | ReceiptWitnessed
    | ReceiptCheckAnswered
    | ReceiptUnreported
    | VoidConfirmed
    | IdentityJudged
    | PromiseJudged
    | DetailsVerified
    | DiscrepancyDecided
    | CashCounted
    | DayClosed
    | MoneyBody
)
"""Every body that only the office may author."""
