"""Faults of an import file: each names file, row, column and value; nothing is imported while there is one.

Rows are counted as a spreadsheet shows them: the header is row 1. Row 0 means the file as a whole.
"""

from __future__ import annotations

import msgspec

from server.intake.limits import FAULT_VALUE_CHARACTERS_MAX, FAULTS_LISTED_MAX
from sync.errors import Refused

__all__ = ["Fault", "Faults"]


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong, and where."""

    file: str
    row: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        """``accounts.csv row 7, payoff_minor "abc": not a whole number``."""
        place = f"{self.file} row {self.row}" if self.row else self.file
        what = f", {self.column} {self.value!r}" if self.column else ""
        return f"{place}{what}: {self.reason}"


class Faults:
    """Collects the faults of one file; the first twenty are kept, all are counted."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.listed: list[Fault] = []
        self.count = 0

    def add(self, row: int, column: str, value: str, reason: str) -> None:
        """Note one fault; a long value is cut."""
        self.count += 1
        if len(self.listed) < FAULTS_LISTED_MAX:
            shown = value[:FAULT_VALUE_CHARACTERS_MAX]
            self.listed.append(Fault(file=self.file, row=row, column=column, value=shown, reason=reason))

    def refuse(self) -> None:
        """Raise IMPORT-MALFORMED with every listed fault if there is one; the faults stand in `context["faults"]`."""
        if not self.count:
            return
        rest = self.count - len(self.listed)
        text = "; ".join(map(str, self.listed)) + (f"; and {rest} more" if rest else "")
        raise Refused("IMPORT-MALFORMED", text, faults=tuple(self.listed), count=self.count)
