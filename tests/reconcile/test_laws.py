"""The laws, over worlds that nobody thought of."""

from __future__ import annotations

import random
from collections import defaultdict

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.policies import judging_policy
from sync.operations.field import PaymentCollected
from sync.operations.kinds import touches
from sync.operations.office import OfficeOpened
from sync.operations.understand import Held
from sync.reconcile.engine import FAMILIES, JournalContext, fold
from sync.reconcile.facts import Outcome, Posting
from sync.reconcile.ledger import Line, balances, imbalances, lines_between
from sync.reconcile.links import linked_touches, relevant_keys
from sync.reconcile.places import PLACE_FAMILIES
from sync.reconcile.replay import Gathered, Replay, gather, journals_of, replay
from sync.reconcile.verdicts import verdict_of
from tests.reconcile.generated import Step, build, scripts
from tests.reconcile.worlds import World, net_of

LAWS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@LAWS
@given(script=scripts(), seed=st.integers(0, 2**16))
def test_order_and_repetition_change_nothing(script: list[Step], seed: int) -> None:
    """The same operations in any order, some of them again and again, give the same state and books."""
    world = build(script)
    expected = world.replay()
    rng = random.Random(seed)
    for _ in range(3):
        lines = [*world.lines, *rng.sample(world.lines, len(world.lines) // 2)]
        rng.shuffle(lines)
        other = replay(lines, world.blobs, judging_policy())
        assert other.state_digest == expected.state_digest
        assert other.books_digest == expected.books_digest
        assert other.held == expected.held
        assert other.operations == expected.operations


@LAWS
@given(script=scripts())
def test_money_is_conserved(script: list[Step]) -> None:
    """Every unit of every payment is in exactly one place on each side, and nothing rests in passing."""
    world = build(script)
    result = world.replay()
    assert imbalances(result.postings) == []
    assert {posting.debit.partition(":")[0] for posting in result.postings} <= set(PLACE_FAMILIES)
    assert {posting.credit.partition(":")[0] for posting in result.postings} <= set(PLACE_FAMILIES)
    by_operation: defaultdict[str, dict[str, Posting]] = defaultdict(dict)
    for posting in result.postings:
        by_operation[posting.operation][posting.id.rpartition(":")[2]] = posting
    facts = gather(world.lines, world.blobs).facts
    for hash_, fact in facts.items():
        body = fact.operation.body
        if not isinstance(body, PaymentCollected):
            continue
        lines = by_operation[hash_]
        if fact.held:
            assert lines == {}
            continue
        account = sum(lines[name].amount_minor for name in ("debt", "credit", "suspense", "refund") if name in lines)
        assert lines["collected"].amount_minor == body.amount_minor
        gone = lines["reversed"].amount_minor if "reversed" in lines else 0
        assert account == (0 if "voided" in lines else body.amount_minor - gone)
        assert len({"voided", "void_pending"} & set(lines)) < 2
        assert gone < body.amount_minor or not {"voided", "void_pending"} & set(lines)
        assert {line.currency for line in lines.values()} == {body.currency}
    received = sum(p.amount_minor for p in result.postings if p.id.endswith(":collected"))
    assert received == sum(
        fact.operation.body.amount_minor
        for fact in facts.values()
        if isinstance(fact.operation.body, PaymentCollected) and not fact.held
    )


@LAWS
@given(script=scripts())
def test_no_operation_is_unaccounted_for_and_each_has_a_verdict(script: list[Step]) -> None:
    """Each is in some aggregate's outcome, or held under a rule with an outcome of its own; each has a verdict."""
    world = build(script)
    result = world.replay()
    gathered = gather(world.lines, world.blobs)
    for hash_, item in gathered.placed.items():
        reason = gathered.held.get(hash_)
        rule = result.held.get(hash_)
        if reason is not None:
            assert result.outcomes[f"operation:{hash_}"].state["held"] == rule
        elif rule is not None:
            assert hash_ in _operations_of(result, "DEVICE-REVOKED")
        else:
            operation = gathered.facts[hash_].operation
            keys = {key for key in touches(operation) if key.partition(":")[0] in {*FAMILIES, "operation"}}
            known = keys & set(result.outcomes)
            journal = f"device:{item.header.device}" in result.outcomes
            assert known == keys
            assert keys or journal or isinstance(operation.body, OfficeOpened)
        held = reason or (Held(rule, "") if rule else None)
        verdict = verdict_of(hash_, held, result.discrepancies)
        assert verdict.verdict == ("held" if rule else "disputed" if _is_disputed(result, hash_) else "applied")
        if verdict.verdict != "applied":
            assert all(getattr(verdict, name) for name in verdict.__struct_fields__)
            assert "—" not in verdict.sentence_en.replace("of —", "")


def _operations_of(result: Replay, rule: str) -> set[str]:
    return {hash_ for item in result.discrepancies if item.rule == rule for hash_ in item.operations}


def _is_disputed(result: Replay, hash_: str) -> bool:
    return any(item.open and hash_ in item.operations for item in result.discrepancies)


@LAWS
@given(script=scripts())
def test_a_decision_holds_on_its_own_ground_alone(script: list[Step]) -> None:
    """What is decided names the ground that stands; what changed since is open again."""
    world = build(script)
    facts = gather(world.lines, world.blobs).facts
    for item in world.replay().discrepancies:
        assert item.agent == "" or item.rule == "RECEIPT-ORPHAN"
        if item.decision is None:
            assert item.open == (item.severity != "info")
            continue
        decided = facts[item.decision.operation]
        assert not decided.held
        ground = decided.operation.body.ground  # type: ignore[union-attr]  # only decisions are named
        assert item.decision.current == (ground == item.ground)
        if not item.decision.current or item.decision.outcome == "escalate":
            assert item.open == (item.severity != "info")
        else:
            assert not item.open


@LAWS
@given(script=scripts())
def test_closings_and_the_open_day_are_the_fold_of_everything(script: list[Step]) -> None:
    """What closings booked and what is open add up to what stands, and a later change appears once."""
    world = build(script)
    standing = world.replay().postings
    for branch, booked in world.booked.items():
        current = {posting.id: posting for posting in standing if posting.branch == branch}
        open_lines = lines_between(net_of(booked), current)
        assert lines_between(net_of([*booked, *open_lines]), current) == []
        assert balances([*booked, *open_lines]) == balances(current.values())
        _each_change_once(booked, open_lines)


def _each_change_once(booked: list[Line], open_lines: list[Line]) -> None:
    """New postings have one line; booked ones that changed a reversal and, unless they are gone, a line anew."""
    known = net_of(booked)
    by_posting: defaultdict[str, list[Line]] = defaultdict(list)
    for line in open_lines:
        by_posting[line.posting].append(line)
    for posting, lines in by_posting.items():
        old = known.get(posting)
        assert all(line.correction == (old is not None) for line in lines)
        assert len(lines) <= (2 if old else 1)
        if old is not None:
            assert (lines[0].debit, lines[0].credit, lines[0].amount_minor) == (old.credit, old.debit, old.amount_minor)


@LAWS
@given(script=scripts())
def test_the_drawers_equation_holds(script: list[Step]) -> None:
    """An agent's cash is what was declared in each drawer, or expected where nothing was."""
    world = build(script)
    result = world.replay()
    held: defaultdict[tuple[str, str], int] = defaultdict(int)
    for key, outcome in result.outcomes.items():
        if not key.startswith("drawer:"):
            continue
        for equation in outcome.state["equations"]:
            rest = equation["expected"] if equation["held"] is None else equation["held"]
            held[outcome.state["agent"], equation["currency"]] += rest
    cash = balances(result.postings)
    for (agent, currency), amount in held.items():
        assert cash.get(f"agent_cash:{agent}", {}).get(currency, 0) == amount


@LAWS
@given(script=scripts(), seed=st.integers(0, 2**16))
def test_folding_by_touches_and_links_in_any_batches_equals_the_replay(script: list[Step], seed: int) -> None:
    """Whichever of two linked operations comes second, every aggregate hears of both."""
    world = build(script)
    expected = world.replay()
    gathered = gather(world.lines, world.blobs)
    index = _indexed(gathered, random.Random(seed))
    journals = journals_of(gathered)
    for key, outcome in expected.outcomes.items():
        family, _, name = key.partition(":")
        if family == "operation":
            continue
        facts = [gathered.facts[hash_] for hash_ in index[key]]
        journal = journals.get(name, JournalContext({})) if family == "device" else JournalContext({})
        assert fold(key, facts, gathered.registry, journal, judging_policy()) == outcome


def _indexed(gathered: Gathered, rng: random.Random) -> dict[str, set[str]]:
    """The touch index as a store fills it: batch by batch, in any order, with what a batch must look up at hand."""
    hashes = sorted(gathered.facts)
    rng.shuffle(hashes)
    index: defaultdict[str, set[str]] = defaultdict(set)
    while hashes:
        size = rng.choice((1, 1, 2, 5, 50))
        batch, hashes = hashes[:size], hashes[size:]
        at_hand: set[str] = set()
        for hash_ in batch:
            operation = gathered.facts[hash_].operation
            keys = relevant_keys(operation)
            at_hand |= {hash_} if keys else set()
            at_hand |= {known for key in keys for known in index[key]}
        for hash_ in batch:
            for key in touches(gathered.facts[hash_].operation):
                index[key].add(hash_)
        for key, hash_ in linked_touches((hash_, gathered.facts[hash_].operation) for hash_ in sorted(at_hand)):
            index[key].add(hash_)
    return index


@LAWS
@given(script=scripts(), seed=st.integers(0, 2**16))
def test_a_fold_is_a_function_of_a_set_of_facts(script: list[Step], seed: int) -> None:
    """Shuffled and repeated facts fold to the same outcome, aggregate by aggregate."""
    world = build(script)
    gathered = gather(world.lines, world.blobs)
    index = _indexed(gathered, random.Random(seed))
    rng = random.Random(seed)
    for key in sorted(index):
        facts = [gathered.facts[hash_] for hash_ in sorted(index[key])]
        one: Outcome = fold(key, facts, gathered.registry, policy=judging_policy())
        shuffled = [*facts, *rng.sample(facts, len(facts) // 2)]
        rng.shuffle(shuffled)
        assert fold(key, shuffled, gathered.registry, policy=judging_policy()) == one


def test_a_world_without_lines_folds_to_nothing() -> None:
    """The empty set has a state too."""
    empty = replay([], {})
    assert (empty.outcomes, empty.postings, empty.discrepancies, empty.held) == ({}, [], [], {})
    assert World().replay().operations == 1
