"""Who this phone is, and how far it has synchronised."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from sqlite_utils import Database

from sync.clock import Seen
from sync.encoding import canonical_json
from sync.errors import Corrupt
from sync.messages import Cursor, EnrolAnswer, Signed

__all__ = ["Enrolment", "StateStore", "SyncState"]

_T = TypeVar("_T")


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """What enrolment gave; `signing_key` is the P-256 scalar, 32 bytes, and never leaves this database."""

    office_url: str
    answer: EnrolAnswer
    signing_key: bytes
    ca: str = ""
    insecure_http: bool = False

    @property
    def device(self) -> str:
        """The device's id, which is also its receipts' key id."""
        return self.answer.device


class SyncState(msgspec.Struct, frozen=True, kw_only=True):
    """How far this phone and the office agree."""

    cursor: Cursor | None = None
    acknowledgement: Signed | None = None
    seen: Seen | None = None
    total: int = 0
    """How many documents the office says that a complete phone holds."""
    complete: bool = False
    """Whether the office had nothing more to send when it was last asked."""
    synced_ms: int = 0
    """Signed server time of the last answer."""
    locked: bool = False
    wipe: bool = False
    wiped: bool = False
    epoch_request: str = ""
    """The random id of a request for a new epoch that was not answered yet."""


class StateStore:
    """One JSON text a name."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def enrolment(self) -> Enrolment:
        """Who this phone is; STORE-CORRUPT when that is not there."""
        found = self._read("enrolment", Enrolment)
        if found is None:
            raise Corrupt("STORE-CORRUPT", "the database does not say which phone this is")
        return found

    def set_enrolment(self, enrolment: Enrolment) -> None:
        """Written once."""
        self._write("enrolment", enrolment)

    def sync(self) -> SyncState:
        """How far the phone has synchronised."""
        return self._read("sync", SyncState) or SyncState()

    def set_sync(self, state: SyncState) -> None:
        """Replaced as a whole."""
        self._write("sync", state)

    def _read(self, name: str, kind: type[_T]) -> _T | None:
        row = self._db.execute("SELECT data FROM state WHERE name = ?", [name]).fetchone()
        return None if row is None else msgspec.json.decode(row[0], type=kind)

    def _write(self, name: str, value: object) -> None:
        self._db.execute("INSERT OR REPLACE INTO state (name, data) VALUES (?, ?)", [name, canonical_json(value)])
