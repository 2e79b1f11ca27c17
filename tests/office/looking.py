"""Short ways to look at the office in tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec
import pytest

from server.ports import Writer
from server.services.office import Office
from sync.errors import DoorstepError
from sync.messages import NoticeDocument, Pack, VisitDocument
from sync.operations.understand import decode_understood

__all__ = ["bodies", "notice_document", "operations_count", "pack", "refused", "visit_document", "write"]

T = TypeVar("T")
DAY = "2026-03-02"


def write(office: Office, work: Callable[[Writer], T]) -> T:
    """Run one work."""
    return office.store.write_now(work)


def pack(office: Office, agent: str, day: str = DAY) -> Pack | None:
    """The frame that the agent's phone is to hold."""
    with office.store.read() as reader:
        data = reader.document(agent, f"pack/{day}/{agent}")
    return None if data is None else msgspec.json.decode(data, type=Pack)


def visit_document(office: Office, agent: str, visit: str) -> VisitDocument | None:
    """A stop that the agent's phone is to hold."""
    with office.store.read() as reader:
        data = reader.document(agent, f"visit/{visit}")
    return None if data is None else msgspec.json.decode(data, type=VisitDocument)


def notice_document(office: Office, agent: str, notice: str) -> NoticeDocument | None:
    """A letter that the agent's phone is to hold."""
    with office.store.read() as reader:
        data = reader.document(agent, f"notice/{notice}")
    return None if data is None else msgspec.json.decode(data, type=NoticeDocument)


def bodies(office: Office, kind: type[T]) -> list[T]:
    """Bodies of a kind in the office's journals, in order."""
    with office.store.read() as reader:
        found: list[Any] = [decode_understood(line).body for line in reader.export()]
    return [body for body in found if isinstance(body, kind)]


def operations_count(office: Office) -> int:
    """How many operations are held."""
    with office.store.read() as reader:
        return sum(1 for _ in reader.export())


@contextmanager
def refused(code: str, *words: str) -> Iterator[None]:
    """What is done inside raises this code, and its cause has these words."""
    with pytest.raises(DoorstepError) as caught:
        yield
    assert caught.value.code == code
    for word in words:
        assert word in caught.value.cause
