"""A random day at a real store: phones deliver in pieces, the office acts in between, folds run when they like."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from server.clock import FixedClock
from server.keys import load_keys, make_keys
from server.ports import Device, FoldWorkers, OfficeWork, Writer
from server.services.reconcile import Reconciler
from server.store.sqlite import SqliteStore
from sync.clock import Reading, Seen
from sync.encoding import b64
from sync.journal import Entry, JournalHead, append, place
from sync.operations import GENESIS, Actor, Body
from sync.operations.field import (
    CashHandedOver,
    DayEnded,
    DetailsReported,
    IdentityChecked,
    NoticeDelivered,
    PaymentCollected,
    PaymentVoided,
    VisitConcluded,
    VisitStarted,
)
from sync.operations.office import (
    AccountImported,
    AgentRegistered,
    DeviceEnrolled,
    ExchangeReceived,
    ExternalPaymentRecorded,
    NoticeIssued,
    OfficeBody,
    PackIssued,
    ReceiptWitnessed,
    VisitAssigned,
    VisitCancelled,
    VisitPlanned,
    VoidConfirmed,
)
from sync.receipt import FLAG_VOID, ReceiptBody, read_receipt, sign_receipt
from sync.reconcile.facts import Arrival
from sync.signing import public_bytes

__all__ = ["Life", "open_store"]

DAY = "2026-11-23"
START_MS = 1_795_388_400_000
SYSTEM, ADMIN = Actor("system", "system"), Actor("anna", "admin")


def open_store(folder: Path) -> SqliteStore:
    """A fresh store with keys, its office journal open."""
    make_keys(folder / "keys", START_MS)
    keys = load_keys(folder / "keys")
    store = SqliteStore(folder / "doorstep.sqlite", keys, FixedClock(START_MS))
    office = keys.office[-1]
    store.open_office("main", office.public, office.id)
    return store


class Life:
    """Two agents of one branch, each with a phone; every choice comes from one seed."""

    def __init__(self, store: SqliteStore, seed: int, workers: FoldWorkers | None = None) -> None:
        self.store = store
        self.dice = random.Random(seed)
        self.now_ms = START_MS
        self.key = ec.derive_private_key(4_711 + seed, ec.SECP256R1())
        self.reconciler = Reconciler(store, workers=workers)
        self.heads = {f"{n:016x}": JournalHead(f"{n:016x}", 1, 0, GENESIS) for n in (1, 2)}
        self.agents = {f"{n:016x}": f"A{n}" for n in (1, 2)}
        self.unsent: dict[str, list[Entry]] = {device: [] for device in self.heads}
        self.payments: list[Entry] = []
        self.receipts = dict.fromkeys(self.heads, 0)
        store.write_now(self._found)

    def _found(self, writer: Writer) -> None:
        public = b64(public_bytes(self.key.public_key()))
        works: list[OfficeBody] = []
        for device, agent in self.agents.items():
            writer.put_device(Device(device=device, agent=agent, branch="B", public_key=public, enrolled_ms=START_MS))
            works.append(DeviceEnrolled(device=device, agent=agent, branch="B", public_key=public))
            works.append(
                AgentRegistered(
                    agent=agent, branch="B", home_lat_e7=0, home_lon_e7=0, shift_starts_s=0, shift_ends_s=1,
                    visits_max=9, cash_limit_minor=1, currency="CNY", details="",
                )
            )  # fmt: skip
            works.append(PackIssued(pack=f"{DAY}/{agent}", agent=agent, branch="B", service_day=DAY, visits=()))
        writer.append_office(
            [OfficeWork(body=body, by=ADMIN if isinstance(body, AgentRegistered) else SYSTEM) for body in works]
        )

    def step(self) -> None:
        """One thing happens."""
        self.now_ms += 60_000
        self.dice.choice(self._steps())()

    def _steps(self) -> list[Callable[[], None]]:
        return [
            *[self._work] * 6, *[self._deliver] * 3, *[self._fold] * 2,
            self._import, self._plan, self._external, self._notice, self._witness, self._confirm, self._cancel,
        ]  # fmt: skip

    def finish(self) -> None:
        """Everything arrives and is folded."""
        for device in self.heads:
            self._write(
                device,
                DayEnded(seq=self.heads[device].seq + 1, receipt_last=self.receipts[device], receipts=0, cash_minor=0,
                         currency="CNY", concluded=0),
            )  # fmt: skip
        while any(self.unsent.values()):
            self._deliver()
        while self.reconciler.run_pending(self.dice.choice([7, 1_000]), lambda: self.dice.random() < 0.9):
            pass

    # -- the office
    def _office(self, *bodies: OfficeBody, by: Actor = SYSTEM) -> None:
        self.store.write_now(lambda writer: writer.append_office([OfficeWork(body=body, by=by) for body in bodies]))

    def _account(self) -> str:
        return f"AC{self.dice.randrange(4)}"

    def _visit(self) -> str:
        return f"V{self.dice.randrange(6)}"

    def _import(self) -> None:
        self._office(
            AccountImported(
                account=self._account(), customer="C1", creditor="K", currency="CNY",
                as_of_ms=START_MS + self.dice.randrange(-5, 5) * 60_000, minimum_due_minor=1, overdue_minor=1,
                statement_minor=1, payoff_minor=self.dice.randrange(60_000), due=DAY, months_late=1, status="open",
                last_four="1234", details="", lat_e7=0, lon_e7=0,
            )
        )  # fmt: skip

    def _plan(self) -> None:
        visit = self._visit()
        self._office(
            VisitPlanned(
                visit=visit, account=self._account(), customer="C1", branch="B", service_day=DAY, tasks=("collect",),
                window_starts_s=0, window_ends_s=1, service_s=1, mandatory=False, prize=1, origin="planned",
            ),
            VisitAssigned(visit=visit, agent=f"A{self.dice.randint(1, 2)}", service_day=DAY, position=1, eta_s=1),
        )  # fmt: skip

    def _external(self) -> None:
        number = self.dice.randrange(5)
        self._office(
            ExternalPaymentRecorded(
                external=f"X{number}", account=f"AC{number % 4}", amount_minor=5_000 + number, currency="CNY",
                paid_ms=START_MS, channel="online",
            )
        )  # fmt: skip

    def _notice(self) -> None:
        self._office(
            NoticeIssued(
                notice="N1", version=self.dice.randint(1, 3), account="AC1", customer="C1", title="t",
                content_sha256="0" * 64, amount_minor=1, currency="CNY", issued_on=DAY,
            )
        )  # fmt: skip

    def _witness(self) -> None:
        if self.payments:
            body = self.dice.choice(self.payments).operation.body
            assert isinstance(body, PaymentCollected)
            self._office(ReceiptWitnessed(receipt=body.receipt, scanned_ms=self.now_ms))

    def _confirm(self) -> None:
        if self.payments:
            payment = self.dice.choice(self.payments)
            body = payment.operation.body
            assert isinstance(body, PaymentCollected)
            series = read_receipt(body.receipt).body.series
            self._office(VoidConfirmed(payment=payment.hash, voided=series, means="void_code"))

    def _cancel(self) -> None:
        self._office(VisitCancelled(visit=self._visit(), reason="customer"), by=ADMIN)

    def _fold(self) -> None:
        self.reconciler.run_pending(self.dice.choice([1, 3, 17, 200]), lambda: self.dice.random() < 0.7)

    # -- the field
    def _device(self) -> str:
        return self.dice.choice(sorted(self.heads))

    def _work(self) -> None:
        device, visit, account = self._device(), self._visit(), self._account()
        kind = self.dice.randrange(9)
        if kind < 3:
            self._collect(device, visit, account)
        elif kind == 3 and self.payments:
            self._void(device)
        else:
            self._write(device, self._other(kind, visit, account))

    def _other(self, kind: int, visit: str, account: str) -> Body:
        match kind:
            case 4:
                return VisitStarted(visit=visit)
            case 5:
                result = self.dice.choice(["answered", "refused"])
                return IdentityChecked(
                    visit=visit, account=account, customer="C1", method="visit_code",
                    result="answered" if result == "answered" else "refused",
                )  # fmt: skip
            case 6:
                return NoticeDelivered(
                    visit=visit, account=account, notice="N1", version=1, manner="handed_sealed", recipient="customer"
                )
            case 7:
                return DetailsReported(
                    visit=visit, customer="C1", field="phone", value=f"{self.dice.randrange(3):064x}"
                )
            case 8:
                return CashHandedOver(amount_minor=100 * self.dice.randint(1, 9), currency="CNY")
            case _:
                return VisitConcluded(visit=visit, account=account, customer="C1", reason="paid")

    def _collect(self, device: str, visit: str, account: str) -> None:
        amount = self.dice.choice([10_000, 20_000, 30_000])
        method = self.dice.choice(["cash", "wechat"])
        receipt = self._receipt(device, amount, method, "payment", "00000000")
        self.payments.append(
            self._write(
                device,
                PaymentCollected(
                    visit=visit, account=account, customer="C1", amount_minor=amount, currency="CNY",
                    method="cash" if method == "cash" else "wechat", receipt=receipt,
                ),
            )
        )  # fmt: skip

    def _void(self, device: str) -> None:
        payment = self.dice.choice(self.payments)
        body = payment.operation.body
        assert isinstance(body, PaymentCollected)
        original = read_receipt(body.receipt)
        receipt = self._receipt(device, body.amount_minor, body.method, "void", original.identity[:8])
        self._write(
            device,
            PaymentVoided(
                visit=body.visit, account=body.account, payment=payment.hash, voided=original.body.series,
                reason="typing_error", receipt=receipt,
            ),
        )  # fmt: skip

    def _receipt(self, device: str, amount: int, method: str, kind: str, tag: str) -> str:
        head = self.heads[device]
        self.receipts[device] += 1
        body = ReceiptBody(
            key_id=device, epoch=1, seq=head.seq + 1, number=self.receipts[device], before=head.hash[:32],
            amount_minor=amount, currency="CNY", method=method, kind=kind, at_s=self.now_ms // 1000,
            offset_minutes=480, flags=FLAG_VOID if kind == "void" else 0, last_four=1234, tag=tag,
        )  # fmt: skip
        return sign_receipt(self.key, body).text

    def _write(self, device: str, body: Body) -> Entry:
        mono = self.now_ms - START_MS
        entry = append(
            self.heads[device],
            body,
            Reading(self.now_ms, 480, "boot", mono),
            seen=Seen(START_MS, "boot", 0),
            pack=f"{DAY}/{self.agents[device]}",
        )
        self.heads[device] = entry.head
        self.unsent[device].append(entry)
        return entry

    def _deliver(self) -> None:
        """Some of what a phone has, from either end: gaps come and are filled."""
        device = self._device()
        waiting = self.unsent[device]
        if not waiting:
            return
        # A request is one chain: what stands on both sides of what was delivered before goes in two requests.
        stretch = [e for place, e in enumerate(waiting) if e.head.seq == waiting[0].head.seq + place]
        count = self.dice.randint(1, len(stretch))
        sent = stretch[-count:] if self.dice.random() < 0.3 else stretch[:count]
        self.unsent[device] = [entry for entry in waiting if entry not in sent]
        self.store.write_now(lambda writer: self._ingest(writer, device, sent))

    def _ingest(self, writer: Writer, device: str, sent: list[Entry]) -> None:
        received = ExchangeReceived(
            device=device, epoch=1, first_seq=sent[0].head.seq, last_seq=sent[-1].head.seq, last_hash=sent[-1].hash,
            new=len(sent), again=0, received_ms=self.now_ms, boot="boot", mono_ms=self.now_ms - START_MS, wall="",
            pack=f"{DAY}/{self.agents[device]}",
        )  # fmt: skip
        arrival = Arrival(self.now_ms, "boot", self.now_ms - START_MS)
        writer.append_device_run(device, 1, [place(entry.data) for entry in sent], arrival)
        writer.append_office([OfficeWork(body=received, by=SYSTEM)])
