"""When customers were contacted, judged by the rules of conduct about hours and frequency.

Only breaches that are certain at every instant of a contact's interval are found; the policy is an argument of the
fold, and without one, or without the customer's time zone, nothing is judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

from sync.clock import Interval
from sync.errors import Refused
from sync.operations.field import ContactMade, VisitConcluded
from sync.operations.office import VisitMoved, VisitPlanned
from sync.policy import Channel, PastContact, Policy, PolicyRule, Window
from sync.policy.limits import COMPILED_KEPT, TIME_MS_MAX, TIME_MS_MIN, WINDOWS_MAX
from sync.policy.screening import ScreenedContact, limits_may_be_passed, outside_hours, over_limits
from sync.policy.sentences import moment_text
from sync.policy.zones import zone_of
from sync.reconcile.facts import Fact
from sync.reconcile.limits import CONTACTS_JUDGED_MAX

__all__ = [
    "ContactBreach",
    "agreed_windows",
    "customer_zone",
    "frequency_breaches",
    "hours_breaches",
    "judging_zone",
    "past_contacts",
]

_DAY_S = 86_400


class ContactBreach(msgspec.Struct, frozen=True, kw_only=True):
    """One contact that certainly broke a rule, with the rule's own words; `house`: it is no law but our own."""

    fact: Fact
    rule: str
    house: bool
    text_en: str
    text_zh: str
    when_en: str
    when_zh: str


def judging_zone(zones: Sequence[str]) -> str:
    """The last of the zones that is known here; empty when there is none."""
    return next((zone for zone in reversed(zones) if zone and _is_zone(zone)), "")


def customer_zone(facts: Iterable[Fact]) -> str:
    """The zone of a customer by the last plan, in canonical order, that names one; empty where none does."""
    bodies = [fact.operation.body for fact in facts]
    return judging_zone([body.zone for body in bodies if isinstance(body, VisitPlanned)])


@lru_cache(maxsize=COMPILED_KEPT)
def _is_zone(zone: str) -> bool:
    try:
        zone_of(zone)
    except Refused:
        return False
    return True


def agreed_windows(planned: VisitPlanned | None, moved: Sequence[VisitMoved]) -> tuple[Window, ...]:
    """The hours that the customer asked for with a booking, and those that it was moved to."""
    if planned is None or planned.origin != "booking":
        return ()
    spans = [(planned.window_starts_s, planned.window_ends_s)]
    spans += [(move.window_starts_s, move.window_ends_s) for move in moved]
    wanted = sorted({(starts // 60, -(-ends // 60)) for starts, ends in spans if 0 <= starts < ends <= _DAY_S})
    return tuple(Window(starts=_clock(starts), ends=_clock(ends)) for starts, ends in wanted[:WINDOWS_MAX])


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def hours_breaches(
    policy: Policy | None, zone: str, contacts: Iterable[tuple[Fact, Channel]], agreed: tuple[Window, ...] = ()
) -> tuple[ContactBreach, ...]:
    """Contacts that were certainly outside the hours that a rule permits."""
    if policy is None or not zone:
        return ()
    found: list[ContactBreach] = []
    for fact, channel in contacts:
        interval = fact.interval
        # Hours come again every day: what is not bounded on both sides is certain of none.
        if interval.low_ms is None or interval.high_ms is None or not _is_judged(interval):
            continue
        rules = outside_hours(policy, zone, channel, interval, agreed)
        if rules:
            found += _breaches(fact, rules, interval, zone)
    return tuple(found)


class _Contact(msgspec.Struct, frozen=True):
    fact: Fact
    channel: Channel
    effective: bool
    interval: Interval


def frequency_breaches(policy: Policy | None, zone: str, facts: Sequence[Fact]) -> tuple[ContactBreach, ...]:
    """Contacts of one customer, in canonical order, that were certainly more than a rule allows."""
    if policy is None or not zone or not limits_may_be_passed(policy, zone, _bounds(facts)):
        return ()
    screened: dict[int, _Contact] = {}
    contacts: list[ScreenedContact] = []
    for contact in _contacts(facts)[-CONTACTS_JUDGED_MAX:]:
        operation, interval = contact.fact.operation, contact.interval
        asked = ScreenedContact(
            contact.channel,
            contact.effective,
            interval.low_ms,
            interval.high_ms,
            operation.device,
            operation.epoch,
            operation.seq,
        )
        contacts.append(asked)
        screened[id(asked)] = contact
    found: list[ContactBreach] = []
    for asked, rules in over_limits(policy, zone, contacts):
        contact = screened[id(asked)]
        found += _breaches(contact.fact, rules, contact.interval, zone)
    return tuple(found)


def _bounds(facts: Iterable[Fact]) -> list[tuple[Channel, int, int]]:
    """Channel and wide bounds of each contact: what was seen before it and when it came, without working out more."""
    found: list[tuple[Channel, int, int]] = []
    for fact in facts:
        body, seen, arrival = fact.operation.body, fact.operation.seen, fact.arrival
        channel: Channel = "visit"
        if isinstance(body, ContactMade):
            if body.channel == "visit" and body.visit:
                continue
            channel = body.channel
        latest = TIME_MS_MAX if arrival is None else arrival.received_ms
        found.append((channel, TIME_MS_MIN if seen is None else min(seen.at_ms, latest), latest))
    return found


def _contacts(facts: Iterable[Fact]) -> list[_Contact]:
    """Each contact once: a visit that an agent concluded, and every contact outside a visit."""
    found: list[_Contact] = []
    visits: set[tuple[str, str]] = set()
    """Visit and pack: two agents who concluded one visit both made a contact, two phones of one did not."""
    for fact in facts:
        body, interval = fact.operation.body, fact.interval
        if not _is_judged(interval):
            continue
        if isinstance(body, VisitConcluded):
            if (body.visit, fact.operation.pack) not in visits:
                visits.add((body.visit, fact.operation.pack))
                found.append(_Contact(fact, "visit", body.reason not in {"nobody_home", "moved"}, interval))
        elif isinstance(body, ContactMade) and not (body.channel == "visit" and body.visit):
            found.append(_Contact(fact, body.channel, body.effective, interval))
    return found


def past_contacts(facts: Iterable[Fact]) -> tuple[PastContact, ...]:
    """Every contact among a customer's facts, in canonical order, for whoever asks what may be done next."""
    return tuple(
        PastContact(channel=contact.channel, effective=contact.effective, interval=contact.interval)
        for contact in _contacts(facts)[-CONTACTS_JUDGED_MAX:]
    )


def _is_judged(interval: Interval) -> bool:
    """A clock that was set beyond the calendar says nothing."""
    low_ms, high_ms = interval.low_ms, interval.high_ms
    return (low_ms is None or TIME_MS_MIN <= low_ms <= TIME_MS_MAX) and (
        high_ms is None or TIME_MS_MIN <= high_ms <= TIME_MS_MAX
    )


def _breaches(fact: Fact, rules: Iterable[PolicyRule], interval: Interval, zone: str) -> list[ContactBreach]:
    when_en, when_zh = moment_text(interval, zone)
    return [
        ContactBreach(
            fact=fact,
            rule=rule.id,
            house=rule.house,
            text_en=rule.text_en,
            text_zh=rule.text_zh,
            when_en=when_en,
            when_zh=when_zh,
        )
        for rule in rules
    ]
