"""Flags, persons, staff, certificates, data, letters, recordings, plans: what breaches, what may, what does not."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.clock import Interval
from sync.policy import (
    Advice,
    Certificate,
    CertificateValid,
    Condition,
    ContactLimit,
    Flag,
    LetterContains,
    NotWhile,
    OnlyPersons,
    PastContact,
    PermittedHours,
    PlanMonthsAtMost,
    Recorded,
    Situation,
    SnapshotAge,
    StaffAtLeast,
    Window,
    advise,
    certain_breaches,
    exactly,
    worst,
)
from sync.policy.model import EVERYWHERE, FlagKind, Severity
from tests.policy.support import ms, policy, rule, situation

NOON = "2026-11-23T12:00+08:00"


def asked(condition: Condition, **known: Any) -> Advice:
    """The advice at noon on one rule, with what is known besides."""
    return advise(policy(rule(condition)), msgspec.structs.replace(situation(NOON), **known))[0]


@pytest.mark.parametrize(
    ("condition", "known", "possible", "certain"),
    [
        (StaffAtLeast(count=2), {"staff": 2}, False, False),
        (StaffAtLeast(count=2), {"staff": 1}, True, True),
        (StaffAtLeast(count=2), {}, True, False),
        (OnlyPersons(persons=("debtor", "guarantor")), {"person": "guarantor"}, False, False),
        (OnlyPersons(persons=("debtor", "guarantor")), {"person": "neighbour"}, True, True),
        (OnlyPersons(persons=("debtor", "guarantor")), {}, False, False),
        (Recorded(days_min=731), {"recording_days": 731}, False, False),
        (Recorded(days_min=731), {"recording_days": 0}, True, True),
        (Recorded(days_min=731), {}, True, False),
        (SnapshotAge(hours_max=24), {"snapshot_ms": ms("2026-11-22T12:00+08:00")}, False, False),
        (SnapshotAge(hours_max=24), {"snapshot_ms": ms("2026-11-22T12:00+08:00") - 1}, True, True),
        (SnapshotAge(hours_max=24), {}, True, False),
        (LetterContains(elements=("customer_name", "amount_owed")), {"letter": ("customer_name",)}, True, True),
        (LetterContains(elements=("customer_name",)), {"letter": ("amount_owed", "customer_name")}, False, False),
        (LetterContains(elements=("customer_name",)), {}, True, False),
        (PlanMonthsAtMost(months=60), {"plan_months": 60}, False, False),
        (PlanMonthsAtMost(months=60), {"plan_months": 61}, True, True),
        (PlanMonthsAtMost(months=60), {}, False, False),
    ],
)
def test_what_is_known_decides_and_what_is_not_known_only_warns(
    condition: Condition, known: dict[str, Any], possible: bool, certain: bool
) -> None:
    """A known breach is certain; an unknown fact that must be there is a possible one; nothing else is a breach."""
    advice = asked(condition, **known)
    assert (advice.possible, advice.certain) == (possible, certain)
    assert advice.verdict == ("blocked" if certain else "warned" if possible else "allowed")
    assert advice.next_ms is None
    assert advice.reason_en
    assert advice.reason_zh


def test_a_sentence_carries_its_values_in_both_languages() -> None:
    """Numbers, names and missing parts stand in the sentence."""
    staff = asked(StaffAtLeast(count=2), staff=1)
    assert staff.reason_en == "our staff present: 1; at least 2 required."
    assert staff.reason_zh == "在场工作人员为 1 人，至少需 2 人。"
    letter = asked(LetterContains(elements=("official_seal", "amount_owed")), letter=("amount_owed",))
    assert letter.reason_en == "the letter lacks: the official seal."
    assert letter.reason_zh == "信函缺少：业务公章。"
    met = asked(OnlyPersons(persons=("debtor",)), person="neighbour")
    assert met.reason_en == "the agent spoke to: neighbour; only these may be spoken to: debtor."
    assert met.reason_zh == "联系对象为邻居，仅可联系：债务人本人。"
    old = asked(SnapshotAge(hours_max=24), snapshot_ms=ms("2026-11-21T12:00+08:00"))
    assert "as of 2026-11-21 12:00, 48 hours old" in old.reason_en


def certificate(holder: str, through: date) -> Certificate:
    """A collector's certificate from 2026 on."""
    return Certificate(holder=holder, certificate="collector", valid_from=date(2026, 1, 1), valid_through=through)


