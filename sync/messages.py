"""What travels in an exchange (`POST /api/v1/sync`), in enrolment and in a route pack.

A signed message is ``{"payload": {...}, "signature": "...", "key": "..."}``; the signature covers the *exact
bytes* of the payload as it stands in the message, behind the domain tag of its kind. Nobody re-encodes a
payload that somebody else signed.

Documents are what an agent holds for the day, each under a name:

=================================  ==========================================================================
``pack/DAY/AGENT``                 `Pack`: the day's frame; ``visits`` in driving order
``visit/ID``                       `VisitDocument`: one stop with who, what is owed, what is forbidden
``notice/ID``                      `NoticeDocument`: the version to hand over
``badge/AGENT/DAY``                `BadgeDocument`: the office's certificates for the agent's phones and that day
``journal/DEVICE/EPOCH``           `JournalDocument`: how far the office has reconciled
``verdict/HASH``                   `VerdictDocument`: an operation that is held or disputed, and why
=================================  ==========================================================================
"""

from __future__ import annotations

from typing import Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from sync.encoding import b64, unb64, without_surrogates
from sync.errors import NotAllowed, Refused
from sync.signing import TAG_ACKNOWLEDGEMENT, TAG_EXCHANGE, sign, verify

__all__ = [
    "PROTOCOL_VERSION",
    "Acknowledgement",
    "BadgeCertificate",
    "BadgeDocument",
    "Claims",
    "ClockClaim",
    "Cursor",
    "DocumentChange",
    "EnrolAnswer",
    "EnrolRequest",
    "EpochGrant",
    "EpochRequest",
    "ExchangeAnswer",
    "ExchangeRequest",
    "JournalDocument",
    "NoticeDocument",
    "Pack",
    "PublishedKey",
    "PublishedKeys",
    "Resend",
    "SideRecordMessage",
    "Signed",
    "VerdictDocument",
    "VisitDocument",
    "read_acknowledgement",
    "read_request",
    "sign_acknowledgement",
    "sign_claims",
    "verify_claims",
]

PROTOCOL_VERSION = 1
Raw = msgspec.Raw


class _Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Readers ignore members that they do not know; new ones have defaults."""


class Signed(_Message, frozen=True):
    """A payload's exact bytes, the base64url of 64 signature bytes, and the id of the key that made them."""

    payload: Raw
    signature: str
    key: str = ""


class Cursor(_Message, frozen=True):
    """How far an agent's documents were applied: the n-th change of this incarnation of the office's store."""

    incarnation: str
    n: int


class ClockClaim(_Message, frozen=True):
    """The phone's clocks while it sends."""

    at: str
    boot: str
    mono_ms: int


class Claims(_Message, frozen=True):
    """What the device signs. `seq` and `hash` are of the last operation in this request (or the last ever written)."""

    device: str
    epoch: int
    seq: int
    hash: str
    clock: ClockClaim
    nonce: str
    """128 random bits in hexadecimal, never used before."""
    cursor: Cursor | None = None
    """Asks for documents after it; with `pull` and no cursor, for everything."""
    pull: bool = True


class SideRecordMessage(_Message, frozen=True):
    """A small side record: its hash and its salted bytes as base64url."""

    sha256: str
    data: str


class ExchangeRequest(_Message, frozen=True):
    """`operations` are exact lines: the slices between the commas are what is hashed and stored."""

    protocol: int
    claims: Raw
    signature: str
    operations: list[Raw] = []
    side_records: list[SideRecordMessage] = []
    acknowledged: Signed | None = None
    """The last acknowledgement that the office had signed, so that an office that was rolled back notices."""


class Acknowledgement(_Message, frozen=True):
    """Everything up to this place is durable at the office. Honoured only if the device's own hash there is equal."""

    device: str
    epoch: int
    seq: int
    hash: str
    nonce: str
    server_ms: int
    """Signed server time."""


class Resend(_Message, frozen=True):
    """From where on the office lacks operations."""

    epoch: int
    seq: int


