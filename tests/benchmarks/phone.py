"""A phone as the benchmark needs it: it writes a day of operations fast, and builds requests as bytes.

Operations are encoded without the checks that a real client makes (`sync.journal.append`), since millions are
written; that the office holds none of them is part of the report.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from sync.clock import Seen, format_wall, hlc_next
from sync.encoding import b64
from sync.messages import PROTOCOL_VERSION, Claims, ClockClaim, Cursor, ExchangeRequest, sign_claims
from sync.operations.envelope import GENESIS, SCHEMA_VERSION, Body, Operation, Position, encode
from sync.operations.field import PaymentCollected
from sync.receipt import FLAG_CLOCK, FLAG_PAYER, ReceiptBody, sign_receipt
from sync.signing import public_bytes

__all__ = ["Phone"]

_STEP_MS = 2 * 60_000
"""Between two operations: forty of them make an afternoon."""


class Phone:
    """One device with its journal's head; `mono_ms` runs through from its boot."""

    def __init__(self, device: str, agent: str, private: ec.EllipticCurvePrivateKey) -> None:
        self.device = device
        self.agent = agent
        self.private = private
        self.seq = 0
        self.hash = GENESIS
        self.receipts = 0
        self._hlc: str | None = None
        self._boot = f"{device}-b"
        self._boot_ms = 0
        self._seen: Seen | None = None
        self._wall_ms = 0
        self._pack = ""

    @property
    def public(self) -> str:
        """65 bytes as base64url."""
        return b64(public_bytes(self.private.public_key()))

    def start_day(self, pack: str, wall_ms: int) -> None:
        """Begin a day's pack right after an exchange with the office."""
        self._boot_ms = self._boot_ms or wall_ms - 3_600_000
        self._pack, self._wall_ms = pack, wall_ms
        self._seen = Seen(wall_ms - 60_000, self._boot, wall_ms - 60_000 - self._boot_ms)

    def write(self, body: Body, position: Position | None = None) -> bytes:
        """The next operation's bytes."""
        self._wall_ms += _STEP_MS
        self._hlc = hlc_next(self._hlc, self._wall_ms)
        operation = Operation(
            v=SCHEMA_VERSION,
            device=self.device,
            epoch=1,
            seq=self.seq + 1,
            prev=self.hash,
            at=format_wall(self._wall_ms, 480),
            hlc=self._hlc,
            boot=self._boot,
            mono_ms=self._wall_ms - self._boot_ms,
            seen=self._seen,
            pack=self._pack,
            policy="cn-1",
            position=position,
            body=body,
        )
        data = encode(operation)
        self.seq += 1
        self.hash = hashlib.sha256(data).hexdigest()
        return data

    def collect(self, visit: str, account: str, customer: str, amount_minor: int, method: str) -> bytes:
        """A payment with its signed receipt, as the next operation."""
        self.receipts += 1
        body = ReceiptBody(
            key_id=self.device,
            epoch=1,
            seq=self.seq + 1,
            number=self.receipts,
            before=self.hash[:32],
            amount_minor=amount_minor,
            currency="CNY",
            method=method,
            kind="payment",
            at_s=(self._wall_ms + _STEP_MS) // 1000,
            offset_minutes=480,
            flags=FLAG_CLOCK | FLAG_PAYER,
            last_four=1234,
            tag="0a0b0c0d",
        )
        payment = PaymentCollected(
            visit=visit,
            account=account,
            customer=customer,
            amount_minor=amount_minor,
            currency="CNY",
            method=method,  # type: ignore[arg-type]  # one of the six, from the caller's own list
            receipt=sign_receipt(self.private, body).text,
        )
        return self.write(payment)

    def request(
        self, operations: Sequence[bytes], now_ms: int, chance: random.Random, cursor: Cursor | None, *, pull: bool
    ) -> bytes:
        """The JSON of one exchange with a fresh nonce; the operations must end at the journal's head."""
        claims = Claims(
            device=self.device,
            epoch=1,
            seq=self.seq,
            hash=self.hash,
            clock=ClockClaim(
                at=format_wall(now_ms, 480), boot=self._boot, mono_ms=max(0, now_ms - (self._boot_ms or now_ms))
            ),
            nonce=chance.randbytes(16).hex(),
            cursor=cursor,
            pull=pull,
        )
        payload, signature = sign_claims(self.private, claims)
        request = ExchangeRequest(
            protocol=PROTOCOL_VERSION,
            claims=payload,
            signature=signature,
            operations=[msgspec.Raw(line) for line in operations],
        )
        return msgspec.json.encode(request)
