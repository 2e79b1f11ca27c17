"""The day: six agents at work without a network, while life goes on at the office and with the customers.

Who does what is fixed; which stop it happens at follows from the seed. AG-YC-1 loses a stop to AG-YC-2 and a
booking to a cancellation, and knows of neither. AG-YC-3 takes two payments back when nobody looks. AG-XY-1's phone
is backed up at noon. AG-XY-2's clock is a day ahead. AG-XY-3's phone ends in the river.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import time as civil
from typing import Any

import msgspec

from server.demo.demonstration.clocks import moment_ms
from server.demo.demonstration.limits import (
    DAY_RATE,
    DAY_S,
    FORKED_STOPS,
    ORPHANED_RECEIPTS,
    PHONE_S,
    PREPARED_S,
    SUPERSEDED_NOTICES,
    TICK_S,
    WAKE_UP_S,
)
from server.demo.demonstration.phones import DayAtWork, Stop
from server.demo.demonstration.processes import Failed
from server.demo.demonstration.stage import DISPATCHER, OPERATOR, Stage
from sync.money import format_amount

__all__ = ["CANCELS", "FORKED", "LOST", "REASSIGNED_FROM", "REASSIGNED_TO", "VOIDS", "WRONG_CLOCK", "work_the_day"]

REASSIGNED_FROM = "AG-YC-1"
REASSIGNED_TO = "AG-YC-2"
CANCELS = "AG-YC-1"
VOIDS = "AG-YC-3"
FORKED = "AG-XY-1"
WRONG_CLOCK = "AG-XY-2"
LOST = "AG-XY-3"

_SET_OUT = civil(8, 20)
_A_DAY_S = 86_400
_AFTERNOON_S = 14 * 3600
_LOST_AFTER = 0.6
"""The part of its route after which the lost phone is lost."""


class _Happening(msgspec.Struct):
    """Something that is due at a time of the day, in seconds since midnight."""

    at_s: int
    do: Callable[[], None]


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
        self.visits = visits
        self.days: dict[str, DayAtWork] = {}
        self.accounts = {account.account_id: account for account in stage.world.accounts}
        self.account_of = {line["visit"]: line["account"] for line in visits}
        self.seen: dict[str, int] = {}
        self.second_half = False
        self.overpaid = False
        self.errands = ThreadPoolExecutor(max_workers=2, thread_name_prefix="demonstration-errand")
        self.due: list[Future[None]] = []
        self.voiding = False
        self.scans: dict[str, int] = {}
        self.waiting = sorted(self._plan(), key=lambda happening: happening.at_s)

    def _plan(self) -> list[_Happening]:
        return [
            _Happening(9 * 3600, self._reassign),
            _Happening(9 * 3600 + 1200, self._cancel),
            _Happening(10 * 3600, self._supersede),
            _Happening(11 * 3600, lambda: self.due.append(self.errands.submit(self._try_to_sync))),
            _Happening(17 * 3600, self._statement_of_payments),
        ]

    def route(self, agent: str) -> list[Any]:
        """The agent's stops in driving order, as planned."""
        return [line for line in self.visits if line["agent"] == agent]

    def set_out(self) -> None:
        """Start every agent; most end the day by themselves, without any network."""
        for agent in self.stage.phones:
            stops = len(self.route(agent))
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
            while self.waiting and self.waiting[0].at_s <= now_s:
                self.waiting.pop(0).do()
            self._look()
            self._at_noon()
            if now_s >= _AFTERNOON_S and not self.voiding:
                self._begin_voiding()
            self._tell_progress()
            time.sleep(TICK_S)
        self._look()
        for agent in tuple(self.days):
            self._finish(agent)
        for happening in self.waiting:
            happening.do()
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
        for agent, day in self.days.items():
            for stop in day.stops[self.seen[agent] :]:
                self.seen[agent] += 1
                if stop.paid_minor:
                    self._paid(agent, stop)

    def _finish(self, agent: str) -> None:
        day = self.days.pop(agent)
        self.stage.memory.stops.setdefault(agent, []).extend(day.wait(PHONE_S))
        self.stage.memory.handed_over[agent] = day.summary["handed_over_minor"]

    def _tell_progress(self) -> None:
        done = sum(len(day.stops) for day in self.days.values())
        done += sum(len(stops) for stops in self.stage.memory.stops.values())
        at, planned = self.stage.time(), sum(bool(line["agent"]) for line in self.visits)
        self.stage.teller.live(
            f"{at}  {done} of {planned} stops done, all of it on the phones only",
            f"{at}  已完成 {done}/{planned} 站，记录仅在手机上",
        )

    def _fact(self, english: str, chinese: str) -> None:
        self.stage.teller.fact(english, chinese, self.stage.time())

    # What happens at the office

    def _reassign(self) -> None:
        """A late stop, better one without a payment: both agents will stand at that door."""
        late = [line for line in self.route(REASSIGNED_FROM) if line["eta_s"] >= _AFTERNOON_S and not line["mandatory"]]
        late.sort(key=lambda line: ("collect" in line["tasks"], -line["eta_s"]))
        visit = late[0]["visit"]
        self.stage.office.post(DISPATCHER, f"/visits/{visit}/reassign", {"agent": REASSIGNED_TO})
        self._fact(
            f"{DISPATCHER.name} gives {visit} from {REASSIGNED_FROM} to {REASSIGNED_TO}; neither phone can know",
            f"{DISPATCHER.name} 将 {visit} 由 {REASSIGNED_FROM} 改派给 {REASSIGNED_TO}；两部手机均无从得知",
        )

    def _cancel(self) -> None:
        booked = [line for line in self.route(CANCELS) if line["origin"] == "booking" and line["eta_s"] >= _AFTERNOON_S]
        visit = booked[-1]["visit"]
        self.stage.office.post(DISPATCHER, f"/visits/{visit}/cancel", {"reason": "customer"})
        self._fact(
            f"the customer calls the booking {visit} off; {CANCELS} is offline and goes there all the same",
            f"客户取消预约 {visit}；{CANCELS} 处于离线状态，仍将上门",
        )

    def _supersede(self) -> None:
        wanted = [
            line
            for line in self.visits
            if "notice" in line["tasks"]
            and line["agent"] in (REASSIGNED_FROM, REASSIGNED_TO, VOIDS, WRONG_CLOCK)
            and line["eta_s"] >= _AFTERNOON_S - 7200
        ]
        by_account = {notice.account_id: notice for notice in self.stage.world.notices}
        chosen = [by_account[line["account"]] for line in wanted][:SUPERSEDED_NOTICES]
        for notice in chosen:
            body = {
                # Bytes travel as base64; the encoder does that.
                "content": f"{notice.text}\n(corrected)\n".encode(),
                "amount_minor": notice.amount_minor,
                "issued_on": str(self.stage.day),
            }
            self.stage.office.post(OPERATOR, f"/notices/{notice.notice_id}/supersede", body)
        self._fact(
            f"the creditor corrects {len(chosen)} notices; the agents carry the old letters",
            f"债权方更正了 {len(chosen)} 份通知；业务员手中仍是旧信",
        )

    def _statement_of_payments(self) -> None:
        data = (self.stage.folder / "intake" / "payments.csv").read_bytes()
        summary = self.stage.office.put(OPERATOR, "/imports/payments", data, file="payments.csv")
        self._fact(
            f"the creditor reports {summary['new']} payments that customers made by themselves",
            f"债权方通报 {summary['new']} 笔客户自行付款",
        )

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

    # What happens with the customers

    def _paid(self, agent: str, stop: Stop) -> None:
        if not self.overpaid and agent == REASSIGNED_FROM:
            self._pay_online_too(agent, stop)
        wanted = {LOST: ORPHANED_RECEIPTS, VOIDS: 1}.get(agent, 0)
        if self.scans.get(agent, 0) < wanted and (agent != VOIDS or stop.method == "cash"):
            self.scans[agent] = self.scans.get(agent, 0) + 1
            self._scan(agent, stop)

    def _pay_online_too(self, agent: str, stop: Stop) -> None:
        self.overpaid = True
        account = self.accounts[self.account_of[stop.visit]]
        body = {
            "external": f"ONLINE-{stop.visit}",
            "account": account.account_id,
            "amount_minor": account.payoff_minor,
            "currency": account.currency,
            "paid_at": f"{self.stage.day}T{self.stage.time()}:00+08:00",
            "channel": "alipay",
        }
        self.stage.office.post(OPERATOR, "/external-payments", body)
        paid = format_amount(stop.paid_minor, stop.currency)
        payoff = format_amount(account.payoff_minor, account.currency)
        self._fact(
            f"{account.account_id} paid {agent} {paid} at the door, then the whole {payoff} online",
            f"{account.account_id} 已向 {agent} 当面付款 {paid}，随后又在线结清 {payoff}",
        )

    def _scan(self, agent: str, stop: Stop) -> None:
        answer = self.stage.office.check_receipt(stop.digits)
        self.stage.memory.scanned[stop.receipt] = stop
        self.stage.memory.last_scan_ms = self.stage.now_ms()
        amount = format_amount(stop.paid_minor, stop.currency)
        self._fact(
            f"a customer of {agent} scans receipt {stop.receipt} over {amount}: {answer['verdict']}",
            f"{agent} 的客户扫描收据 {stop.receipt}（{amount}）：{answer['verdict']}",
        )

    # What happens to phones

    def _at_noon(self) -> None:
        """The forked phone is backed up when its first half is done, and goes on."""
        if self.second_half or self.days[FORKED].running:
            return
        self._finish(FORKED)
        self.second_half = True
        done = self.stage.memory.backed_up = len(self.stage.memory.stops[FORKED])
        stage, stops = self.stage, len(self.route(FORKED))
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
            self._scan(VOIDS, witnessed[0])
        self.stage.memory.given_back[VOIDS] = sum(s.paid_minor for s in silent[:1] if s.method == "cash")
        for stop in (*silent[:1], *witnessed[:1]):
            self.stage.phones[VOIDS].run("void", stop.receipt, "--reason", "other")
            amount = format_amount(stop.paid_minor, stop.currency)
            self._fact(
                f"{VOIDS} takes receipt {stop.receipt} over {amount} back, with no customer near",
                f"{VOIDS} 在客户不在场时作废收据 {stop.receipt}（{amount}）",
            )
