"""Worlds that nobody thought of: a script of small steps, each taken where it makes sense.

A step is a name with three small numbers that pick phones, payments, amounts. Whatever the script, the result is a
world whose lines are all authentic: forks, gaps, duplicates, voids, witnesses, decisions, held operations,
revocations, imports and closings in any order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import msgspec
from hypothesis import strategies as st

from sync.journal import Entry
from sync.operations import Position
from sync.operations import field as f
from sync.operations import money as m
from sync.operations import office as o
from sync.operations.kinds import series_of
from sync.receipt import read_receipt
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import DAY, NEXT_DAY, START_MS, Outcome, World, receipt_of

__all__ = ["STEPS", "Step", "build", "scripts"]

Step = tuple[str, int, int, int]
_METHODS = get_args(f.Method)
_OUTCOMES = get_args(Outcome)
_RESULTS: tuple[Literal["answered", "refused", "third_party"], ...] = ("answered", "refused", "third_party")
_STATUSES: tuple[Literal["recalled", "written_off", "disputed"], ...] = ("recalled", "written_off", "disputed")
_MOVING = frozenset(
    {
        "CASH-LOSS",
        "ID-CONFLICT",
        "PAY-RECALLED",
        "PAY-UNKNOWN",
        "PAY-WRITTEN-OFF",
        "PLAN-AUTHORITY",
        "VOID-CONTESTED",
        "VOID-UNCONFIRMED",
    }
)
_REFUNDABLE = frozenset({"PAY-OVER", "PAY-UNKNOWN", "PAY-RECALLED", "REMIT-REJECTED"})
_PLACES: tuple[Literal["free", "taken", "forked", "held"], ...] = ("free", "taken", "forked", "held")


class Play(msgspec.Struct):
    """A world with what its steps can refer to."""

    world: World
    phones: list[Phone]
    payments: list[Entry] = []
    checks: list[Entry] = []
    delivered: list[Entry] = []
    receipts: list[str] = []
    epochs: int = 1
    versions: int = 0
    sent: list[Entry] = []

    def phone(self, number: int) -> Phone:
        """One of the phones, clones included."""
        return self.phones[number % len(self.phones)]

    def payment(self, number: int) -> Entry | None:
        """One of the payments."""
        return self.payments[number % len(self.payments)] if self.payments else None


def collect(play: Play, a: int, b: int, c: int) -> None:
    """A payment: amounts and accounts from few, so that they meet; some in dollars, some walk-ups."""
    visit, account = (f"V{b % 3}", f"A{b % 3}") if c % 4 else ("", f"A{b % 4}")
    currency = "USD" if (a, c) == (7, 3) else "CNY"
    entry = play.phone(a).collect(
        (1 + b % 3) * 10_000,
        visit=visit,
        account=account,
        method=_METHODS[0] if b < 5 else _METHODS[c % 6],
        currency=currency,
        provider_order=f"O{a % 3}" if a % 2 else "",
    )
    play.payments.append(entry)
    play.receipts.append(receipt_of(entry))


def misreport(play: Play, a: int, b: int, c: int) -> None:
    """The customer's receipt shows one amount, the operation carries another under the same number."""
    phone = play.phone(a)
    shown = phone.receipt((2 + b) * 10_000, account=f"A{b % 2}" if c else "", number=phone.receipts + 1)
    play.receipts.append(shown)
    collect(play, a, b, 1)


def contradict(play: Play, a: int, b: int, c: int) -> None:
    """An operation that contradicts its receipt, copies another's, or carries none."""
    phone = play.phone(a)
    old = play.payment(b)
    receipt = phone.receipt(12_345) if c % 3 == 0 else receipt_of(old) if c % 3 == 1 and old else "none"
    play.payments.append(phone.collect(20_000, visit="V1", account="A1", receipt=receipt))


