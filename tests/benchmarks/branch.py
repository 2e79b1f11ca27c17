"""The people of the benchmark: agents with phones, accounts, and one day after another of planned and done work.

A day of one agent has `operations` operations (40 unless told otherwise): visits of four operations each (most paid,
one promise, one notice, one nobody at home, and now and then a payment without an identity check), calls, the cash
handed over, and the day's end. The office plans every visit first, so that a day reconciles as cleanly as a real one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from server.ports import OfficeWork, Writer
from server.services.agents import register_agent
from server.services.devices import SYSTEM, enrol, issue_code
from sync.operations.envelope import Actor, Position
from sync.operations.field import (
    CashHandedOver,
    ContactMade,
    DayEnded,
    IdentityChecked,
    NoticeDelivered,
    PromiseMade,
    VisitConcluded,
    VisitStarted,
)
from sync.operations.office import (
    AccountImported,
    AgentRegistered,
    ExternalPaymentRecorded,
    NoticeIssued,
    OfficeBody,
    PackIssued,
    VisitAssigned,
    VisitPlanned,
)
from tests.benchmarks.phone import Phone

__all__ = ["DAY_MS", "Account", "Branch", "day_name"]

DAY_MS = 86_400_000
BRANCH = "B01"
_ADMIN = Actor("admin", "admin")
_METHODS = ("cash", "alipay", "cash", "wechat", "cash", "transfer")
_PER_VISIT = 4
_UNIDENTIFIED_ONE_IN = 60
"""One payment in so many is taken without an identity check: a discrepancy and a verdict to write."""


class Account(msgspec.Struct):
    """An account with how many operations touch it so far."""

    account: str
    customer: str
    touched: int = 0


def day_name(day_ms: int) -> str:
    """``YYYY-MM-DD`` of a moment in the branch's zone (UTC+8)."""
    return datetime.fromtimestamp(day_ms / 1000 + 8 * 3600, UTC).date().isoformat()


