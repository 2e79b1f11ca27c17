"""A wallet payment waits from when it can have been taken, whatever the phone's clock says."""

from __future__ import annotations

import pytest

from tests.reconcile.phones import Phone
from tests.reconcile.worlds import World

DAY_MS = 86_400_000


@pytest.mark.parametrize("wrong_by_ms", [-20_000 * DAY_MS, -DAY_MS, 0, DAY_MS, 300 * DAY_MS])
def test_a_deadline_runs_from_a_time_that_can_be_true(world: World, phone: Phone, wrong_by_ms: int) -> None:
    """A clock set ahead does not put the deadline off, and one set back does not end it before it began."""
    phone.sync()
    before_ms = world.now_ms
    phone.clock_error_ms = wrong_by_ms
    phone.check()
    phone.collect(30_000, method="alipay", provider_order="O1")
    phone.sync()

    state = world.replay().outcomes["settlement:alipay/O1"].state

    assert before_ms - 60_000 <= state["waiting_since_ms"] <= world.now_ms + 60_000