def void(play: Play, a: int, b: int, c: int) -> None:
    """Its own phone takes a payment back, or another phone claims to; some under another day, some misnamed."""
    payment = play.payment(b)
    if payment is None or len(receipt_of(payment)) < 9:
        return
    own = [phone for phone in play.phones if phone.device == payment.head.device]
    phone = play.phone(a) if c == 3 else own[a % len(own)]
    phone.void(
        payment,
        pack=f"{NEXT_DAY}/{phone.agent}" if c == 2 else f"{payment.operation.pack[:10]}/{phone.agent}",
        voided=f"{phone.device}/1/1" if (a, c) == (6, 1) else "",
    )


def confirm(play: Play, a: int, b: int, c: int) -> None:
    """The customer confirms a void, there or not."""
    payment = play.payment(b)
    if payment is not None and len(receipt_of(payment)) > 9:
        play.world.confirm_void(payment)


def witness(play: Play, a: int, b: int, c: int) -> None:
    """A customer's scan, or the deadline that passed after one."""
    texts = [text for text in play.receipts if len(text) > 9]
    if texts:
        text = texts[b % len(texts)]
        entry = play.world.witness(text)
        if a == 3:
            series = read_receipt(text).body.series
            shared = o.ReceiptCheckAnswered(series=series, matches="visit_code", account=f"A{b % 3}", visit="V1")
            play.world.office(shared)
        if c:
            play.world.unreported(text, entry, ended="e" * 64 if a % 2 else "", at=_PLACES[c])


def secret(play: Play, a: int, b: int, c: int) -> None:
    """A receipt that the phone shows and never records."""
    phone = play.phone(a)
    play.receipts.append(phone.receipt(30_000, account=f"A{b % 3}"))


def cash(play: Play, a: int, b: int, c: int) -> None:
    """Cash leaves a drawer, or passes to another agent, or is lost."""
    phone, amount = play.phone(a), 5_000 * (1 + b)
    other = play.phone(a + 1)
    bodies: list[f.FieldBody] = [
        f.CashHandedOver(amount_minor=amount, currency="CNY"),
        f.CashDeposited(amount_minor=amount, currency="CNY", bank="b"),
        f.CashTransferred(
            transfer=f"T{b % 2}", from_agent=phone.agent, to_agent=other.agent, amount_minor=amount, currency="CNY"
        ),
        f.CashLossReported(amount_minor=amount, currency="CNY", cause="lost"),
    ]
    phone.write(bodies[c])
    if c == 2:
        other.write(bodies[c])


def settle(play: Play, a: int, b: int, c: int) -> None:
    """A line of a statement, there or back; a match with an order; a deadline that passed."""
    provider, order = _METHODS[1 + a % 2], f"O{b % 3}"
    assert provider != "cash"
    payment = play.payment(b)
    if c < 2:
        body: o.OfficeBody = m.SettlementLineImported(
            statement=f"S{a % 3}",
            line=b,
            provider=provider,
            order=order,
            amount_minor=(1 + a % 3) * 10_000,
            currency="CNY",
            at_ms=START_MS,
            reversed=c == 1,
        )
    elif c == 2 and payment is not None and (series := series_of(receipt_of(payment))):
        body = m.SettlementMatched(provider=provider, order=order, series=series, means="person", confidence=100)
    else:
        body = m.SettlementOverdue(settlement=f"{provider}/{order}", deadline_ms=START_MS)
    play.world.office(body, role="system" if c > 1 else "cashier")


def remit(play: Play, a: int, b: int, c: int) -> None:
    """A batch over what is due, or over anything; a line sent back; a statement that has absorbed a batch."""
    world = play.world
    if c == 3:
        world.account(f"A{b % 4}", 10_000 * a, as_of_ms=START_MS + 60_000 * b, absorbs_through=a % 3)
        return
    sent = [entry for entry in play.sent if isinstance(entry.operation.body, m.PaymentRemitted)]
    if c == 2 and sent:
        line = sent[b % len(sent)].operation.body
        assert isinstance(line, m.PaymentRemitted)
        reason = get_args(m.RejectionReason)[a % 7]
        world.office(
            m.RemittanceRejected(
                creditor=line.creditor,
                batch=line.batch,
                line=line.line,
                payment=line.payment,
                series=line.series,
                account=line.account,
                reason=reason,
                day=DAY,
            ),
            role="creditor",
        )
        return
    account = f"A{b % 4}"
    outcome = world.replay().outcomes.get(f"account:{account}")
    due = [item for item in outcome.state["unremitted"] if a % 4 == 0 or not item["why"]] if outcome else []
    if due:
        play.sent += world.remit(due[: 1 + a % 3], account)


