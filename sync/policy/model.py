"""What a rule of conduct is: data with a source and a validity, and a condition of one of ten kinds.

A condition says what must hold; it is *breached* when it does not. Days of validity are the customer's local days,
both included. The statement of each rule stands in English and Chinese beside it.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

import msgspec

from sync.errors import Refused
from sync.policy.limits import CONTACT_DAYS_MAX, RULES_MAX, WINDOWS_MAX

__all__ = [
    "CHANNELS",
    "EVERYWHERE",
    "CertificateValid",
    "Channel",
    "Condition",
    "ContactLimit",
    "FlagKind",
    "LetterContains",
    "LetterElement",
    "NotWhile",
    "OnlyPersons",
    "PermittedHours",
    "Person",
    "PlanMonthsAtMost",
    "Policy",
    "PolicyRule",
    "Recorded",
    "Severity",
    "SnapshotAge",
    "StaffAtLeast",
    "Window",
]

Channel = Literal["visit", "call", "message", "letter"]
CHANNELS: tuple[Channel, ...] = ("visit", "call", "message", "letter")
"""How a customer can be contacted, as `ContactMade` names it."""

EVERYWHERE = "*"
"""The jurisdiction of a rule that holds in all of them: a house's own."""

Severity = Literal["block", "warn", "evidence"]
"""What a breach means for the phone's advice: do not, think twice, or see that it can be proved."""

FlagKind = Literal["refusal", "moratorium", "plan_honoured", "plan_pending", "dispute", "vulnerable"]
"""What may stand about a customer or an account: a written refusal of contact, a legal standstill, a plan being kept,
a plan that waits for the office, an open dispute, a vulnerability that the office knows of."""

Person = Literal["debtor", "guarantor", "household", "neighbour", "employer", "other"]
"""Whom the agent spoke to."""

LetterElement = Literal[
    "customer_name",
    "amount_owed",
    "reason_and_law",
    "rights_and_duties",
    "ways_to_check_pay_and_object",
    "creditor_contact",
    "official_seal",
    "collector_name",
    "itemisation",
    "dispute_period_end",
]
"""What a letter may have to contain; the office's templates declare which of these they carry."""

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00", re.ASCII)
_EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


