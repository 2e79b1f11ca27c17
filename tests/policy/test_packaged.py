"""The policies that come with the product, the samples, and what they say of hand-worked days."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from sync.policy import (
    PACKAGED,
    Flag,
    LetterContains,
    PastContact,
    PermittedHours,
    Policy,
    Situation,
    StaffAtLeast,
    Window,
    advise,
    decode_policy,
    exactly,
    explain,
    join_policies,
    next_permitted_ms,
)
from sync.policy.model import EVERYWHERE
from tests.policy.support import PACKAGED_FOLDER, SAMPLES_FOLDER, ms, packaged, policy, rule, situation

FILES = sorted([*PACKAGED_FOLDER.glob("*.json"), *SAMPLES_FOLDER.glob("*.json")])
READY = {"staff": 2, "recording_days": 731, "jurisdiction": "CN"}


def office() -> Policy:
    """China's rules and the house's."""
    return join_policies("office", 1, tuple(packaged(name) for name in PACKAGED))


def visit(moment: str, **known: object) -> Situation:
    """A visit by two staff with fresh data, recorded."""
    found = situation(moment)
    return msgspec.structs.replace(found, **{**READY, "snapshot_ms": found.low_ms, "certificates": None, **known})


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_is_a_policy_whose_rules_name_their_source(path: Path) -> None:
    """Each reads whole, has rules with sources, and says in the source whether a rule is the house's own."""
    found = decode_policy(path.read_bytes())
    assert found.rules
    assert all(entry.house is entry.source.startswith("House") for entry in found.rules)
    assert all(entry.house for entry in found.rules if entry.jurisdiction == EVERYWHERE)


