"""Rules of conduct: data with sources and validity, judged by the same pure code on the phone and in the office.

A `Policy` is a list of rules, read from JSON by `decode_policy`. A `Situation` is one contact with what is known
around it: the customer's zone, the moment as an interval, the history. `advise` says rule by rule what holds,
`certain_breaches` what may accuse, `explain` what may be done about a customer at a moment, and why not::

    policy = decode_policy(data)
    situation = Situation(zone="Asia/Shanghai", interval=exactly(now_ms), channel="visit", staff=2)
    explain(policy, situation).of("visit").sentence_en

A breach is recorded and decided; no payment is ever refused for it.
"""

from __future__ import annotations

from sync.policy.advising import Advice, Verdict, advise, certain_breaches, next_permitted_ms, worst
from sync.policy.decode import PACKAGED, decode_policy, encode_policy, join_policies, policy_digest
from sync.policy.explaining import ChannelAnswer, Explanation, explain
from sync.policy.model import (
    CHANNELS,
    CertificateValid,
    Channel,
    Condition,
    ContactLimit,
    FlagKind,
    LetterContains,
    LetterElement,
    NotWhile,
    OnlyPersons,
    PermittedHours,
    Person,
    PlanMonthsAtMost,
    Policy,
    PolicyRule,
    Recorded,
    Severity,
    SnapshotAge,
    StaffAtLeast,
    Window,
)
from sync.policy.situation import Certificate, Flag, PastContact, Situation, exactly

__all__ = [
    "CHANNELS",
    "PACKAGED",
    "Advice",
    "Certificate",
    "CertificateValid",
    "Channel",
    "ChannelAnswer",
    "Condition",
    "ContactLimit",
    "Explanation",
    "Flag",
    "FlagKind",
    "LetterContains",
    "LetterElement",
    "NotWhile",
    "OnlyPersons",
    "PastContact",
    "PermittedHours",
    "Person",
    "PlanMonthsAtMost",
    "Policy",
    "PolicyRule",
    "Recorded",
    "Severity",
    "Situation",
    "SnapshotAge",
    "StaffAtLeast",
    "Verdict",
    "Window",
    "advise",
    "certain_breaches",
    "decode_policy",
    "encode_policy",
    "exactly",
    "explain",
    "join_policies",
    "next_permitted_ms",
    "policy_digest",
    "worst",
]
