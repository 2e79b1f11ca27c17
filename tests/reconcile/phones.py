"""Phones of a test world: they write real operations with real receipts, and sync when they are told to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from cryptography.hazmat.primitives.asymmetric import ec

from sync.clock import Reading, Seen
from sync.encoding import b64, sha256_hex
from sync.journal import Entry, JournalHead, append
from sync.operations import GENESIS, Body, Position
from sync.operations.field import (
    DayEnded,
    IdentityChecked,
    Method,
    NoteTaken,
    PaymentCollected,
    PaymentVoided,
    VisitConcluded,
)
from sync.operations.office import EpochOpened, ExchangeReceived
from sync.receipt import FLAG_VOID, ReceiptBody, account_tag, read_receipt, sign_receipt
from sync.signing import public_bytes

if TYPE_CHECKING:
    from tests.reconcile.worlds import World

__all__ = ["Phone", "fixed_key"]


def fixed_key(number: int) -> ec.EllipticCurvePrivateKey:
    """A private key with a known scalar: for tests only."""
    return ec.derive_private_key(0xD00257E9 + number, ec.SECP256R1())


class Phone:
    """One phone of an agent; what it wrote stays on it until `sync`."""

    def __init__(self, world: World, agent: str, branch: str, number: int) -> None:
        self.world = world
        self.agent = agent
        self.branch = branch
        self.device = f"{number:016x}"
        self.key = fixed_key(number)
        self.head = JournalHead(self.device, 1, 0, GENESIS)
        self.receipts = 0
        self.boot = f"boot-{number}"
        self.started_ms = world.now_ms
        self.clock_error_ms = 0
        self.day = world.day
        self.unsent: list[Entry] = []
        self.seen: Seen | None = Seen(world.now_ms, self.boot, 0)

    @property
    def public_key(self) -> str:
        """The uncompressed point, base64url."""
        return b64(public_bytes(self.key.public_key()))

    @property
    def pack(self) -> str:
        """What its operations name."""
        return f"{self.day}/{self.agent}"

    @property
    def mono_ms(self) -> int:
        """Milliseconds since its boot."""
        return self.world.now_ms - self.started_ms

    def clone(self) -> Phone:
        """The same phone a second time, as a restored backup makes it; what was not sent is on both."""
        other = Phone.__new__(Phone)
        other.__dict__.update(self.__dict__)
        other.unsent = list(self.unsent)
        return other

    def reboot(self, boot: str) -> None:
        """Another boot: its monotonic clock starts anew."""
        self.boot, self.started_ms = boot, self.world.now_ms

    def new_epoch(self, epoch: int) -> None:
        """Go on in an epoch that the office opens now; receipt numbers start anew."""
        head = self.head
        body = EpochOpened(
            device=self.device, epoch=epoch, continues=head.hash, request=f"r{epoch}", reason="requested"
        )
        self.world.office(body)
        self.head = JournalHead(self.device, epoch, 0, head.hash, head.hlc)
        self.receipts = 0

    def write(self, body: Body, *, pack: str | None = None, position: Position | None = None) -> Entry:
        """Record one operation."""
        entry = append(
            self.head,
            body,
            self._reading(),
            seen=self.seen,
            pack=self.pack if pack is None else pack,
            policy="p1",
            position=position,
        )
        return self._keep(entry)

    def write_raw(self, change: Callable[[bytes], bytes]) -> Entry:
        """Record a note whose bytes are changed before they are hashed: what no client of ours would write."""
        entry = append(self.head, NoteTaken(visit="V1", note="x"), self._reading(), seen=self.seen, pack=self.pack)
        data = change(entry.data)
        assert data != entry.data
        digest = sha256_hex(data)
        head = JournalHead(self.device, entry.head.epoch, entry.head.seq, digest, entry.head.hlc)
        return self._keep(Entry(data, digest, entry.operation, head))

    def _reading(self) -> Reading:
        self.world.tick()
        return Reading(self.world.now_ms + self.clock_error_ms, 480, self.boot, self.mono_ms)

    def _keep(self, entry: Entry) -> Entry:
        self.head = entry.head
        self.unsent.append(entry)
        return entry

    def receipt(
        self,
        amount_minor: int,
        *,
        account: str = "",
        currency: str = "CNY",
        method: Method = "cash",
        kind: Literal["payment", "void"] = "payment",
        tag: str = "",
        number: int = 0,
    ) -> str:
        """A signed receipt for the next operation; `number` repeats an old one instead of taking the next."""
        if not number:
            self.receipts += 1
        body = ReceiptBody(
            key_id=self.device,
            epoch=self.head.epoch,
            seq=self.head.seq + 1,
            number=number or self.receipts,
            before=self.head.hash[:32],
            amount_minor=amount_minor,
            currency=currency,
            method=method,
            kind=kind,
            at_s=self.world.now_ms // 1000,
            offset_minutes=480,
            flags=FLAG_VOID if kind == "void" else 0,
            last_four=1234,
            tag=tag or (account_tag(b"test", account) if account else "00000000"),
        )
        return sign_receipt(self.key, body).text

    def collect(
        self,
        amount_minor: int,
        *,
        visit: str = "V1",
        account: str = "A1",
        customer: str = "C1",
        method: Method = "cash",
        currency: str = "CNY",
        receipt: str = "",
        pack: str | None = None,
        provider_order: str = "",
        cheque: str = "",
    ) -> Entry:
        """Take a payment; a given `receipt` is carried instead of an own one."""
        text = receipt or self.receipt(amount_minor, account=account, currency=currency, method=method)
        body = PaymentCollected(
            visit=visit,
            account=account,
            customer=customer,
            amount_minor=amount_minor,
            currency=currency,
            method=method,
            receipt=text,
            provider_order=provider_order,
            cheque=cheque,
        )
        return self.write(body, pack=pack)

    def void(self, payment: Entry, *, pack: str | None = None, voided: str = "") -> Entry:
        """Take a payment back, under its own pack unless told otherwise; `voided` misnames its receipt."""
        body = payment.operation.body
        assert isinstance(body, PaymentCollected)
        original = read_receipt(body.receipt)
        text = self.receipt(
            body.amount_minor, currency=body.currency, method=body.method, kind="void", tag=original.identity[:8]
        )
        void = PaymentVoided(
            visit=body.visit,
            account=body.account,
            payment=payment.hash,
            voided=voided or original.body.series,
            reason="typing_error",
            receipt=text,
        )
        return self.write(void, pack=payment.operation.pack if pack is None else pack)

    def check(
        self, visit: str = "V1", result: Literal["answered", "refused", "third_party"] = "answered", account: str = "A1"
    ) -> Entry:
        """Check who is at the door."""
        return self.write(
            IdentityChecked(visit=visit, account=account, customer="C1", method="visit_code", result=result)
        )

    def conclude(self, visit: str = "V1", account: str = "A1") -> Entry:
        """End a visit."""
        return self.write(VisitConcluded(visit=visit, account=account, customer="C1", reason="paid"))

    def end_day(self, cash_minor: int) -> Entry:
        """Declare what is held."""
        return self.write(
            DayEnded(
                seq=self.head.seq + 1,
                receipt_last=self.receipts,
                receipts=self.receipts,
                cash_minor=cash_minor,
                currency="CNY",
                concluded=0,
            )
        )

    def sync(self, *, leave_out: frozenset[int] = frozenset(), again: int = 0) -> list[Entry]:
        """One exchange: deliver what is not sent, a run for each stretch between places that are left out.

        The office journals an `ExchangeReceived` for each run as the server does, and its time is seen. `again`
        says how many known operations came with it.
        """
        self.world.tick()
        runs: list[list[Entry]] = []
        kept: list[Entry] = []
        for place, entry in enumerate(self.unsent):
            if place in leave_out:
                kept.append(entry)
                runs.append([])
                continue
            if not runs or (runs[-1] and runs[-1][-1].head.epoch != entry.head.epoch):
                runs.append([])
            runs[-1].append(entry)
        delivered = [entry for run in runs for entry in run]
        pack = delivered[-1].operation.pack if delivered else self.pack
        for run in filter(None, runs):
            self._received(run[0].head.seq, run[-1], len(run), again, pack)
            again = 0
        if again:
            self._received(self.head.seq, None, 0, again, pack)
        self.world.lines += [entry.data for entry in delivered]
        self.unsent = kept
        self.seen = Seen(self.world.now_ms, self.boot, self.mono_ms)
        return delivered

    def _received(self, first_seq: int, last: Entry | None, new: int, again: int, pack: str) -> None:
        head = last.head if last else self.head
        body = ExchangeReceived(
            device=self.device,
            epoch=head.epoch,
            first_seq=first_seq,
            last_seq=head.seq,
            last_hash=head.hash,
            new=new,
            again=again,
            received_ms=self.world.now_ms,
            boot=self.boot,
            mono_ms=self.mono_ms,
            wall="",
            pack=pack,
        )
        self.world.office(body)