class Branch:
    """All agents of one office with what they have done so far; `seed` decides everything random."""

    def __init__(self, devices: int, operations: int, seed: int = 1) -> None:
        if operations < _PER_VISIT + 2:
            raise ValueError(f"a day has at least {_PER_VISIT + 2} operations, not {operations}")
        self.operations = operations
        self.visits = (operations - 2) // _PER_VISIT
        self.chance = random.Random(seed)
        self.phones = [
            Phone(self.chance.randbytes(8).hex(), f"A{number:04d}", ec.generate_private_key(ec.SECP256R1()))
            for number in range(devices)
        ]
        self.accounts: list[list[Account]] = [[] for _ in range(devices)]
        """The accounts that each agent visits now, `visits` of them."""
        self._serial = 0

    # -- what the office writes, each as a work
    def enrol(self, writer: Writer, now_ms: int) -> None:
        """Register every agent and enrol every phone through the office's own functions."""
        for phone in self.phones:
            body = AgentRegistered(
                agent=phone.agent,
                branch=BRANCH,
                home_lat_e7=312000000,
                home_lon_e7=1214000000,
                shift_starts_s=8 * 3600,
                shift_ends_s=20 * 3600,
                visits_max=40,
                cash_limit_minor=10_000_000,
                currency="CNY",
                details="",
            )
            register_agent(writer, body, f"Agent {phone.agent}", "+86 000", _ADMIN, self.chance.randbytes(16))
            code = issue_code(writer, phone.agent, self.chance.randbytes(16), now_ms, "http://127.0.0.1")
            enrol(writer, code.code, phone.public, "benchmark", phone.device, now_ms)

    def new_accounts(self, now_ms: int) -> list[OfficeWork]:
        """Give every agent fresh accounts; their first imports."""
        works: list[OfficeWork] = []
        for number in range(len(self.phones)):
            self._serial += 1
            self.accounts[number] = [
                Account(f"AC{self._serial:06d}{place:02d}", f"CU{self._serial:06d}{place:02d}")
                for place in range(self.visits)
            ]
            works += [self._imported(account, now_ms) for account in self.accounts[number]]
        return works

    def plan(self, day_ms: int) -> list[OfficeWork]:
        """Plan, assign and pack the day's visits; issue the notice that each agent delivers."""
        day = day_name(day_ms)
        works: list[OfficeWork] = []
        for phone, accounts in zip(self.phones, self.accounts, strict=True):
            visits = [self._visit(day, phone, place) for place in range(len(accounts))]
            for place, (visit, account) in enumerate(zip(visits, accounts, strict=True)):
                account.touched += 1
                works.append(_work(_planned(visit, account, day)))
                works.append(
                    _work(VisitAssigned(visit=visit, agent=phone.agent, service_day=day, position=place, eta_s=36_000))
                )
            works.append(_work(_notice(visits[-1], accounts[-1], day)))
            pack = PackIssued(
                pack=f"{day}/{phone.agent}", agent=phone.agent, branch=BRANCH, service_day=day, visits=tuple(visits)
            )
            works.append(_work(pack))
        return works

    def pad(self, history: int, now_ms: int) -> Iterator[OfficeWork]:
        """Imports and payments made elsewhere, until `history` operations touch every account."""
        for accounts in self.accounts:
            for account in accounts:
                while account.touched < history:
                    moment = now_ms - (history - account.touched) * 3_600_000
                    if account.touched % 2:
                        yield self._imported(account, moment)
                    else:
                        yield self._external(account, moment)

    # -- what the agents write
    def day(self, number: int, day_ms: int) -> list[bytes]:
        """The operations of one agent's day, as written between morning and evening of `day_ms`."""
        phone, accounts = self.phones[number], self.accounts[number]
        day = day_name(day_ms)
        phone.start_day(f"{day}/{phone.agent}", day_ms)
        lines: list[bytes] = []
        receipts, cash = phone.receipts, 0
        for place, account in enumerate(accounts):
            visit = self._visit(day, phone, place)
            method = _METHODS[place % len(_METHODS)]
            amount = self.chance.randrange(5_000, 90_000)
            manner = self._manner(place)
            if manner in {"paid", "unidentified"} and method == "cash":
                cash += amount
            lines += self._at_the_door(phone, visit, account, manner, method, amount)
        calls = self.operations - 2 - len(lines)
        lines += [phone.write(_call(accounts[place % len(accounts)])) for place in range(calls)]
        lines.append(phone.write(CashHandedOver(amount_minor=cash, currency="CNY")))
        ended = DayEnded(
            seq=phone.seq + 1,
            receipt_last=phone.receipts,
            receipts=phone.receipts - receipts,
            cash_minor=0,
            currency="CNY",
            concluded=len(accounts),
        )
        lines.append(phone.write(ended))
        return lines

    def _manner(self, place: int) -> str:
        last = self.visits - 1
        if place == last:
            return "notice"
        if place and place == last - 1:
            return "promise"
        if place and place == last - 2:
            return "nobody"
        return "paid" if self.chance.randrange(_UNIDENTIFIED_ONE_IN) else "unidentified"

    def _at_the_door(
        self, phone: Phone, visit: str, account: Account, manner: str, method: str, amount: int
    ) -> list[bytes]:
        id_, customer = account.account, account.customer
        check = IdentityChecked(visit=visit, account=id_, customer=customer, method="visit_code", result="answered")
        call = ContactMade(customer=customer, account=id_, channel="call", effective=False, visit=visit)
        started = VisitStarted(visit=visit)
        lines = [phone.write(started, Position(312000000 + self.chance.randrange(10**6), 1214000000, 12))]
        lines.append(phone.write(call if manner in {"nobody", "unidentified"} else check))
        match manner:
            case "nobody":
                lines.append(phone.write(msgspec.structs.replace(call, channel="visit")))
            case "promise":
                promise = PromiseMade(
                    visit=visit, account=id_, customer=customer, amount_minor=amount, currency="CNY", due="2027-01-15"
                )
                lines.append(phone.write(promise))
                account.touched += 1
            case "notice":
                lines.append(phone.write(_delivered(visit, account)))
            case _:
                lines.append(phone.collect(visit, id_, customer, amount, method))
                account.touched += 1
        reason = {"nobody": "nobody_home", "promise": "promised", "notice": "delivered"}.get(manner, "paid")
        concluded = {"visit": visit, "account": id_, "customer": customer, "reason": reason}
        lines.append(phone.write(msgspec.convert(concluded, VisitConcluded, strict=False)))
        return lines

    # -- bodies
    def _visit(self, day: str, phone: Phone, place: int) -> str:
        return f"V{day}-{phone.agent}-{place:02d}"

    def _imported(self, account: Account, now_ms: int) -> OfficeWork:
        account.touched += 1
        body = AccountImported(
            account=account.account,
            customer=account.customer,
            creditor="CR1",
            currency="CNY",
            as_of_ms=now_ms,
            minimum_due_minor=20_000,
            overdue_minor=20_000,
            statement_minor=10_000_000,
            payoff_minor=100_000_000,
            due="2026-01-31",
            months_late=2,
            status="open",
            last_four="1234",
            details="",
            lat_e7=312000000,
            lon_e7=1214000000,
        )
        return _work(body)

    def _external(self, account: Account, now_ms: int) -> OfficeWork:
        account.touched += 1
        body = ExternalPaymentRecorded(
            external=f"X{account.account}-{account.touched}",
            account=account.account,
            amount_minor=1_000 + account.touched,
            currency="CNY",
            paid_ms=now_ms,
            channel="online",
        )
        return _work(body)


def _work(body: OfficeBody) -> OfficeWork:
    return OfficeWork(body=body, by=SYSTEM)


def _planned(visit: str, account: Account, day: str) -> VisitPlanned:
    return VisitPlanned(
        visit=visit,
        account=account.account,
        customer=account.customer,
        branch=BRANCH,
        service_day=day,
        tasks=("collect",),
        window_starts_s=32_400,
        window_ends_s=72_000,
        service_s=480,
        mandatory=True,
        prize=0,
        origin="planned",
    )


def _notice(visit: str, account: Account, day: str) -> NoticeIssued:
    return NoticeIssued(
        notice=f"N{visit}",
        version=1,
        account=account.account,
        customer=account.customer,
        title="Overdue notice",
        content_sha256="0" * 64,
        amount_minor=20_000,
        currency="CNY",
        issued_on=day,
    )


def _delivered(visit: str, account: Account) -> NoticeDelivered:
    return NoticeDelivered(
        visit=visit,
        account=account.account,
        notice=f"N{visit}",
        version=1,
        manner="handed_sealed",
        recipient="customer",
    )


def _call(account: Account) -> ContactMade:
    return ContactMade(customer=account.customer, account=account.account, channel="call", effective=True)
