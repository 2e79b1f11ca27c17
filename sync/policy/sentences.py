"""Why a rule is breached, or may be, as a sentence with its values, in English and Chinese.

A rule that is kept answers with its own text. `at_ms` is an instant at which it is breached.
"""

from __future__ import annotations

from sync.clock import Interval
from sync.policy.breach import contacts_counted, windows_for
from sync.policy.model import (
    CertificateValid,
    ContactLimit,
    FlagKind,
    LetterContains,
    NotWhile,
    OnlyPersons,
    PermittedHours,
    PlanMonthsAtMost,
    PolicyRule,
    Recorded,
    SnapshotAge,
    StaffAtLeast,
)
from sync.policy.situation import Situation
from sync.policy.words import CHANNEL_WORDS, ELEMENT_WORDS, FLAG_WORDS, PERSON_WORDS
from sync.policy.zones import local_text, zone_of

__all__ = ["moment_text", "reason"]

_HOUR_MS = 3_600_000
Both = tuple[str, str]


def reason(rule: PolicyRule, situation: Situation, at_ms: int, *, possible: bool, certain: bool) -> Both:
    """The sentence in English and in Chinese."""
    if not possible:
        return rule.text_en, rule.text_zh
    english, chinese = _cause(rule, situation, at_ms)
    if certain:
        return english, chinese
    return f"Possibly: {english}", f"可能：{chinese}"


def moment_text(interval: Interval, zone_name: str) -> Both:
    """When it is or was, in local time: a moment, or the bounds of an interval as far as there are any."""
    zone = zone_of(zone_name)
    low = None if interval.low_ms is None else local_text(interval.low_ms, zone)
    high = None if interval.high_ms is None else local_text(interval.high_ms, zone)
    if low is None and high is None:
        return "at an unknown time", "时间不明"
    if low is None:
        return f"until {high} ({zone_name})", f"不晚于 {high}（{zone_name}）"
    if high is None:
        return f"from {low} on ({zone_name})", f"不早于 {low}（{zone_name}）"
    if low == high:
        return f"at {low} ({zone_name})", f"{low}（{zone_name}）"
    return f"between {low} and {high} ({zone_name})", f"{low} 至 {high} 之间（{zone_name}）"


def _cause(rule: PolicyRule, situation: Situation, at_ms: int) -> Both:
    condition = rule.condition
    match condition:
        case PermittedHours():
            hours = ", ".join(window.text for window in windows_for(condition, situation))
            when_en, when_zh = moment_text(situation.interval, situation.zone)
            return (
                f"contact {when_en} is outside the permitted hours {hours}.",
                f"{when_zh}的联系不在允许时段 {hours} 内。",
            )
        case ContactLimit():
            return _limit(rule, condition, situation, at_ms)
        case NotWhile():
            return _flag(condition.flag, situation)
        case OnlyPersons():
            return _person(condition, situation)
        case StaffAtLeast():
            return _required(
                situation.staff,
                condition.count,
                ("our staff present", "在场工作人员"),
                ("", " 人"),
            )
        case Recorded():
            return _required(
                situation.recording_days,
                condition.days_min,
                ("days for which the recording is kept", "录音录像保存天数"),
                ("", " 天"),
            )
        case CertificateValid():
            return _certificate(condition, situation)
        case SnapshotAge():
            return _snapshot(condition, situation, at_ms)
        case LetterContains():
            return _letter(condition, situation)
        case PlanMonthsAtMost():
            return (
                f"the plan runs for {situation.plan_months} months; at most {condition.months} are allowed.",
                f"还款计划为 {situation.plan_months} 个月，最长为 {condition.months} 个月。",
            )


