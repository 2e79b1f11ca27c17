"""What earlier imports said: office operations of one kind on some aggregates, read without folding."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import TypeVar

from server.ports import Reader
from sync.operations.understand import decode_understood

__all__ = ["KNOWN_CHUNK", "chunked", "known_bodies"]

B = TypeVar("B")
T = TypeVar("T")
KNOWN_CHUNK = 500
"""Aggregates read at once: their operations must fit into memory beside the file's rows."""


def known_bodies(reader: Reader, keys: Collection[str], kind: type[B]) -> Iterator[tuple[str, B]]:
    """(key, body) of every operation of this kind that the office wrote on these aggregates."""
    mark = f'"kind":"{kind.__name__}"'.encode()
    office = {device for device, author in reader.registry().items() if author.is_office}
    for chunk in chunked(keys):
        for key, rows in reader.facts(chunk).items():
            for row in rows:
                if mark in row.data and row.device in office:
                    body = decode_understood(row.data).body
                    if isinstance(body, kind):
                        yield key, body


def chunked(items: Collection[T]) -> Iterator[list[T]]:
    """Lists of at most `KNOWN_CHUNK` items."""
    source = iter(items)
    while chunk := list(islice(source, KNOWN_CHUNK)):
        yield chunk
