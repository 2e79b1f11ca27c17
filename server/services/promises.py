"""Promises and instalments whose day has ended without the money: the office looks for it, and says as of which day.

A rule about absence reaches the books only through an office operation: this writes it, once for each promise and for
each instalment of a plan, a few days after its day so that phones and the creditor's files had time to report. What
comes later still counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from server.ports import OfficeWork, Reader, Store, Writer
from server.services.office import SYSTEM
from server.services.present import facts_now
from sync.operations.office import PromiseJudged

__all__ = ["judge_promises"]

_CURSOR = "promises/cursor"


def judge_promises(store: Store, today: str, wait_days: int, limit: int) -> int:
    """Look at the next `limit` accounts in order of key; how many promises and plans were judged.

    `today` is the branches' day (``YYYY-MM-DD``); a promise waits `wait_days` days beyond its own. Idempotent and
    bounded: a job.
    """
    before = (date.fromisoformat(today) - timedelta(days=wait_days)).isoformat()
    with store.read() as reader:
        after = reader.setting(_CURSOR)
        page = reader.aggregates_of("account", after=after, limit=limit)
        due = [state["account"] for _, state in page if _open_promises(state, before) or _plans_due(state, before, {})]
    cursor = page[-1][0] if len(page) == limit else ""
    if not due and cursor == after:
        return 0

    def work(writer: Writer) -> int:
        writer.put_setting(_CURSOR, cursor)
        bodies = [body for account in due for body in _judgements(writer, account, before, today)]
        writer.append_office([OfficeWork(body=body, by=SYSTEM, rests_on=(body.promise,)) for body in bodies])
        return len(bodies)

    return store.write_now(work)


def _open_promises(state: Mapping[str, Any], before: str) -> list[str]:
    """Operations of the promises that nobody kept or judged and that were due before a day."""
    return [
        made["operation"]
        for made in state.get("promises", ())
        if made.get("status") == "open" and not made["judged"] and made["due"] < before
    ]


def _plans_due(state: Mapping[str, Any], before: str, judged: Mapping[str, str]) -> list[str]:
    """Operations of the plans of which an instalment was due before a day, is not paid and was not looked for since.

    `judged` is plan → the last day as of which the office is known to have looked, beside what the state says.
    """
    return [
        agreed["operation"]
        for agreed in state.get("agreed", ())
        if any(
            max(agreed["judged_through"], judged.get(agreed["operation"], "")) <= instalment["due"] < before
            for instalment in agreed["open"]
        )
    ]


def _judgements(reader: Reader, account: str, before: str, today: str) -> list[PromiseJudged]:
    key = f"account:{account}"
    # A judgement that is written and not folded yet is known here all the same.
    judged: dict[str, str] = {}
    for fact in facts_now(reader, [key])[key]:
        body = fact.operation.body
        if isinstance(body, PromiseJudged):
            judged[body.promise] = max(body.as_of_day, judged.get(body.promise, ""))
    state = reader.aggregate(key) or {}
    wanted = sorted({*(set(_open_promises(state, before)) - judged.keys()), *_plans_due(state, before, judged)})
    return [PromiseJudged(account=account, promise=hash_, as_of_day=today) for hash_ in wanted]