def move(play: Play, a: int, b: int, c: int) -> None:
    """A payment is moved to another account, and perhaps on or back; after an alarm by one person or two."""
    payment = play.payment(b)
    if payment is None or not (series := series_of(receipt_of(payment))):
        return
    body = payment.operation.body
    assert isinstance(body, f.PaymentCollected)
    play.world.office(
        m.PaymentMoved(
            payment=payment.hash,
            series=series,
            from_account=body.account,
            to_account=f"A{c}",
            rule="PAY-WRITTEN-OFF" if a % 3 == 0 else "PAY-UNKNOWN",
            second="ms-gao" if a % 2 else "",
        ),
        role="supervisor",
        user="ms-li",
    )


def refund(play: Play, a: int, b: int, c: int) -> None:
    """A refund of what is too much or waits, decided or not, paid out by another or not."""
    world, account = play.world, f"A{b % 4}"
    items = [i for i in world.replay().discrepancies if i.subject == f"account:{account}" and i.rule in _REFUNDABLE]
    if not items:
        return
    item = items[a % len(items)]
    amount = 5_000 * (1 + a)
    decision = world.decide(item, "refund" if c else "accept", second="ms-gao")
    name = f"{account}.R{decision.head.seq}"
    world.office(
        m.RefundAuthorised(
            refund=name,
            account=account,
            amount_minor=amount,
            currency="CNY",
            source="credit" if item.rule == "PAY-OVER" else "suspense",
            decision=decision.hash,
        ),
        role="supervisor",
        user="ms-li",
    )
    if c > 1:
        world.office(
            m.RefundPaid(
                refund=name, account=account, amount_minor=amount, currency="CNY", branch="B1", service_day=DAY
            ),
            role="cashier",
            user="ms-li" if a == 7 else "mr-chen",
        )


def end_day(play: Play, a: int, b: int, c: int) -> None:
    """The agent declares what is held, rightly or not."""
    play.phone(a).end_day(10_000 * b)


def count(play: Play, a: int, b: int, c: int) -> None:
    """The cashier counts."""
    body = o.CashCounted(
        agent=play.phone(a).agent, service_day=DAY, amount_minor=5_000 * b, currency="USD" if c == 3 else "CNY"
    )
    play.world.office(body, role="cashier")


def at_the_door(play: Play, a: int, b: int, c: int) -> None:
    """Checks, conclusions, details, letters, promises."""
    phone, visit, account = play.phone(a), f"V{b % 3}", f"A{b % 3}"
    if c == 0:
        play.checks.append(phone.check(visit, _RESULTS[b % 3], account))
    elif c == 1:
        phone.conclude(visit, account)
        agree(phone, visit, account, b)
    elif c == 2:
        value = "ab"[b % 2] * 64
        phone.write(f.DetailsReported(visit=visit, customer="C1", field="phone", value=value))
    else:
        body = f.NoticeDelivered(
            visit=visit,
            account=account,
            notice="N1",
            version=1 + b % 2,
            manner="handed_open",
            recipient="neighbour" if a % 3 == 0 else "customer",
        )
        phone.write(body, position=Position(10_000_000 * (a % 2 + 1), 10_000_000, 20))


def agree(phone: Phone, visit: str, account: str, b: int) -> None:
    """A plan, within authority or not, or a promise."""
    made: f.FieldBody = f.PlanProposed(
        visit=visit,
        account=account,
        customer="C1",
        scheme=("equal_instalments", "reduction")[b % 2],
        total_minor=10_000,
        currency="CNY",
        periods=12 * b,
        first_due=NEXT_DAY,
    )
    if b % 3 == 0:
        made = f.PromiseMade(
            visit=visit, account=account, customer="C1", amount_minor=10_000 * (1 + b), currency="CNY", due=DAY
        )
    phone.write(made)


