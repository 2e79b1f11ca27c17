"""What happens at one door, decided before it is played: a pure function of the stop and the dice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, Literal

import msgspec

from agent_client.simulation.dice import Dice
from agent_client.work.visits import IdentityMethod, IdentityResult, Manner, Reason, Recipient
from sync.messages import VisitDocument
from sync.operations.field import Method

__all__ = ["Doorstep", "decide"]

_METHODS: Final[tuple[tuple[Method, int], ...]] = (
    ("cash", 45),
    ("wechat", 25),
    ("alipay", 20),
    ("transfer", 6),
    ("card", 4),
)
_NOTES: Final = (
    "客户表示下月发工资后付清。",
    "邻居说客户在外地打工,春节前回来。",
    "客户要求以后只在上午联系。",
    "The customer asked for a printed statement.",
    "Dog in the yard; ring at the side gate.",
)
_YUAN: Final = 100


class Doorstep(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that will happen at a stop."""

    home: bool
    identity: IdentityResult | None
    identity_method: IdentityMethod
    amount_minor: int
    """0: nothing is paid."""
    method: Method
    typed_first_minor: int
    """An amount typed wrongly and voided at once; 0 for none."""
    promise_minor: int
    promise_due: str
    plan_periods: int
    manner: Manner | None
    recipient: Recipient
    note: str
    phone: str
    unsafe: bool
    reason: Reason


def decide(document: VisitDocument, service_day: str, dice: Dice, *, has_code: bool) -> Doorstep:
    """Who is home, who pays how much and how, who refuses, promises, takes the letter."""
    booked = document.origin == "booking"
    home = dice.chance(930 if booked else 680)
    unsafe = home and dice.chance(4)
    identity: IdentityResult | None = None
    if home:
        answers: tuple[tuple[IdentityResult, int], ...] = (("answered", 88), ("third_party", 7), ("refused", 5))
        identity = dice.weighted(answers)
    speaks = identity in ("answered", "refused") and not unsafe
    may_collect = "collect" not in document.forbidden
    may_agree = "negotiate" not in document.forbidden
    pays = speaks and may_collect and "collect" in document.tasks and dice.chance(920 if booked else 560)
    method = dice.weighted(_METHODS)
    amount = _amount(document, dice, cash=method == "cash") if pays else 0
    typed_first = amount * 10 if amount and dice.chance(20) else 0
    promises = speaks and may_agree and not amount and document.overdue_minor > 0 and dice.chance(450)
    negotiates = speaks and may_agree and not amount and "negotiate" in document.tasks and dice.chance(500)
    manner, recipient = _letter(document, dice, home=home, identity=identity)
    note = dice.pick(_NOTES) if dice.chance(150) else ""
    phone = f"+86111{dice.below(10**8):08d}" if speaks and dice.chance(_details_chance(document)) else ""
    due = date.fromisoformat(service_day) + timedelta(days=dice.between(3, 14))
    return Doorstep(
        home=home,
        identity=identity,
        identity_method="visit_code" if has_code else "signature",
        amount_minor=amount,
        method=method,
        typed_first_minor=typed_first,
        promise_minor=max(document.minimum_due_minor, _YUAN) if promises else 0,
        promise_due=due.isoformat(),
        plan_periods=dice.pick((3, 6, 12, 24)) if negotiates else 0,
        manner=manner,
        recipient=recipient,
        note=note,
        phone=phone,
        unsafe=unsafe,
        reason=_reason(
            document, home=home, unsafe=unsafe, identity=identity, amount=amount, promises=promises, manner=manner
        ),
    )


def _amount(document: VisitDocument, dice: Dice, *, cash: bool) -> int:
    """What is paid: the booked amount, the overdue amount, the minimum, or half of what is overdue."""
    wishes = (document.overdue_minor, document.minimum_due_minor, document.overdue_minor // 2)
    wish = document.booked_minor or dice.pick(wishes)
    if cash:
        wish = wish // _YUAN * _YUAN
    return max(min(wish, document.payoff_minor), 0)


def _letter(
    document: VisitDocument, dice: Dice, *, home: bool, identity: IdentityResult | None
) -> tuple[Manner | None, Recipient]:
    if "notice" not in document.tasks or not document.notice or "notice" in document.forbidden:
        return None, "nobody"
    if not home:
        return ("posted", "nobody") if dice.chance(600) else (None, "nobody")
    if identity == "third_party":
        return "handed_sealed", dice.pick(("household", "household", "neighbour"))
    return ("refused", "customer") if dice.chance(120) else ("handed_sealed", "customer")


def _details_chance(document: VisitDocument) -> int:
    return 600 if "update_details" in document.tasks else 60


def _reason(
    document: VisitDocument,
    *,
    home: bool,
    unsafe: bool,
    identity: IdentityResult | None,
    amount: int,
    promises: bool,
    manner: Manner | None,
) -> Reason:
    certain: dict[Literal["unsafe", "nobody_home"], bool] = {"unsafe": unsafe, "nobody_home": not home}
    for reason, applies in certain.items():
        if applies:
            return reason
    if amount:
        return "paid" if amount >= document.overdue_minor else "part_paid"
    if identity == "third_party":
        return "third_party"
    if promises:
        return "promised"
    asked = "collect" in document.tasks and "collect" not in document.forbidden
    return "delivered" if manner is not None and not asked else "refused"
