"""What the phone keeps, in the vault's encrypted database."""

from __future__ import annotations

from contextlib import AbstractContextManager

from sqlite_utils import Database

from agent_client.store.documents import DocumentStore
from agent_client.store.journal import JournalStore, Stored, Writer
from agent_client.store.migrations import migrate
from agent_client.store.side_records import SideRecordStore
from agent_client.store.state import Enrolment, StateStore, SyncState
from agent_client.store.transaction import readable_errors, snapshot, transaction

__all__ = ["Enrolment", "Store", "Stored", "SyncState", "Writer"]


class Store:
    """The four parts over one connection; `transaction` makes changes to them one step."""

    def __init__(self, db: Database) -> None:
        with readable_errors():
            migrate(db)
        self._db = db
        self.journal = JournalStore(db)
        self.documents = DocumentStore(db)
        self.side_records = SideRecordStore(db)
        self.state = StateStore(db)

    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside is on disk when the block ends, or nothing is."""
        return transaction(self._db)

    def snapshot(self) -> AbstractContextManager[None]:
        """Several reads of one state."""
        return snapshot(self._db)

    def close(self) -> None:
        """Close the connection; what was committed stays."""
        self._db.close()