def plan(play: Play, a: int, b: int, c: int) -> None:
    """The office plans, assigns, moves, cancels, judges, verifies."""
    visit = f"V{b % 3}"
    bodies: list[o.OfficeBody] = [
        o.VisitAssigned(visit=visit, agent=play.phone(a).agent, service_day=DAY, position=1, eta_s=0),
        o.VisitMoved(visit=visit, service_day=NEXT_DAY if a % 2 else DAY, window_starts_s=0, window_ends_s=0),
        o.VisitCancelled(visit=visit, reason="customer"),
        o.DetailsVerified(customer="C1", field="phone", value="v" * 64),
    ]
    if c == 3 and play.checks and a % 2:
        check = play.checks[b % len(play.checks)]
        body = check.operation.body
        assert isinstance(body, f.IdentityChecked)
        bodies[3] = o.IdentityJudged(visit=body.visit, check=check.hash, matched=bool(a % 4 == 1))
    play.world.office(bodies[c])


def accounts(play: Play, a: int, b: int, c: int) -> None:
    """Imports with as-of times in any order, external payments, visits planned late, notices."""
    world, account = play.world, f"A{b % 4}"
    if c == 0:
        as_of_ms = START_MS + 60_000 * b
        if a < len(_STATUSES):
            world.account(account, 10_000 * a, as_of_ms=as_of_ms, status=_STATUSES[a])
        else:
            world.account(account, 10_000 * a, as_of_ms=as_of_ms)
    elif c == 1:
        world.office(
            o.ExternalPaymentRecorded(
                external=f"E{a % 3}",
                account=account,
                amount_minor=15_000,
                currency="CNY",
                paid_ms=START_MS + 60_000 * a,
                channel="online",
            )
        )
    elif c == 2:
        world.visit(f"V{b % 4}", account, place=(10_000_000, 10_000_000), zone="Asia/Shanghai", staff_min=a % 3)
    elif a % 3:
        play.versions += 1
        world.notice(play.versions)
    else:
        world.office(o.NoticeWithdrawn(notice="N1", account=account, reason="settled"))


def deliver(play: Play, a: int, b: int, c: int) -> None:
    """An exchange, whole, with a hole, or with what was here already."""
    leave_out = frozenset({b}) if c == 1 else frozenset({0, 2}) if c == 2 else frozenset()
    play.delivered += play.phone(a).sync(leave_out=leave_out, again=b if c == 3 else 0)


def epoch(play: Play, a: int, b: int, c: int) -> None:
    """A fork, a new epoch, a reboot, the next day, a clock that is wrong."""
    phone = play.phone(a)
    if c == 0 and len(play.phones) < 5:
        play.phones.append(phone.clone())
    elif c == 1:
        play.epochs += 1
        phone.new_epoch(play.epochs)
    elif c == 2:
        phone.reboot(f"boot-{b}")
        phone.clock_error_ms = (b - 3) * 3_000_000
    else:
        phone.day = NEXT_DAY if phone.day == DAY else DAY
        play.world.tick(5 * b)


def held(play: Play, a: int, b: int, c: int) -> None:
    """What nobody may write, cannot be understood, or has no place."""
    phone = play.phone(a)
    if c == 0:
        phone.write_raw(lambda data: data.replace(b'"v":1', b'"v":1,"v":1', 1))
    elif c == 1:
        phone.write_raw(lambda data: data.replace(b'"v":1', b'"v":2', 1))
    elif c == 2:
        phone.write(o.VisitCancelled(visit="V1", reason="office"))
    else:
        play.world.office(f.NoteTaken(visit="V1", note=""))


