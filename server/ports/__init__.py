"""What services may ask of a store and of each other; adapters stand behind these Protocols.

A store keeps exact bytes first and meaning second:

- *operations*, appended, keyed by hash; each is **pending** from the transaction that stored it until the
  reconciler has folded everything that it touches;
- the *touch index* (aggregate key → operations) and what folds said (*aggregates*, *discrepancies*, *postings*);
- *documents*, ready to send, numbered per agent; *side records*, *personal* rows and *blobs*.

Reading takes a connection from a pool and sees one snapshot. Writing goes through one writer with **group
commit**: each work runs in its own savepoint, an exception undoes that work only and reaches its caller only,
and a result is handed over only after the commit is on disk. A work must be quick, must not wait for anything,
and may be run in the same transaction as others.

Hashes are 64 lower-case hexadecimal digits; times are milliseconds since 1970 UTC. Nothing here is ordered by a
number that spans agents, accounts or journals: `StoredOperation.id` names a row and orders nothing.
"""

from server.ports.folding import Folded, FoldJob, FoldWorkers, FoldWorkersGone, folded
from server.ports.machine import Clock, Keys, Reconciling
from server.ports.reader import Reader
from server.ports.rows import (
    Device,
    DocumentRow,
    Epoch,
    JobState,
    JournalState,
    OfficeWork,
    PartialUpload,
    StoredOperation,
)
from server.ports.store import Store
from server.ports.writer import Writer

__all__ = [
    "Clock",
    "Device",
    "DocumentRow",
    "Epoch",
    "FoldJob",
    "FoldWorkers",
    "FoldWorkersGone",
    "Folded",
    "JobState",
    "JournalState",
    "Keys",
    "OfficeWork",
    "PartialUpload",
    "Reader",
    "Reconciling",
    "Store",
    "StoredOperation",
    "Writer",
    "folded",
]
