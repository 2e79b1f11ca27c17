"""A phone for tests: keys, a journal in memory, and the exchange's messages; every reading is given, none is taken."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from sync.clock import Reading, format_wall
from sync.encoding import b64
from sync.journal import Entry, JournalHead, append
from sync.messages import (
    Claims,
    ClockClaim,
    Cursor,
    EnrolRequest,
    EpochRequest,
    ExchangeRequest,
    SideRecordMessage,
    Signed,
    sign_claims,
)
from sync.operations.envelope import GENESIS, Body
from sync.operations.field import NoteTaken
from sync.signing import TAG_ENROLMENT, TAG_EPOCH, TAG_SIDE_RECORD, public_bytes, sign

__all__ = ["NOON_MS", "Phone", "private_key"]

NOON_MS = 1_795_406_400_000
"""2026-11-23T12:00+08:00."""

_nonces = itertools.count(1)


def private_key(number: int) -> ec.EllipticCurvePrivateKey:
    """The same key for the same number, so that tests repeat."""
    return ec.derive_private_key(10**60 + number, ec.SECP256R1())


class Phone:
    """Writes operations and signs requests; `head` is where its journal stands."""

    def __init__(self, number: int = 1, device: str = "") -> None:
        self.private = private_key(number)
        self.device = device
        self.head = JournalHead(device, 1, 0, GENESIS)
        self.entries: list[Entry] = []
        self.acknowledged: Signed | None = None
        self.cursor: Cursor | None = None
        self.mono_ms = 1_000

    @property
    def public_key(self) -> str:
        """65 bytes as base64url."""
        return b64(public_bytes(self.private.public_key()))

    def enrolled(self, device: str) -> Phone:
        """The same phone once the office has given it an id."""
        self.device = device
        self.head = JournalHead(device, 1, 0, GENESIS)
        return self

    def twin(self) -> Phone:
        """Another phone with the same key and journal: a clone, or a backup that was restored."""
        other = Phone(0, self.device)
        other.private, other.head, other.mono_ms = self.private, self.head, self.mono_ms
        other.entries, other.acknowledged, other.cursor = list(self.entries), self.acknowledged, self.cursor
        return other

    def write(self, count: int = 1, body: Body | None = None, pack: str = "2026-11-23/A01") -> list[Entry]:
        """Append operations; notes unless a body is given."""
        made = []
        for _ in range(count):
            self.mono_ms += 10
            reading = Reading(NOON_MS + self.mono_ms, 480, "boot-1", self.mono_ms)
            entry = append(self.head, body or NoteTaken(visit=f"V{self.head.seq}", note="n" * 64), reading, pack=pack)
            self.head = entry.head
            made.append(entry)
        self.entries += made
        return made

    def go_on_in(self, epoch: int, continues: str) -> None:
        """Open a new epoch after the head that the grant names."""
        self.head = JournalHead(self.device, epoch, 0, continues, self.head.hlc)

    def claims(self, **changes: Any) -> Claims:
        """Claims over the present head with a nonce that was never used."""
        values: dict[str, Any] = {
            "device": self.device,
            "epoch": self.head.epoch,
            "seq": self.head.seq,
            "hash": self.head.hash,
            "clock": ClockClaim(at=format_wall(NOON_MS + self.mono_ms, 480), boot="boot-1", mono_ms=self.mono_ms + 5),
            "nonce": f"{next(_nonces):032x}",
            "cursor": self.cursor,
        }
        return Claims(**(values | changes))

    def request(
        self,
        lines: Sequence[bytes] = (),
        *,
        claims: Claims | None = None,
        side_records: Sequence[SideRecordMessage] = (),
        protocol: int = 1,
    ) -> bytes:
        """A whole request; the claims are of the present head unless others are given."""
        payload, signature = sign_claims(self.private, claims or self.claims())
        return msgspec.json.encode(
            ExchangeRequest(
                protocol=protocol,
                claims=payload,
                signature=signature,
                operations=[msgspec.Raw(line) for line in lines],
                side_records=list(side_records),
                acknowledged=self.acknowledged,
            )
        )

    def upload(self, entries: Sequence[Entry], **changes: Any) -> bytes:
        """A request with these operations, signed at the last of them."""
        last = entries[-1].head
        claims = self.claims(**{"epoch": last.epoch, "seq": last.seq, "hash": last.hash, **changes})
        return self.request([entry.data for entry in entries], claims=claims)

    def signed(self, tag: bytes, message: object) -> bytes:
        """A signed message of another kind."""
        payload = msgspec.json.encode(message)
        return msgspec.json.encode(
            Signed(payload=msgspec.Raw(payload), signature=b64(sign(self.private, tag, payload)))
        )

    def enrol_request(self, code: str) -> bytes:
        """The body of `POST /api/v1/enrol`."""
        return self.signed(TAG_ENROLMENT, EnrolRequest(code=code, public_key=self.public_key, model="test"))

    def epoch_request(self, request: str) -> bytes:
        """The body of `POST /api/v1/epoch`."""
        head = self.head
        message = EpochRequest(device=self.device, epoch=head.epoch, seq=head.seq, hash=head.hash, request=request)
        return self.signed(TAG_EPOCH, message)

    def side_record_headers(self, method: str, sha256: str) -> dict[str, str]:
        """What proves a request for a side record."""
        signature = sign(self.private, TAG_SIDE_RECORD, f"{method}\n{sha256}".encode("ascii"))
        return {"doorstep-device": self.device, "doorstep-signature": b64(signature)}
