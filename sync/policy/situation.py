"""What the rules are asked about: one contact, made or intended, with all that is known around it.

Nothing here is looked up: zone, moment, history and flags are arguments. Times are intervals (`sync.clock.Interval`),
since a phone's clock is not trusted; `exactly` makes one of a known moment.
"""

from __future__ import annotations

from datetime import date

import msgspec

from sync.clock import Interval
from sync.errors import Refused
from sync.policy.limits import CONTACTS_MAX, TIME_MS_MAX, TIME_MS_MIN, WINDOWS_MAX
from sync.policy.model import Channel, FlagKind, LetterElement, Person, Window
from sync.policy.zones import zone_of

__all__ = ["Certificate", "Flag", "PastContact", "Situation", "exactly"]


class PastContact(msgspec.Struct, frozen=True, kw_only=True):
    """Another contact with the same customer, never the one that is judged.

    `before`: it is known to be the earlier of the two, by the order of one chain, whatever the intervals say.
    """

    channel: Channel
    effective: bool
    interval: Interval
    before: bool = False

    def __post_init__(self) -> None:
        _check_interval("a past contact", self.interval)


class Flag(msgspec.Struct, frozen=True, kw_only=True):
    """Something that stands about the customer or the account, from `since`; `until` None means that it still does."""

    kind: FlagKind
    since: Interval
    until: Interval | None = None

    def __post_init__(self) -> None:
        _check_interval(f"the start of {self.kind}", self.since)
        if self.until is not None:
            _check_interval(f"the end of {self.kind}", self.until)


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent is certified for, from a day through a day (local, both included)."""

    holder: str
    certificate: str
    valid_from: date
    valid_through: date


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """One contact and what is known around it.

    `zone` is the customer's IANA zone. `effective`: whether somebody was, or is to be, reached. `person` is whom the
    agent spoke to (None: nobody yet). For `staff`, `certificates`, `snapshot_ms`, `letter` and `recording_days` None
    means *not known*: then a rule about it is possibly breached, never certainly. `plan_months` is the length of the
    plan that is proposed (None: no plan). `jurisdiction` empty means every rule of the policy.
    Raises ARGUMENT-WRONG for an unknown zone and for an interval that ends before it starts.
    """

    zone: str
    interval: Interval
    channel: Channel
    effective: bool = True
    history: tuple[PastContact, ...] = ()
    flags: tuple[Flag, ...] = ()
    agreed_hours: tuple[Window, ...] = ()
    person: Person | None = None
    staff: int | None = None
    certificates: tuple[Certificate, ...] | None = None
    snapshot_ms: int | None = None
    """As of when the phone knows the account."""
    letter: tuple[LetterElement, ...] | None = None
    recording_days: int | None = None
    """For how long the recording of this contact is kept; 0: there is none."""
    plan_months: int | None = None
    jurisdiction: str = ""

    def __post_init__(self) -> None:
        zone_of(self.zone)
        _check_interval("the contact", self.interval)
        if len(self.history) > CONTACTS_MAX:
            raise Refused("ARGUMENT-WRONG", f"{len(self.history)} past contacts are beyond {CONTACTS_MAX}")
        if len(self.agreed_hours) > WINDOWS_MAX:
            raise Refused("ARGUMENT-WRONG", f"{len(self.agreed_hours)} agreed windows are beyond {WINDOWS_MAX}")

    @property
    def low_ms(self) -> int:
        """The earliest instant at which it can have been; `TIME_MS_MIN` where nothing bounds it."""
        return TIME_MS_MIN if self.interval.low_ms is None else self.interval.low_ms

    @property
    def high_ms(self) -> int:
        """The latest instant at which it can have been; `TIME_MS_MAX` where nothing bounds it."""
        return TIME_MS_MAX if self.interval.high_ms is None else self.interval.high_ms


def exactly(at_ms: int) -> Interval:
    """The interval of one known moment."""
    return Interval(low_ms=at_ms, high_ms=at_ms)


def _check_interval(what: str, interval: Interval) -> None:
    low, high = interval.low_ms, interval.high_ms
    for bound in (low, high):
        if bound is not None and not TIME_MS_MIN <= bound <= TIME_MS_MAX:
            raise Refused("ARGUMENT-WRONG", f"{what}: {bound} ms is not between {TIME_MS_MIN} and {TIME_MS_MAX}")
    if low is not None and high is not None and low > high:
        raise Refused("ARGUMENT-WRONG", f"{what}: the interval ends ({high}) before it starts ({low})")
