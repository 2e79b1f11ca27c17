"""The creditor changes how an account stands: recalls it, writes it off, protects it, and sometimes opens it again.

Phones under way do not know it yet. What they take all the same must wait in suspense, by what the office knew when it
can have been paid; what was taken before anybody told the office must not.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from server.intake import AccountRow
from server.services.imports import import_accounts
from sync.errors import Refused
from tests.simulation.faulty import Violation
from tests.simulation.looking import held_hashes, office_bodies, reached_ms, rows, without_effect
from tests.simulation.rows import day_name

if TYPE_CHECKING:
    from tests.simulation.world import World

__all__ = ["Recalls"]

_STATUSES = ("recalled", "written_off", "moratorium", "disputed", "ceased")
_OPEN_AGAIN_PERMILLE = 250
_RULES = ("PAY-RECALLED", "PAY-WRITTEN-OFF")


class Recalls:
    """What the creditor says of its accounts besides amounts."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance = world.chance.stream("recalls")
        self.status: dict[str, str] = {}
        self._told: list[AccountRow] = []

    def change(self, day: int) -> None:
        """One account of the day changes its standing, or one that had changed is opened again."""
        changed = sorted(account for account, status in self.status.items() if status != "open")
        if changed and self.chance.permille(_OPEN_AGAIN_PERMILLE):
            account, status = self.chance.pick(changed), "open"
        else:
            visit = self.chance.pick([row for row in self.world.branch.visits if row.service_day == day_name(day)])
            account, status = visit.account_id, self.chance.pick(_STATUSES)
        self.status[account] = status
        row = next(row for row in self.world.branch.accounts if row.account_id == account)
        self._told.append(msgspec.structs.replace(self.world.creditor.stated(row), status=status))
        self._import([self._told[-1]])
        self.world.faults.counts.did(f"account_{status}")

    def again(self) -> None:
        """After the office was set back: the creditor's files are still there."""
        for row in self._told:
            self._import([row])

    def _import(self, told: list[AccountRow]) -> None:
        office, creditor = self.world.office, self.world.creditor.person
        try:
            office.insist(lambda: import_accounts(office.parts.office, creditor, "accounts.csv", told))
        except Refused:
            # It speaks of batches that a restored office does not know yet: given again once they are back.
            if not self.world.recovery.waits():
                raise

    # -- what must hold at the end
    def check(self) -> None:
        """Every payment waits, or does not, by what the office had been told when it was taken."""
        found = self._named()
        arrived = reached_ms(self.world)
        held = held_hashes(self.world) - without_effect(self.world)
        for payment in self.world.notebook.payments:
            shown = payment.shown
            if shown.hash not in held or payment.void is not None or self.world.providers.took_back(payment):
                continue
            told = self._statements(payment.account)
            before = [item for item in told if item[1] <= shown.true_from_ms]
            until = [item for item in told if item[1] <= arrived.get(shown.hash, 0)]
            named = shown.hash in found
            if before == until and before and max(before)[2] != "open" and not named:
                raise Violation("recalled-taken", f"{payment.series} was taken while the office knew better")
            if all(status == "open" for _, _, status in until) and named:
                raise Violation("recalled-wrong", f"{payment.series} was taken before anybody told the office")

    def _named(self) -> set[str]:
        marks = ",".join("?" * len(_RULES))
        found = rows(self.world, f"SELECT data FROM discrepancy WHERE rule IN ({marks})", *_RULES)  # noqa: S608  # only marks
        return {hash_ for (data,) in found for hash_ in json.loads(data)["operations"]}

    def _statements(self, account: str) -> list[tuple[int, int, str]]:
        """(as of, written, status) of every statement of the account in the office's file."""
        return [
            (body["as_of_ms"], at_ms, body["status"])
            for at_ms, body in office_bodies(self.world, "AccountImported")
            if body["account"] == account
        ]
