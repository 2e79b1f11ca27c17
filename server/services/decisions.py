"""Decisions on discrepancies: by the role that the rule names, on the ground that was seen, never on one's own."""

from __future__ import annotations

import msgspec

from server.ports import OfficeWork, Reader, Writer
from server.services.closing.obstacles import MONEY_RULES
from server.services.office import Person, second_person
from server.services.present import facts_now
from sync.errors import Conflict, NotAllowed, Refused
from sync.limits import TEXT_LENGTH_MAX
from sync.money import check_amount
from sync.operations.envelope import Actor
from sync.operations.office import CashCounted, DiscrepancyDecided
from sync.reconcile.catalogue import CATALOGUE, Rule
from sync.reconcile.facts import Discrepancy

__all__ = ["DecisionCommand", "decide", "find_discrepancy"]


class DecisionCommand(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody decides. `ground` is the one that they saw; `second` a second person's name, already checked."""

    rule: str
    subject: str
    ground: str
    outcome: str
    note: str = ""
    second: str = ""
    amount_minor: int = 0
    account: str = ""
    basis: str | None = None


def find_discrepancy(reader: Reader, rule: str, subject: str) -> Discrepancy:
    """One discrepancy as it was last folded; raises NOT-FOUND."""
    found = reader.discrepancies(rule=rule, subject=subject, limit=2)
    if not found:
        raise Refused("NOT-FOUND", f"no discrepancy {rule[:40]}|{subject[:80]}")
    return found[0]


def decide(writer: Writer, person: Person, command: DecisionCommand) -> str:
    """Journal a decision, as one work; the operation's hash.

    Raises NOT-FOUND, ROLE-MISSING (the rule names who decides), OWN-RECORD (one of its facts is the person's own),
    TWO-PERSONS (alarms about money), STATE-STALE (the ground is another now), STATE-FORBIDS (nobody decides it, it
    was decided, or the refund is more than the credit that is left), ARGUMENT-WRONG.
    """
    found = find_discrepancy(writer, command.rule, command.subject)
    rule = CATALOGUE[found.rule]
    by = _actor(person, rule)
    _check_people(writer, found, person, command.second)
    if found.ground != command.ground:
        raise Conflict("STATE-STALE", f"{found.id} stands on another ground now: {found.ground[:12]}")
    if found.decision is not None and found.decision.current:
        raise Conflict("STATE-FORBIDS", f"{found.id} was decided by {found.decision.by}: {found.decision.outcome}")
    if command.outcome not in rule.outcomes:
        raise Refused("ARGUMENT-WRONG", f"{command.outcome[:40]!r} is not one of {', '.join(rule.outcomes)}")
    _check_money(writer, command)
    if len(command.note) > TEXT_LENGTH_MAX:
        raise Refused("ARGUMENT-WRONG", f"a note has at most {TEXT_LENGTH_MAX} characters")
    head = writer.aggregate_head(found.subject) if command.basis is None else command.basis
    body = DiscrepancyDecided(
        rule=found.rule,
        subject=found.subject,
        ground=found.ground,
        outcome=command.outcome,  # type: ignore[arg-type]  # one of the rule's outcomes
        second=command.second,
        note=command.note,
        amount_minor=command.amount_minor,
        account=command.account,
        basis=head,
    )
    (entry,) = writer.append_office(
        [OfficeWork(body=body, by=by, rests_on=found.operations[:_RESTS_ON_MAX])], expect={found.subject: head}
    )
    return entry.hash


_RESTS_ON_MAX = 50
"""Operations that a decision names; the ground is the digest of all of them."""


def _actor(person: Person, rule: Rule) -> Actor:
    if rule.decides == "nobody":
        raise Conflict("STATE-FORBIDS", f"{rule.code} is information: nobody decides it")
    if rule.decides not in person.roles:
        raise NotAllowed("ROLE-MISSING", f"{rule.code} is decided by {rule.decides}; {person.user} is not")
    return Actor(person.user, rule.decides)


def _check_people(reader: Reader, found: Discrepancy, person: Person, second: str) -> None:
    authors = _authors(reader, found)
    for name in (person.user, second):
        if name and name in authors:
            raise NotAllowed("OWN-RECORD", f"{name} recorded something that {found.id} is about")
    if CATALOGUE[found.rule].two_persons:
        second_person(person, second, f"{found.rule}")
    elif found.severity == "alarm" and found.rule in MONEY_RULES:
        second_person(person, second, f"{found.rule}, an alarm about money,")
    elif second == person.user:
        second_person(person, second, "a decision with a second person")


def _authors(reader: Reader, found: Discrepancy) -> set[str]:
    """Whoever wrote one of its operations: people at the office by name, the field by agent; and who counted."""
    registry = reader.registry()
    operations = set(found.operations)
    people: set[str] = {found.agent} if found.agent else set()
    for row in reader.operations(found.operations).values():
        author = registry.get(row.device)
        if author is not None and author.agent:
            people.add(author.agent)
    for fact in facts_now(reader, [found.subject])[found.subject]:
        own = fact.hash in operations or isinstance(fact.operation.body, CashCounted)
        if own and fact.operation.by is not None and fact.operation.by.role != "system":
            people.add(fact.operation.by.user)
    return people


def _check_money(reader: Reader, command: DecisionCommand) -> None:
    check_amount(command.amount_minor, zero=True)
    if command.outcome == "move":
        state = reader.aggregate(f"account:{command.account}") if command.account else None
        if state is None or not state.get("known"):
            raise Refused("NOT-FOUND", f"no account {command.account[:64]!r} to move it to")
    if command.outcome == "refund":
        subject = command.subject if command.subject.startswith("account:") else f"account:{command.account}"
        state = reader.aggregate(subject) or {}
        # What waits was never the customer's credit; it is refunded out of suspense.
        where = "credit" if command.rule == "PAY-OVER" else "suspense"
        left = int(state.get(f"{where}_minor", 0))
        if not 0 < command.amount_minor <= left:
            raise Conflict(
                "STATE-FORBIDS", f"a refund of {command.amount_minor} is not within the {where} left: {left}"
            )
