"""When customers were contacted, judged by the rules of conduct about hours and frequency.

Only breaches that are certain at every instant of a contact's interval are found; the policy is an argument of the
fold, and without one, or without the customer's time zone, nothing is judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from sync.clock import Interval
from sync.errors import Refused
from sync.operations.field import ContactMade, VisitConcluded
from sync.operations.office import VisitMoved, VisitPlanned
from sync.policy import (
    Channel,
    ContactLimit,
    PastContact,
    PermittedHours,
    Policy,
    Situation,
    Window,
    certain_breaches,
)
from sync.policy.breach import Breach, breach_at
from sync.policy.limits import TIME_MS_MAX, TIME_MS_MIN, WINDOWS_MAX
from sync.policy.sentences import moment_text
from sync.policy.zones import zone_of
from sync.reconcile.facts import Fact
from sync.reconcile.limits import CONTACTS_JUDGED_MAX

__all__ = [
    "ContactBreach",
    "agreed_windows",
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


def judging_zone(zones: Iterable[str]) -> str:
    """The last of the zones that is known here; empty when there is none."""
    found = ""
    for zone in zones:
        if zone and _is_zone(zone):
            found = zone
    return found


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
        situation = Situation(zone=zone, interval=interval, channel=channel, agreed_hours=agreed)
        found += _breaches(policy, PermittedHours, situation, fact)
    return tuple(found)


class _Contact(msgspec.Struct, frozen=True):
    fact: Fact
    channel: Channel
    effective: bool


def frequency_breaches(policy: Policy | None, zone: str, facts: Iterable[Fact]) -> tuple[ContactBreach, ...]:
    """Contacts of one customer, in canonical order, that were certainly more than a rule allows."""
    if policy is None or not zone:
        return ()
    contacts = _contacts(facts)[-CONTACTS_JUDGED_MAX:]
    limits = [rule.condition.limit for rule in policy.rules if isinstance(rule.condition, ContactLimit)]
    if len(contacts) <= min(limits, default=len(contacts)):
        return ()
    found: list[ContactBreach] = []
    for contact in contacts:
        history = tuple(
            PastContact(
                channel=other.channel,
                effective=other.effective,
                interval=other.fact.interval,
                before=_is_before(other.fact, contact.fact),
            )
            for other in contacts
            if other is not contact and not _is_before(contact.fact, other.fact)
        )
        situation = Situation(
            zone=zone,
            interval=contact.fact.interval,
            channel=contact.channel,
            effective=contact.effective,
            history=history,
        )
        found += _breaches(policy, ContactLimit, situation, contact.fact)
    return tuple(found)


def _contacts(facts: Iterable[Fact]) -> list[_Contact]:
    """Each contact once: a visit that an agent concluded, and every contact outside a visit."""
    found: list[_Contact] = []
    visits: set[tuple[str, str]] = set()
    """Visit and pack: two agents who concluded one visit both made a contact, two phones of one did not."""
    for fact in facts:
        body = fact.operation.body
        if not _is_judged(fact.interval):
            continue
        if isinstance(body, VisitConcluded):
            if (body.visit, fact.operation.pack) not in visits:
                visits.add((body.visit, fact.operation.pack))
                found.append(_Contact(fact, "visit", body.reason not in {"nobody_home", "moved"}))
        elif isinstance(body, ContactMade) and not (body.channel == "visit" and body.visit):
            found.append(_Contact(fact, body.channel, body.effective))
    return found


def past_contacts(facts: Iterable[Fact]) -> tuple[PastContact, ...]:
    """Every contact among a customer's facts, in canonical order, for whoever asks what may be done next."""
    return tuple(
        PastContact(channel=contact.channel, effective=contact.effective, interval=contact.fact.interval)
        for contact in _contacts(facts)[-CONTACTS_JUDGED_MAX:]
    )


def _is_before(one: Fact, other: Fact) -> bool:
    """Whether one chain puts the first before the second."""
    first, second = one.operation, other.operation
    return first.device == second.device and (first.epoch, first.seq) < (second.epoch, second.seq)


def _is_judged(interval: Interval) -> bool:
    """A clock that was set beyond the calendar says nothing."""
    bounds = (interval.low_ms, interval.high_ms)
    return all(bound is None or TIME_MS_MIN <= bound <= TIME_MS_MAX for bound in bounds)


def _breaches(
    policy: Policy, kind: type[PermittedHours] | type[ContactLimit], situation: Situation, fact: Fact
) -> list[ContactBreach]:
    # Certain means breached at every instant: most contacts are in order at the first one that is looked at.
    rules = {
        rule.id: rule
        for rule in policy.rules
        if isinstance(rule.condition, kind)
        and situation.channel in rule.channels
        and breach_at(rule, situation, situation.high_ms) is not Breach.NONE
    }
    if not rules:
        return []
    asked = msgspec.structs.replace(policy, rules=tuple(rules.values()))
    when_en, when_zh = moment_text(situation.interval, situation.zone)
    return [
        ContactBreach(
            fact=fact,
            rule=advice.rule,
            house=advice.house,
            text_en=rules[advice.rule].text_en,
            text_zh=rules[advice.rule].text_zh,
            when_en=when_en,
            when_zh=when_zh,
        )
        for advice in certain_breaches(asked, situation)
    ]
