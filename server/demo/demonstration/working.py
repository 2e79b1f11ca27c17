"""The day: six agents at work without a network, while life goes on at the office and with the customers."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import time as civil
from typing import Any

from server.demo.demonstration.asking import ask
from server.demo.demonstration.cast import FORKED, LOST, REASSIGNED_TO, VOIDS, WRONG_CLOCK
from server.demo.demonstration.clocks import moment_ms
from server.demo.demonstration.limits import (
    DAY_RATE,
    DAY_S,
    FORKED_STOPS,
    PHONE_S,
    PREPARED_S,
    TICK_S,
    WAKE_UP_S,
)
from server.demo.demonstration.meanwhile import Meanwhile
from server.demo.demonstration.phones import DayAtWork, Stop
from server.demo.demonstration.processes import Failed
from server.demo.demonstration.stage import Stage
from sync.money import format_amount

__all__ = ["work_the_day"]

_SET_OUT = civil(8, 20)
_A_DAY_S = 86_400
_LATE_MORNING_S = 11 * 3600
_AFTERNOON_S = 14 * 3600
_LOST_AFTER = 0.6
"""The part of its route after which the lost phone is lost."""


def work_the_day(stage: Stage) -> None:
    """From setting out until the last agent is done; nothing was synced since the morning."""
    teller = stage.teller
    teller.act("The day: the network is cut, the agents drive", "白天：网络中断，业务员出发")
    routes = {branch: stage.visits_of(branch) for branch in stage.branches}
    stage.network.cut()
    # On a slow or busy machine the day takes longer, so that it still ends in the evening.
    slowness = max(1.0, teller.elapsed_s / PREPARED_S)
    rate, wake_up_s = int(DAY_RATE / slowness), WAKE_UP_S * slowness
    clock = stage.next_clock(moment_ms(stage.day, _SET_OUT), rate, in_s=wake_up_s)
    for phone in stage.phones.values():
        phone.clock = clock
    stage.phones[WRONG_CLOCK].clock_offset_s = _A_DAY_S
    play = _Play(stage, [line for lines in routes.values() for line in lines])
    play.set_out()
    stage.office.restart(clock)
    with teller.going_on("…", "……"), play.errands:
        play.run()
    for agent, stops in stage.memory.stops.items():
        if not stops:
            stage.fault(f"{agent} did nothing all day", f"{agent} 整天没有工作")


class _Play:
    def __init__(self, stage: Stage, visits: list[Any]) -> None:
        self.stage = stage
        self.meanwhile = Meanwhile(stage, visits)
        self.planned = sum(bool(line["agent"]) for line in visits)
        self.days: dict[str, DayAtWork] = {}
        self.seen: dict[str, int] = {}
        self.second_half = False
        self.errands = ThreadPoolExecutor(max_workers=2, thread_name_prefix="demonstration-errand")
        self.due: list[Future[None]] = []
        self.voiding = False
        self.tried = False

    def set_out(self) -> None:
        """Start every agent; most end the day by themselves, without any network."""
        for agent in self.stage.phones:
            stops = len(self.meanwhile.route(agent))
            limits = {
                FORKED: ("--to", str(stops // 3), "--no-end"),
                LOST: ("--to", str(int(stops * _LOST_AFTER)), "--no-end"),
                REASSIGNED_TO: ("--no-end",),
                VOIDS: ("--no-end",),
            }
            self._begin(agent, *limits.get(agent, ()))

    def _begin(self, agent: str, *arguments: str) -> None:
        codes = self.stage.folder / "intake" / "visits.csv"
        given = ("--pace", "--seed", str(self.stage.seed), "--codes", str(codes), *arguments)
        self.days[agent] = self.stage.phones[agent].begin_day(*given)
        self.seen[agent] = 0

    def run(self) -> None:
        """Until nobody works any more."""
        deadline = time.monotonic() + DAY_S
        while any(day.running for day in self.days.values()) or not self.second_half:
            if time.monotonic() > deadline or not self.stage.office.alive:
                raise Failed("the day does not end, or the office died")
            now_s = self._now_s()
            self.meanwhile.go_on(now_s)
            self._look()
            self._at_noon()
            if now_s >= _LATE_MORNING_S and not self.tried:
                self.tried = True
                self.due.append(self.errands.submit(self._try_to_sync))
            if now_s >= _AFTERNOON_S and not self.voiding:
                self._begin_voiding()
            self._tell_progress()
            time.sleep(TICK_S)
        for agent in tuple(self.days):
            self._finish(agent)
        self.meanwhile.go_on(None)
        if not self.voiding:
            self._void(self.stage.memory.stops[VOIDS])
        for errand in self.due:
            errand.result()
        shutil.rmtree(self.stage.phones[LOST].home)
        self._fact(f"{LOST}'s phone falls into the river", f"{LOST} 的手机掉进河里")

    def _now_s(self) -> int:
        hours, minutes = self.stage.time().split(":")
        return int(hours) * 3600 + int(minutes) * 60

    def _look(self) -> None:
        """What has happened at the doors since the last look."""
        for agent in self.days:
            self._look_at(agent)

    def _look_at(self, agent: str) -> None:
        for stop in self.days[agent].stops[self.seen[agent] :]:
            self.seen[agent] += 1
            if stop.paid_minor:
                self.meanwhile.paid(agent, stop)

    def _finish(self, agent: str) -> None:
        stops = self.days[agent].wait(PHONE_S)
        self._look_at(agent)
        day = self.days.pop(agent)
        self.stage.memory.stops.setdefault(agent, []).extend(stops)
        self.stage.memory.handed_over[agent] = day.summary["handed_over_minor"]

    def _tell_progress(self) -> None:
        done = sum(len(day.stops) for day in self.days.values())
        done += sum(len(stops) for stops in self.stage.memory.stops.values())
        at = self.stage.time()
        self.stage.teller.live(
            f"{at}  {done} of {self.planned} stops done, all of it on the phones only",
            f"{at}  已完成 {done}/{self.planned} 站，记录仅在手机上",
        )

    def _fact(self, english: str, chinese: str) -> None:
        self.stage.teller.fact(english, chinese, self.stage.time())

    def _try_to_sync(self) -> None:
        line = self.stage.phones[WRONG_CLOCK].line
        before = line.refused
        try:
            self.stage.phones[WRONG_CLOCK].run("sync")
        except Failed:
            self._fact(
                f"{WRONG_CLOCK} tries to sync: {line.refused - before} times nothing, the work goes on",
                f"{WRONG_CLOCK} 尝试同步：{line.refused - before} 次均无信号，工作照常",
            )
            return
        self.stage.fault("a phone synced although the network is cut", "网络中断时手机竟能同步")

    def _at_noon(self) -> None:
        """The forked phone is backed up when its first half is done, and goes on."""
        if self.second_half or self.days[FORKED].running:
            return
        self._finish(FORKED)
        self.second_half = True
        done = self.stage.memory.backed_up = len(self.stage.memory.stops[FORKED])
        stage, stops = self.stage, len(self.meanwhile.route(FORKED))
        stage.phones[FORKED].back_up(stage.folder / "backup")
        self._fact(
            f"{FORKED}'s phone is backed up, {done} stops into the day",
            f"{FORKED} 的手机完成备份，当日已走 {done} 站",
        )
        self._begin(FORKED, "--from", str(stops // 3 + 1), "--to", str(stops - FORKED_STOPS), "--no-end")

    def _begin_voiding(self) -> None:
        """As soon as there is one receipt that a customer showed and one that nobody did."""
        day = self.days.get(VOIDS)
        paid = [stop for stop in day.stops if stop.paid_minor] if day else []
        shown = sum(stop.receipt in self.stage.memory.scanned for stop in paid)
        if shown and shown < len(paid):
            self.voiding = True
            self.due.append(self.errands.submit(self._void, paid))

    def _void(self, stops: Sequence[Stop]) -> None:
        """Two payments taken back after the customers had gone: one nobody can vouch for, one with a witness."""
        paid = sorted((stop for stop in stops if stop.paid_minor), key=lambda stop: stop.method != "cash")
        witnessed = [stop for stop in paid if stop.receipt in self.stage.memory.scanned]
        silent = [stop for stop in paid if stop.receipt not in self.stage.memory.scanned]
        if not witnessed and silent:
            witnessed = [silent.pop()]
            ask(self.stage, VOIDS, witnessed[0])
        self.stage.memory.given_back[VOIDS] = sum(s.paid_minor for s in silent[:1] if s.method == "cash")
        for stop in (*silent[:1], *witnessed[:1]):
            self.stage.phones[VOIDS].run("void", stop.receipt, "--reason", "other")
            amount = format_amount(stop.paid_minor, stop.currency)
            self._fact(
                f"{VOIDS} takes receipt {stop.receipt} over {amount} back, with no customer near",
                f"{VOIDS} 在客户不在场时作废收据 {stop.receipt}（{amount}）",
            )