def test_a_certificate_is_valid_through_its_last_day() -> None:
    """On its last day it counts, on the next it does not."""
    one = CertificateValid(certificate="collector")
    assert asked(one, certificates=(certificate("A1", date(2026, 11, 23)),)).verdict == "allowed"
    expired = asked(one, certificates=(certificate("A1", date(2026, 11, 22)),))
    assert expired.certain
    assert "A1: 2026-01-01–2026-11-22" in expired.reason_en


def test_certificates_count_by_holder_and_by_name() -> None:
    """Two of one person's are one holder; another certificate is none; none known is only possible."""
    two = CertificateValid(certificate="collector", holders=2)
    same = (certificate("A1", date(2026, 12, 1)), certificate("A1", date(2027, 12, 1)))
    assert asked(two, certificates=same).certain
    assert not asked(two, certificates=(*same, certificate("A2", date(2027, 1, 1)))).possible
    assert asked(CertificateValid(certificate="mediator"), certificates=same).certain
    unknown = asked(two)
    assert (unknown.possible, unknown.certain) == (True, False)


def test_a_certificate_that_expires_within_the_interval_does_not_accuse() -> None:
    """Before midnight it was valid, after it was not."""
    night = msgspec.structs.replace(
        situation("2026-11-23T23:00+08:00", "2026-11-24T01:00+08:00"),
        certificates=(certificate("A1", date(2026, 11, 23)),),
    )
    advice = advise(policy(rule(CertificateValid(certificate="collector"))), night)[0]
    assert (advice.possible, advice.certain) == (True, False)


FLAGS: tuple[FlagKind, ...] = ("refusal", "moratorium", "plan_honoured", "dispute", "vulnerable")


@pytest.mark.parametrize("kind", FLAGS)
def test_no_contact_while_it_stands(kind: FlagKind) -> None:
    """From the moment after it was recorded until it ended; another flag means nothing."""
    since = exactly(ms("2026-11-20T09:00+08:00"))
    standing = asked(NotWhile(flag=kind), flags=(Flag(kind=kind, since=since),))
    assert (standing.certain, standing.next_ms) == (True, None)
    assert "2026-11-20 09:00" in standing.reason_en
    ended = Flag(kind=kind, since=since, until=exactly(ms(NOON)))
    assert asked(NotWhile(flag=kind), flags=(ended,)).verdict == "allowed"
    ending = Flag(kind=kind, since=since, until=exactly(ms("2026-11-30T00:00+08:00")))
    assert asked(NotWhile(flag=kind), flags=(ending,)).next_ms == ms("2026-11-30T00:00+08:00")
    other = Flag(kind=FLAGS[FLAGS.index(kind) - 1], since=since)
    assert not asked(NotWhile(flag=kind), flags=(other,)).possible


def test_a_refusal_given_at_or_after_the_contact_does_not_accuse_it() -> None:
    """What was refused at the visit itself was not refused before it; an uncertain refusal is only possible."""
    refused = NotWhile(flag="refusal")
    assert not asked(refused, flags=(Flag(kind="refusal", since=exactly(ms(NOON) + 1)),)).possible
    at_once = asked(refused, flags=(Flag(kind="refusal", since=exactly(ms(NOON))),))
    assert (at_once.possible, at_once.certain) == (True, False)
    unsure = Interval(low_ms=None, high_ms=ms("2026-11-24T09:00+08:00"))
    perhaps = asked(refused, flags=(Flag(kind="refusal", since=unsure),))
    assert (perhaps.possible, perhaps.certain) == (True, False)
    lost = asked(refused, flags=(Flag(kind="refusal", since=Interval(low_ms=None, high_ms=None)),))
    assert (lost.possible, lost.certain) == (True, False)


@pytest.mark.parametrize(("severity", "verdict"), [("block", "blocked"), ("warn", "warned"), ("evidence", "warned")])
def test_only_a_rule_that_blocks_can_block(severity: Severity, verdict: str) -> None:
    """The same certain breach warns under the milder severities, and is certain all the same."""
    found = advise(
        policy(rule(StaffAtLeast(count=2), severity=severity)), msgspec.structs.replace(situation(NOON), staff=1)
    )
    assert found[0].verdict == verdict
    assert found[0].certain
    assert worst(found) == verdict


