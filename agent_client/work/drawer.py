"""The end of a day: what the office may expect, and what becomes of the cash."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from agent_client.progress import DayProgress
from agent_client.recording import Desk, Draft, Moment, Recorded
from agent_client.refusals import Advice, refuse
from agent_client.work.days import day_of, frame_of_day, present_frame
from sync.errors import Refused
from sync.messages import Pack
from sync.money import check_amount, format_amount
from sync.operations import Body, field
from sync.operations.field import Denomination

__all__ = [
    "DaySummary",
    "day_summary",
    "deposit_cash",
    "end_day",
    "hand_over",
    "parse_denomination",
    "report_loss",
    "transfer_cash",
]


class DaySummary(msgspec.Struct, frozen=True, kw_only=True):
    """A day in figures; amounts in minor units of `currency`, cash with the float."""

    service_day: str
    pack: str
    currency: str
    visits: int
    concluded: int
    open: list[str]
    receipts: int
    voided: int
    by_method: dict[str, int]
    cash_minor: int
    float_minor: int
    handed_over_minor: int
    ended_at: str
    after_end: int


def day_summary(desk: Desk, day: str = "") -> DaySummary:
    """The figures of a service day, the present one unless named."""
    pack = frame_of_day(desk, day) if day else present_frame(desk)
    return _summary(pack, day_of(desk, pack))


def end_day(desk: Desk, day: str = "") -> Recorded:
    """Write the tail of the day: its own number, the last receipt number, receipts, cash and concluded visits.

    May be written again when something came after it; visits that are still open are only mentioned.
    """

    def write(moment: Moment) -> Draft:
        pack = frame_of_day(desk, day) if day else present_frame(desk)
        progress = day_of(desk, pack)
        summary = _summary(pack, progress)
        if progress.ended_seq and not progress.after_end:
            raise refuse("day-ended", day=pack.service_day, at=progress.ended_at)
        body = field.DayEnded(
            seq=moment.head.seq + 1,
            receipt_last=moment.receipt,
            receipts=summary.receipts,
            cash_minor=max(summary.cash_minor, 0),
            currency=pack.currency,
            concluded=summary.concluded,
        )
        advice = tuple(Advice("still-open", {"visit": visit}) for visit in summary.open)
        return Draft(body=body, pack=pack.pack, policy=pack.policy, advice=advice)

    return desk.record(write, when_locked=True)


def hand_over(
    desk: Desk,
    denominations: Sequence[Denomination] = (),
    *,
    amount_minor: int | None = None,
    day: str = "",
) -> Recorded:
    """Declare what is handed over; the amount is that of the denominations, which must agree when both are given."""
    counted = sum(piece.face_minor * piece.count for piece in denominations)
    if amount_minor is None:
        amount_minor = counted
    elif denominations and amount_minor != counted:
        raise refuse("denominations", given=amount_minor, counted=counted)
    if any(piece.face_minor <= 0 or piece.count <= 0 for piece in denominations):
        raise Refused("ARGUMENT-WRONG", "a denomination has a face value and a count above zero")
    check_amount(amount_minor)

    def body(pack: Pack) -> Body:
        return field.CashHandedOver(
            amount_minor=amount_minor, currency=pack.currency, denominations=tuple(denominations)
        )

    return _cash_leaves(desk, body, amount_minor, day)


def deposit_cash(
    desk: Desk, amount_minor: int, bank: str, *, slip: str = "", slip_number: str = "", day: str = ""
) -> Recorded:
    """The agent's own deposit at a bank; `slip` is the hash of the slip's photo, `slip_number` stands on it."""
    check_amount(amount_minor)
    return _cash_leaves(
        desk,
        lambda pack: field.CashDeposited(
            amount_minor=amount_minor, currency=pack.currency, bank=bank, slip=slip, slip_number=slip_number
        ),
        amount_minor,
        day,
    )


def transfer_cash(
    desk: Desk, transfer: str, amount_minor: int, *, to_agent: str = "", from_agent: str = "", day: str = ""
) -> Recorded:
    """Cash to or from another agent; both phones journal the same transfer id."""
    check_amount(amount_minor)
    if bool(to_agent) == bool(from_agent):
        raise refuse("transfer-side")
    return _cash_leaves(
        desk,
        lambda pack: field.CashTransferred(
            transfer=transfer,
            from_agent=from_agent or desk.agent,
            to_agent=to_agent or desk.agent,
            amount_minor=amount_minor,
            currency=pack.currency,
        ),
        amount_minor if to_agent else 0,
        day,
    )


def report_loss(
    desk: Desk, amount_minor: int, cause: Literal["lost", "stolen", "counterfeit"], *, day: str = ""
) -> Recorded:
    """Lost, stolen or counterfeit cash; it counts when two persons at the office approve."""
    check_amount(amount_minor)
    return _cash_leaves(
        desk,
        lambda pack: field.CashLossReported(amount_minor=amount_minor, currency=pack.currency, cause=cause),
        amount_minor,
        day,
    )


def parse_denomination(text: str) -> Denomination:
    """``10000x5`` → five pieces of 10000 minor units."""
    face, separator, count = text.strip().lower().replace("×", "x").partition("x")
    if not (separator and face.isascii() and face.isdigit() and count.isascii() and count.isdigit()):
        raise Refused("ARGUMENT-WRONG", f"{text[:40]!r} is not FACExCOUNT, as 10000x5 for five notes of 100")
    return Denomination(face_minor=check_amount(int(face)), count=check_amount(int(count)))


def _cash_leaves(desk: Desk, body: Callable[[Pack], Body], leaving_minor: int, day: str) -> Recorded:
    def write(_moment: Moment) -> Draft:
        pack = frame_of_day(desk, day) if day else present_frame(desk)
        held = _summary(pack, day_of(desk, pack)).cash_minor
        advice: tuple[Advice, ...] = ()
        if leaving_minor > held:
            values: dict[str, object] = {
                "amount": format_amount(leaving_minor, pack.currency),
                "held": format_amount(held, pack.currency),
            }
            advice = (Advice("more-than-held", values),)
        return Draft(body=body(pack), pack=pack.pack, policy=pack.policy, advice=advice)

    return desk.record(write, when_locked=True)


def _summary(pack: Pack, day: DayProgress) -> DaySummary:
    standing = [payment for payment in day.receipts if payment.kind == "payment" and not payment.voided_by]
    by_method: dict[str, int] = {}
    for payment in standing:
        if payment.currency == pack.currency:
            by_method[payment.method] = by_method.get(payment.method, 0) + payment.amount_minor
    return DaySummary(
        service_day=pack.service_day,
        pack=pack.pack,
        currency=pack.currency,
        visits=len(pack.visits),
        concluded=day.concluded,
        open=[name for name, visit in day.visits.items() if visit.is_open],
        receipts=len(day.receipts),
        voided=sum(1 for payment in day.receipts if payment.kind == "void"),
        by_method=dict(sorted(by_method.items())),
        cash_minor=pack.float_minor + day.cash.get(pack.currency, 0),
        float_minor=pack.float_minor,
        handed_over_minor=day.handed_over.get(pack.currency, 0),
        ended_at=day.ended_at,
        after_end=day.after_end,
    )