class EpochGrant(_Message, frozen=True):
    """A new epoch; its first operation names `continues` as the one before."""

    epoch: int
    continues: str
    reason: str


class DocumentChange(_Message, frozen=True):
    """A document that changed, or left the scope (`document` is missing or null), as the n-th change."""

    n: int
    name: str
    document: Raw = Raw(b"null")

    @property
    def removed(self) -> bool:
        """Whether the document left the scope."""
        return bytes(self.document) == b"null"


class ExchangeAnswer(_Message, frozen=True):
    """One answer; it is applied whole, in one transaction, and only onto the cursor that was asked with."""

    acknowledgement: Signed
    documents: list[DocumentChange] = []
    cursor: Cursor | None = None
    more: bool = False
    total: int = 0
    """How many documents the agent holds when complete: the manifest's count."""
    resend_from: Resend | None = None
    epoch: EpochGrant | None = None
    lock: bool = False
    wipe_after_upload: bool = False
    missing_side_records: list[str] = []
    documents_wait: bool = False
    """The office was set back to a backup and has not confirmed its revocations: nobody gets documents meanwhile."""


class EpochRequest(_Message, frozen=True):
    """Ask for a new epoch after a restore; the same `request` and head get the same epoch again."""

    device: str
    epoch: int
    seq: int
    hash: str
    request: str
    reason: Literal["fork", "restored", "requested"] = "requested"


class EnrolRequest(_Message, frozen=True):
    """One-time code and the new public key (65 bytes, base64url), proven by a signature over the payload."""

    code: str
    public_key: str
    model: str = ""


class PublishedKey(_Message, frozen=True):
    """A key with its validity; `use` says what it signs. `not_after_ms` 0 means open."""

    key: str
    use: Literal["receipt", "acknowledgement", "identity", "recovery"]
    public_key: str
    not_before_ms: int
    not_after_ms: int = 0
    revoked: bool = False


class PublishedKeys(_Message, frozen=True):
    """All keys that anybody needs to check receipts and acknowledgements."""

    keys: list[PublishedKey]


class EnrolAnswer(_Message, frozen=True):
    """What a phone is told once: who it is, and the office's keys."""

    device: str
    agent: str
    agent_name: str
    branch: str
    epoch: int
    public_url: str
    office_key: PublishedKey
    identity_key: PublishedKey
    recovery_key: PublishedKey
    server_ms: int


class Pack(_Message, frozen=True):
    """The day's frame for an agent; `visits` names the stops in driving order, each a document of its own."""

    pack: str
    agent: str
    agent_name: str
    branch: str
    service_day: str
    zone: str
    """IANA name of the branch's time zone; windows are seconds since its local midnight."""
    visits: list[str]
    shift_starts_s: int
    shift_ends_s: int
    home_lat_e7: int
    home_lon_e7: int
    distance_m: int
    cash_limit_minor: int
    float_minor: int
    currency: str
    policy: str
    public_url: str
    office_phone: str
    creditor_name: str
    issued_ms: int


class VisitDocument(_Message, frozen=True):
    """One stop: what the agent must know, and nothing about anybody else."""

    visit: str
    position: int
    account: str
    customer: str
    name: str
    phone: str
    address: str
    language: str
    lat_e7: int
    lon_e7: int
    tasks: list[str]
    window_starts_s: int
    window_ends_s: int
    service_s: int
    eta_s: int
    leg_m: int
    mandatory: bool
    origin: str
    booked_minor: int
    currency: str
    minimum_due_minor: int
    overdue_minor: int
    statement_minor: int
    payoff_minor: int
    as_of_ms: int
    due: str
    months_late: int
    last_four: str
    account_tag: str
    creditor: str
    notice: str = ""
    forbidden: list[str] = []
    """Codes of what may not be done here, each explained in `forbidden_why`."""
    forbidden_why: list[str] = []
    code_salt: str = ""
    code_bits: int = -1
    """A few bits of a slow salted digest of the visit code: catches typing errors and no more."""
    zone: str = ""
    """By whose clock the customer lives; empty: the pack's."""