def test_rules_of_other_channels_and_jurisdictions_are_silent() -> None:
    """A rule for calls says nothing of a visit, one of another country nothing here, a house's own always."""
    rules = policy(
        rule(StaffAtLeast(count=2), rule_id="CALLS", channels=("call",)),
        rule(StaffAtLeast(count=2), rule_id="ABROAD", jurisdiction="US"),
        rule(StaffAtLeast(count=2), rule_id="HOUSE", jurisdiction=EVERYWHERE),
        rule(StaffAtLeast(count=2), rule_id="HERE"),
    )
    here = msgspec.structs.replace(situation(NOON), jurisdiction="CN")
    assert [advice.rule for advice in advise(rules, here)] == ["HOUSE", "HERE"]
    assert [advice.rule for advice in advise(rules, situation(NOON))] == ["ABROAD", "HOUSE", "HERE"]
    assert worst(()) == "allowed"


def test_what_accuses_is_only_what_is_certain() -> None:
    """Of two rules one is certainly breached, the other only possibly."""
    rules = policy(rule(StaffAtLeast(count=2), rule_id="SURE"), rule(Recorded(days_min=1), rule_id="PERHAPS"))
    found = certain_breaches(rules, msgspec.structs.replace(situation(NOON), staff=1))
    assert [advice.rule for advice in found] == ["SURE"]


BASE = ms("2026-10-24T00:00+00:00")
HOUR = 3_600_000
intervals = st.builds(
    lambda start, length: Interval(low_ms=BASE + start * HOUR, high_ms=BASE + (start + length) * HOUR),
    st.integers(0, 120),
    st.integers(0, 48),
)
conditions = st.sampled_from(
    [
        PermittedHours(windows=(Window(starts="08:00", ends="21:00"),)),
        PermittedHours(windows=(Window(starts="20:00", ends="03:00", days=(6, 7)),)),
        ContactLimit(limit=1, days=1),
        ContactLimit(limit=2, days=3, counts="effective"),
        NotWhile(flag="moratorium"),
        SnapshotAge(hours_max=24),
        StaffAtLeast(count=2),
        CertificateValid(certificate="collector"),
    ]
)
pasts = st.builds(PastContact, channel=st.just("visit"), effective=st.booleans(), interval=intervals)
flags = st.builds(Flag, kind=st.just("moratorium"), since=intervals, until=st.none() | intervals)


@settings(max_examples=150, deadline=None)
@given(
    condition=conditions,
    inner=intervals,
    before=st.integers(0, 60),
    after=st.integers(0, 60),
    history=st.lists(pasts, max_size=4),
    standing=st.lists(flags, max_size=2),
    staff=st.none() | st.integers(1, 3),
    through=st.none() | st.integers(23, 29),
)
def test_knowing_less_never_accuses_more(
    condition: Condition,
    inner: Interval,
    before: int,
    after: int,
    history: list[PastContact],
    standing: list[Flag],
    staff: int | None,
    through: int | None,
) -> None:
    """A wider interval turns no doubt into certainty, and hides no breach that was possible before."""
    narrow = Situation(
        zone="Europe/Berlin",
        interval=inner,
        channel="visit",
        history=tuple(history),
        flags=tuple(standing),
        staff=staff,
        snapshot_ms=BASE,
        certificates=None if through is None else (certificate("A1", date(2026, 10, through)),),
    )
    low, high = narrow.low_ms - before * HOUR, narrow.high_ms + after * HOUR
    wide = msgspec.structs.replace(narrow, interval=Interval(low_ms=low, high_ms=high))
    one, other = (advise(policy(rule(condition)), found)[0] for found in (narrow, wide))
    assert one.certain or not other.certain
    assert other.possible or not one.possible
    moment = msgspec.structs.replace(narrow, interval=exactly(narrow.low_ms))
    instant = advise(policy(rule(condition)), moment)[0]
    assert instant.certain or not one.certain
    assert one.possible or not instant.possible
