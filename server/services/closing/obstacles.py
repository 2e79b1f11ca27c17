"""What keeps a day open: gaps, unreported devices, held operations, pending voids, uncounted cash, money alarms.

Each obstacle has a name, ``CODE|subject``, under which two persons may carry it forward. Alarms about conduct do
not block.
"""

from __future__ import annotations

from typing import Any

import msgspec

from server.ports import Reader
from server.services.restore import restore_now
from sync.money import format_amount
from sync.operations.kinds import RESTORE_KEY
from sync.reconcile.catalogue import explain
from sync.reconcile.ledger import Line, left_in_passing, lines_between

__all__ = ["MONEY_RULES", "Obstacle", "lines_to_book", "obstacles_of"]

MONEY_RULES = frozenset({"PAY-WRITTEN-OFF", "RECEIPT-FORK", "RECEIPT-MISMATCH", "VOID-CONTESTED"})
"""Alarms about money: open ones block a closing."""

_HELD_RULES = frozenset({"AUTHOR-NOT-ALLOWED", "OPERATION-MALFORMED", "SCHEMA-NEWER"})


class Obstacle(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that must be settled or carried forward, with a sentence in both languages."""

    code: str
    subject: str
    sentence_en: str
    sentence_zh: str

    @property
    def name(self) -> str:
        """What a person names to carry it forward."""
        return f"{self.code}|{self.subject}"

    @property
    def carriable(self) -> bool:
        """Whether two persons may carry it forward; a restore is confirmed in its own way."""
        return self.code != "RESTORE-UNCONFIRMED"


def obstacles_of(reader: Reader, branch: str, service_day: str) -> list[Obstacle]:
    """Everything in the way of closing the day, sorted by name; empty when it can be closed."""
    state = reader.aggregate(f"branch:{branch}") or {"agents": {}}
    found = _restore_obstacles(reader)
    drawers = reader.aggregates([f"drawer:{agent}/{service_day}" for agent in state["agents"]])
    for key, drawer in drawers.items():
        found += _drawer_obstacles(key, drawer)
    for agent in state["agents"]:
        for device in reader.devices(agent=agent):
            found += _gap_obstacles(reader, device.device, agent)
    for item in reader.discrepancies(branch=branch, service_day=service_day, open_only=True, limit=10_000):
        if item.rule in _HELD_RULES or (item.severity == "alarm" and item.rule in MONEY_RULES):
            found.append(
                Obstacle(
                    code=item.rule,
                    subject=item.subject,
                    sentence_en=explain(item, "en")[1],
                    sentence_zh=explain(item, "zh")[1],
                )
            )
    found = list({obstacle.name: obstacle for obstacle in found}.values())
    # A correction of a closed day changes some of a payment's postings and leaves the rest booked as they are, so
    # it is the lines that must balance, not the postings that happen to be open.
    for fault in left_in_passing(lines_to_book(reader, branch, service_day)):
        if reader.pending_count() == 0:
            found.append(
                Obstacle(code="IMBALANCE", subject=branch, sentence_en=fault, sentence_zh=f"账目不平：{fault}")
            )
    return sorted(found, key=lambda obstacle: obstacle.name)


def lines_to_book(reader: Reader, branch: str, service_day: str) -> list[Line]:
    """What a closing of this day books: everything open of its days, corrections of earlier ones included."""
    current, booked = reader.open_lines(branch)
    return lines_between(
        {id_: line for id_, line in booked.items() if line.service_day <= service_day},
        {id_: posting for id_, posting in current.items() if posting.service_day <= service_day},
    )


def _restore_obstacles(reader: Reader) -> list[Obstacle]:
    if not restore_now(reader).books_wait:
        return []
    return [
        Obstacle(
            code="RESTORE-UNCONFIRMED",
            subject=RESTORE_KEY,
            sentence_en="The office was set back to a backup: two persons first confirm what is missing.",
            sentence_zh="办公室数据已恢复到备份：须先由两人确认缺失内容。",
        )
    ]


def _drawer_obstacles(key: str, drawer: dict[str, Any]) -> list[Obstacle]:
    agent, day = drawer["agent"], drawer["service_day"]
    found: list[Obstacle] = []
    if not drawer["reported"] and not drawer["lost"]:
        found.append(
            Obstacle(
                code="DAY-UNREPORTED",
                subject=key,
                sentence_en=f"{agent} has not ended the day {day}: the phone's tail is unknown.",
                sentence_zh=f"{agent} 尚未结束 {day} 的工作日：手机尾部记录未知。",
            )
        )
    found += [
        Obstacle(
            code="TRANSFER-OPEN",
            subject=f"transfer:{transfer}",
            sentence_en=f"The transfer {transfer} in {agent}'s drawer is not reported alike by both agents.",
            sentence_zh=f"{agent} 钱箱中的转交 {transfer} 尚未由双方一致上报。",
        )
        for transfer in drawer["transfers_open"]
    ]
    for equation in drawer["equations"]:
        if equation["void_pending"]:
            amount = format_amount(equation["void_pending"], equation["currency"])
            found.append(
                Obstacle(
                    code="VOID-PENDING",
                    subject=key,
                    sentence_en=f"{amount} of {agent}'s voids are not confirmed.",
                    sentence_zh=f"{agent} 有 {amount} 的作废尚未确认。",
                )
            )
        if equation["handed_over"] and equation["counted"] is None:
            found.append(
                Obstacle(
                    code="CASH-UNCOUNTED",
                    subject=key,
                    sentence_en=f"The cash that {agent} handed over has not been counted.",
                    sentence_zh=f"{agent} 交接的现金尚未清点。",
                )
            )
    return found


def _gap_obstacles(reader: Reader, device: str, agent: str) -> list[Obstacle]:
    state = reader.aggregate(f"device:{device}")
    if state is None or not state["gaps"]:
        return []
    gaps = ", ".join(f"{epoch}/{start}–{end}" for epoch, start, end in state["gaps"])
    return [
        Obstacle(
            code="JOURNAL-GAP",
            subject=f"device:{device}",
            sentence_en=f"{agent}'s device {device} lacks operations {gaps}.",
            sentence_zh=f"{agent} 的设备 {device} 缺少记录 {gaps}。",
        )
    ]