def test_the_package_lists_exactly_the_files_that_it_has() -> None:
    """`PACKAGED` names each file in the folder once, and the README names each sample."""
    assert sorted(path.stem for path in PACKAGED_FOLDER.glob("*.json")) == list(PACKAGED)
    readme = (SAMPLES_FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(path.name in readme for path in SAMPLES_FOLDER.glob("*.json"))


@pytest.mark.parametrize(
    ("sample", "zone", "moment", "verdict"),
    [
        ("us_regulation_f", "America/Los_Angeles", "2026-11-23T20:59-08:00", "allowed"),
        ("us_regulation_f", "America/Los_Angeles", "2026-11-23T20:59-05:00", "allowed"),
        ("us_regulation_f", "America/New_York", "2026-11-23T20:59-08:00", "blocked"),
        ("india_rbi", "Asia/Kolkata", "2026-11-23T19:00+05:30", "blocked"),
        ("uk_fca", "Europe/London", "2026-11-23T21:00+00:00", "warned"),
        ("china_banking_association", "Asia/Shanghai", "2026-11-23T22:00+08:00", "blocked"),
    ],
)
def test_the_samples_know_their_hours(sample: str, zone: str, moment: str, verdict: str) -> None:
    """A call in the evening, under the rules of several countries."""
    found = decode_policy((SAMPLES_FOLDER / f"{sample}.json").read_bytes())
    asked = situation(moment, zone=zone, channel="call")
    assert explain(found, asked).of("call").verdict == verdict


def test_seven_calls_in_seven_days_are_presumed_to_harass() -> None:
    """Regulation F: the eighth attempt warns certainly, the seventh does not."""
    found = decode_policy((SAMPLES_FOLDER / "us_regulation_f.json").read_bytes())
    tried = tuple(
        PastContact(channel="call", effective=False, interval=exactly(ms(f"2026-11-{day}T12:00-05:00")))
        for day in range(17, 24)
    )
    asked = situation("2026-11-23T15:00-05:00", zone="America/New_York", channel="call")
    for history, certain in ((tried[1:], False), (tried, True)):
        advice = {a.rule: a for a in advise(found, msgspec.structs.replace(asked, history=history))}
        assert advice["US-CALLS-SEVEN"].certain is certain
        assert not advice["US-CALL-AFTER-TALK"].possible


def test_a_visit_in_the_evening_is_explained_with_the_next_moment() -> None:
    """At 22:15 neither visit nor call nor message is allowed; a letter is; at 08:00 it is possible again."""
    answer = explain(office(), visit("2026-11-23T22:15+08:00", letter=None))
    assert {found.channel: found.verdict for found in answer.channels} == {
        "visit": "blocked",
        "call": "blocked",
        "message": "blocked",
        "letter": "warned",
    }
    found = answer.of("visit")
    assert found.next_ms == ms("2026-11-24T08:00+08:00")
    assert found.sentence_en == (
        "Visit: not allowed. Contact at 2026-11-23 22:15 (Asia/Shanghai) is outside the permitted hours 08:00–22:00."
        " Possible from 2026-11-24 08:00."
    )
    assert found.sentence_zh.endswith("最早可于 2026-11-24 08:00 进行。")
    assert answer.policy == "office@1"
    assert answer.when_zh == "2026-11-23 22:15（Asia/Shanghai）"
    assert {advice.rule for advice in found.against} >= {"CN-HOURS", "HOUSE-HOURS"}


def test_an_ordinary_visit_in_the_morning_breaches_nothing() -> None:
    """Two staff, recorded, fresh data, the debtor: every rule but the unknown certificate is content."""
    answer = explain(office(), visit("2026-11-23T10:00+08:00", person="debtor")).of("visit")
    assert [advice.rule for advice in answer.against] == ["HOUSE-CERTIFICATE"]
    assert answer.sentence_en.startswith("Visit: allowed with care. Possibly: certificates")
    certified = explain(packaged("china"), visit("2026-11-23T10:00+08:00", person="debtor")).of("visit")
    assert (certified.verdict, certified.sentence_en, certified.sentence_zh) == (
        "allowed",
        "Visit: allowed.",
        "上门：允许。",
    )
    assert certified.next_ms == ms("2026-11-23T10:00+08:00")


def test_nothing_may_be_collected_while_a_plan_is_honoured() -> None:
    """Card rules, article 70: all channels are blocked, and no time is known at which that ends."""
    plan = Flag(kind="plan_honoured", since=exactly(ms("2026-11-01T10:00+08:00")))
    answer = explain(office(), visit("2026-11-23T10:00+08:00", flags=(plan,)))
    assert {found.verdict for found in answer.channels} == {"blocked"}
    assert {found.next_ms for found in answer.channels} == {None}
    assert "No time is known" in answer.of("visit").sentence_en
    assert "客户正在履行已达成的还款计划" in answer.of("visit").sentence_zh


def test_a_letter_lacking_its_seal_does_not_go_out() -> None:
    """Card rules, article 69: all elements make it allowed, one missing blocks it."""
    condition = next(found.condition for found in packaged("china").rules if found.id == "CN-LETTER")
    assert isinstance(condition, LetterContains)
    whole = explain(packaged("china"), visit("2026-11-23T10:00+08:00", letter=condition.elements))
    assert whole.of("letter").verdict == "allowed"
    lacking = tuple(element for element in condition.elements if element != "official_seal")
    cut = explain(packaged("china"), visit("2026-11-23T10:00+08:00", letter=lacking))
    assert cut.of("letter").verdict == "blocked"


def test_an_interval_without_end_has_no_next_moment() -> None:
    """What has not arrived yet is explained by possibilities only."""
    open_ended = msgspec.structs.replace(
        visit("2026-11-23T10:00+08:00"),
        interval=msgspec.structs.replace(exactly(ms("2026-11-23T10:00+08:00")), high_ms=None),
    )
    answer = explain(office(), open_ended).of("visit")
    assert (answer.verdict, answer.next_ms) == ("warned", None)
    assert "from 2026-11-23 10:00 on" in explain(office(), open_ended).when_en


def test_the_next_moment_satisfies_all_rules_that_block_together() -> None:
    """A moratorium until Saturday and visits on weekdays only: Monday morning; rules that never agree give none."""
    weekdays = PermittedHours(windows=(Window(starts="09:00", ends="17:00", days=(1, 2, 3, 4, 5)),))
    both = policy(packaged("house").rules[4], rule(weekdays))
    until = exactly(ms("2026-11-28T12:00+08:00"))
    standing = Flag(kind="moratorium", since=exactly(ms("2026-11-01T00:00+08:00")), until=until)
    asked = visit("2026-11-23T10:00+08:00", flags=(standing,))
    assert packaged("house").rules[4].id == "HOUSE-MORATORIUM"
    assert next_permitted_ms(both, asked, asked.low_ms) == ms("2026-11-30T09:00+08:00")
    nights = PermittedHours(windows=(Window(starts="20:00", ends="21:00"),))
    never = policy(rule(weekdays), rule(nights, rule_id="N"))
    assert next_permitted_ms(never, asked, asked.low_ms) is None
    unknown = policy(rule(StaffAtLeast(count=2)))
    assert next_permitted_ms(unknown, situation("2026-11-23T10:00+08:00"), 5) == 5
