"""Whether a condition is breached at one instant, and at which instants that can change.

Both questions have an exact answer for every kind of condition, so an interval is judged by asking once in each
piece between two changes: nothing is sampled. At one instant the answer has three values, because what surrounds
it (past contacts, the start of a refusal) has intervals of its own: NONE, POSSIBLE and CERTAIN.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from sync.policy.hours import hours_changes, within
from sync.policy.limits import TIME_MS_MAX, TIME_MS_MIN
from sync.policy.model import (
    CertificateValid,
    ContactLimit,
    LetterContains,
    NotWhile,
    OnlyPersons,
    PermittedHours,
    PlanMonthsAtMost,
    PolicyRule,
    Recorded,
    SnapshotAge,
    StaffAtLeast,
    Window,
)
from sync.policy.situation import PastContact, Situation
from sync.policy.zones import day_start_ms, local_of, zone_of

__all__ = ["Breach", "breach_at", "changes", "contacts_counted", "windows_for"]

_HOUR_MS = 3_600_000


class Breach(IntEnum):
    """How sure it is that a rule is breached; accusing needs CERTAIN."""

    NONE = 0
    POSSIBLE = 1
    CERTAIN = 2


def breach_at(rule: PolicyRule, situation: Situation, at_ms: int) -> Breach:
    """Whether a contact at this very instant breaches the rule's condition; validity and channel are not asked."""
    condition = rule.condition
    match condition:
        case PermittedHours():
            inside = within(windows_for(condition, situation), local_of(at_ms, zone_of(situation.zone)))
            return Breach.NONE if inside else Breach.CERTAIN
        case ContactLimit():
            if condition.concerns == "effective" and not situation.effective:
                return Breach.NONE
            certain, possible = contacts_counted(rule, condition, situation, at_ms)
            return _graded(certain >= condition.limit, possible >= condition.limit)
        case NotWhile():
            return _flagged(condition, situation, at_ms)
        case CertificateValid():
            return _certificates(condition, situation, at_ms)
        case SnapshotAge():
            if situation.snapshot_ms is None:
                return Breach.POSSIBLE
            old = at_ms - situation.snapshot_ms > condition.hours_max * _HOUR_MS
            return Breach.CERTAIN if old else Breach.NONE
        case OnlyPersons():
            stranger = situation.person is not None and situation.person not in condition.persons
            return Breach.CERTAIN if stranger else Breach.NONE
        case StaffAtLeast():
            return _known(situation.staff, condition.count)
        case Recorded():
            return _known(situation.recording_days, condition.days_min)
        case LetterContains():
            if situation.letter is None:
                return Breach.POSSIBLE
            return Breach.NONE if set(condition.elements) <= set(situation.letter) else Breach.CERTAIN
        case PlanMonthsAtMost():
            long = situation.plan_months is not None and situation.plan_months > condition.months
            return Breach.CERTAIN if long else Breach.NONE


def changes(rule: PolicyRule, situation: Situation, low_ms: int, high_ms: int) -> list[int]:
    """The instants in (low, high], ascending, from which on `breach_at` may answer otherwise than just before."""
    condition, zone = rule.condition, zone_of(situation.zone)
    match condition:
        case PermittedHours():
            found: Iterable[int] = hours_changes(windows_for(condition, situation), low_ms, high_ms, zone)
        case ContactLimit():
            found = _contact_changes(condition, situation, zone)
        case NotWhile():
            found = _flag_changes(condition, situation)
        case CertificateValid():
            found = [
                day_start_ms(day, zone)
                for certificate in situation.certificates or ()
                for day in (certificate.valid_from, certificate.valid_through + timedelta(days=1))
            ]
        case SnapshotAge():
            as_of = situation.snapshot_ms
            found = [] if as_of is None else [as_of + condition.hours_max * _HOUR_MS + 1]
        case _:
            found = ()
    return sorted({at for at in found if low_ms < at <= high_ms})


def windows_for(condition: PermittedHours, situation: Situation) -> tuple[Window, ...]:
    """The rule's windows, and the agreed ones where the rule lets an agreement extend them."""
    return condition.windows + (situation.agreed_hours if condition.agreement else ())


def contacts_counted(rule: PolicyRule, condition: ContactLimit, situation: Situation, at_ms: int) -> tuple[int, int]:
    """How many past contacts certainly, and how many possibly, lie before `at_ms` within the days that count."""
    zone = zone_of(situation.zone)
    first_day = local_of(at_ms, zone).date() - timedelta(days=condition.days - 1)
    start_ms = day_start_ms(first_day, zone)
    channels = condition.channels or rule.channels
    certain = possible = 0
    for past in situation.history:
        if past.channel not in channels or (condition.counts == "effective" and not past.effective):
            continue
        low, high = _bounds(past)
        certain += start_ms <= low and (past.before or high < at_ms)
        possible += start_ms <= high and (past.before or low <= at_ms)
    return certain, possible


def _bounds(past: PastContact) -> tuple[int, int]:
    low, high = past.interval.low_ms, past.interval.high_ms
    return TIME_MS_MIN - 1 if low is None else low, TIME_MS_MAX + 1 if high is None else high


def _contact_changes(condition: ContactLimit, situation: Situation, zone: ZoneInfo) -> list[int]:
    """Where a past contact's bounds are passed, and where the day begins on which it is counted no more."""
    found = []
    for past in situation.history:
        for bound in (past.interval.low_ms, past.interval.high_ms):
            if bound is not None:
                last = local_of(bound, zone).date() + timedelta(days=condition.days)
                found += [bound, bound + 1, day_start_ms(last, zone)]
    return found


def _flagged(condition: NotWhile, situation: Situation, at_ms: int) -> Breach:
    worst = Breach.NONE
    for flag in situation.flags:
        if flag.kind != condition.flag:
            continue
        since_low, since_high = flag.since.low_ms, flag.since.high_ms
        certain = since_high is not None and since_high < at_ms
        possible = since_low is None or since_low <= at_ms
        if flag.until is not None:
            certain = certain and flag.until.low_ms is not None and at_ms < flag.until.low_ms
            possible = possible and (flag.until.high_ms is None or at_ms < flag.until.high_ms)
        worst = max(worst, _graded(certain, possible))
    return worst


def _flag_changes(condition: NotWhile, situation: Situation) -> list[int]:
    found = []
    for flag in situation.flags:
        if flag.kind == condition.flag:
            bounds = (flag.since.low_ms, flag.since.high_ms)
            ends = (flag.until.low_ms, flag.until.high_ms) if flag.until is not None else ()
            for bound in (*bounds, *ends):
                if bound is not None:
                    found += [bound, bound + 1]
    return found


def _certificates(condition: CertificateValid, situation: Situation, at_ms: int) -> Breach:
    if situation.certificates is None:
        return Breach.POSSIBLE
    day = local_of(at_ms, zone_of(situation.zone)).date()
    holders = {
        held.holder
        for held in situation.certificates
        if held.certificate == condition.certificate and held.valid_from <= day <= held.valid_through
    }
    return Breach.NONE if len(holders) >= condition.holders else Breach.CERTAIN


def _known(value: int | None, least: int) -> Breach:
    if value is None:
        return Breach.POSSIBLE
    return Breach.NONE if value >= least else Breach.CERTAIN


def _graded(certain: bool, possible: bool) -> Breach:
    if certain:
        return Breach.CERTAIN
    return Breach.POSSIBLE if possible else Breach.NONE
