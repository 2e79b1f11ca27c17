"""Errors and limits: stable codes with a cause and a remedy; writers' limits within readers'."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sync import limits
from sync.errors import ERROR_CODES, Conflict, Corrupt, DoorstepError, NotAllowed, Refused, Unavailable


@pytest.mark.parametrize("code", sorted(ERROR_CODES))
def test_every_code_has_status_title_and_remedy(code: str) -> None:
    """A code is upper-case words; its status is an error of HTTP; title and remedy are sentences for people."""
    entry = ERROR_CODES[code]
    assert re.fullmatch(r"[A-Z]+(-[A-Z]+)*", code)
    assert 400 <= entry.status <= 599
    assert entry.title[0].isupper()
    assert not entry.title.endswith(".")
    assert entry.remedy.endswith(".")


@pytest.mark.parametrize("kind", [Refused, Conflict, NotAllowed, Unavailable, Corrupt])
def test_an_error_says_what_and_what_to_do(kind: type[DoorstepError]) -> None:
    """The exception carries code, cause, context and the code's remedy."""
    error = kind("NOT-FOUND", "no visit V7", visit="V7")
    assert isinstance(error, DoorstepError)
    assert str(error) == "NOT-FOUND: no visit V7"
    assert error.context == {"visit": "V7"}
    assert error.entry.status == 404
    assert error.remedy == ERROR_CODES["NOT-FOUND"].remedy


def test_every_limit_has_a_reason() -> None:
    """Each constant is a positive whole number and is followed by its reason in the source."""
    source = Path(limits.__file__).read_text(encoding="utf-8")
    names = [name for name in vars(limits) if name.isupper()]
    assert names
    for name in names:
        assert isinstance(getattr(limits, name), int)
        assert getattr(limits, name) > 0
        assert re.search(rf'^{name} = .*\n""".{{20,}}', source, re.MULTILINE), name


def test_writers_limits_are_within_readers() -> None:
    """What our client may write is less than what the office accepts."""
    for name in vars(limits):
        if name.endswith("_WRITER"):
            assert getattr(limits, name) < getattr(limits, name.removesuffix("_WRITER"))


def test_a_request_of_the_writers_limits_fits_the_readers() -> None:
    """A full page of the largest operations a client writes stays within the bytes of one exchange."""
    assert limits.EXCHANGE_OPERATIONS_MAX_WRITER * limits.OPERATION_BYTES_MAX_WRITER < limits.EXCHANGE_BYTES_MAX
    assert limits.SIDE_RECORD_INLINE_BYTES_MAX < limits.SIDE_RECORD_BYTES_MAX
    assert limits.HLC_WALL_MS_MAX < 10**13
