"""What an exchange gives: the documents after a phone's cursor, one page of them."""

from __future__ import annotations

import msgspec

from server.ports import DocumentRow, Reader
from sync.limits import DOCUMENTS_PAGE_BYTES_MAX, DOCUMENTS_PAGE_MAX
from sync.messages import Cursor

__all__ = ["Asked", "Page", "read_page"]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The documents that an answer is to give: those of an agent after the `start`-th change, up to the `end`-th."""

    agent: str
    incarnation: str
    start: int
    end: int
    total: int

    @property
    def count(self) -> int:
        """How many changes there are to give."""
        return self.end - self.start


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """The documents of one answer and the cursor behind them; without a cursor none are given."""

    documents: list[DocumentRow] = []
    cursor: Cursor | None = None
    more: bool = False
    total: int = 0


def read_page(reader: Reader, asked: Asked) -> Page:
    """The page that is asked for, and the cursor behind it."""
    documents: list[DocumentRow] = []
    if asked.count:
        documents = reader.documents_after(asked.agent, asked.start, DOCUMENTS_PAGE_MAX, DOCUMENTS_PAGE_BYTES_MAX)
    reached = documents[-1].n if documents else asked.start
    cursor = Cursor(incarnation=asked.incarnation, n=reached)
    return Page(documents=documents, cursor=cursor, more=reached < asked.end, total=asked.total)
