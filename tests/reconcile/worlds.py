"""Small worlds for the tests of reconciliation: an office journal, phones, accounts, visits, notices.

Everything is written through `sync.journal.append` and `sync.receipt`, so that a world is nothing but exact lines
and the documents that its closings name. Its clock is its own: a minute passes with every operation.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from server.policies import judging_policy
from sync.clock import Reading
from sync.encoding import b64, canonical_json, sha256_hex
from sync.journal import Entry, JournalHead, Placed, append, place
from sync.operations import GENESIS, Actor, Body
from sync.operations.field import PaymentCollected
from sync.operations.money import PaymentRemitted, RemittanceBatchNumbered
from sync.operations.office import (
    AccountImported,
    AgentRegistered,
    DayClosed,
    DeviceEnrolled,
    DeviceRevoked,
    DiscrepancyDecided,
    EpochOpened,
    Head,
    NoticeIssued,
    OfficeOpened,
    PackIssued,
    ReceiptUnreported,
    ReceiptWitnessed,
    VisitAssigned,
    VisitPlanned,
    VoidConfirmed,
)
from sync.receipt import read_receipt
from sync.reconcile.catalogue import CATALOGUE
from sync.reconcile.facts import Discrepancy
from sync.reconcile.ledger import Line, lines_between
from sync.reconcile.replay import Replay, replay
from sync.segments import summarise
from sync.signing import public_bytes
from tests.reconcile.phones import Phone, fixed_key

__all__ = [
    "DAY",
    "NEXT_DAY",
    "Phone",
    "World",
    "account_of",
    "found",
    "net_of",
    "receipt_of",
    "same_in_any_order",
    "sentences",
]

DAY = "2026-11-23"
NEXT_DAY = "2026-11-24"
START_MS = 1_795_388_400_000
"""2026-11-23T07:00:00+08:00."""
MINUTE_MS = 60_000
Outcome = Literal["accept", "void", "refund", "carry", "move", "excuse", "escalate", "confirm_fail", "confirm_pass"]


class World:
    """An office with its clock, and the lines that it holds."""

    def __init__(self) -> None:
        self.now_ms = START_MS
        self.day = DAY
        self.lines: list[bytes] = []
        self.blobs: dict[str, bytes] = {}
        self.phones: list[Phone] = []
        self.batches = 0
        self.closings: dict[str, list[Entry]] = {}
        self.booked: dict[str, list[Line]] = {}
        self.head = JournalHead("office-00000001", 1, 0, GENESIS)
        self.office(OfficeOpened(process="p1", public_key=b64(public_bytes(fixed_key(0).public_key()))))

    def tick(self, minutes: int = 1) -> None:
        """Let time pass."""
        self.now_ms += minutes * MINUTE_MS

    def office(self, body: Body, *, role: str = "system", user: str = "") -> Entry:
        """An operation of the office."""
        self.tick()
        reading = Reading(self.now_ms, 480, "office", self.now_ms - START_MS)
        entry = append(self.head, body, reading, by=Actor(user or role, role))
        self.head = entry.head
        self.lines.append(entry.data)
        return entry

    def phone(self, agent: str = "agent-1", branch: str = "B1") -> Phone:
        """Register the agent and enrol a phone."""
        phone = Phone(self, agent, branch, 0xA0 + len(self.phones) + 1)
        if agent not in {other.agent for other in self.phones}:
            registered = AgentRegistered(
                agent=agent,
                branch=branch,
                home_lat_e7=0,
                home_lon_e7=0,
                shift_starts_s=0,
                shift_ends_s=0,
                visits_max=20,
                cash_limit_minor=10**9,
                currency="CNY",
                details="",
            )
            self.office(registered, role="supervisor")
        self.office(
            DeviceEnrolled(device=phone.device, agent=agent, branch=branch, public_key=phone.public_key),
        )
        self.office(
            EpochOpened(device=phone.device, epoch=1, continues=GENESIS, request="r1", reason="enrolled"),
        )
        self.phones.append(phone)
        return phone

    def account(
        self,
        account: str = "A1",
        payoff_minor: int = 100_000,
        *,
        as_of_ms: int | None = None,
        currency: str = "CNY",
        status: Literal["open", "written_off", "recalled", "moratorium", "disputed", "ceased"] = "open",
        absorbs_through: int = 0,
        absorbs_references: tuple[str, ...] = (),
    ) -> Entry:
        """A creditor's statement."""
        body = AccountImported(
            account=account,
            customer="C1",
            creditor="bank",
            currency=currency,
            as_of_ms=START_MS if as_of_ms is None else as_of_ms,
            minimum_due_minor=0,
            overdue_minor=0,
            statement_minor=payoff_minor,
            payoff_minor=payoff_minor,
            due=DAY,
            months_late=1,
            status=status,
            last_four="1234",
            details="",
            lat_e7=0,
            lon_e7=0,
            absorbs_through=absorbs_through,
            absorbs_references=absorbs_references,
        )
        return self.office(body)

    def remit(self, due: Sequence[dict[str, Any]], account: str = "A1", *, creditor: str = "bank") -> list[Entry]:
        """A batch over these members of an account's `unremitted`; the header and the lines."""
        self.batches += 1
        header = RemittanceBatchNumbered(
            creditor=creditor,
            number=self.batches,
            day=self.day,
            currency="CNY",
            amount_minor=sum(item["amount_minor"] for item in due),
            lines=len(due),
            lines_sha256="",
        )
        lines = [
            PaymentRemitted(
                creditor=creditor,
                batch=self.batches,
                line=place,
                payment=item["operation"],
                series=item["series"],
                account=account,
                amount_minor=item["amount_minor"],
                currency=item["currency"],
                method=item["method"],
                branch="B1",
                day=self.day,
            )
            for place, item in enumerate(due, start=1)
        ]
        return [self.office(header, role="cashier"), *(self.office(line, role="cashier") for line in lines)]

    def visit(
        self,
        visit: str = "V1",
        account: str = "A1",
        *,
        agent: str = "agent-1",
        day: str = DAY,
        place: tuple[int, int] = (0, 0),
        zone: str = "",
        staff_min: int = 0,
        window_s: tuple[int, int] = (0, 0),
    ) -> Entry:
        """Plan a visit and assign it (to nobody with an empty `agent`); the entry of the plan."""
        planned = self.office(
            VisitPlanned(
                visit=visit,
                account=account,
                customer="C1",
                branch="B1",
                service_day=day,
                tasks=("collect",),
                window_starts_s=window_s[0],
                window_ends_s=window_s[1],
                service_s=0,
                mandatory=True,
                prize=0,
                origin="booking",
                lat_e7=place[0],
                lon_e7=place[1],
                zone=zone,
                staff_min=staff_min,
            ),
        )
        if agent:
            self.assign(visit, agent, day)
        return planned

    def assign(self, visit: str, agent: str, day: str = DAY) -> Entry:
        """Give a visit to an agent."""
        return self.office(VisitAssigned(visit=visit, agent=agent, service_day=day, position=1, eta_s=0))

    def issue_pack(
        self,
        agent: str = "agent-1",
        day: str = DAY,
        *,
        float_minor: int = 0,
        carried_minor: int = 0,
        branch: str = "B1",
        cash_limit_minor: int = 0,
    ) -> Entry:
        """The route pack of a day, with its float."""
        body = PackIssued(
            pack=f"{day}/{agent}",
            agent=agent,
            branch=branch,
            service_day=day,
            visits=("V1",),
            float_minor=float_minor,
            carried_minor=carried_minor,
            cash_limit_minor=cash_limit_minor,
        )
        return self.office(body)

    def notice(self, version: int = 1, notice: str = "N1") -> Entry:
        """A version of a notice."""
        body = NoticeIssued(
            notice=notice,
            version=version,
            account="A1",
            customer="C1",
            title="t",
            content_sha256="",
            amount_minor=1,
            currency="CNY",
            issued_on=DAY,
        )
        return self.office(body, role="creditor")

    def witness(self, receipt: str | Entry) -> Entry:
        """A customer's scan."""
        text = receipt if isinstance(receipt, str) else receipt_of(receipt)
        return self.office(ReceiptWitnessed(receipt=text, scanned_ms=self.now_ms))

    def unreported(
        self,
        receipt: str,
        witness: Entry,
        *,
        ended: str = "",
        at: Literal["free", "taken", "forked", "held"] = "free",
    ) -> Entry:
        """The office's deadline passed without an operation that carries the receipt."""
        series = read_receipt(receipt).body.series
        body = ReceiptUnreported(series=series, witness=witness.hash, deadline_ms=self.now_ms, ended=ended, place=at)
        return self.office(body)

    def confirm_void(self, payment: Entry) -> Entry:
        """The customer confirms that the money went back."""
        series = read_receipt(receipt_of(payment)).body.series
        return self.office(VoidConfirmed(payment=payment.hash, voided=series, means="void_code"))

    def decide(
        self, discrepancy: Discrepancy, outcome: Outcome, *, user: str = "ms-li", second: str = "", ground: str = ""
    ) -> Entry:
        """A person decides on the ground that stands now, or on another."""
        body = DiscrepancyDecided(
            rule=discrepancy.rule,
            subject=discrepancy.subject,
            ground=ground or discrepancy.ground,
            outcome=outcome,
            second=second,
        )
        return self.office(body, role="supervisor", user=user)

    def revoke(self, phone: Phone, *, heads: Sequence[Entry] = (), witnesses: Sequence[str] = ()) -> Entry:
        """Revoke a phone: only what is at or below these heads or covered by these receipts counts."""
        known = tuple(Head(e.head.device, e.head.epoch, e.head.seq, e.head.hash) for e in heads)
        body = DeviceRevoked(device=phone.device, heads=known, witnesses=tuple(witnesses), reason="lost")
        return self.office(body, role="supervisor")

    def close(self, day: str = DAY, branch: str = "B1", *, agents: Iterable[str] = ("agent-1",)) -> Entry:
        """Close a branch's day over every head held, and book what stands open of it."""
        placed = [item for item in map(place, self.lines) if item.header.device in self.devices_of(branch)]
        journals: dict[tuple[str, int], list[Placed]] = {}
        for item in placed:
            journals.setdefault((item.header.device, item.header.epoch), []).append(item)
        heads = [
            Head(device, epoch, end.seq, end.hash)
            for (device, epoch), items in sorted(journals.items())
            for end in summarise(items).ends
        ]
        booked = self.booked.setdefault(branch, [])
        standing = {p.id: p for p in self.replay().postings if p.branch == branch}
        lines = lines_between(net_of(booked), standing)
        booked += lines
        before = self.closings.setdefault(branch, [])
        body = DayClosed(
            branch=branch,
            service_day=day,
            number=len(before) + 1,
            before=before[-1].hash if before else "",
            heads_document=self._document(heads),
            lines_document=self._document(lines),
            books_digest="",
            agents=tuple(agents),
        )
        entry = self.office(body, role="cashier", user="mr-chen")
        before.append(entry)
        return entry

    def devices_of(self, branch: str) -> set[str]:
        """Phones of a branch."""
        return {phone.device for phone in self.phones if phone.branch == branch}

    def _document(self, value: object) -> str:
        data = canonical_json(value)
        self.blobs[sha256_hex(data)] = data
        return sha256_hex(data)

    def replay(self) -> Replay:
        """Everything that the lines held mean."""
        return replay(self.lines, self.blobs, judging_policy())


