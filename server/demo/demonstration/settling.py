"""The evening: signal again. Everything is synced, days are ended, cash is handed over and counted."""

from __future__ import annotations

from datetime import time as civil

from server.demo.demonstration.cast import FORKED, LOST, REASSIGNED_FROM, REASSIGNED_TO, VOIDS, WRONG_CLOCK
from server.demo.demonstration.clocks import moment_ms
from server.demo.demonstration.limits import EVENING_RATE, PHONE_S
from server.demo.demonstration.stage import CASHIER, Stage, at_once
from sync.money import format_amount

__all__ = ["settle_evening"]

_EVENING = civil(18, 50)
_WORKERS = 2
_LATE_MINOR = 10_000


def settle_evening(stage: Stage) -> None:
    """From the first sync to the last count."""
    teller = stage.teller
    teller.act("The evening: the network is back", "傍晚：网络恢复")
    clock = stage.next_clock(moment_ms(stage.day, _EVENING), EVENING_RATE)
    for phone in stage.phones.values():
        phone.clock = clock
    restarting = [lambda: stage.office.restart(clock), lambda: _finish_day(stage, VOIDS)]
    with teller.step(f"The office restarts; {VOIDS} ends the day offline", f"办公室重启；{VOIDS} 离线结束工作日"):
        at_once(lambda work: work(), restarting, _WORKERS)
    stage.network.mend()
    line = stage.phones[REASSIGNED_FROM].line
    with teller.step("All phones sync, end the day, hand over the cash", "全部手机同步、结束工作日、交接现金"):
        at_once(lambda work: work(stage), [_forked, _reassigned, _wrong_clock, _voids], _WORKERS)
        stage.office.settle()
    teller.fact(
        f"{REASSIGNED_FROM}'s answer was lost {line.lost} time(s): the phone sent everything again",
        f"{REASSIGNED_FROM} 的应答丢失 {line.lost} 次：手机已全部重发",
    )
    if not line.lost:
        stage.fault("no answer was lost", "没有丢失应答")
    with teller.step(f"{CASHIER.name} counts every drawer blind", f"{CASHIER.name} 对每个钱箱盲点"):
        for agent in stage.phones:
            if agent != LOST:
                _count(stage, agent)


def _reassigned(stage: Stage) -> None:
    """One phone syncs before the other and learns of one more stop, which is done in the evening.

    The dice are others there: the second visit need not go like the first. The other phone's answer is lost.
    """
    phone, other = stage.phones[REASSIGNED_TO], stage.phones[REASSIGNED_FROM]
    phone.run("sync")
    other.line.lose_answer()
    other.run("sync")
    _finish_day(stage, REASSIGNED_TO, "--seed", str(stage.seed + 1))
    phone.run("sync")


def _wrong_clock(stage: Stage) -> None:
    stage.phones[WRONG_CLOCK].run("sync")


def _voids(stage: Stage) -> None:
    stage.phones[VOIDS].run("sync")


def _forked(stage: Stage) -> None:
    """The phone syncs, breaks, is restored from the backup of noon, does its last stops, and syncs again."""
    phone, memory = stage.phones[FORKED], stage.memory
    phone.run("sync")
    before = tuple(memory.stops[FORKED])
    phone.restore(stage.folder / "backup")
    forgotten = before[memory.backed_up :]
    memory.cash_beyond_phone[FORKED] = sum(stop.paid_minor for stop in forgotten if stop.method == "cash")
    rest = ("--seed", str(stage.seed), "--from", str(len(before) + 1))
    day = phone.begin_day(*rest, "--no-end")
    stops = day.wait(PHONE_S)
    memory.stops[FORKED] += stops
    if not any(stop.paid_minor for stop in stops):
        # Somebody pays after all: without a payment no receipt number would be issued twice.
        phone.run("collect", stops[-1].visit, f"{_LATE_MINOR // 100}.00", "--walk-up", "--no-qr")
        memory.given_back[FORKED] = -_LATE_MINOR
    report = phone.ask("sync")
    if not report["epoch"]:
        stage.fault(f"{FORKED} was not given a new epoch", f"{FORKED} 未获得新纪元")
    _finish_day(stage, FORKED, *rest)
    phone.run("sync")
    cash = format_amount(memory.cash_beyond_phone[FORKED], "CNY")
    stage.teller.fact(
        f"{FORKED}'s phone was restored from its backup: it forgot {len(forgotten)} stops and {cash} in cash, "
        f"and goes on in epoch {report['epoch']}",
        f"{FORKED} 的手机由备份恢复：遗失 {len(forgotten)} 站的记录及现金 {cash}，转入第 {report['epoch']} 纪元",
    )


def _finish_day(stage: Stage, agent: str, *arguments: str) -> None:
    """Whatever is still open, the end of the day, and the hand-over of all cash that the phone knows of."""
    day = stage.phones[agent].begin_day(*(arguments or ("--seed", str(stage.seed))))
    stage.memory.stops[agent] += day.wait(PHONE_S)
    stage.memory.handed_over[agent] = day.summary["handed_over_minor"]


def _count(stage: Stage, agent: str) -> None:
    """What lies on the table: what the phone handed over, and cash that it forgot."""
    on_the_table = stage.memory.handed_over[agent] + stage.memory.cash_beyond_phone.get(agent, 0)
    body = {"agent": agent, "service_day": str(stage.day), "amount_minor": on_the_table, "currency": "CNY"}
    stage.office.post(CASHIER, "/counts", body)
