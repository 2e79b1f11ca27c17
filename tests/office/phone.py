"""A phone for the office's tests: it writes real operations with real receipts straight into the store."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from typing import Literal

from cryptography.hazmat.primitives.asymmetric import ec

from server.ports import Device, OfficeWork, Writer
from server.services.devices import open_epoch
from server.services.office import SYSTEM, Office
from sync.clock import Reading, Seen
from sync.encoding import b64, unb64
from sync.journal import Entry, JournalHead, append, place
from sync.operations.envelope import GENESIS
from sync.operations.field import FieldBody, IdentityChecked, PaymentCollected, PaymentVoided
from sync.operations.office import DeviceEnrolled
from sync.receipt import ReceiptBody, account_tag, sign_receipt
from sync.reconcile.facts import Arrival
from sync.sealing import seal
from sync.side_records import make_side_record
from sync.signing import load_public_key, public_bytes
from sync.visit_code import answer_binding

__all__ = ["Phone"]

_MINUTE_MS = 60_000


class Phone:
    """One enrolled phone; what it writes is at the office at once, unless `kept` collects it."""

    def __init__(
        self, office: Office, agent: str, number: int = 1, branch: str = "YC", day: str = "2026-03-02"
    ) -> None:
        self.office = office
        self.agent = agent
        self.device = f"{number:016x}"
        self.key = ec.derive_private_key(0xD00257E9 + number, ec.SECP256R1())
        self.pack = f"{day}/{agent}"
        self.head = JournalHead(self.device, 1, 0, GENESIS)
        self.receipts = 0
        self.now_ms = office.clock.now_ms()
        self.seen: Seen | None = None
        """The last signed server time; without one nothing bounds a record from below."""
        self._ephemeral: Iterator[int] = itertools.count(number * 1000 + 7)
        public_key = b64(public_bytes(self.key.public_key()))

        def work(writer: Writer) -> None:
            body = DeviceEnrolled(device=self.device, agent=agent, branch=branch, public_key=public_key)
            writer.append_office([OfficeWork(body=body, by=SYSTEM)])
            writer.put_device(
                Device(device=self.device, agent=agent, branch=branch, public_key=public_key, enrolled_ms=self.now_ms)
            )
            open_epoch(writer, self.device, GENESIS, "enrol", "enrolled")

        office.store.write_now(work)

    def write(self, body: FieldBody, *, sent: bool = True) -> Entry:
        """Record an operation a minute later; `sent` False leaves it on the phone for good."""
        self.now_ms += _MINUTE_MS
        reading = Reading(self.now_ms, 480, "boot", self.now_ms)
        entry = append(self.head, body, reading, seen=self.seen, pack=self.pack, policy="house-1")
        self.head = entry.head
        if sent:
            arrival = Arrival(self.now_ms, "boot", self.now_ms)
            self.office.store.write_now(
                lambda writer: writer.append_device_run(self.device, 1, [place(entry.data)], arrival)
            )
        return entry

    def receipt(
        self, amount_minor: int, account: str, kind: Literal["payment", "void"] = "payment", *, ahead: int = 1
    ) -> str:
        """A signed receipt for an operation `ahead` of the head."""
        self.receipts += 1
        body = ReceiptBody(
            key_id=self.device,
            epoch=1,
            seq=self.head.seq + ahead,
            number=self.receipts,
            before=self.head.hash[:32],
            amount_minor=amount_minor,
            currency="CNY",
            method="cash",
            kind=kind,
            at_s=self.now_ms // 1000,
            offset_minutes=480,
            flags=0 if kind == "payment" else 8,
            last_four=1,
            tag=account_tag(self.office.keys.tag, account),
        )
        return sign_receipt(self.key, body).text

    def collect(self, visit: str, account: str, customer: str, amount_minor: int, *, sent: bool = True) -> Entry:
        """Take cash at a visit."""
        body = PaymentCollected(
            visit=visit,
            account=account,
            customer=customer,
            amount_minor=amount_minor,
            currency="CNY",
            method="cash",
            receipt=self.receipt(amount_minor, account),
        )
        return self.write(body, sent=sent)

    def void(self, payment: Entry, series: str, *, code: str = "") -> Entry:
        """Void a payment; a code is sealed to the office."""
        paid = payment.operation.body
        assert isinstance(paid, PaymentCollected)
        body = PaymentVoided(
            visit=paid.visit,
            account=paid.account,
            payment=payment.hash,
            voided=series,
            reason="typing_error",
            receipt=self.receipt(paid.amount_minor, paid.account, "void"),
            void_code=self.seal(paid.visit, code) if code else "",
        )
        return self.write(body)

    def check(self, visit: str, account: str, customer: str, answer: str, *, sealed_for: str = "") -> Entry:
        """An answered visit code; `sealed_for` binds the seal to another visit."""
        body = IdentityChecked(
            visit=visit,
            account=account,
            customer=customer,
            method="visit_code",
            result="answered",
            sealed=self.seal(sealed_for or visit, answer),
        )
        return self.write(body)

    def seal(self, visit: str, answer: str) -> str:
        """Seal an answer for the operation that comes next and send its side record; its name."""
        key = load_public_key(unb64(self.office.keys.identity[-1].public, 65))
        ephemeral = ec.derive_private_key(next(self._ephemeral), ec.SECP256R1())
        sealed = seal(key, answer.encode(), answer_binding(self.device, visit, self.head.hash), ephemeral)
        record = make_side_record(sealed, hashlib.sha256(sealed).digest()[:16])
        self.office.store.write_now(lambda writer: writer.put_side_record(record.sha256, record.data))
        return record.sha256

    def series(self, number: int) -> str:
        """Name of a receipt."""
        return f"{self.device}/1/{number}"
