"""Reconciliation at the office: pending operations become states, postings, discrepancies and verdicts.

Ingest commits first, this comes after. A run reads a snapshot, folds outside the write lock, and writes what it
found in one short transaction together with the marks that it is done; an operation that arrives in between is
pending itself and folds the same aggregates again. So a crash at any point is caught up by running once more.
"""

from server.services.reconcile.reconciler import Reconciler

__all__ = ["Reconciler"]