class _Data(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Shared settings: strict and immutable, so that a misspelt member is refused and not overlooked."""


class Window(_Data, frozen=True):
    """Local times from `starts` up to but not at `ends` (``HH:MM``); across midnight when `ends` is the earlier.

    `days` are ISO weekdays (1 is Monday) on which the window begins. Raises ARGUMENT-WRONG.
    """

    starts: str
    ends: str
    days: tuple[int, ...] = _EVERY_DAY

    def __post_init__(self) -> None:
        for text in (self.starts, self.ends):
            if _CLOCK.fullmatch(text) is None:
                raise Refused("ARGUMENT-WRONG", f"{text[:20]!r} is not a time of day HH:MM")
        if self.starts == "24:00" or self.starts == self.ends:
            raise Refused(
                "ARGUMENT-WRONG", f"no window from {self.starts} to {self.ends}; a whole day is 00:00 to 24:00"
            )
        if not self.days or len(set(self.days)) != len(self.days) or not set(self.days) <= set(_EVERY_DAY):
            raise Refused("ARGUMENT-WRONG", f"days {self.days!r} are not ISO weekdays 1 to 7, each once")

    @property
    def starts_minute(self) -> int:
        """Minutes since local midnight, 0 to 1439."""
        return _minute(self.starts)

    @property
    def ends_minute(self) -> int:
        """Minutes since local midnight, 0 to 1440; not above `starts_minute` when it ends on the next day."""
        return _minute(self.ends)

    @property
    def text(self) -> str:
        """``08:00–22:00``, with its days where it does not begin on every day."""
        days = "" if len(self.days) == len(_EVERY_DAY) else f" ({','.join(str(day) for day in sorted(self.days))}/7)"
        return f"{self.starts}–{self.ends}{days}"


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


class _Condition(_Data, frozen=True, tag_field="kind"):
    """One of the kinds below."""


class PermittedHours(_Condition, frozen=True, tag=True):
    """Contact only within one of the windows, in the customer's local time.

    `agreement`: the hours that the customer agreed to are permitted besides.
    """

    windows: tuple[Window, ...]
    agreement: bool = False

    def __post_init__(self) -> None:
        if not 1 <= len(self.windows) <= WINDOWS_MAX:
            raise Refused("ARGUMENT-WRONG", f"{len(self.windows)} windows; a rule has 1 to {WINDOWS_MAX}")


class ContactLimit(_Condition, frozen=True, tag=True):
    """At most `limit` contacts within `days` local days, this one's day being the last of them.

    `channels` are those counted (empty: the rule's own), `counts` which past contacts, `concerns` which contacts
    can breach it: with ``effective`` an attempt that reached nobody is no breach.
    """

    limit: int
    days: int
    channels: tuple[Channel, ...] = ()
    counts: Literal["all", "effective"] = "all"
    concerns: Literal["all", "effective"] = "all"

    def __post_init__(self) -> None:
        _at_least("limit", self.limit, 1)
        _at_least("days", self.days, 1)
        if self.days > CONTACT_DAYS_MAX:
            raise Refused("ARGUMENT-WRONG", f"days {self.days} is beyond {CONTACT_DAYS_MAX}")


class NotWhile(_Condition, frozen=True, tag=True):
    """No contact while this stands about the customer or the account."""

    flag: FlagKind


class OnlyPersons(_Condition, frozen=True, tag=True):
    """The debt is spoken of with these persons only."""

    persons: tuple[Person, ...]


class StaffAtLeast(_Condition, frozen=True, tag=True):
    """So many of our staff are present."""

    count: int

    def __post_init__(self) -> None:
        _at_least("count", self.count, 1)


class CertificateValid(_Condition, frozen=True, tag=True):
    """At least `holders` of those present hold this certificate, valid through the day of the contact."""

    certificate: str
    holders: int = 1

    def __post_init__(self) -> None:
        _at_least("holders", self.holders, 1)


class SnapshotAge(_Condition, frozen=True, tag=True):
    """What the phone knows of the account is at most so many hours old."""

    hours_max: int

    def __post_init__(self) -> None:
        _at_least("hours_max", self.hours_max, 1)


class LetterContains(_Condition, frozen=True, tag=True):
    """The letter contains every one of these elements."""

    elements: tuple[LetterElement, ...]


class Recorded(_Condition, frozen=True, tag=True):
    """The contact is recorded, and the recording kept for at least so many days."""

    days_min: int

    def __post_init__(self) -> None:
        _at_least("days_min", self.days_min, 1)


class PlanMonthsAtMost(_Condition, frozen=True, tag=True):
    """A repayment plan agreed on at this contact runs for at most so many months."""

    months: int

    def __post_init__(self) -> None:
        _at_least("months", self.months, 1)


Condition = (
    PermittedHours
    | ContactLimit
    | NotWhile
    | OnlyPersons
    | StaffAtLeast
    | CertificateValid
    | SnapshotAge
    | LetterContains
    | Recorded
    | PlanMonthsAtMost
)
"""Every kind of condition."""


class PolicyRule(_Data, frozen=True):
    """One rule; `source` names law and article, or the house's own handbook where `house`.

    `jurisdiction` is a country's two letters, or `EVERYWHERE`. The rule applies to contacts by one of `channels`, from
    `effective_from` through `effective_to` (None: open).
    """

    id: str
    jurisdiction: str
    source: str
    effective_from: date
    channels: tuple[Channel, ...]
    condition: Condition
    severity: Severity
    text_en: str
    text_zh: str
    effective_to: date | None = None
    house: bool = False

    def __post_init__(self) -> None:
        for name in ("id", "jurisdiction", "source", "text_en", "text_zh"):
            if not getattr(self, name).strip():
                raise Refused("ARGUMENT-WRONG", f"rule {self.id!r} has no {name}")
        if not self.channels or len(set(self.channels)) != len(self.channels):
            raise Refused("ARGUMENT-WRONG", f"rule {self.id} names no channel, or one twice: {self.channels!r}")
        if self.effective_to is not None and self.effective_to < self.effective_from:
            raise Refused("ARGUMENT-WRONG", f"rule {self.id} ends {self.effective_to}, before {self.effective_from}")


class Policy(_Data, frozen=True):
    """A list of rules under one name; another `version` is another policy, and operations name both."""

    id: str
    version: int
    title_en: str
    title_zh: str
    rules: tuple[PolicyRule, ...]

    def __post_init__(self) -> None:
        if not self.id.strip():
            raise Refused("ARGUMENT-WRONG", "a policy has an id")
        _at_least("version", self.version, 1)
        if len(self.rules) > RULES_MAX:
            raise Refused("ARGUMENT-WRONG", f"{len(self.rules)} rules are beyond {RULES_MAX}")
        seen: set[str] = set()
        for rule in self.rules:
            if rule.id in seen:
                raise Refused("ARGUMENT-WRONG", f"rule {rule.id} stands twice in policy {self.id}")
            seen.add(rule.id)

    @property
    def name(self) -> str:
        """``id@version``, as an operation's envelope names the policy that it was made under."""
        return f"{self.id}@{self.version}"


def _at_least(name: str, value: int, least: int) -> None:
    if value < least:
        raise Refused("ARGUMENT-WRONG", f"{name} {value} is below {least}")
