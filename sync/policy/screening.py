"""The two conditions that reconciliation asks for every contact, hours and frequency, by plain integers.

`advise` answers every question about every rule and builds its sentences; a fold asks only whether a contact was
*certainly* in breach, some thousand times a second, and nearly always the answer is no. So a policy is compiled once
for each zone, local days and offsets are remembered, and a rule is looked at closely only where the last instant of
the contact is outside its windows, or where enough other contacts lie near it. The answers are those of
`certain_breaches`, rule by rule; a property test holds the two together.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import attrgetter

import msgspec

from sync.clock import Interval
from sync.policy.advising import certain_breaches, validity_ms
from sync.policy.limits import COMPILED_KEPT, TIME_MS_MAX, TIME_MS_MIN
from sync.policy.model import Channel, ContactLimit, PermittedHours, Policy, PolicyRule, Window
from sync.policy.situation import Situation
from sync.policy.zones import DAY_MS, day_number, number_start_ms, steady_offset_ms

__all__ = ["ScreenedContact", "limits_may_be_passed", "outside_hours", "over_limits"]

_WEEK = 7
_MINUTE_MS = 60_000
_SLACK_DAYS = 2
"""What a local day's beginning can lie off whole days of 24 hours, clock changes and moved date lines included."""

Span = tuple[int, int]
Spans = tuple[tuple[Span, ...], ...]
"""Monday first: the minutes of that day, from and up to, that the windows of a rule cover."""


class _Hours(msgspec.Struct, frozen=True):
    rule: PolicyRule
    alone: Policy
    spans: Spans


class _Limit(msgspec.Struct, frozen=True):
    rule: PolicyRule
    condition: ContactLimit
    counted: tuple[Channel, ...]
    from_ms: int
    end_ms: int


class _Compiled(msgspec.Struct, frozen=True):
    policy: Policy
    """Kept here so that the identity by which this is found is not given to another."""
    hours: tuple[_Hours, ...]
    limits: tuple[_Limit, ...]


class ScreenedContact(msgspec.Struct, frozen=True, gc=False):
    """One contact of a customer; `device`, `epoch` and `seq` are its place in a journal."""

    channel: Channel
    effective: bool
    low_ms: int | None
    high_ms: int | None
    device: str
    epoch: int
    seq: int

    def is_before(self, other: ScreenedContact) -> bool:
        """Whether one chain puts this before the other, and their times do not say otherwise."""
        if self.device != other.device or (self.epoch, self.seq) >= (other.epoch, other.seq):
            return False
        # Numbers are no order between the branches of a fork: what certainly came later was not before.
        return self.low_ms is None or other.high_ms is None or self.low_ms <= other.high_ms


_COMPILED: dict[tuple[int, str], _Compiled] = {}


def _compiled(policy: Policy, zone: str) -> _Compiled:
    key = (id(policy), zone)
    found = _COMPILED.get(key)
    if found is None:
        found = _compile(policy, zone)
        if len(_COMPILED) >= COMPILED_KEPT:
            _COMPILED.clear()
        _COMPILED[key] = found
    return found


def _compile(policy: Policy, zone: str) -> _Compiled:
    hours: list[_Hours] = []
    limits: list[_Limit] = []
    for rule in policy.rules:
        condition = rule.condition
        if isinstance(condition, PermittedHours):
            alone = msgspec.structs.replace(policy, rules=(rule,))
            hours.append(_Hours(rule, alone, _spans(condition.windows)))
        elif isinstance(condition, ContactLimit):
            counted = condition.channels or rule.channels
            limits.append(_Limit(rule, condition, counted, *validity_ms(rule, zone)))
    return _Compiled(policy, tuple(hours), tuple(limits))


def _spans(windows: Sequence[Window]) -> Spans:
    days: list[list[Span]] = [[] for _ in range(_WEEK)]
    for window in windows:
        starts, ends = window.starts_minute, window.ends_minute
        for day in window.days:
            if starts < ends:
                days[day - 1].append((starts, ends))
            else:
                days[day - 1].append((starts, 1440))
                days[day % _WEEK].append((0, ends))
    return tuple(tuple(spans) for spans in days)