def net_of(lines: Iterable[Line]) -> dict[str, Line]:
    """What lines book in sum, by posting: a reversal takes out the line that it reverses."""
    net: dict[str, Line] = {}
    for line in lines:
        old = net.get(line.posting)
        if old is not None:
            assert (old.debit, old.credit, old.amount_minor) == (line.credit, line.debit, line.amount_minor)
            del net[line.posting]
        else:
            net[line.posting] = line
    return net


def receipt_of(entry: Entry) -> str:
    """The receipt that a payment carries."""
    body = entry.operation.body
    assert isinstance(body, PaymentCollected)
    return body.receipt


def found(result: Replay, rule: str) -> Discrepancy | None:
    """The only discrepancy of a rule, or None; two are a mistake of the test."""
    all_found = [item for item in result.discrepancies if item.rule == rule]
    assert len(all_found) < 2, all_found
    return all_found[0] if all_found else None


def account_of(result: Replay, account: str = "A1") -> dict[str, int]:
    """What an account's state says of statement, payments and what they were for."""
    state = result.outcomes[f"account:{account}"].state
    names = ("payoff", "external", "collected", "debt_left", "credit", "suspense")
    return {name: state[f"{name}_minor"] for name in names}


def sentences(discrepancy: Discrepancy) -> tuple[str, str]:
    """The filled sentences in English and Chinese; fails where a value is missing or left over as a dash."""
    entry = CATALOGUE[discrepancy.rule]
    texts = entry.en.sentence.format(**discrepancy.values), entry.zh.sentence.format(**discrepancy.values)
    for text in texts:
        assert "—" not in text, text
        assert "{" not in text, text
    for text in (entry.en.title, entry.en.holds, entry.zh.title, entry.zh.holds):
        assert text
        assert "{" not in text, text
    return texts


def same_in_any_order(world: World, *, seeds: int = 6) -> Replay:
    """Replay the lines as they came, backwards, shuffled and with repetitions; all must agree."""
    expected = world.replay()
    for seed in range(seeds):
        rng = random.Random(seed)
        lines = list(world.lines)
        lines += rng.sample(lines, len(lines) // 3)
        rng.shuffle(lines)
        other = replay(lines if seed else reversed(world.lines), world.blobs, judging_policy())
        assert other.books_digest == expected.books_digest
        assert other.state_digest == expected.state_digest
        assert other.held == expected.held
    return expected
