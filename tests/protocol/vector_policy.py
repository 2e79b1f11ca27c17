"""Vectors of the rules of conduct: what the code advises about contacts in several zones and around every edge."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from agent_client.conduct import door_policy
from sync.clock import Interval
from sync.policy import CHANNELS, PastContact, Policy, Situation, Window, advise, exactly
from sync.policy.decode import encode_policy, policy_digest

__all__ = ["POLICIES", "ZONES", "advice_of", "policy_vectors", "situation_of"]

ZONES = (
    "Asia/Shanghai",
    "Asia/Kolkata",
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Havana",
)
"""Without summer time; with a half hour; with summer time; west; a change of half an hour; a change at midnight."""

_RULES: list[dict[str, Any]] = [
    {
        "id": "NIGHT",
        "condition": {"kind": "PermittedHours", "windows": [{"starts": "21:30", "ends": "02:30"}], "agreement": True},
        "severity": "block",
    },
    {
        "id": "WEEKDAYS",
        "condition": {
            "kind": "PermittedHours",
            "windows": [
                {"starts": "00:00", "ends": "24:00", "days": [1, 2, 3, 4, 5]},
                {"starts": "09:15", "ends": "12:00", "days": [6]},
            ],
        },
        "severity": "warn",
    },
    {
        "id": "WEEK",
        "condition": {"kind": "ContactLimit", "limit": 2, "days": 7, "channels": ["visit", "call"]},
        "severity": "block",
    },
    {
        "id": "CALLS",
        "condition": {"kind": "ContactLimit", "limit": 1, "days": 1, "counts": "effective", "concerns": "effective"},
        "severity": "evidence",
        "channels": ["call"],
        "jurisdiction": "IN",
    },
    {"id": "FRESH", "condition": {"kind": "SnapshotAge", "hours_max": 6}, "severity": "block"},
    {
        "id": "ENDED",
        "condition": {"kind": "PermittedHours", "windows": [{"starts": "10:00", "ends": "10:01"}]},
        "severity": "block",
        "effective_to": "2026-11-23",
    },
    {
        "id": "COMING",
        "condition": {"kind": "SnapshotAge", "hours_max": 1},
        "severity": "warn",
        "effective_from": "2026-11-24",
    },
]


def _wide() -> Policy:
    shared = {
        "jurisdiction": "*",
        "source": "vectors",
        "effective_from": "2026-01-01",
        "channels": list(CHANNELS),
        "text_en": "A rule of the vectors.",
        "text_zh": "测试向量的规则。",
    }
    rules = [{**shared, **rule} for rule in _RULES]
    wide = {"id": "wide", "version": 1, "title_en": "Vectors", "title_zh": "测试向量", "rules": rules}
    return msgspec.convert(wide, Policy)


POLICIES: dict[str, Policy] = {"door": door_policy(), "wide": _wide()}
"""The packaged rules that a phone asks, and rules that reach every edge of their conditions."""


def policy_vectors() -> dict[str, Any]:
    """Policies with their digests, and situations with one advice for each rule that applies."""
    return {
        "policies": {name: msgspec.json.decode(encode_policy(policy)) for name, policy in POLICIES.items()},
        "digests": {name: policy_digest(policy) for name, policy in POLICIES.items()},
        "cases": [
            {
                "policy": policy,
                "situation": given,
                "advice": [advice_of(found) for found in advise(POLICIES[policy], situation_of(given))],
            }
            for policy, given in _cases()
        ],
    }


def situation_of(given: dict[str, Any]) -> Situation:
    """A situation from its JSON form: intervals are pairs, null where nothing bounds them."""
    history = tuple(
        PastContact(
            channel=past["channel"],
            effective=past["effective"],
            interval=Interval(*past["interval"]),
            before=past["before"],
        )
        for past in given["history"]
    )
    return Situation(
        zone=given["zone"],
        interval=Interval(*given["interval"]),
        channel=given["channel"],
        effective=given["effective"],
        history=history,
        agreed_hours=msgspec.convert(given["agreed_hours"], tuple[Window, ...]),
        snapshot_ms=given["snapshot_ms"],
        jurisdiction=given["jurisdiction"],
    )


def advice_of(found: Any) -> dict[str, Any]:
    """An advice without what stands in the rule itself."""
    left_out = {"source", "house", "severity"}
    return {name: value for name, value in msgspec.structs.asdict(found).items() if name not in left_out}


def _given(zone: str, interval: Interval, **more: Any) -> dict[str, Any]:
    return {
        "zone": zone,
        "interval": [interval.low_ms, interval.high_ms],
        "channel": "visit",
        "effective": True,
        "history": [],
        "agreed_hours": [],
        "snapshot_ms": None,
        "jurisdiction": "",
        **more,
    }


def _instant(zone: str, text: str, fold: int = 0) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp()) * 1000


def _cases() -> Iterator[tuple[str, dict[str, Any]]]:
    yield from _hours()
    yield from _clock_changes()
    yield from _limits()
    yield from _ages()
    yield from _drawn(random.Random("doorstep policy vectors"))


def _hours() -> Iterator[tuple[str, dict[str, Any]]]:
    for zone in ZONES[:4]:
        for clock in ("07:59:59", "08:00:00", "09:00:00", "19:59:59", "20:00:00", "22:00:00"):
            at_ms = _instant(zone, f"2026-11-22T{clock}")
            yield "door", _given(zone, exactly(at_ms), snapshot_ms=at_ms)
    midnight = _instant("Asia/Shanghai", "2026-11-24T00:00:00")
    for at_ms in (midnight - 1, midnight, midnight + 1):
        yield "wide", _given("Asia/Shanghai", exactly(at_ms), snapshot_ms=at_ms)
    agreed = [{"starts": "20:00", "ends": "20:30"}]
    at_ms = _instant("Asia/Shanghai", "2026-11-22T20:15:00")
    yield "door", _given("Asia/Shanghai", exactly(at_ms), snapshot_ms=at_ms, agreed_hours=agreed)
    yield "door", _given("Asia/Shanghai", Interval(at_ms, at_ms + 3_600_000), snapshot_ms=at_ms, agreed_hours=agreed)
    yield "door", _given("Asia/Shanghai", Interval(at_ms, at_ms + 9 * 3_600_000), snapshot_ms=at_ms, channel="message")
    yield "door", _given("Asia/Shanghai", Interval(at_ms, None), snapshot_ms=at_ms)
    yield "door", _given("Asia/Shanghai", Interval(None, at_ms), snapshot_ms=at_ms)
    yield "door", _given("Asia/Shanghai", exactly(at_ms), snapshot_ms=at_ms, jurisdiction="US")


def _clock_changes() -> Iterator[tuple[str, dict[str, Any]]]:
    changes = (
        ("Europe/London", "2026-10-25T01:30:00"),
        ("Europe/London", "2026-03-29T03:00:00"),
        ("America/New_York", "2026-11-01T01:30:00"),
        ("America/New_York", "2026-03-08T03:30:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:30:00"),
        ("Australia/Lord_Howe", "2026-04-05T01:45:00"),
        ("America/Havana", "2026-03-08T01:00:00"),
        ("America/Havana", "2026-11-01T00:30:00"),
    )
    for zone, text in changes:
        for fold in (0, 1):
            at_ms = _instant(zone, text, fold)
            past = {"channel": "visit", "effective": True, "before": True}
            day_before = [{**past, "interval": [at_ms - hours * 3_600_000] * 2} for hours in (2, 24, 25)]
            yield "wide", _given(zone, exactly(at_ms), snapshot_ms=at_ms, history=day_before)
            yield "wide", _given(zone, Interval(at_ms - 7_200_000, at_ms + 7_200_000), snapshot_ms=at_ms)


def _limits() -> Iterator[tuple[str, dict[str, Any]]]:
    at_ms = _instant("Asia/Shanghai", "2026-11-22T15:00:00")
    start = _instant("Asia/Shanghai", "2026-11-16T00:00:00")
    sure = {"channel": "visit", "effective": True, "before": True}
    loose = {"channel": "visit", "effective": False, "before": False}
    histories = [
        [{**sure, "interval": [start, start]}, {**sure, "interval": [start - 1, start - 1]}],
        [{**sure, "interval": [start, start]}] * 3,
        [{**loose, "interval": [at_ms - 1, at_ms + 1]}] * 3,
        [{**loose, "interval": [None, at_ms - 5]}, {**sure, "interval": [at_ms - 9, None]}],
        [{**loose, "interval": [start - 1, start]}, {**sure, "channel": "call", "interval": [at_ms, at_ms]}],
    ]
    for history in histories:
        for channel in ("visit", "call"):
            for policy in ("door", "wide"):
                yield (
                    policy,
                    _given("Asia/Shanghai", exactly(at_ms), channel=channel, history=history, snapshot_ms=at_ms),
                )
    messages = [{**sure, "channel": "message", "interval": [at_ms - hours * 3_600_000] * 2} for hours in (1, 2)]
    yield "door", _given("Asia/Shanghai", exactly(at_ms), channel="message", history=messages, snapshot_ms=at_ms)
    calls = [{"channel": "call", "effective": True, "before": True, "interval": [at_ms - 60_000] * 2}] * 3
    for effective in (True, False):
        more: dict[str, Any] = {"channel": "call", "effective": effective, "history": calls, "snapshot_ms": at_ms}
        yield "door", _given("Asia/Shanghai", exactly(at_ms), **more)
        yield "wide", _given("Asia/Shanghai", exactly(at_ms), **more, jurisdiction="IN")


def _ages() -> Iterator[tuple[str, dict[str, Any]]]:
    at_ms = _instant("Asia/Kolkata", "2026-11-25T11:00:00")
    for hours in (0, 6, 24):
        for extra in (0, 1):
            yield "wide", _given("Asia/Kolkata", exactly(at_ms), snapshot_ms=at_ms - hours * 3_600_000 - extra)
    yield "door", _given("Asia/Kolkata", exactly(at_ms))
    yield "door", _given("Asia/Kolkata", Interval(at_ms - 86_400_000, at_ms), snapshot_ms=at_ms - 90_000_000)


def _drawn(dice: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    start = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC"))
    for _ in range(40):
        low = int((start + timedelta(minutes=dice.randrange(600_000))).timestamp()) * 1000
        high = low + dice.choice((0, 60_000, 3_600_000, 86_400_000))
        history = [
            {
                "channel": dice.choice(CHANNELS),
                "effective": dice.random() < 0.5,
                "before": dice.random() < 0.5,
                "interval": [past := low - dice.randrange(10 * 86_400_000), past + dice.choice((0, 7_200_000))],
            }
            for _ in range(dice.randrange(6))
        ]
        yield (
            dice.choice(("door", "wide")),
            _given(
                dice.choice(ZONES),
                Interval(low, high),
                channel=dice.choice(CHANNELS),
                effective=dice.random() < 0.8,
                history=history,
                snapshot_ms=low - dice.randrange(30 * 3_600_000),
            ),
        )
