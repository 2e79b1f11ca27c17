"""Playing the decisions with the library's own steps, stop after stop, then ending the day."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from agent_client.receipts import receipt_prefix
from agent_client.recording import Desk, Recorded
from agent_client.route import RouteStop, day_route
from agent_client.simulation.decisions import Doorstep, decide
from agent_client.simulation.dice import Dice
from agent_client.simulation.pace import Pace, no_pace
from agent_client.work import agreements, visits
from agent_client.work.drawer import DaySummary, day_summary, hand_over
from agent_client.work.payments import collect, find_payment, void
from agent_client.work.plans import PlanWish, propose_plan
from sync.errors import Refused
from sync.operations import Position
from sync.operations.field import Denomination
from sync.receipt import Receipt, short_number, to_digits
from sync.visit_code import code_fits

__all__ = ["PlayedStop", "hand_over_everything", "play_day", "read_codes"]

_FACES: Final = (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10, 5, 2, 1)
"""Yuan notes and coins in fen, and below that what only a bank could count."""

_METRE_E7: Final = 90
"""About one metre of latitude in ten-millionths of a degree."""


class PlayedStop(msgspec.Struct, frozen=True, kw_only=True):
    """What was recorded at a stop."""

    number: int
    visit: str
    reason: str
    paid_minor: int
    currency: str
    method: str
    operations: int
    receipt: str
    url: str
    """What the receipt's code says, as the customer scans it; empty without a payment."""
    notice: str
    """The notice that left the agent's hands, if one did."""


def play_day(
    desk: Desk,
    seed: int,
    *,
    first: int = 1,
    last: int = 0,
    stops: int = 0,
    codes: Mapping[str, str] | None = None,
    watch: Callable[[PlayedStop], None] = lambda _: None,
    pace: Pace = no_pace,
) -> list[PlayedStop]:
    """Work stops `first` to `last` (0: to the end), at most `stops` (0: all), in driving order.

    Stops that were concluded are passed over, so that a day can be played in parts. `codes` are the visit codes
    that the customers hold; without its code a customer signs instead. A stop that may not be
    visited is not. Decisions depend on seed and visit only.
    `pace` may wait before each stop.
    """
    if first < 1 or (last and last < first):
        raise Refused("ARGUMENT-WRONG", f"stops {first} to {last} are none")
    route = day_route(desk)
    chosen = [(number, stop) for number, stop in enumerate(route.stops, start=1) if number >= first]
    if last:
        chosen = [(number, stop) for number, stop in chosen if number <= last]
    if stops:
        chosen = chosen[:stops]
    played: list[PlayedStop] = []
    for number, stop in chosen:
        if stop.state not in ("to_do", "open") or "visit" in stop.document.forbidden:
            continue
        pace(route.pack.service_day, stop.document.eta_s)
        result = _play_stop(desk, seed, number, stop, route.pack.service_day, codes or {})
        played.append(result)
        watch(result)
    return played


def hand_over_everything(desk: Desk, day: str = "") -> tuple[DaySummary, Recorded | None]:
    """Hand over all cash of the day by denomination; nothing when there is none."""
    summary = day_summary(desk, day)
    if summary.cash_minor <= 0:
        return summary, None
    rest = summary.cash_minor
    pieces: list[Denomination] = []
    for face in _FACES:
        count, rest = divmod(rest, face)
        if count:
            pieces.append(Denomination(face_minor=face, count=count))
    recorded = hand_over(desk, pieces, day=day)
    return day_summary(desk, day), recorded


def read_codes(path: Path) -> dict[str, str]:
    """Visit codes by visit from a CSV file with the columns `visit_id` and `visit_code`."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise Refused("FILE-UNREADABLE", f"{path}: {error}") from error
    if rows and not {"visit_id", "visit_code"} <= set(rows[0]):
        raise Refused("FILE-UNREADABLE", f"{path} has no columns visit_id and visit_code")
    return {row["visit_id"]: row["visit_code"] for row in rows if row["visit_code"]}


def _play_stop(
    desk: Desk, seed: int, number: int, stop: RouteStop, service_day: str, codes: Mapping[str, str]
) -> PlayedStop:
    document = stop.document
    visit = document.visit
    dice = Dice(seed, visit)
    code = codes.get(visit, "")
    if code and not code_fits(code, document.code_salt, document.code_bits):
        code = ""
    door = decide(document, service_day, dice, has_code=bool(code))
    here = _near(document.lat_e7, document.lon_e7, dice)
    before = desk.store.journal.writer(desk.device).head.seq
    if stop.state == "to_do":
        visits.start_visit(desk, visit, position=here)
    if door.unsafe:
        visits.raise_safety(desk, "uneasy", visit=visit, position=here)
    if door.identity is not None:
        answer = code if door.identity == "answered" and door.identity_method == "visit_code" else ""
        visits.check_identity(desk, visit, door.identity_method, door.identity, answer=answer)
    if not door.home:
        visits.make_contact(desk, visit, "visit", effective=False)
    receipt = _pay(desk, visit, door, dice, here) if door.amount_minor else None
    delivered = _rest(desk, stop, door)
    visits.conclude(desk, visit, door.reason, position=here)
    return PlayedStop(
        number=number,
        visit=visit,
        reason=door.reason,
        paid_minor=door.amount_minor,
        currency=document.currency,
        method=door.method if door.amount_minor else "",
        operations=desk.store.journal.writer(desk.device).head.seq - before,
        receipt=short_number(receipt) if receipt is not None else "",
        url=_url(desk, receipt) if receipt is not None else "",
        notice=stop.notice.notice if delivered and stop.notice is not None else "",
    )


def _url(desk: Desk, receipt: Receipt) -> str:
    return receipt_prefix(desk, find_payment(desk, receipt.body.series).pack) + to_digits(receipt.data)


def _pay(desk: Desk, visit: str, door: Doorstep, dice: Dice, here: Position) -> Receipt | None:
    order = "" if door.method == "cash" else f"{door.method[:2].upper()}{dice.below(10**16):016d}"
    if door.typed_first_minor:
        wrong = collect(desk, visit, door.typed_first_minor, door.method, provider_order=order, position=here)
        if wrong.receipt is not None:
            void(desk, wrong.receipt.body.series, "typing_error")
    return collect(desk, visit, door.amount_minor, door.method, provider_order=order, position=here).receipt


def _rest(desk: Desk, stop: RouteStop, door: Doorstep) -> bool:
    """Letter, promise, plan, details and note; whether a letter was delivered."""
    visit = stop.document.visit
    delivers = door.manner is not None and stop.notice is not None and not stop.notice.withdrawn
    if delivers and door.manner is not None:
        visits.deliver_notice(desk, visit, door.manner, door.recipient)
    if door.promise_minor:
        agreements.promise(desk, visit, door.promise_minor, door.promise_due)
    if door.plan_periods and stop.document.overdue_minor > 0:
        total = stop.document.overdue_minor
        wish = PlanWish(
            scheme="equal_instalments", total_minor=total, periods=door.plan_periods, first_due=door.promise_due
        )
        propose_plan(desk, visit, wish)
    if door.phone:
        agreements.report_details(desk, visit, "phone", door.phone)
    if door.note:
        agreements.take_note(desk, visit, door.note)
    return delivers


def _near(lat_e7: int, lon_e7: int, dice: Dice) -> Position:
    """Within some 25 metres of the address, as a phone says it."""
    north, east = dice.between(-20, 20), dice.between(-20, 20)
    return Position(lat_e7 + north * _METRE_E7, lon_e7 + east * _METRE_E7, dice.between(4, 28))
