"""Checkers that look all the time, past the office's code: acknowledgements, books, closings, accusations."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sync.reconcile.catalogue import CATALOGUE
from tests.simulation.faulty import Violation
from tests.simulation.looking import BY_HASH
from tests.simulation.rows import BRANCH, day_name

if TYPE_CHECKING:
    from tests.simulation.world import World

__all__ = ["Watch"]

_BALANCES = """SELECT place, currency, sum(amount) FROM (
    SELECT debit AS place, currency, amount_minor AS amount FROM posting
    UNION ALL SELECT credit, currency, -amount_minor FROM posting) GROUP BY place, currency"""


class Watch:
    """What must hold at every moment."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._durable: set[str] = set()

    def forget(self) -> None:
        """The office was set back: what was there before must be looked at again."""
        self._durable.clear()

    def _rows(self, sql: str, *values: Any) -> list[Any]:
        return self.world.office.look.execute(sql, values).fetchall()

    def holds(self, hash_: str) -> bool:
        """Whether the office's file holds an operation, committed."""
        return bool(self._rows(f"SELECT 1 {BY_HASH}", bytes.fromhex(hash_)))

    # -- acknowledgements
    def acknowledged(self, device: str, epoch: int, seq: int, hash_: str) -> None:
        """Everything up to an acknowledged place is on disk at the office when the acknowledgement is signed."""
        self.world.notebook.acknowledged[hash_] = (device, epoch, seq)
        here, number = hash_, seq
        while here not in self._durable:
            rows = self._rows(f"SELECT o.seq, o.prev {BY_HASH}", bytes.fromhex(here))
            if not rows or rows[0][0] != number:
                raise Violation(
                    "acknowledged-lost", f"{device}/{epoch}/{seq} was acknowledged, {number} ({here[:12]}) is not held"
                )
            self._durable.add(here)
            if number == 1:
                return
            here, number = rows[0][1].hex(), number - 1

    # -- books
    def books(self) -> None:
        """With nothing pending: nothing rests in passing, nothing counts twice, no honest agent is accused."""
        if self._rows("SELECT 1 FROM pending LIMIT 1"):
            return
        for place, currency, amount in self._rows(_BALANCES):
            if place.startswith("collected:") and amount:
                raise Violation("books-imbalance", f"{place} holds {amount} {currency} that no account took")
        twice = self._rows("SELECT hex(hash), count(*) FROM operation GROUP BY hash HAVING count(*) > 1 LIMIT 1")
        if twice:
            raise Violation("counted-twice", f"operation {twice[0][0]} is stored {twice[0][1]} times")
        self._accusations()

    def balances(self) -> dict[str, int]:
        """Place → fen, as the postings stand."""
        return {place: amount for place, currency, amount in self._rows(_BALANCES) if currency == "CNY" and amount}

    def _accusations(self) -> None:
        accusing = [code for code, rule in CATALOGUE.items() if rule.suspicion]
        marks = ",".join("?" * len(accusing))
        for (data,) in self._rows(f"SELECT data FROM discrepancy WHERE rule IN ({marks})", *accusing):  # noqa: S608  # only marks
            found = json.loads(data)
            if found["agent"] and found["agent"] not in self.world.notebook.cheats:
                raise Violation(
                    "honest-accused", f"{found['rule']} names {found['agent']}, who is honest: {found['subject']}"
                )

    # -- closings
    def closing(self, day: str) -> None:
        """What all closings booked together is what stands, up to the day just closed; each names the one before.

        The one before may be a closing that the office forgot and somebody had kept.
        """
        booked: defaultdict[str, int] = defaultdict(int)
        last = ""
        chain = {kept.number: kept.closing for kept in self.world.recovery.kept.values()}
        for hash_, body in self._closings():
            number = body["number"]
            if body["before"] != chain.get(number - 1, "") or chain.setdefault(number, hash_) != hash_:
                raise Violation("closing-chain", f"closing {number} of {body['service_day']} breaks the chain")
            last = body["service_day"]
            for line in self._document(body["lines_document"]):
                booked[line["debit"]] += line["amount_minor"]
                booked[line["credit"]] -= line["amount_minor"]
        if last != day:
            raise Violation("closing-chain", f"the day {day} was closed, the last closing is of {last or 'no day'}")
        standing: defaultdict[str, int] = defaultdict(int)
        for debit, credit, amount in self._rows(
            "SELECT debit, credit, amount_minor FROM posting WHERE branch = ? AND service_day <= ?", BRANCH, day
        ):
            standing[debit] += amount
            standing[credit] -= amount
        differ = [p for p in sorted(booked.keys() | standing.keys()) if booked[p] != standing[p]]
        if differ:
            place = differ[0]
            raise Violation(
                "closing-books", f"after closing {day} {place} is booked {booked[place]}, stands {standing[place]}"
            )

    def closed_days(self) -> list[int]:
        """Numbers of the service days that the office's file says are closed."""
        closed = {body["service_day"] for _, body in self._closings()}
        return [day for day in range(self.world.setup.days) if day_name(day) in closed]

    def _closings(self) -> list[tuple[str, dict[str, Any]]]:
        found = []
        for hash_, data in self._rows('SELECT hash, data FROM operation WHERE instr(data, \'"kind":"DayClosed"\')'):
            operation = json.loads(data)
            if operation.get("by") and operation["device"].startswith("office-"):
                found.append((hash_.hex(), operation["body"]))
        return sorted(found, key=lambda item: item[1]["number"])

    def _document(self, sha256: str) -> list[dict[str, Any]]:
        rows = self._rows("SELECT data FROM blob WHERE sha256 = ?", bytes.fromhex(sha256))
        if not rows:
            raise Violation("closing-books", f"the document {sha256[:12]} of a closing is missing")
        found: list[dict[str, Any]] = json.loads(rows[0][0])
        return found
