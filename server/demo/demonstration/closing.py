"""The next noon: what is missing is judged, discrepancies are decided, one branch closes, the other carries forward."""

from __future__ import annotations

import re
from datetime import time as civil
from datetime import timedelta
from typing import Any, Final

from server.demo.demonstration.cast import LOST
from server.demo.demonstration.clocks import moment_ms
from server.demo.demonstration.office import Person, Refusal
from server.demo.demonstration.stage import DISPATCHER, JUDGE, OPERATOR, Stage
from server.limits import RECEIPT_DEADLINE_MS

__all__ = ["close_books", "decide_all", "judge_absence"]

_NOON: Final = civil(12, 30)
_JOBS: Final = ("judge-identity", "confirm-voids", "unreported-receipts")
_OUTCOMES: Final = {"PAY-OVER": "carry", "VOID-UNCONFIRMED": "void", "ID-CONFLICT": "confirm_fail"}
"""What the supervisors decide; everything else is accepted. Carried: the rest stays the customer's credit."""

_OPEN: Final = frozenset({"RECEIPT-ORPHAN"})
"""Left open: the phone may still be found, and then the receipts match."""

_ROUNDS: Final = 4
"""A decision may change what another one rests on, which then is decided anew."""

_OBSTACLE: Final = re.compile(r"\[([A-Z]+(?:-[A-Z]+)*\|[^\]]+)\]")
_BY_HAND: Final = ("accept", "excuse", "confirm_fail")


def judge_absence(stage: Stage) -> None:
    """By noon of the next day the lost phone is revoked, and its customers' receipts are noted as unreported."""
    teller = stage.teller
    teller.act("The next noon: who and what is missing", "次日中午：清点缺失")
    deadline_ms = stage.memory.last_scan_ms + RECEIPT_DEADLINE_MS + 60_000
    noon_ms = moment_ms(stage.day + timedelta(days=1), _NOON)
    stage.office.restart(stage.next_clock(max(noon_ms, deadline_ms), 1))
    devices = [line for line in stage.office.get(JUDGE, "/devices", agent=LOST) if not line["revoked_ms"]]
    for line in devices:
        stage.memory.lost_device = line["device"]
        stage.office.post(JUDGE, f"/devices/{line['device']}/revoke", {"reason": "lost"})
    teller.fact(f"{LOST}'s phone has not come back: revoked", f"{LOST} 的手机仍未出现：已吊销")
    for name in _JOBS:
        state = stage.office.post(OPERATOR, f"/jobs/{name}/run")
        teller.fact(f"job {name}: {state['result']}", f"任务 {name}：{state['result']}")
    stage.office.settle()


def decide_all(stage: Stage) -> None:
    """Every discrepancy that somebody decides, but for what is better left open."""
    decided: dict[str, int] = {}
    two = 0
    for _ in range(_ROUNDS):
        waiting = [line for line in stage.discrepancies(open_only=True) if _settles(line)]
        if not waiting:
            break
        for line in waiting:
            two += _decide(stage, line)
            decided[line["rule"]] = decided.get(line["rule"], 0) + 1
        stage.office.settle()
    else:
        stage.fault("decisions do not come to an end", "裁定无法完结")
    told = ", ".join(f"{count}× {rule}" for rule, count in sorted(decided.items()))
    stage.teller.fact(
        f"{JUDGE.name} decides {sum(decided.values())} discrepancies, {two} of them with {DISPATCHER.name}: {told}",
        f"{JUDGE.name} 裁定 {sum(decided.values())} 项差异，其中 {two} 项与 {DISPATCHER.name} 共同裁定：{told}",
    )


def _settles(line: Any) -> bool:
    return line["decides"] != "nobody" and line["rule"] not in _OPEN and bool(_outcome(line))


def _outcome(line: Any) -> str:
    wish = _OUTCOMES.get(line["rule"], "accept")
    return next((outcome for outcome in (wish, *_BY_HAND) if outcome in line["outcomes"]), "")


def _decide(stage: Stage, line: Any) -> bool:
    """Decide one discrepancy, with a second person where it is an alarm; whether there was one."""
    two: bool = line["severity"] == "alarm"
    first, second = JUDGE, DISPATCHER
    try:
        _send_decision(stage, line, first, second if two else None)
    except Refusal as refusal:
        if refusal.code != "OWN-RECORD" or two:
            raise
        # Nobody decides on what they recorded: then the other supervisor does.
        _send_decision(stage, line, second, None)
    return two


def _send_decision(stage: Stage, line: Any, person: Person, second: Person | None) -> None:
    body: dict[str, object] = {name: line[name] for name in ("rule", "subject", "ground")}
    body["outcome"] = _outcome(line)
    if second is not None:
        body["second"] = {"user": second.name, "password": stage.people[second.name].password}
    role = Person(name=person.name, role=line["decides"])
    stage.office.post(role, "/decisions", body)


def close_books(stage: Stage, outright: str, carrying: str) -> None:
    """Close one branch as it stands; the other is refused by name, and two persons carry that forward."""
    teller = stage.teller
    teller.act("Closing the day", "结日")
    refused = _close(stage, outright)
    if refused:
        stage.fault(f"{outright} could not be closed: {refused}", f"{outright} 无法结日：{refused}")
    else:
        teller.fact(f"{outright} is closed: nothing stands in the way", f"{outright} 已结日：无任何障碍")
    refused = _close(stage, carrying)
    names = sorted(set(_OBSTACLE.findall(refused)))
    if not names:
        stage.fault(f"{carrying} closed over a lost phone", f"{carrying} 竟在手机遗失的情况下结日")
        return
    teller.fact(f"{carrying} is refused: {refused}", f"{carrying} 被拒绝结日：{refused}")
    strangers = [name for name in names if LOST not in name and stage.memory.lost_device not in name]
    if strangers:
        stage.fault(f"more than the lost phone keeps {carrying} open: {strangers}", f"另有障碍：{strangers}")
    refused = _close(stage, carrying, names)
    if refused:
        stage.fault(f"{carrying} could not carry forward: {refused}", f"{carrying} 无法结转：{refused}")
        return
    teller.fact(
        f"{JUDGE.name} and {DISPATCHER.name} carry {', '.join(names)} forward: {carrying} is closed",
        f"{JUDGE.name} 与 {DISPATCHER.name} 共同结转 {', '.join(names)}：{carrying} 已结日",
    )


def _close(stage: Stage, branch: str, carry: list[str] | None = None) -> str:
    """Empty when the day is closed; otherwise why it is not."""
    body: dict[str, object] = {"branch": branch, "service_day": str(stage.day)}
    if carry:
        second = {"user": DISPATCHER.name, "password": stage.people[DISPATCHER.name].password}
        body |= {"carry": carry, "second": second}
    try:
        stage.office.post(JUDGE, "/closings", body)
    except Refusal as refusal:
        return f"{refusal.code}: {refusal.detail}"
    stage.memory.closed.append(branch)
    return ""
