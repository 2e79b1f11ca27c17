"""Debt never counts a payment twice and never drops one: a creditor's own ledger as the oracle."""

from __future__ import annotations

import random

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.policies import judging_policy
from sync.journal import Entry
from sync.operations.money import PaymentRemitted, RemittanceRejected
from sync.operations.office import ExternalPaymentRecorded
from sync.reconcile.ledger import imbalances
from sync.reconcile.replay import replay
from tests.reconcile.worlds import DAY, START_MS, World

START_DEBT = 10_000_000
Step = tuple[str, int]


class Creditor(msgspec.Struct):
    """The creditor's ledger, simply: what it has booked of us and of others, by its own account."""

    booked_lines: dict[tuple[int, int], int] = {}
    booked_external: int = 0
    unbooked_external: list[tuple[int, str, int]] = []
    through: int = 0
    clock_ms: int = START_MS

    @property
    def payoff_minor(self) -> int:
        """What is owed by its own books."""
        return START_DEBT - sum(self.booked_lines.values()) - self.booked_external


def play(script: list[Step]) -> tuple[World, Creditor, int]:
    """Run a script; the world, the creditor, and everything that the customer ever paid."""
    world, creditor, paid = World(), Creditor(), 0
    phone = world.phone()
    world.account(payoff_minor=START_DEBT)
    world.visit()
    world.issue_pack()
    phone.check()
    sent: list[tuple[int, list[Entry]]] = []
    for number, (name, value) in enumerate(script):
        creditor.clock_ms += 60_000
        if name == "pay":
            phone.collect(100 * (1 + value))
            phone.sync()
            paid += 100 * (1 + value)
        elif name == "elsewhere":
            # The creditor knows of it at once or books it later under a reference.
            late = value % 3 == 0
            when = creditor.clock_ms + (600_000_000 if late else 0)
            reference = f"REF{number}" if value % 2 else ""
            world.office(
                ExternalPaymentRecorded(
                    external=f"E{number}",
                    account="A1",
                    amount_minor=7 * (1 + value),
                    currency="CNY",
                    paid_ms=when,
                    channel="online",
                    reference=reference,
                )
            )
            paid += 7 * (1 + value)
            creditor.unbooked_external.append((when, reference, 7 * (1 + value)))
        elif name == "remit":
            due = [item for item in world.replay().outcomes["account:A1"].state["unremitted"] if not item["why"]]
            if due:
                lines = world.remit(due[: 1 + value % 3])[1:]
                sent.append((world.batches, lines))
        elif name == "reject" and sent:
            batch, lines = sent[value % len(sent)]
            line = lines[value % len(lines)].operation.body
            assert isinstance(line, PaymentRemitted)
            # A creditor does not send back what it has booked.
            if batch > creditor.through:
                world.office(
                    RemittanceRejected(
                        creditor="bank",
                        batch=batch,
                        line=line.line,
                        payment=line.payment,
                        series=line.series,
                        account="A1",
                        reason=("amount", "reference", "duplicate", "other")[value % 4],
                        day=DAY,
                    ),
                    role="creditor",
                )
                creditor.booked_lines[batch, line.line] = 0
        elif name == "statement":
            creditor.through = min(creditor.through + value % 3, world.batches)
            state(world, creditor, sent)
    return world, creditor, paid


def state(world: World, creditor: Creditor, sent: list[tuple[int, list[Entry]]]) -> None:
    """The creditor books what it says that it booked, and states its amounts as of its clock."""
    for batch, lines in sent:
        for entry in lines:
            line = entry.operation.body
            assert isinstance(line, PaymentRemitted)
            if batch <= creditor.through:
                creditor.booked_lines.setdefault((batch, line.line), line.amount_minor)
    named = {reference for _, reference, _ in creditor.unbooked_external if reference}
    rest = []
    for when, reference, amount in creditor.unbooked_external:
        if when <= creditor.clock_ms or reference in named:
            creditor.booked_external += amount
        else:
            rest.append((when, reference, amount))
    creditor.unbooked_external = rest
    world.account(
        payoff_minor=creditor.payoff_minor,
        as_of_ms=creditor.clock_ms,
        absorbs_through=creditor.through,
        absorbs_references=tuple(sorted(named | set(world_references(world)))),
    )


def world_references(world: World) -> list[str]:
    """References that earlier statements named: a statement names all that it ever booked."""
    return [reference for line in world.lines for reference in _named(line)]


def _named(line: bytes) -> list[str]:
    body = msgspec.json.decode(line).get("body", {})
    found = body.get("absorbs_references", []) if isinstance(body, dict) else []
    return list(found)


STEPS = st.tuples(
    st.sampled_from(["pay", "pay", "elsewhere", "remit", "remit", "reject", "statement"]), st.integers(0, 11)
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(script=st.lists(STEPS, min_size=3, max_size=25), seed=st.integers(0, 2**16))
def test_what_is_left_is_what_was_owed_less_everything_paid(script: list[Step], seed: int) -> None:
    """Whatever was absorbed, rejected, passed on or stated when, in any order of arrival."""
    world, _, paid = play(script)
    result = world.replay()
    assert result.outcomes["account:A1"].state["debt_left_minor"] == START_DEBT - paid
    assert imbalances(result.postings) == []
    lines = list(world.lines)
    random.Random(seed).shuffle(lines)
    again = replay([*lines, *lines[:5]], world.blobs, judging_policy())
    assert (again.books_digest, again.state_digest) == (result.books_digest, result.state_digest)


def test_the_latest_statement_wins_whenever_it_arrives() -> None:
    """An older one that comes later changes nothing."""
    world, creditor, paid = play([("pay", 3), ("remit", 0), ("statement", 1), ("pay", 2), ("elsewhere", 1)])
    before = world.replay().outcomes["account:A1"].state
    world.account(payoff_minor=1, as_of_ms=creditor.clock_ms - 600_000_000)
    assert world.replay().outcomes["account:A1"].state == before
    assert before["debt_left_minor"] == START_DEBT - paid
    assert before["absorbed_minor"] == 400
