"""The golden vectors of rules of conduct, repayment plans and words: read from their JSON, as another language does."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import msgspec
import pytest

from agent_client.printing.words_chinese import chinese_words
from agent_client.printing.words_english import english_words
from sync.errors import Refused
from sync.policy import Policy, advise
from sync.policy.decode import policy_digest
from sync.repayment import agent_authority, compare, schedule, within_authority
from sync.visit_code import code_digest
from tests.protocol.make_vectors import FOLDER
from tests.protocol.vector_policy import situation_of
from tests.protocol.vector_repayment import schedule_of, terms_of


def load(name: str) -> Any:
    """One file of vectors."""
    return json.loads((FOLDER / name).read_bytes())


def test_advice_is_what_the_vectors_say() -> None:
    """Each rule of each policy advises as stated, with its sentences and the next permitted moment."""
    vectors = load("policy.json")
    policies = {name: msgspec.convert(given, Policy) for name, given in vectors["policies"].items()}
    assert {name: policy_digest(policy) for name, policy in policies.items()} == vectors["digests"]
    seen: Counter[tuple[str, str]] = Counter()
    for case in vectors["cases"]:
        found = advise(policies[case["policy"]], situation_of(case["situation"]))
        assert len(found) == len(case["advice"])
        for advice, wanted in zip(found, case["advice"], strict=True):
            given = msgspec.structs.asdict(advice)
            assert {name: given[name] for name in wanted} == wanted
            seen[advice.rule, advice.verdict] += 1
    rules = {rule.id for policy in policies.values() for rule in policy.rules}
    assert {rule for rule, verdict in seen if verdict != "allowed"} == rules, "every rule is breached in some case"


def test_plans_are_what_the_vectors_say() -> None:
    """Schedules, refusals, authority and comparisons follow from the terms."""
    vectors = load("repayment.json")
    for case in vectors["schedules"]:
        assert schedule_of(case["terms"]) == {
            name: case[name] for name in ("instalments", "waived_minor", "total_minor")
        }
        assert sum(row[2] for row in case["instalments"]) + case["waived_minor"] == case["terms"]["principal_minor"]
    for case in vectors["refused"]:
        assert case["code"] == "ARGUMENT-WRONG"
        with pytest.raises((Refused, msgspec.ValidationError)):
            schedule(terms_of(case["terms"]))
    for case in vectors["authority"]:
        answer = within_authority(agent_authority(case["terms"]["currency"]), terms_of(case["terms"]))
        assert [msgspec.structs.asdict(one) for one in answer.excess] == case["excess"]
    for case in vectors["comparisons"]:
        found = compare([terms_of(terms) for terms in case["schemes"]])
        assert (found.cheapest, found.lightest) == (case["cheapest"], case["lightest"])
        assert [column.total_minor for column in found.columns] == [one["total_minor"] for one in case["columns"]]


def test_words_and_codes_are_what_the_vectors_say() -> None:
    """Amounts stand in words in both languages, and codes have the byte that a phone compares with."""
    vectors = load("words.json")
    for case in vectors["amounts"]:
        assert english_words(case["minor"], case["currency"]) == case["en"]
        assert chinese_words(case["minor"], case["currency"]) == case["zh"]
    for case in vectors["codes"]:
        assert code_digest(case["code"], case["salt"]) == case["digest"]
