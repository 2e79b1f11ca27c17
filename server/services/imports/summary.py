"""What an import did, or would do."""

from __future__ import annotations

import msgspec

__all__ = ["ImportSummary"]


class ImportSummary(msgspec.Struct, frozen=True, kw_only=True):
    """Rows read, rows that say something new, rows that were known already."""

    kind: str
    file: str
    rows: int
    new: int
    same: int
    dry_run: bool
    letters_missing: int = 0
    """Of notices: letters whose content has not come."""
