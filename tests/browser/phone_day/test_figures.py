"""What `python -m tests.phone.figures` measures and no clock decides."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.phone.figures import measure

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

_FIRST_LOAD_BYTES_MAX = 150_000


def test_the_app_is_installable_small_offline_and_reached_by_keys(playwright: Playwright, tmp_path: Path) -> None:
    """Chromium would install it, a first visit is small, everything is reached by keys, it starts cold offline."""
    found = measure(playwright, tmp_path, runs=1)
    assert found.not_installable == []
    assert found.manifest_faults == []
    assert found.load.page < _FIRST_LOAD_BYTES_MAX
    assert found.unreached == []
    assert len(found.opened_ms) == 1