class NoticeDocument(_Message, frozen=True):
    """The version of a notice to hand over."""

    notice: str
    version: int
    account: str
    title: str
    content_sha256: str
    amount_minor: int
    currency: str
    issued_on: str
    withdrawn: bool = False


class BadgeCertificate(_Message, frozen=True):
    """The certificate of one phone: the base64url of 99 bytes (`sync.badge`)."""

    device: str
    certificate: str


class BadgeDocument(_Message, frozen=True):
    """By which an agent's phones show a badge on a service day; each uses the certificate that names it."""

    agent: str
    service_day: str
    certificates: list[BadgeCertificate]


class JournalDocument(_Message, frozen=True):
    """How far an epoch is reconciled: every operation up to `reconciled_seq` without a verdict document is applied."""

    device: str
    epoch: int
    reconciled_seq: int


class VerdictDocument(_Message, frozen=True, kw_only=True):
    """Why an operation is held or disputed, in both languages."""

    hash: str
    seq: int
    epoch: int
    verdict: Literal["held", "disputed"]
    rule: str
    title: str
    title_zh: str
    sentence: str
    sentence_zh: str = ""
    holds: str
    holds_zh: str = ""


_REQUEST = msgspec.json.Decoder(ExchangeRequest)


def read_request(body: bytes) -> ExchangeRequest:
    """Decode a request with its operations' exact bytes; raises ValueError or RecursionError.

    An operation with a surrogate that stands alone is JSON, and must be kept and held like whatever else is not
    understood: refused, it would block its journal for good. So it is found in a text that our decoder reads.
    """
    try:
        return _REQUEST.decode(body)
    except ValueError:
        if b"\\u" not in body:
            raise
    alike = without_surrogates(body)
    request = _REQUEST.decode(alike)
    lines: list[Raw] = []
    start = 0
    for line in request.operations:
        # Of two places that look alike the wrong one has another hash than the request's signature covers.
        start = alike.index(bytes(line), start)
        lines.append(Raw(body[start : start + len(bytes(line))]))
        start += len(bytes(line))
    return msgspec.structs.replace(request, operations=lines)


def sign_claims(private_key: ec.EllipticCurvePrivateKey, claims: Claims) -> tuple[Raw, str]:
    """The claims' bytes and their signature, ready for an `ExchangeRequest`."""
    payload = msgspec.json.encode(claims)
    return Raw(payload), b64(sign(private_key, TAG_EXCHANGE, payload))


def verify_claims(public_key: ec.EllipticCurvePublicKey, request: ExchangeRequest) -> None:
    """Return if the device signed exactly these claims, else raise SIGNATURE-WRONG."""
    verify(public_key, TAG_EXCHANGE, bytes(request.claims), _signature(request.signature))


def sign_acknowledgement(private_key: ec.EllipticCurvePrivateKey, key: str, acknowledgement: Acknowledgement) -> Signed:
    """Made only after the commit."""
    payload = msgspec.json.encode(acknowledgement)
    return Signed(payload=Raw(payload), signature=b64(sign(private_key, TAG_ACKNOWLEDGEMENT, payload)), key=key)


def read_acknowledgement(public_key: ec.EllipticCurvePublicKey, signed: Signed) -> Acknowledgement:
    """Verify and decode; raises SIGNATURE-WRONG, or a ValueError when a signed payload is something else."""
    verify(public_key, TAG_ACKNOWLEDGEMENT, bytes(signed.payload), _signature(signed.signature))
    return msgspec.json.decode(signed.payload, type=Acknowledgement)


def _signature(text: str) -> bytes:
    try:
        return unb64(text, 64)
    except Refused as error:
        raise NotAllowed("SIGNATURE-WRONG", f"no signature: {error.cause}") from error
