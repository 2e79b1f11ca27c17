"""Every card client as an account with an invented customer in a real town."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone

from server.demo.draw import Draw
from server.demo.geography import moved
from server.demo.limits import ACCOUNT_ID_DIGITS, SETTLEMENT_METRES_MAX, WRITTEN_OFF_MONTHS
from server.demo.owed import Owed, owed_by
from server.demo.people import invent_name, invent_phone, invent_street
from server.demo.records import Account, Status
from server.demo.sources import CardClient, Settlement

__all__ = ["CHINA", "CREDITOR_ID", "CURRENCY", "build_accounts"]

CHINA = timezone(timedelta(hours=8))
"""China's only civil time, without daylight saving since 1991."""

CREDITOR_ID = "CR01"
"""The one creditor of the demonstration."""

CURRENCY = "CNY"
"""The figures of the source are taken one to one as yuan."""

_AS_OF = time(6, 0, tzinfo=CHINA)  # the creditor's file of the morning, before anybody drives
_ENGLISH_PERMILLE = 10


def build_accounts(
    clients: Sequence[CardClient], settlements: Sequence[Settlement], seed: int, service_day: date
) -> tuple[Account, ...]:
    """One account a client, as of six in the morning of the service day, ordered by account id."""
    draw = Draw(seed, "accounts")
    towns = draw.weighted([settlement.weight for settlement in settlements])
    as_of = datetime.combine(service_day, _AS_OF)
    return tuple(
        _account(client, settlements[towns.index()], as_of, draw)
        for client in sorted(clients, key=lambda client: client.number)
    )


def _account(client: CardClient, town: Settlement, as_of: datetime, draw: Draw) -> Account:
    owed = owed_by(client, as_of.date())
    latitude, longitude = moved(town.latitude, town.longitude, *draw.in_disk(SETTLEMENT_METRES_MAX))
    english = draw.chance(_ENGLISH_PERMILLE)
    return Account(
        account_id=f"AC{client.number:0{ACCOUNT_ID_DIGITS}d}",
        customer_id=f"CU{client.number:0{ACCOUNT_ID_DIGITS}d}",
        creditor_id=CREDITOR_ID,
        product="card",
        currency=CURRENCY,
        as_of=as_of,
        minimum_due_minor=owed.minimum_due_minor,
        overdue_minor=owed.overdue_minor,
        statement_minor=owed.statement_minor,
        payoff_minor=owed.payoff_minor,
        due_date=owed.due_date,
        months_late=owed.months_late,
        status=_status(owed, draw.below(1000)),
        name=invent_name(draw, female=client.female, english=english),
        phone=invent_phone(draw, client.number),
        address=draw.pick(town.addresses) + invent_street(draw),
        latitude=latitude,
        longitude=longitude,
        datum="wgs84",
        last_four=f"{draw.below(10_000):04d}",
        language="en" if english else "zh",
        invented=True,
    )


def _status(owed: Owed, permille: int) -> Status:
    """Written off by months; of the other late ones 1.2 % disputed, 0.8 % moratorium, 0.5 % recalled."""
    if not owed.overdue_minor:
        return "open"
    if owed.months_late >= WRITTEN_OFF_MONTHS:
        return "written_off"
    if permille < 12:
        return "disputed"
    if permille < 20:
        return "moratorium"
    return "recalled" if permille < 25 else "open"