def revoke(play: Play, a: int, b: int, c: int) -> None:
    """A phone is lost: what was delivered counts, or what a receipt covers."""
    phone = play.phone(a)
    heads = [entry for entry in play.delivered if entry.head.device == phone.device][-1:] if c % 2 else []
    texts = [text for text in play.receipts if len(text) > 9 and read_receipt(text).body.key_id == phone.device]
    play.world.revoke(phone, heads=heads, witnesses=texts[b % 3 : b % 3 + 1])


def lock(play: Play, a: int, b: int, c: int) -> None:
    """A phone is locked, asked to wipe, unlocked, or its forgotten PIN answered: by somebody who may, or not."""
    device = play.phone(a).device
    body: o.OfficeBody = (
        o.DeviceLocked(device=device, reason="mislaid"),
        o.DeviceLocked(device=device, reason="mislaid", wipe_after_upload=True),
        o.DeviceUnlocked(device=device, reason="found"),
        o.RecoveryAnswered(device=device, request="0" * 64, identified="in_person"),
    )[c]
    play.world.office(body, role="cashier" if b == 7 else "supervisor", user="ms-li")


def lose(play: Play, a: int, b: int, c: int) -> None:
    """Two persons, or one, close over a gap or a tail."""
    phone = play.phone(a)
    body = o.JournalLost(
        device=phone.device,
        epoch=1,
        from_seq=b,
        to_seq=0 if c == 0 else b + c,
        pack=phone.pack,
        second="mr-wu" if a % 2 else "",
        reason="broken",
    )
    play.world.office(body, role="supervisor", user="ms-li")


def decide(play: Play, a: int, b: int, c: int) -> None:
    """Somebody decides on what stands now, or on an old ground, alone or with another."""
    known = play.world.replay().discrepancies
    # What a decision moves money or identity for is decided more often than the rest.
    moving = [item for item in known if item.rule in _MOVING]
    known = moving if moving and a % 2 else known
    if known:
        item = known[(3 * a + b) % len(known)]
        play.world.decide(
            item,
            _OUTCOMES[(a + 3 * c) % len(_OUTCOMES)],
            user=("ms-li", "mr-wu")[b % 2],
            second="ms-gao" if c else "",
            ground="0" * 64 if (b, c) == (7, 0) else "",
        )


def close(play: Play, a: int, b: int, c: int) -> None:
    """A closing over every head that is held."""
    branch = play.phone(a).branch
    play.world.close(DAY, branch, agents=sorted({p.agent for p in play.phones if p.branch == branch}))


STEPS: dict[str, Callable[[Play, int, int, int], None]] = {
    step.__name__: step
    for step in (
        collect, misreport, contradict, void, confirm, witness, secret, cash, settle, remit, move, refund, end_day,
        count, at_the_door, plan, accounts, deliver, epoch, held, revoke, lock, lose, decide, close,
    )
}  # fmt: skip
_OFTEN = (
    "collect",
    "collect",
    "void",
    "void",
    "deliver",
    "deliver",
    "decide",
    "decide",
    "witness",
    "at_the_door",
    "settle",
    "remit",
    "refund",
    "move",
)


def scripts(steps_max: int = 40) -> st.SearchStrategy[list[Step]]:
    """Scripts of so many steps; what matters most comes most often."""
    step = st.tuples(st.sampled_from([*STEPS, *_OFTEN]), st.integers(0, 7), st.integers(0, 7), st.integers(0, 3))
    return st.lists(step, min_size=4, max_size=steps_max)


def build(script: list[Step]) -> World:
    """The world of a script; at the end most phones come into signal."""
    world = World()
    phones = [world.phone(), world.phone("agent-2"), world.phone("agent-3", "B2")]
    for number in range(3):
        world.account(f"A{number}", 40_000)
        world.visit(f"V{number}", f"A{number}", agent=f"agent-{number + 1}")
        limit = 30_000 if number else 0
        world.issue_pack(
            f"agent-{number + 1}", float_minor=5_000 * number, branch=phones[number].branch, cash_limit_minor=limit
        )
    play = Play(world, phones)
    for name, a, b, c in script:
        STEPS[name](play, a, b, c)
    for phone in play.phones[:: 1 if len(script) % 3 else 2]:
        phone.sync()
    return world
