"""A few of the kills of `python -m tests.phone.kills`, with another seed than the long run's."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.phone.kills import run

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


def test_nothing_that_was_shown_is_lost_by_a_kill(playwright: Playwright, tmp_path: Path) -> None:
    """Ten browsers die while they enrol, open, record and send; the next has everything, in the end the office.

    Some leave half a record behind, for which the browser throws one of the two databases away.
    """
    outcome = run(playwright, tmp_path, count=10, seed=7)
    assert outcome.faults == []
    assert outcome.kills == 10
    assert outcome.while_enrolling
    assert outcome.shown > 20
    assert outcome.torn
    assert outcome.thrown_away
