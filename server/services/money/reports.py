"""Reports about money: rows of plain values, each with columns in a fixed order, nothing personal.

They read what was last folded: `pending` of the trial balance says how many operations are still to come.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from server.ports import Reader
from server.services.money.report_titles import title_of
from sync.errors import Refused
from sync.operations.field import DayEnded
from sync.operations.understand import decode_understood
from sync.reconcile.places import PLACE_FAMILIES, PLACE_FAMILIES_ZH

__all__ = ["COLUMNS", "Report", "agent_report", "receipts_report", "remittance_report", "trial_balance"]

_PAGE = 2_000

COLUMNS: dict[str, tuple[str, ...]] = {
    "trial-balance": ("place", "meaning", "currency", "debit_minor", "credit_minor", "balance_minor"),
    "agent": (
        "service_day", "currency", "carried", "float_issued", "collected", "voided", "void_pending", "transferred_in",
        "transferred_out", "deposited", "lost", "handed_over", "expected", "held", "counted", "over_short", "closed",
    ),
    "remittance": (
        "creditor", "account", "currency", "reduced_minor", "credit_minor", "payments", "remitted_minor",
        "absorbed_minor", "due_minor", "waiting_minor", "over_remitted_minor",
    ),
    "receipts": ("agent", "device", "epoch", "number", "state", "witnessed"),
}  # fmt: skip
"""Report → columns of its rows, in order; amounts are minor units."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A report: its rows under its columns. `pending` operations were stored and are not in it yet."""

    name: str
    columns: tuple[str, ...]
    titles: tuple[str, ...]
    """Of the columns, in the language that was asked for."""
    rows: list[dict[str, Any]]
    pending: int


def _report(reader: Reader, name: str, rows: list[dict[str, Any]], language: str) -> Report:
    columns = COLUMNS[name]
    titles = tuple(title_of(column, language) for column in columns)
    return Report(name=name, columns=columns, titles=titles, rows=rows, pending=reader.pending_count())


def trial_balance(reader: Reader, branch: str | None = None, language: str = "en") -> Report:
    """Debits and credits of every place, of one branch's postings if named; debits equal credits by currency."""
    meanings = PLACE_FAMILIES_ZH if language == "zh" else PLACE_FAMILIES
    sums: dict[tuple[str, str], list[int]] = {}
    for posting in reader.every_posting(branch):
        sums.setdefault((posting.debit, posting.currency), [0, 0])[0] += posting.amount_minor
        sums.setdefault((posting.credit, posting.currency), [0, 0])[1] += posting.amount_minor
    rows = [
        {
            "place": place,
            "meaning": meanings[place.partition(":")[0]],
            "currency": code,
            "debit_minor": debit,
            "credit_minor": credit,
            "balance_minor": debit - credit,
        }
        for (place, code), (debit, credit) in sorted(sums.items())
    ]
    return _report(reader, "trial-balance", rows, language)


def agent_report(reader: Reader, agent: str, from_day: str = "", to_day: str = "", language: str = "en") -> Report:
    """The equation of each of an agent's days, both ends included; raises NOT-FOUND for an agent without a drawer."""
    rows = []
    for key in _drawers(reader, agent):
        state = reader.aggregate(key)
        day = key.rpartition("/")[2]
        if state is None or day < from_day or (to_day and day > to_day):
            continue
        for equation in state["equations"]:
            values = {name: equation.get(name) for name in COLUMNS["agent"] if name not in {"service_day", "closed"}}
            rows.append({"service_day": day, **values, "closed": bool(state["closed_by"])})
    return _report(reader, "agent", rows, language)


def _drawers(reader: Reader, agent: str) -> list[str]:
    found: list[str] = []
    while page := reader.keys_starting(f"drawer:{agent}/", after=found[-1] if found else "", limit=_PAGE):
        found += page
    if not found:
        raise Refused("NOT-FOUND", f"{agent[:64]} has no drawer on any day")
    return found


