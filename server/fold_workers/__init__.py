"""Folding a backlog on every core: processes of this machine that read the same database file."""

from server.fold_workers.pool import FoldPool

__all__ = ["FoldPool"]
