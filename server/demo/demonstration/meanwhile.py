"""Meanwhile at the office and with the customers: what the agents cannot know while they are offline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec

from server.demo.demonstration.asking import ask
from server.demo.demonstration.cast import LOST, REASSIGNED_FROM, REASSIGNED_TO, VOIDS, WRONG_CLOCK
from server.demo.demonstration.limits import ORPHANED_RECEIPTS, SUPERSEDED_NOTICES
from server.demo.demonstration.phones import Stop
from server.demo.demonstration.stage import DISPATCHER, OPERATOR, Stage
from sync.money import format_amount

__all__ = ["Meanwhile"]

_NOON_S: Final = 12 * 3600
_AFTERNOON_S: Final = 14 * 3600


class _Happening(msgspec.Struct):
    """Something that is due at a time of the day, in seconds since midnight."""

    at_s: int
    do: Callable[[], None]


class Meanwhile:
    """What is due at its time, and how customers behave after a payment. `visits` are both branches' plans."""

    def __init__(self, stage: Stage, visits: list[Any]) -> None:
        self.stage = stage
        self.visits = visits
        self._accounts = {account.account_id: account for account in stage.world.accounts}
        self._account_of = {line["visit"]: line["account"] for line in visits}
        self._overpaid = False
        self._scans: dict[str, int] = {}
        self._waiting = [
            _Happening(9 * 3600, self._reassign),
            _Happening(9 * 3600 + 1200, self._cancel),
            _Happening(10 * 3600, self._supersede),
            _Happening(17 * 3600, self._statement_of_payments),
        ]

    def go_on(self, now_s: int | None) -> None:
        """Let happen what is due by now; None means everything that is left."""
        while self._waiting and (now_s is None or self._waiting[0].at_s <= now_s):
            self._waiting.pop(0).do()

    def route(self, agent: str) -> list[Any]:
        """The agent's stops in driving order, as planned."""
        return [line for line in self.visits if line["agent"] == agent]

    def paid(self, agent: str, stop: Stop) -> None:
        """A customer paid: one pays online as well, some show their receipt to the office at once."""
        if not self._overpaid and agent == REASSIGNED_FROM:
            self._pay_online_too(agent, stop)
        wanted = {LOST: ORPHANED_RECEIPTS, VOIDS: 1}.get(agent, 0)
        if self._scans.get(agent, 0) < wanted and (agent != VOIDS or stop.method == "cash"):
            self._scans[agent] = self._scans.get(agent, 0) + 1
            ask(self.stage, agent, stop)

    def _pay_online_too(self, agent: str, stop: Stop) -> None:
        self._overpaid = True
        account = self._accounts[self._account_of[stop.visit]]
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

    def _reassign(self) -> None:
        """A late stop, better one without a payment: both agents will stand at that door."""
        free = [line for line in self.route(REASSIGNED_FROM) if not line["mandatory"]]
        # The latest of the afternoon's stops, if possible one at which nothing is paid twice.
        free.sort(key=lambda line: (line["eta_s"] < _AFTERNOON_S, "collect" in line["tasks"], -line["eta_s"]))
        visit = free[0]["visit"]
        self.stage.office.post(DISPATCHER, f"/visits/{visit}/reassign", {"agent": REASSIGNED_TO})
        self._fact(
            f"{DISPATCHER.name} gives {visit} from {REASSIGNED_FROM} to {REASSIGNED_TO}; neither phone can know",
            f"{DISPATCHER.name} 将 {visit} 由 {REASSIGNED_FROM} 改派给 {REASSIGNED_TO}；两部手机均无从得知",
        )

    def _cancel(self) -> None:
        booked = [line for line in self.route(REASSIGNED_FROM) if line["origin"] == "booking"]
        visit = booked[-1]["visit"]
        self.stage.office.post(DISPATCHER, f"/visits/{visit}/cancel", {"reason": "customer"})
        self._fact(
            f"the customer calls the booking {visit} off; {REASSIGNED_FROM} is offline and goes there all the same",
            f"客户取消预约 {visit}；{REASSIGNED_FROM} 处于离线状态，仍将上门",
        )

    def _supersede(self) -> None:
        wanted = [
            line
            for line in self.visits
            if "notice" in line["tasks"]
            and line["agent"] in (REASSIGNED_FROM, REASSIGNED_TO, VOIDS, WRONG_CLOCK)
            and line["eta_s"] >= _NOON_S
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

    def _fact(self, english: str, chinese: str) -> None:
        self.stage.teller.fact(english, chinese, self.stage.time())
