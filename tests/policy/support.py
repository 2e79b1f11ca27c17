"""Small policies and situations that can be checked by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import sync.policy
from sync.clock import Interval, parse_wall
from sync.policy import Channel, Condition, Policy, PolicyRule, Severity, Situation, decode_policy

ALL: tuple[Channel, ...] = ("visit", "call", "message", "letter")
PACKAGED_FOLDER = Path(sync.policy.__file__).parent / "packaged"
SAMPLES_FOLDER = Path(__file__).parents[2] / "fixtures" / "policies"


def ms(text: str) -> int:
    """`2026-11-23T22:15+08:00` → milliseconds."""
    return parse_wall(f"{text[:16]}:00.000{text[16:]}")[0]


def rule(
    condition: Condition,
    *,
    rule_id: str = "R",
    channels: tuple[Channel, ...] = ALL,
    severity: Severity = "block",
    effective_from: date = date(2000, 1, 1),
    effective_to: date | None = None,
    jurisdiction: str = "CN",
) -> PolicyRule:
    """A rule around a condition."""
    return PolicyRule(
        id=rule_id,
        jurisdiction=jurisdiction,
        source="a test",
        effective_from=effective_from,
        effective_to=effective_to,
        channels=channels,
        condition=condition,
        severity=severity,
        text_en="The rule.",
        text_zh="规则。",
    )


def policy(*rules: PolicyRule) -> Policy:
    """A policy of these rules."""
    return Policy(id="test", version=1, title_en="Test", title_zh="测试", rules=rules)


def situation(low: str, high: str = "", zone: str = "Asia/Shanghai", channel: Channel = "visit") -> Situation:
    """A contact at a moment, or between two."""
    return Situation(zone=zone, interval=Interval(low_ms=ms(low), high_ms=ms(high or low)), channel=channel)


def packaged(name: str) -> Policy:
    """A policy that comes with the package."""
    return decode_policy((PACKAGED_FOLDER / f"{name}.json").read_bytes())