def remittance_report(reader: Reader, creditor: str | None = None, language: str = "en") -> Report:
    """What our payments reduced on each account, what of it was passed on and absorbed, and what is still due.

    It says what is due to creditors by the books, wherever the money is now; payments made elsewhere are not in it.
    """
    rows = []
    for state in _accounts(reader):
        if creditor not in (None, state["creditor"]) or not (state["collected_minor"] or state["over_remitted_minor"]):
            continue
        open_ = [(entry["why"], entry["amount_minor"]) for entry in state["unremitted"]]
        reduced = state["collected_minor"] - state["credit_minor"] - state["suspense_minor"] - state["refund_minor"]
        rows.append(
            {
                "creditor": state["creditor"],
                "account": state["account"],
                "currency": state["currency"],
                "reduced_minor": reduced,
                "credit_minor": state["credit_minor"],
                "payments": state["payments"],
                "remitted_minor": state["remitted_minor"],
                "absorbed_minor": state["absorbed_minor"],
                "due_minor": sum(amount for why, amount in open_ if not why),
                "waiting_minor": sum(amount for why, amount in open_ if why),
                "over_remitted_minor": state["over_remitted_minor"],
            }
        )
    rows.sort(key=lambda row: (row["creditor"], row["account"], row["currency"]))
    return _report(reader, "remittance", rows, language)


def _accounts(reader: Reader) -> Iterator[dict[str, Any]]:
    after = ""
    while page := reader.aggregates_of("account", after=after):
        yield from (state for _, state in page)
        after = page[-1][0]


def receipts_report(reader: Reader, agent: str, language: str = "en") -> Report:
    """Receipt numbers of an agent's phones that no operation carries, up to the highest known or declared one.

    Raises NOT-FOUND for an agent without a phone.
    """
    devices = reader.devices(agent=agent)
    if not devices:
        raise Refused("NOT-FOUND", f"{agent[:64]} has no phone")
    declared = _declared(reader, agent)
    rows = []
    for device in devices:
        known = dict(_series(reader, device.device))
        highest: dict[int, int] = {e: n for (d, e), n in declared.items() if d == device.device}
        for epoch, number in known:
            highest[epoch] = max(highest.get(epoch, 0), number)
        for epoch, last in sorted(highest.items()):
            for number in range(1, last + 1):
                state = known.get((epoch, number))
                if state is None or not (state["payments"] or state["voids"]):
                    witnessed = len(state["witnesses"]) if state else 0
                    rows.append(
                        {
                            "agent": agent,
                            "device": device.device,
                            "epoch": epoch,
                            "number": number,
                            "state": "witnessed" if witnessed else "missing",
                            "witnessed": witnessed,
                        }
                    )
    return _report(reader, "receipts", rows, language)


def _series(reader: Reader, device: str) -> Iterator[tuple[tuple[int, int], dict[str, Any]]]:
    after, prefix = "", f"payment:{device}/"
    while page := reader.keys_starting(prefix, after=after, limit=_PAGE):
        for key, state in reader.aggregates(page).items():
            epoch, _, number = key.removeprefix(prefix).partition("/")
            yield (int(epoch), int(number)), state
        after = page[-1]


def _declared(reader: Reader, agent: str) -> dict[tuple[str, int], int]:
    """(device, epoch) → the highest receipt number that a `DayEnded` states."""
    found: dict[tuple[str, int], int] = {}
    keys: list[str] = []
    while page := reader.keys_starting(f"drawer:{agent}/", after=keys[-1] if keys else "", limit=_PAGE):
        keys += page
    for key in keys:
        for row in reader.facts([key])[key]:
            if b'"DayEnded"' in row.data and not row.held:
                body = decode_understood(row.data).body
                if isinstance(body, DayEnded):
                    place = row.device, row.epoch
                    found[place] = max(found.get(place, 0), body.receipt_last)
    return found
