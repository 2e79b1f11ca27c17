"""Overdue notices for the visits that carry a letter, with the text whose hash the row states."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from hashlib import sha256

from server.demo.draw import Draw
from server.demo.limits import NOTICE_REISSUED_EVERY
from server.demo.records import Account, Notice, Visit
from sync.money import format_amount

__all__ = ["build_notices", "notice_text"]

_TITLES = {"zh": "逾期还款通知书", "en": "Overdue payment notice"}


def build_notices(
    accounts: Sequence[Account], visits: Sequence[Visit], seed: int, service_day: date
) -> tuple[Notice, ...]:
    """One notice for each visit with the task, in the order of the visits, versions ascending.

    Every twentieth was reissued the day before, because its first version asked for the minimum due
    where only the overdue amount was meant.
    """
    draw = Draw(seed, "notices")
    by_id = {account.account_id: account for account in accounts}
    lettered = [by_id[visit.account_id] for visit in visits if "notice" in visit.tasks]
    return tuple(
        notice
        for number, account in enumerate(lettered, start=1)
        for notice in _versions(account, f"N{service_day:%Y%m%d}-{number:03d}", number, service_day, draw)
    )


def notice_text(account: Account, notice_id: str, version: int, issued_on: date, amount_minor: int) -> str:
    """The letter in the customer's language; its UTF-8 bytes are what `content_sha256` is the hash of."""
    amount = format_amount(amount_minor, account.currency)
    reference = f"{notice_id} v{version}"
    if account.language == "en":
        lines = (
            f"Overdue payment notice ({reference})",
            f"{account.name}",
            f"On {issued_on}, {amount} was overdue on your card ending in {account.last_four}.",
            f"It fell due on {account.due_date}.",
            "Please pay, or call your bank to agree on a plan or to dispute this amount.",
            "An agent never asks for your password. Check the badge and ask for a receipt.",
        )
    else:
        lines = (
            f"逾期还款通知书（{reference}）",
            f"尊敬的{account.name}：",
            f"截至{issued_on}，您尾号{account.last_four}的信用卡逾期金额为{amount}。",
            f"该款项的到期日为{account.due_date}。",
            "请及时还款；如有困难或异议，请致电发卡银行协商或提出异议。",
            "外访人员不会索要您的密码。请核验工作证件，并索取收据。",
        )
    return "\n".join(lines) + "\n"


def _versions(account: Account, notice_id: str, number: int, service_day: date, draw: Draw) -> Iterator[Notice]:
    issued_on = service_day - timedelta(days=draw.between(3, 10))
    if number % NOTICE_REISSUED_EVERY:
        yield _notice(account, notice_id, 1, issued_on, account.overdue_minor)
        return
    yield _notice(account, notice_id, 1, issued_on, account.minimum_due_minor)
    yield _notice(account, notice_id, 2, service_day - timedelta(days=1), account.overdue_minor)


def _notice(account: Account, notice_id: str, version: int, issued_on: date, amount_minor: int) -> Notice:
    text = notice_text(account, notice_id, version, issued_on, amount_minor)
    return Notice(
        notice_id=notice_id,
        version=version,
        account_id=account.account_id,
        customer_id=account.customer_id,
        title=_TITLES[account.language],
        issued_on=issued_on,
        content_sha256=sha256(text.encode()).hexdigest(),
        amount_minor=amount_minor,
        text=text,
    )
