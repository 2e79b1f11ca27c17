"""What is no policy and no situation, refused with its value in the message."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from sync.clock import Interval
from sync.errors import Refused
from sync.policy import (
    CertificateValid,
    ContactLimit,
    Flag,
    PastContact,
    PermittedHours,
    PlanMonthsAtMost,
    Policy,
    Recorded,
    Situation,
    SnapshotAge,
    StaffAtLeast,
    Window,
    decode_policy,
    encode_policy,
    exactly,
    join_policies,
    policy_digest,
)
from sync.policy.limits import CONTACTS_MAX, POLICY_BYTES_MAX, RULES_MAX, TIME_MS_MAX, WINDOWS_MAX
from tests.policy.support import packaged, policy, rule, situation

WHOLE: dict[str, Any] = {
    "id": "p",
    "version": 1,
    "title_en": "P",
    "title_zh": "规",
    "rules": [
        {
            "id": "R",
            "jurisdiction": "CN",
            "source": "a law",
            "effective_from": "2026-01-01",
            "channels": ["visit"],
            "condition": {"kind": "PermittedHours", "windows": [{"starts": "08:00", "ends": "22:00"}]},
            "severity": "block",
            "text_en": "Text.",
            "text_zh": "文。",
        }
    ],
}


def changed(**members: Any) -> bytes:
    """The policy above with other members in its rule."""
    return json.dumps({**WHOLE, "rules": [{**WHOLE["rules"][0], **members}]}).encode()


def test_a_policy_survives_its_bytes_and_keeps_its_digest() -> None:
    """Decoding what was encoded gives the same policy; another version has another digest."""
    found = decode_policy(json.dumps(WHOLE).encode())
    assert decode_policy(encode_policy(found)) == found
    assert found.name == "p@1"
    other = decode_policy(json.dumps({**WHOLE, "version": 2}).encode())
    assert policy_digest(found) != policy_digest(other)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"id": "p", "id": "q"}',
        json.dumps({**WHOLE, "version": 0}).encode(),
        json.dumps({**WHOLE, "id": " "}).encode(),
        json.dumps({**WHOLE, "extra": 1}).encode(),
        json.dumps({**WHOLE, "rules": WHOLE["rules"] * 2}).encode(),
        changed(channels=[]),
        changed(channels=["visit", "visit"]),
        changed(channels=["fax"]),
        changed(severity="fatal"),
        changed(source=""),
        changed(text_zh=" "),
        changed(effective_from="2026-02-30"),
        changed(effective_to="2025-12-31"),
        changed(hose=True),
        changed(condition={"kind": "Unheard"}),
        changed(condition={"kind": "PermittedHours", "windows": []}),
        changed(condition={"kind": "PermittedHours", "windows": [{"starts": "8:00", "ends": "22:00"}]}),
        changed(condition={"kind": "PermittedHours", "windows": [{"starts": "08:00", "ends": "08:00"}]}),
        changed(condition={"kind": "PermittedHours", "windows": [{"starts": "24:00", "ends": "08:00"}]}),
        changed(condition={"kind": "PermittedHours", "windows": [{"starts": "08:00", "ends": "24:01"}]}),
        changed(condition={"kind": "ContactLimit", "limit": 0, "days": 1}),
        changed(condition={"kind": "ContactLimit", "limit": 1, "days": 1, "unit": "week"}),
        changed(condition={"kind": "NotWhile", "flag": "poor"}),
        b" " * (POLICY_BYTES_MAX + 1),
    ],
)
def test_what_is_no_policy_is_refused_whole(data: bytes) -> None:
    """Broken JSON, unknown or missing members, impossible values: ARGUMENT-WRONG, never a part of the rules."""
    with pytest.raises(Refused) as refusal:
        decode_policy(data)
    assert refusal.value.code == "ARGUMENT-WRONG"


@pytest.mark.parametrize(
    "make",
    [
        lambda: Window(starts="08:00", ends="22:00", days=()),
        lambda: Window(starts="08:00", ends="22:00", days=(1, 1)),
        lambda: Window(starts="08:00", ends="22:00", days=(0,)),
        lambda: PermittedHours(windows=(Window(starts="08:00", ends="22:00"),) * (WINDOWS_MAX + 1)),
        lambda: ContactLimit(limit=1, days=0),
        lambda: ContactLimit(limit=1, days=367),
        lambda: StaffAtLeast(count=0),
        lambda: CertificateValid(certificate="c", holders=0),
        lambda: SnapshotAge(hours_max=0),
        lambda: Recorded(days_min=0),
        lambda: PlanMonthsAtMost(months=0),
        lambda: rule(StaffAtLeast(count=2), effective_from=date(2026, 2, 1), effective_to=date(2026, 1, 31)),
        lambda: policy(*(rule(StaffAtLeast(count=2), rule_id=f"R{n}") for n in range(RULES_MAX + 1))),
        lambda: join_policies("both", 1, (packaged("china"), packaged("china"))),
    ],
)
def test_what_makes_no_sense_is_refused_at_construction(make: Any) -> None:
    """A rule that was never read from bytes is checked as well."""
    with pytest.raises(Refused) as refusal:
        make()
    assert refusal.value.code == "ARGUMENT-WRONG"


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "Asia", "../etc/passwd", "/etc/passwd", "x" * 5_000])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    """A folder, a path and a name that is nowhere are no zones."""
    with pytest.raises(Refused, match="time zone"):
        situation("2026-11-23T12:00+08:00", zone=zone)


@pytest.mark.parametrize(
    "interval",
    [
        Interval(low_ms=2, high_ms=1),
        Interval(low_ms=-1, high_ms=1),
        Interval(low_ms=None, high_ms=TIME_MS_MAX + 1),
    ],
)
def test_an_impossible_interval_is_refused_wherever_it_stands(interval: Interval) -> None:
    """For the contact, for one before it, and for a flag's start and end."""
    for make in (
        lambda: Situation(zone="UTC", interval=interval, channel="visit"),
        lambda: PastContact(channel="visit", effective=True, interval=interval),
        lambda: Flag(kind="dispute", since=interval),
        lambda: Flag(kind="dispute", since=exactly(1), until=interval),
    ):
        with pytest.raises(Refused):
            make()


def test_too_many_past_contacts_or_agreed_windows_are_refused() -> None:
    """The limits are named in the message."""
    one = PastContact(channel="call", effective=True, interval=exactly(1))
    with pytest.raises(Refused, match=str(CONTACTS_MAX)):
        Situation(zone="UTC", interval=exactly(1), channel="call", history=(one,) * (CONTACTS_MAX + 1))
    with pytest.raises(Refused, match=str(WINDOWS_MAX)):
        Situation(
            zone="UTC",
            interval=exactly(1),
            channel="call",
            agreed_hours=(Window(starts="08:00", ends="09:00"),) * (WINDOWS_MAX + 1),
        )


def test_joined_policies_keep_all_rules_in_order() -> None:
    """China's rules first, then the house's."""
    parts = (packaged("china"), packaged("house"))
    joined: Policy = join_policies("office", 3, parts)
    assert joined.rules == parts[0].rules + parts[1].rules
    assert joined.name == "office@3"
