"""One office for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exchange.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office with an empty database."""
    office = Office(tmp_path)
    yield office
    office.close()
