"""A fold that starts from a closing, or from anything else, ends where one from the beginning does."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.policies import judging_policy
from sync.operations.money import SettlementLineImported
from sync.operations.office import DayClosed
from sync.operations.understand import Held, understand
from sync.reconcile.resuming import lines_at_closings, resume, start_from
from tests.reconcile.generated import Step, build, scripts
from tests.reconcile.worlds import DAY, NEXT_DAY, START_MS, World


def same(world: World, before: list[bytes]) -> tuple[int, int]:
    """Start from some lines and go on to all; aggregates carried over and folded anew."""
    expected = world.replay()
    found = resume(start_from(before, world.blobs, judging_policy()), world.lines, world.blobs)
    assert found.result.books_digest == expected.books_digest
    assert found.result.state_digest == expected.state_digest
    assert found.result.held == expected.held
    assert set(found.result.outcomes) == set(expected.outcomes)
    return found.carried, found.folded


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(script=scripts(), seed=st.integers(0, 2**16))
def test_whatever_it_starts_from_a_fold_ends_where_one_from_the_beginning_does(script: list[Step], seed: int) -> None:
    """From a prefix as it was written, from any set, from nothing and from everything."""
    world = build(script)
    rng = random.Random(seed)
    closings = [line for line in world.lines if not isinstance(found := understand(line), Held)
                and isinstance(found.body, DayClosed)]  # fmt: skip
    some = [line for line in world.lines if rng.random() < 0.7]
    for before in (world.lines[: rng.randrange(len(world.lines))], [*some, *closings], [], world.lines):
        same(world, before)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(script=scripts())
def test_a_fold_from_the_last_closing_gives_the_same_digests(script: list[Step]) -> None:
    """Late operations, corrections, decisions after the closing and revocations included."""
    world = build([*script[: len(script) // 2], ("close", 0, 0, 0), *script[len(script) // 2 :]])
    same(world, lines_at_closings(world.lines, world.blobs))


def test_only_what_the_next_day_touches_is_folded_anew() -> None:
    """Ten accounts were paid before the closing and one after it: the other nine are carried over."""
    world = World()
    phone = world.phone()
    world.issue_pack()
    for number in range(10):
        world.account(f"A{number}")
        world.visit(f"V{number}", f"A{number}")
        phone.check(f"V{number}", account=f"A{number}")
        phone.collect(10_000, visit=f"V{number}", account=f"A{number}")
    phone.end_day(100_000)
    phone.sync()
    world.close()
    at_closing = lines_at_closings(world.lines, world.blobs)
    assert len(at_closing) == len(world.lines)
    carried, folded = same(world, at_closing)
    assert folded == 0
    phone.day = NEXT_DAY
    world.issue_pack(day=NEXT_DAY)
    phone.collect(5_000, visit="V3", account="A3")
    phone.sync()
    line = SettlementLineImported(
        statement="S", line=1, provider="alipay", order="O", amount_minor=1, currency="CNY", at_ms=START_MS
    )
    world.office(line, role="cashier")
    again, anew = same(world, lines_at_closings(world.lines, world.blobs))
    assert (carried - again, anew) == (3, 6)
    assert world.closings["B1"][0].operation.body.service_day == DAY  # type: ignore[union-attr]  # it is a DayClosed
