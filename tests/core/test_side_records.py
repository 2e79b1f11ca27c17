"""Side records: salted bytes under the name of their hash."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import Refused
from sync.limits import SIDE_RECORD_BYTES_MAX, SIDE_RECORD_SALT_BYTES
from sync.side_records import check_side_record, content_of, make_side_record

SALTS = st.binary(min_size=SIDE_RECORD_SALT_BYTES, max_size=SIDE_RECORD_SALT_BYTES)


@given(st.binary(max_size=200), SALTS)
def test_a_side_record_round_trips(content: bytes, salt: bytes) -> None:
    """Content comes back from behind its salt, and the name is the hash of both."""
    record = make_side_record(content, salt)
    assert record.sha256 == hashlib.sha256(salt + content).hexdigest()
    assert check_side_record(record.sha256, record.data) == record
    assert content_of(record.data) == content


def test_the_salt_hides_equal_contents() -> None:
    """Two records of one content have different names."""
    assert make_side_record(b"8412", bytes(16)).sha256 != make_side_record(b"8412", b"\1" * 16).sha256


@pytest.mark.parametrize("length", [0, 15, 17])
def test_a_salt_of_another_length_is_refused(length: int) -> None:
    """A salt has sixteen bytes."""
    with pytest.raises(Refused):
        make_side_record(b"x", bytes(length))


def test_content_beyond_the_limit_is_refused() -> None:
    """The limit counts the salt, for writer and reader alike."""
    content = bytes(SIDE_RECORD_BYTES_MAX - SIDE_RECORD_SALT_BYTES)
    record = make_side_record(content, bytes(16))
    assert check_side_record(record.sha256, record.data) == record
    with pytest.raises(Refused):
        make_side_record(content + b"x", bytes(16))
    larger = record.data + b"x"
    with pytest.raises(Refused) as caught:
        check_side_record(hashlib.sha256(larger).hexdigest(), larger)
    assert caught.value.code == "EXCHANGE-TOO-LARGE"


@pytest.mark.parametrize("change", ["other_bytes", "other_name", "upper", "short", "empty_name"])
def test_bytes_under_another_name_are_refused(change: str) -> None:
    """Bytes are accepted only under the hash that they have, in the one way to write it."""
    record = make_side_record(b"note", bytes(16))
    name, data = {
        "other_bytes": (record.sha256, record.data + b"!"),
        "other_name": ("0" * 64, record.data),
        "upper": (record.sha256.upper(), record.data),
        "short": (hashlib.sha256(b"x").hexdigest(), b"x"),
        "empty_name": ("", record.data),
    }[change]
    with pytest.raises(Refused) as caught:
        check_side_record(name, data)
    assert caught.value.code == "SIDE-RECORD-MISMATCH"
