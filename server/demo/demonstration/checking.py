"""What must have come out of the story: rules that appeared, cash that agrees, books that a replay repeats."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import msgspec

from server.demo.demonstration.cast import LOST, REASSIGNED_FROM
from server.demo.demonstration.report import equation_of
from server.demo.demonstration.stage import Stage
from sync.money import format_amount

__all__ = ["EXPECTED_RULES", "Replay", "check_cash", "check_deliveries", "check_replay", "check_rules"]

EXPECTED_RULES: Final = (
    "CLOCK-DRIFT",
    "JOURNAL-FORK",
    "NOTICE-SUPERSEDED",
    "PAY-OVER",
    "RECEIPT-FORK",
    "RECEIPT-ORPHAN",
    "VISIT-CANCELLED",
    "VISIT-REASSIGNED",
    "VISIT-TWICE",
    "VOID-CONTESTED",
    "VOID-UNCONFIRMED",
)
"""Each is caused on purpose; others (PAY-UNIDENTIFIED, PAY-TWICE, CASH-VARIANCE) come up as the seed has it."""


class Replay(msgspec.Struct):
    """What ``doorstep verify --json`` prints, as far as it is told."""

    operations: int
    books_stored: str
    books_replayed: str
    sound: bool


def check_rules(stage: Stage, appeared: Collection[str]) -> None:
    """Every rule that the story causes must have appeared."""
    for rule in EXPECTED_RULES:
        if rule not in appeared:
            stage.fault(f"{rule} did not appear", f"{rule} 没有出现")


def check_deliveries(stage: Stage, days: Sequence[Any]) -> None:
    """PAY-DUPLICATE-DELIVERY raises nothing: it is counted, and the money stands once."""
    again = {agent["agent"]: agent["sync"]["again"] for day in days for agent in day["agents"]}
    told = ", ".join(f"{agent} {count}" for agent, count in sorted(again.items()) if count)
    stage.teller.fact(
        f"PAY-DUPLICATE-DELIVERY: operations that arrived again, each with one effect: {told}",
        f"PAY-DUPLICATE-DELIVERY：重复到达的记录，均只计一次：{told}",
    )
    if not again.get(REASSIGNED_FROM):
        stage.fault("the lost answer led to no repeated delivery", "丢失应答后没有重复上传")


def check_cash(stage: Stage, days: Sequence[Any]) -> None:
    """Each equation balances, and its cash is what changed hands at the doors."""
    for day in days:
        for agent in day["agents"]:
            for values in agent["equations"]:
                equation = equation_of(values, stage.teller.language)
                mark = "✓" if equation.balanced else "✗"
                stage.teller.fact(
                    f"{agent['agent']}  {equation.line} {mark}", f"{agent['agent']}  {equation.line} {mark}"
                )
                if not equation.balanced:
                    stage.fault(f"{agent['agent']}'s equation does not balance", f"{agent['agent']} 的等式不平")
                if agent["agent"] != LOST:
                    _check_doors(stage, agent["agent"], values)


def _check_doors(stage: Stage, agent: str, values: Any) -> None:
    taken = sum(stop.paid_minor for stop in stage.memory.stops[agent] if stop.method == "cash")
    taken -= stage.memory.given_back.get(agent, 0)
    booked = values["collected"] - values["voided"] - values["void_pending"]
    if taken != booked:
        one, other = format_amount(taken, values["currency"]), format_amount(booked, values["currency"])
        stage.fault(f"{agent} took {one} at the doors, booked are {other}", f"{agent} 上门收取 {one}，入账 {other}")


def check_replay(stage: Stage, replay: Replay) -> None:
    """All operations, folded anew in another order, give the same books."""
    stage.teller.fact(
        f"the books of {replay.operations:,} operations    {replay.books_stored}",
        f"{replay.operations:,} 条记录的账簿    {replay.books_stored}",
    )
    stage.teller.fact(
        f"a replay in another order       {replay.books_replayed}", f"以另一顺序重放      {replay.books_replayed}"
    )
    if replay.books_stored != replay.books_replayed or not replay.sound:
        stage.fault("the replay gives other books", "重放结果与账簿不符")
