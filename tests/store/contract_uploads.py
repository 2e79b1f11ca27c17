"""The contract of every store, third part: side records that came in part."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from server.ports import Store, Writer
from sync.errors import Conflict
from sync.side_records import make_side_record
from tests.store.opening import MakeStore, open_office

__all__ = ["UploadContract"]

ONE, TWO = "aa" * 8, "bb" * 8
RECORD = make_side_record("门口的照片".encode() * 100, b"s" * 16)
OTHER = make_side_record(b"other", b"s" * 16)


def _append(writer: Writer, device: str, sha256: str, offset: int, data: bytes, now_ms: int = 1) -> int:
    return writer.append_side_record_part(device, sha256, offset, data, now_ms)


class UploadContract:
    """Each store's test class inherits this and gives the fixture `make_store`."""

    @pytest.fixture
    def store(self, make_store: MakeStore) -> Iterator[Store]:
        """A store that holds the office journal."""
        store = open_office(make_store)
        yield store
        store.close()

    def test_parts_join_in_order(self, store: Store) -> None:
        """Whatever their sizes; an empty part changes nothing."""
        end = 0
        for size in (1, 700, 0, 16, 800):
            piece = RECORD.data[end : end + size]
            end = store.write_now(partial(_append, device=ONE, sha256=RECORD.sha256, offset=end, data=piece))
        with store.read() as reader:
            assert reader.side_record_offset(ONE, RECORD.sha256) == end == len(RECORD.data)
            assert reader.side_record_parts(ONE, RECORD.sha256) == RECORD.data
            assert reader.side_record(RECORD.sha256) is None

    def test_only_the_end_is_appended_to(self, store: Store) -> None:
        """Before it and behind it are refused with the place where it is, and nothing is stored."""
        store.write_now(partial(_append, device=ONE, sha256=RECORD.sha256, offset=0, data=b"x" * 10))
        for offset in (0, 9, 11):
            with pytest.raises(Conflict, match="UPLOAD-OFFSET-WRONG") as caught:
                store.write_now(partial(_append, device=ONE, sha256=RECORD.sha256, offset=offset, data=b"y"))
            assert caught.value.context["expected_offset"] == 10
        with store.read() as reader:
            assert reader.side_record_parts(ONE, RECORD.sha256) == b"x" * 10

    def test_each_device_has_its_own(self, store: Store) -> None:
        """Two phones that send one record, and one phone that sends two."""
        store.write_now(partial(_append, device=ONE, sha256=RECORD.sha256, offset=0, data=b"one", now_ms=3))
        store.write_now(partial(_append, device=ONE, sha256=OTHER.sha256, offset=0, data=b"other", now_ms=2))
        store.write_now(partial(_append, device=TWO, sha256=RECORD.sha256, offset=0, data=b"two", now_ms=1))
        with store.read() as reader:
            found = reader.side_record_uploads(ONE)
            assert [(one.sha256, one.bytes, one.changed_ms) for one in found] == [
                (OTHER.sha256, 5, 2),
                (RECORD.sha256, 3, 3),
            ]
            assert reader.side_record_parts(TWO, RECORD.sha256) == b"two"
        assert store.write_now(lambda writer: writer.drop_side_record_upload(ONE, RECORD.sha256))
        assert not store.write_now(lambda writer: writer.drop_side_record_upload(ONE, RECORD.sha256))
        with store.read() as reader:
            assert reader.side_record_parts(ONE, RECORD.sha256) == b""
            assert reader.side_record_offset(TWO, RECORD.sha256) == 3

    def test_a_record_that_is_held_has_no_parts(self, store: Store) -> None:
        """Keeping it forgets what came of it from any phone, and so does erasing it."""
        for device in (ONE, TWO):
            store.write_now(partial(_append, device=device, sha256=RECORD.sha256, offset=0, data=b"part"))
            store.write_now(partial(_append, device=device, sha256=OTHER.sha256, offset=0, data=b"part"))
        store.write_now(lambda writer: writer.put_side_record(RECORD.sha256, RECORD.data))
        store.write_now(lambda writer: writer.erase_side_record(OTHER.sha256))
        with store.read() as reader:
            for device in (ONE, TWO):
                assert reader.side_record_uploads(device) == []
                assert reader.side_record_parts(device, RECORD.sha256) == b""
                assert reader.side_record_parts(device, OTHER.sha256) == b""

    def test_what_nobody_goes_on_with_is_forgotten(self, store: Store) -> None:
        """The oldest first, so many at once, and what was touched since stays."""
        for now_ms, device in ((5, ONE), (6, TWO), (10, "cc" * 8)):
            store.write_now(
                partial(_append, device=device, sha256=RECORD.sha256, offset=0, data=b"part", now_ms=now_ms)
            )
        assert store.write_now(lambda writer: writer.drop_stale_side_record_uploads(10, 1)) == 1
        with store.read() as reader:
            assert [reader.side_record_offset(device, RECORD.sha256) for device in (ONE, TWO)] == [0, 4]
        store.write_now(partial(_append, device=TWO, sha256=RECORD.sha256, offset=4, data=b"more", now_ms=10))
        assert store.write_now(lambda writer: writer.drop_stale_side_record_uploads(10, 10)) == 0
        assert store.write_now(lambda writer: writer.drop_stale_side_record_uploads(11, 10)) == 2
