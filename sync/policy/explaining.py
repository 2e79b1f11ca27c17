"""What may be done about a customer at a moment, and why not: by visit, call, message and letter.

For the agent who stands before the door, the supervisor who plans, and the customer who asks why somebody came, or
why nobody did.
"""

from __future__ import annotations

import msgspec

from sync.policy.advising import Advice, Verdict, advise, next_permitted_ms, worst
from sync.policy.model import CHANNELS, Channel, Policy
from sync.policy.sentences import moment_text
from sync.policy.situation import Situation
from sync.policy.words import CHANNEL_WORDS
from sync.policy.zones import local_text, zone_of

__all__ = ["ChannelAnswer", "Explanation", "explain"]


class ChannelAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What all rules together say of one channel.

    `next_ms` is the first instant, not before the interval's end, at which no rule that blocks is breached: that
    end itself where nothing blocks; None where time alone brings none, or nothing bounds the interval from above.
    """

    channel: Channel
    verdict: Verdict
    next_ms: int | None
    advice: tuple[Advice, ...]
    sentence_en: str
    sentence_zh: str

    @property
    def against(self) -> tuple[Advice, ...]:
        """The advice that warns or blocks."""
        return tuple(advice for advice in self.advice if advice.verdict != "allowed")


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """The answer for a customer and a moment; `policy` is the name of what was asked, ``id@version``."""

    policy: str
    zone: str
    when_en: str
    when_zh: str
    channels: tuple[ChannelAnswer, ...]

    def of(self, channel: Channel) -> ChannelAnswer:
        """The answer for one channel."""
        return next(answer for answer in self.channels if answer.channel == channel)


def explain(policy: Policy, situation: Situation) -> Explanation:
    """Ask every rule about every channel; the situation's own channel is not looked at."""
    when_en, when_zh = moment_text(situation.interval, situation.zone)
    return Explanation(
        policy=policy.name,
        zone=situation.zone,
        when_en=when_en,
        when_zh=when_zh,
        channels=tuple(_answer(policy, msgspec.structs.replace(situation, channel=channel)) for channel in CHANNELS),
    )


def _answer(policy: Policy, situation: Situation) -> ChannelAnswer:
    advice = advise(policy, situation)
    verdict = worst(advice)
    high = situation.interval.high_ms
    next_ms = None if high is None else next_permitted_ms(policy, situation, high)
    english, chinese = _sentence(situation, verdict, next_ms, advice)
    return ChannelAnswer(
        channel=situation.channel,
        verdict=verdict,
        next_ms=next_ms,
        advice=advice,
        sentence_en=english,
        sentence_zh=chinese,
    )


def _sentence(
    situation: Situation, verdict: Verdict, next_ms: int | None, advice: tuple[Advice, ...]
) -> tuple[str, str]:
    english, chinese = CHANNEL_WORDS[situation.channel]
    if verdict == "allowed":
        return f"{english.capitalize()}: allowed.", f"{chinese}：允许。"
    concerned = [found for found in advice if found.verdict == verdict]
    why_en = " ".join(found.reason_en[:1].upper() + found.reason_en[1:] for found in concerned)
    why_zh = "".join(found.reason_zh for found in concerned)
    if verdict == "warned":
        return f"{english.capitalize()}: allowed with care. {why_en}", f"{chinese}：可以，但请注意。{why_zh}"
    after_en, after_zh = "No time is known at which it may be done.", "目前无可联系的时间。"
    if next_ms is not None:
        text = local_text(next_ms, zone_of(situation.zone))
        after_en, after_zh = f"Possible from {text}.", f"最早可于 {text} 进行。"
    return f"{english.capitalize()}: not allowed. {why_en} {after_en}", f"{chinese}：不允许。{why_zh}{after_zh}"
