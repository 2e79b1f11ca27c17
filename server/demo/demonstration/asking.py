"""Customers who ask about their receipts: in the day, and again when everything is known."""

from __future__ import annotations

from typing import Any, Final

from server.demo.demonstration.phones import Stop
from server.demo.demonstration.stage import Stage
from sync.money import format_amount

__all__ = ["ask", "ask_again"]

_WORDS: Final = {
    # Verdicts, then where the money is.
    "genuine": ("genuine", "真实"),
    "voided": ("voided", "已作废"),
    "void_pending": ("voided by the agent, not yet decided", "业务员已作废，待裁定"),
    "not_yet_reported": ("signature valid, not yet reported by the agent", "签名有效，业务员尚未上报"),
    "unknown_number": ("no such number yet", "尚无此号码"),
    "key_reported_lost": ("signed by a phone that was reported lost", "由已挂失的手机签发"),
    "differs": ("signature valid, but the office holds something else", "签名有效，但与办公室记录不符"),
    "not_genuine": ("not genuine", "不真实"),
    "with_agent": ("the money is with the agent", "款项在业务员处"),
    "at_branch": ("the money is at the branch", "款项在网点"),
    "shown_not_confirmed": ("shown by the wallet, not yet confirmed", "钱包已显示，尚未确认"),
    "confirmed": ("the money has arrived", "款项已到账"),
    "with_creditor": ("the money is with the creditor", "款项在债权方"),
    "on_your_account": ("the money is on the account", "款项已入账户"),
}


def ask(stage: Stage, agent: str, stop: Stop) -> None:
    """A customer scans a receipt: whoever holds one may ask, without signing in."""
    answer = stage.office.check_receipt(stop.digits)
    amount = format_amount(stop.paid_minor, stop.currency)
    english, chinese = _words(answer)
    stage.teller.fact(
        f"a customer of {agent} scans receipt {stop.receipt} over {amount}: {english}",
        f"{agent} 的客户扫描收据 {stop.receipt}（{amount}）：{chinese}",
        stage.time(),
    )
    stage.memory.scanned[stop.receipt] = (agent, stop)
    stage.memory.last_scan_ms = stage.now_ms()


def ask_again(stage: Stage) -> None:
    """The same customers after the closing."""
    stage.teller.act("The customers ask again", "客户再次查询")
    for agent, stop in list(stage.memory.scanned.values()):
        ask(stage, agent, stop)


def _words(answer: Any) -> tuple[str, str]:
    told = [_WORDS.get(name, (name, name)) for name in (answer["verdict"], answer.get("where", "")) if name]
    return ", ".join(words[0] for words in told), "，".join(words[1] for words in told)