def outside_hours(
    policy: Policy, zone: str, channel: Channel, interval: Interval, agreed: tuple[Window, ...] = ()
) -> tuple[PolicyRule, ...]:
    """The rules about hours that a contact certainly broke, in the policy's order; `agreed` are the customer's own.

    The interval is bounded on both sides and within the calendar.
    """
    high_ms = interval.high_ms
    if high_ms is None:
        return ()
    found: list[PolicyRule] = []
    offset_ms = steady_offset_ms(zone, high_ms // DAY_MS)
    for hours in _compiled(policy, zone).hours:
        if channel not in hours.rule.channels:
            continue
        # Certain means broken at every instant: most contacts are in order at the last one.
        if offset_ms is not None:
            day, rest = divmod(high_ms + offset_ms, DAY_MS)
            minute = rest // _MINUTE_MS
            # 1970 began on a Thursday.
            if any(starts <= minute < ends for starts, ends in hours.spans[(day + 3) % _WEEK]):
                continue
        situation = Situation(zone=zone, interval=interval, channel=channel, agreed_hours=agreed)
        if certain_breaches(hours.alone, situation):
            found.append(hours.rule)
    return tuple(found)


def limits_may_be_passed(policy: Policy, zone: str, bounds: Sequence[tuple[Channel, int, int]]) -> bool:
    """Whether any of a customer's contacts may be too many; `bounds` are channel, not before and not after, in ms.

    The bounds may be wider than the contacts' intervals: this spares working those out for most customers.
    """
    for limit in _compiled(policy, zone).limits:
        most = limit.condition.limit
        if len(bounds) <= most:
            continue
        counted = [bound for bound in bounds if bound[0] in limit.counted]
        if len(counted) < most:
            continue
        earliest, latest = sorted(bound[1] for bound in counted), sorted(bound[2] for bound in counted)
        reach_ms = (limit.condition.days + _SLACK_DAYS) * DAY_MS
        for channel, low_ms, high_ms in bounds:
            if channel in limit.rule.channels:
                near = bisect_right(earliest, high_ms) - bisect_left(latest, low_ms - reach_ms)
                if near - (channel in limit.counted) >= most:
                    return True
    return False


def over_limits(
    policy: Policy, zone: str, contacts: Sequence[ScreenedContact]
) -> list[tuple[ScreenedContact, tuple[PolicyRule, ...]]]:
    """The contacts of one customer that certainly were too many, each with the rules that it broke, in their order."""
    limits = _compiled(policy, zone).limits
    windows = [_Window(zone, limit, contacts) for limit in limits]
    found: list[tuple[ScreenedContact, tuple[PolicyRule, ...]]] = []
    for contact in contacts:
        rules = tuple(window.limit.rule for window in windows if window.is_passed_by(contact))
        if rules:
            found.append((contact, rules))
    return found


class _Window:
    """The contacts that one rule counts, by their earliest instant, so that each sees only those near it."""

    def __init__(self, zone: str, limit: _Limit, contacts: Sequence[ScreenedContact]) -> None:
        self.zone = zone
        self.limit = limit
        only = limit.condition.counts == "effective"
        known = [
            contact
            for contact in contacts
            if contact.low_ms is not None and contact.channel in limit.counted and (contact.effective or not only)
        ]
        # A contact that nothing bounds from below can have been on any day, and certainly counts on none.
        self.counted = sorted(known, key=attrgetter("low_ms"))
        self.lows = [contact.low_ms or 0 for contact in self.counted]

    def is_passed_by(self, contact: ScreenedContact) -> bool:
        """Whether at every instant at which the contact can have been there were so many before it."""
        limit, condition = self.limit, self.limit.condition
        if contact.channel not in limit.rule.channels or (condition.concerns == "effective" and not contact.effective):
            return False
        low_ms = TIME_MS_MIN if contact.low_ms is None else contact.low_ms
        high_ms = TIME_MS_MAX if contact.high_ms is None else contact.high_ms
        if low_ms < limit.from_ms or high_ms >= limit.end_ms:
            return False
        first = self._first_counted(high_ms)
        last = bisect_right(self.lows, high_ms)
        if last - first < condition.limit:
            return False
        return self._stays_passed(contact, low_ms, high_ms)

    def _first_counted(self, at_ms: int) -> int:
        start = day_number(at_ms, self.zone) - self.limit.condition.days + 1
        return bisect_left(self.lows, number_start_ms(start, self.zone))

    def _stays_passed(self, contact: ScreenedContact, low_ms: int, high_ms: int) -> bool:
        """Another counts from when it certainly is over until the day begins on which it counts no more."""
        begins: list[int] = []
        ends: list[int] = []
        first, last = self._first_counted(low_ms), bisect_right(self.lows, high_ms)
        for other, other_low in zip(self.counted[first:last], self.lows[first:last], strict=True):
            if other is contact or contact.is_before(other):
                continue
            if other.is_before(contact):
                begin = low_ms
            elif other.high_ms is not None:
                begin = other.high_ms + 1
            else:
                continue
            end = number_start_ms(day_number(other_low, self.zone) + self.limit.condition.days, self.zone)
            if begin < end:
                begins.append(begin)
                ends.append(end)
        begins.sort()
        ends.sort()
        # The number of those that count falls only where a day begins: there, and at the start, it is least.
        points = {low_ms, *ends[bisect_right(ends, low_ms) : bisect_right(ends, high_ms)]}
        most = self.limit.condition.limit
        return all(bisect_right(begins, at_ms) - bisect_right(ends, at_ms) >= most for at_ms in points)