def _limit(rule: PolicyRule, condition: ContactLimit, situation: Situation, at_ms: int) -> Both:
    certain, possible = contacts_counted(rule, condition, situation, at_ms)
    count = str(certain) if certain == possible else f"{certain}–{possible}"
    channels = condition.channels or rule.channels
    names_en = ", ".join(CHANNEL_WORDS[channel][0] for channel in channels)
    names_zh = "、".join(CHANNEL_WORDS[channel][1] for channel in channels)
    kind_en, kind_zh = ("effective ", "有效") if condition.counts == "effective" else ("", "")
    span_en = "that day" if condition.days == 1 else f"within {condition.days} days"
    span_zh = "当日" if condition.days == 1 else f"{condition.days} 日内"
    return (
        f"{count} {kind_en}contact(s) by {names_en} {span_en} before this one; at most {condition.limit} are allowed.",
        f"此前{span_zh}已有 {count} 次{kind_zh}联系（{names_zh}），最多允许 {condition.limit} 次。",
    )


def _flag(kind: FlagKind, situation: Situation) -> Both:
    flag = next(found for found in situation.flags if found.kind == kind)
    since_en, since_zh = moment_text(flag.since, situation.zone)
    english, chinese = FLAG_WORDS[kind]
    return f"{english}, recorded {since_en}.", f"{chinese}（记录时间：{since_zh}）。"


def _person(condition: OnlyPersons, situation: Situation) -> Both:
    met = PERSON_WORDS[situation.person or "other"]
    allowed = [PERSON_WORDS[person] for person in condition.persons]
    return (
        f"the agent spoke to: {met[0]}; only these may be spoken to: {', '.join(word[0] for word in allowed)}.",
        f"联系对象为{met[1]}，仅可联系：{'、'.join(word[1] for word in allowed)}。",
    )


def _required(value: int | None, least: int, what: Both, unit: Both) -> Both:
    if value is None:
        return (
            f"{what[0]}: not known; at least {least}{unit[0]} required.",
            f"{what[1]}不明，至少需 {least}{unit[1]}。",
        )
    return (
        f"{what[0]}: {value}{unit[0]}; at least {least}{unit[0]} required.",
        f"{what[1]}为 {value}{unit[1]}，至少需 {least}{unit[1]}。",
    )


def _certificate(condition: CertificateValid, situation: Situation) -> Both:
    name, holders = condition.certificate, condition.holders
    if situation.certificates is None:
        return (
            f"certificates of those present are not known; {holders} with “{name}” required.",
            f"在场人员的资质不明，需有 {holders} 人持有“{name}”。",
        )
    held = [found for found in situation.certificates if found.certificate == name]
    through = ", ".join(sorted(f"{found.holder}: {found.valid_from}–{found.valid_through}" for found in held)) or "—"
    return (
        f"too few of those present hold a valid “{name}” on that day ({through}); {holders} required.",
        f"当日持有效“{name}”的在场人员不足（{through}），需 {holders} 人。",
    )


def _snapshot(condition: SnapshotAge, situation: Situation, at_ms: int) -> Both:
    if situation.snapshot_ms is None:
        return (
            f"the age of the account's data is not known; at most {condition.hours_max} hours are allowed.",
            f"账户数据的时间不明，最长不得超过 {condition.hours_max} 小时。",
        )
    age = (at_ms - situation.snapshot_ms) // _HOUR_MS
    as_of = local_text(situation.snapshot_ms, zone_of(situation.zone))
    return (
        f"the account's data is as of {as_of}, {age} hours old; at most {condition.hours_max} hours are allowed.",
        f"账户数据截至 {as_of}，已过 {age} 小时，最长不得超过 {condition.hours_max} 小时。",
    )


def _letter(condition: LetterContains, situation: Situation) -> Both:
    if situation.letter is None:
        return "what the letter contains is not known.", "信函所载内容不明。"
    missing = [ELEMENT_WORDS[element] for element in condition.elements if element not in situation.letter]
    return (
        f"the letter lacks: {', '.join(word[0] for word in missing)}.",
        f"信函缺少：{'、'.join(word[1] for word in missing)}。",
    )
