"""Both cores judge alike: rules of conduct, plans, amounts, times and canonical JSON, over inputs drawn by a seed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent_client.printing.words_chinese import chinese_words
from agent_client.printing.words_english import english_words
from sync.clock import format_wall
from sync.encoding import canonical_json
from sync.errors import DoorstepError
from sync.money import CURRENCIES, format_amount, parse_amount
from sync.policy import CHANNELS, advise
from sync.policy.decode import encode_policy
from sync.repayment import agent_authority, schedule, within_authority
from tests.phone.node import bundle, node
from tests.phone.random_day import random_text
from tests.protocol.vector_policy import POLICIES, ZONES, advice_of, situation_of
from tests.protocol.vector_repayment import terms_of

pytestmark = pytest.mark.timeout(600)

COUNT = 150
_DAY_MS = 86_400_000
_START_MS = 1_767_225_600_000
"""2026-01-01 in UTC."""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The TypeScript half, as one file for node."""
    return bundle("tests/both_cores/main.ts", tmp_path_factory.mktemp("judge") / "both.mjs")


@pytest.mark.parametrize("seed", [1, 2])
def test_both_cores_judge_alike(program: Path, seed: int) -> None:
    """Each answer of TypeScript, refusals included, is Python's."""
    dice = random.Random(f"judge {seed}")
    task = {
        "do": "judge",
        "policies": {name: msgspec.json.decode(encode_policy(policy)) for name, policy in POLICIES.items()},
        "situations": [{"policy": dice.choice(sorted(POLICIES)), "situation": _situation(dice)} for _ in range(COUNT)],
        "terms": [_terms(dice) for _ in range(COUNT)],
        "amounts": [
            {"minor": dice.randrange(10 ** dice.randrange(1, 14)), "currency": dice.choice(sorted(CURRENCIES))}
            for _ in range(COUNT)
        ],
        "typed": [{"text": _typed(dice), "currency": dice.choice(("CNY", "JPY"))} for _ in range(COUNT)],
        "walls": [
            {"ms": dice.randrange(-(7 * 10**13), 3 * 10**14), "offset": dice.randrange(-1500, 1500)}
            for _ in range(COUNT)
        ],
        "values": [_json(dice, 3) for _ in range(COUNT)],
    }
    done = node(str(program), stdin=json.dumps(task))
    assert done.returncode == 0, done.stderr[-5_000:]
    found = json.loads(done.stdout)
    for one, advice in zip(task["situations"], found["advice"], strict=True):
        assert advice == _or_code(_advice, one), one
    for terms, plan in zip(task["terms"], found["plans"], strict=True):
        assert plan == _or_code(_plan, terms), terms
    for one, words in zip(task["amounts"], found["amounts"], strict=True):
        assert words == _or_code(_words, one), one
    for one, minor in zip(task["typed"], found["typed"], strict=True):
        assert minor == _or_code(lambda given: parse_amount(given["text"], given["currency"]), one), one
    for one, text in zip(task["walls"], found["walls"], strict=True):
        assert text == _or_code(lambda given: format_wall(given["ms"], given["offset"]), one), one
    assert found["values"] == [canonical_json(value).decode() for value in task["values"]]


def _or_code(make: Callable[[Any], Any], given: Any) -> Any:
    try:
        return make(given)
    except DoorstepError as error:
        return error.code
    except msgspec.ValidationError:
        return "ARGUMENT-WRONG"


def _advice(given: dict[str, Any]) -> list[dict[str, Any]]:
    return [advice_of(found) for found in advise(POLICIES[given["policy"]], situation_of(given["situation"]))]


def _plan(given: dict[str, Any]) -> dict[str, Any]:
    terms = terms_of(given)
    found = schedule(terms)
    answer = within_authority(agent_authority(terms.currency), terms)
    return {
        "instalments": [
            [one.number, one.due.isoformat(), one.principal_minor, one.interest_minor, one.fee_minor]
            for one in found.instalments
        ],
        "total": found.total_minor,
        "waived": found.waived_minor,
        "excess": [msgspec.structs.asdict(one) for one in answer.excess],
    }


def _words(given: dict[str, Any]) -> list[str]:
    minor, code = given["minor"], given["currency"]
    return [format_amount(minor, code), english_words(minor, code), chinese_words(minor, code)]


def _situation(dice: random.Random) -> dict[str, Any]:
    low = _START_MS + dice.randrange(365 * 1440) * 60_000 + dice.choice((0, 0, 1, -1))
    high = low + dice.choice((0, 0, 60_000, 3_600_000, _DAY_MS, 20 * _DAY_MS))
    history = []
    for _ in range(dice.randrange(5)):
        past = low - dice.randrange(9 * 1440) * 60_000
        history.append(
            {
                "channel": dice.choice(CHANNELS),
                "effective": dice.random() < 0.7,
                "before": dice.random() < 0.5,
                "interval": [past if dice.random() < 0.8 else None, past + dice.choice((0, _DAY_MS))],
            }
        )
    return {
        "zone": dice.choice((*ZONES, "Europe/Berlin", "Asia/Tokyo", "Nowhere/Land", "")),
        "interval": [low if dice.random() < 0.9 else None, high if dice.random() < 0.9 else None],
        "channel": dice.choice(CHANNELS),
        "effective": dice.random() < 0.8,
        "history": history,
        "agreed_hours": [{"starts": "18:30", "ends": "23:15", "days": [1, 3, 5]}] if dice.random() < 0.3 else [],
        "snapshot_ms": low - dice.randrange(30 * 3_600_000) if dice.random() < 0.8 else None,
        "jurisdiction": dice.choice(("", "CN", "IN", "US")),
    }


def _terms(dice: random.Random) -> dict[str, Any]:
    scheme = dice.choice(("deferral", "equal_instalments", "equal_principal", "reduction"))
    terms: dict[str, Any] = {
        "scheme": scheme,
        "principal_minor": dice.choice((dice.randrange(200), dice.randrange(10**7), dice.randrange(2 * 10**12))),
        "currency": dice.choice(("CNY", "JPY", "EUR")),
        "first_due": f"{dice.choice((2027, 2028))}-{dice.randrange(1, 13):02d}-{dice.choice((1, 15, 28, 30)):02d}",
        "rate_bp": dice.choice((0, dice.randrange(4_000), dice.randrange(12_000))),
    }
    if scheme == "deferral":
        terms["deferral_months"] = dice.randrange(62)
    else:
        terms["periods"] = dice.randrange(1, 62)
        terms["every_months"] = dice.choice((1, 1, 1, 3))
    if scheme == "reduction":
        terms["reduction_bp"] = dice.randrange(10_001)
    if dice.random() < 0.3:
        terms["fee_minor"] = dice.randrange(10_000)
    if dice.random() < 0.3:
        terms["rate_divisor"] = dice.choice((1, 2, 8, 10_000))
    if dice.random() < 0.2:
        terms["anchor_day"] = dice.choice((28, 30, 31))
    return terms


def _typed(dice: random.Random) -> str:
    return "".join(dice.choice("0123456789,. ") for _ in range(dice.randrange(1, 9)))


def _json(dice: random.Random, depth: int) -> Any:
    pick = dice.randrange(6 if depth else 4)
    if pick == 0:
        return random_text(dice)
    if pick == 1:
        return dice.choice((0, -1, dice.randrange(-(2**53) + 1, 2**53)))
    if pick in {2, 3}:
        return dice.choice((True, False, None))
    if pick == 4:
        return [_json(dice, depth - 1) for _ in range(dice.randrange(4))]
    return {random_text(dice): _json(dice, depth - 1) for _ in range(dice.randrange(5))}
