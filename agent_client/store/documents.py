"""Documents that the office sent, by name, and the frames of the days that this phone worked on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec
from sqlite_utils import Database

from sync.messages import (
    BadgeDocument,
    DocumentChange,
    JournalDocument,
    NoticeDocument,
    Pack,
    VerdictDocument,
    VisitDocument,
)

__all__ = ["DocumentStore"]

_T = TypeVar("_T")


class DocumentStore:
    """A removed document stays (marked) only while its visit is open, so that the visit can be finished."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def visit(self, visit: str) -> VisitDocument | None:
        """One stop, or None; one that left the scope while its visit is open is still given."""
        return self._one(f"visit/{visit}", VisitDocument)

    def notice(self, notice: str) -> NoticeDocument | None:
        """The version of a notice to hand over."""
        return self._one(f"notice/{notice}", NoticeDocument)

    def journal(self, device: str, epoch: int) -> JournalDocument | None:
        """How far the office has reconciled an epoch."""
        return self._one(f"journal/{device}/{epoch}", JournalDocument)

    def verdicts(self) -> dict[str, VerdictDocument]:
        """Every operation that is held or disputed, by hash."""
        return {verdict.hash: verdict for verdict in self._many("verdict/", VerdictDocument)}

    def packs(self) -> list[Pack]:
        """The packs in scope, by service day."""
        return sorted(self._many("pack/", Pack), key=lambda pack: pack.service_day)

    def badges(self) -> list[BadgeDocument]:
        """What the office certified for the agent's phones, by service day."""
        return sorted(self._many("badge/", BadgeDocument), key=lambda badge: badge.service_day)

    def days(self) -> list[Pack]:
        """Every day that this phone held a pack for, by service day."""
        rows = self._db.execute("SELECT data FROM day ORDER BY pack")
        return [msgspec.json.decode(row[0], type=Pack) for row in rows]

    def is_removed(self, visit: str) -> bool:
        """Whether the office took the visit out of this phone's scope."""
        row = self._db.execute("SELECT removed FROM document WHERE name = ?", [f"visit/{visit}"]).fetchone()
        return row is not None and bool(row[0])

    def count(self, incarnation: str) -> int:
        """How many documents in scope are here, to compare with the manifest."""
        row = self._db.execute(
            "SELECT count(*) FROM document WHERE removed = 0 AND incarnation = ?", [incarnation]
        ).fetchone()
        return int(row[0])

    def apply(self, changes: Iterable[DocumentChange], incarnation: str, keep: set[str]) -> int:
        """Take in changes; `keep` names documents that stay, marked, when they leave the scope."""
        count = 0
        for change in changes:
            count += 1
            if change.removed:
                self._remove(change.name, keep)
                continue
            data = bytes(change.document)
            self._db.execute(
                "INSERT OR REPLACE INTO document (name, n, incarnation, removed, data) VALUES (?, ?, ?, 0, ?)",
                [change.name, change.n, incarnation, data],
            )
            if change.name.startswith("pack/"):
                pack = msgspec.json.decode(data, type=Pack).pack
                self._db.execute("INSERT OR REPLACE INTO day (pack, data) VALUES (?, ?)", [pack, data])
        return count

    def purge(self, incarnation: str | None, keep: set[str]) -> None:
        """Drop what was marked and is not needed any more, and, given an incarnation, what is of another."""
        rows = self._db.execute("SELECT name, incarnation, removed FROM document").fetchall()
        for name, of, removed in rows:
            if removed or (incarnation is not None and of != incarnation):
                self._remove(name, keep)

    def wipe(self) -> None:
        """Drop every document; the days' frames name no customer and stay, so that a day can still be ended."""
        self._db.execute("DELETE FROM document")

    def needed_by(self, visits: Iterable[str]) -> set[str]:
        """Names of the documents that these visits are worked from."""
        names: set[str] = set()
        for visit in visits:
            names.add(f"visit/{visit}")
            document = self.visit(visit)
            if document is not None and document.notice:
                names.add(f"notice/{document.notice}")
        return names

    def _remove(self, name: str, keep: set[str]) -> None:
        if name in keep:
            self._db.execute("UPDATE document SET removed = 1 WHERE name = ?", [name])
        else:
            self._db.execute("DELETE FROM document WHERE name = ?", [name])

    def _one(self, name: str, kind: type[_T]) -> _T | None:
        row = self._db.execute("SELECT data FROM document WHERE name = ?", [name]).fetchone()
        return None if row is None else msgspec.json.decode(row[0], type=kind)

    def _many(self, prefix: str, kind: type[_T]) -> list[_T]:
        rows = self._db.execute(
            "SELECT data FROM document WHERE removed = 0 AND substr(name, 1, ?) = ? ORDER BY name",
            [len(prefix), prefix],
        )
        return [msgspec.json.decode(row[0], type=kind) for row in rows]
