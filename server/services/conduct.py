"""What may be done about a customer at a moment, and why not: the rules of conduct over what the store knows.

History, hours asked for with a booking, and what stands about the customer's accounts (moratorium, dispute, a wish
not to be contacted, a plan that is kept) come from the journals. What nobody recorded is not known, and says so.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import msgspec

from server.policies import judging_policy, packaged_policies
from server.ports import Reader
from server.services.customers import customer_details
from server.services.office import Office
from server.services.present import accounts_now, facts_now, visits_now
from server.services.visit_rows import visits_of_customer
from sync.errors import Refused
from sync.policy import (
    Channel,
    ChannelAnswer,
    Explanation,
    Flag,
    FlagKind,
    PolicyRule,
    Situation,
    Window,
    exactly,
    explain,
)
from sync.policy.limits import TIME_MS_MAX, WINDOWS_MAX
from sync.policy.zones import local_of, zone_of
from sync.reconcile.facts import canonical_order
from sync.reconcile.folds.account import AccountView
from sync.reconcile.folds.conduct import agreed_windows, past_contacts

__all__ = ["ChannelLine", "PolicyAnswer", "PolicyLine", "ReasonLine", "explain_customer", "list_policies"]

_PAGE = 1_000
_FLAG_OF: dict[str, FlagKind] = {"moratorium": "moratorium", "disputed": "dispute", "ceased": "refusal"}
"""Status of an account → what stands about it."""


class ReasonLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule says."""

    rule: str
    severity: str
    house: bool
    source: str
    verdict: str
    reason_en: str
    reason_zh: str


class ChannelLine(msgspec.Struct, frozen=True, kw_only=True):
    """What all rules together say of one channel; `next_ms` None: no moment is known at which it may be done."""

    channel: str
    verdict: str
    next_ms: int | None
    sentence_en: str
    sentence_zh: str
    reasons: tuple[ReasonLine, ...]


class PolicyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer for a customer and a moment."""

    customer: str
    policy: str
    at_ms: int
    when_en: str
    when_zh: str
    contacts: int
    """Contacts known of this customer."""
    channels: tuple[ChannelLine, ...]


class PolicyLine(msgspec.Struct, frozen=True, kw_only=True):
    """One rule of a packaged policy."""

    policy: str
    rule: str
    jurisdiction: str
    channels: tuple[str, ...]
    severity: str
    house: bool
    effective_from: str
    effective_to: str
    source: str
    text_en: str
    text_zh: str


def list_policies() -> list[PolicyLine]:
    """Every rule of the policies by which the office judges, in their order."""
    return [_policy_line(policy.name, rule) for policy in packaged_policies() for rule in policy.rules]


def _policy_line(policy: str, rule: PolicyRule) -> PolicyLine:
    return PolicyLine(
        policy=policy,
        rule=rule.id,
        jurisdiction=rule.jurisdiction,
        channels=rule.channels,
        severity=rule.severity,
        house=rule.house,
        effective_from=rule.effective_from.isoformat(),
        effective_to=rule.effective_to.isoformat() if rule.effective_to else "",
        source=rule.source,
        text_en=rule.text_en,
        text_zh=rule.text_zh,
    )


def explain_customer(
    reader: Reader, office: Office, customer: str, at_ms: int, channels: Collection[Channel] = ()
) -> PolicyAnswer:
    """What may be done about a customer at a moment; `channels` empty means all.

    Raises NOT-FOUND for a customer of whom nothing is known, ARGUMENT-WRONG for a moment beyond the calendar.
    """
    if not 0 <= at_ms <= TIME_MS_MAX:
        raise Refused("ARGUMENT-WRONG", f"{at_ms} ms is no moment between 1970 and 2286")
    key = f"customer:{customer}"
    facts = canonical_order(fact for fact in facts_now(reader, [key])[key] if not fact.held)
    accounts = _accounts_of(reader, customer)
    if not facts and not accounts and customer_details(reader, customer) is None:
        raise Refused("NOT-FOUND", f"no customer {customer[:64]!r}")
    zone = office.frame.zone
    day = local_of(at_ms, zone_of(zone)).date()
    history = past_contacts(facts)
    views = accounts_now(reader, accounts)
    situation = Situation(
        zone=zone,
        interval=exactly(at_ms),
        channel="visit",
        history=history,
        flags=tuple(flag for view in views.values() for flag in _flags(view)),
        agreed_hours=_agreed(reader, customer, day),
        snapshot_ms=max((view.statement.as_of_ms for view in views.values() if view.statement), default=None),
    )
    found = explain(judging_policy(), situation)
    return _answer(customer, at_ms, len(history), found, channels)


def _answer(
    customer: str, at_ms: int, contacts: int, found: Explanation, channels: Collection[Channel]
) -> PolicyAnswer:
    return PolicyAnswer(
        customer=customer,
        policy=found.policy,
        at_ms=at_ms,
        when_en=found.when_en,
        when_zh=found.when_zh,
        contacts=contacts,
        channels=tuple(_line(answer) for answer in found.channels if not channels or answer.channel in channels),
    )


def _line(answer: ChannelAnswer) -> ChannelLine:
    return ChannelLine(
        channel=answer.channel,
        verdict=answer.verdict,
        next_ms=answer.next_ms,
        sentence_en=answer.sentence_en,
        sentence_zh=answer.sentence_zh,
        reasons=tuple(
            ReasonLine(
                rule=advice.rule,
                severity=advice.severity,
                house=advice.house,
                source=advice.source,
                verdict=advice.verdict,
                reason_en=advice.reason_en,
                reason_zh=advice.reason_zh,
            )
            for advice in answer.against
        ),
    )


def _accounts_of(reader: Reader, customer: str) -> list[str]:
    """Every account of the customer, visited or not; all accounts are looked through, a page at a time."""
    found: list[str] = []
    after = ""
    while page := reader.aggregates_of("account", after=after, limit=_PAGE):
        found += [state["account"] for _, state in page if state["customer"] == customer]
        after = page[-1][0]
    return found


def _flags(view: AccountView) -> list[Flag]:
    found: list[Flag] = []
    if view.statement is not None and view.statement.status in _FLAG_OF:
        found.append(Flag(kind=_FLAG_OF[view.statement.status], since=exactly(view.statement.as_of_ms)))
    # A plan is kept until the office has looked as of a day and found an instalment missing.
    found += [
        Flag(kind="plan_honoured", since=agreed.plan.fact.interval)
        for agreed in view.agreed
        if agreed.progress.status == "honoured"
    ]
    found += [Flag(kind="plan_pending", since=plan.fact.interval) for plan in view.plans if plan.status == "pending"]
    return found


def _agreed(reader: Reader, customer: str, day: date) -> tuple[Window, ...]:
    """The hours for which the customer asked on that day."""
    visits = visits_now(reader, visits_of_customer(reader, customer)).values()
    windows = {
        window
        for visit in visits
        if visit.open and visit.service_day == day.isoformat()
        for window in agreed_windows(visit.planned, ())
    }
    return tuple(sorted(windows, key=lambda window: window.text))[:WINDOWS_MAX]
