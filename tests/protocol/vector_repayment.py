"""Vectors of repayment plans: schedules of every scheme to the last minor unit, authority, comparison, refusals."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import msgspec

from sync.errors import Refused
from sync.repayment import Terms, agent_authority, compare, schedule, within_authority

__all__ = ["repayment_vectors", "schedule_of", "terms_of"]


def repayment_vectors() -> dict[str, Any]:
    """Terms as JSON with what they come to; an amount is in minor units, a day `YYYY-MM-DD`."""
    return {
        "schedules": [{"terms": terms, **schedule_of(terms)} for terms in (*_chosen(), *_drawn())],
        "refused": [{"terms": terms, "code": _code_of(terms)} for terms in _refused()],
        "authority": [{"terms": terms, **_authority_of(terms)} for terms in _beyond()],
        "comparisons": [_comparison_of(schemes) for schemes in _side_by_side()],
    }


def terms_of(given: dict[str, Any]) -> Terms:
    """Terms from their JSON form."""
    return msgspec.convert(given, Terms)


def schedule_of(given: dict[str, Any]) -> dict[str, Any]:
    """Instalments as (number, due, principal, interest, fee), what is waived and all that is to be paid."""
    found = schedule(terms_of(given))
    return {
        "instalments": [
            [one.number, one.due.isoformat(), one.principal_minor, one.interest_minor, one.fee_minor]
            for one in found.instalments
        ],
        "waived_minor": found.waived_minor,
        "total_minor": found.total_minor,
    }


def _code_of(given: dict[str, Any]) -> str:
    try:
        schedule(terms_of(given))
    except Refused as error:
        return error.code
    except msgspec.ValidationError:
        return "ARGUMENT-WRONG"
    return ""


def _authority_of(given: dict[str, Any]) -> dict[str, Any]:
    answer = within_authority(agent_authority(given["currency"]), terms_of(given))
    return {"within": answer.within, "excess": [msgspec.structs.asdict(one) for one in answer.excess]}


def _comparison_of(schemes: list[dict[str, Any]]) -> dict[str, Any]:
    found = compare([terms_of(terms) for terms in schemes], agent_authority(schemes[0]["currency"]))
    columns = [
        {
            "total_minor": column.total_minor,
            "interest_minor": column.interest_minor,
            "fees_minor": column.fees_minor,
            "waived_minor": column.waived_minor,
            "instalments": column.instalments,
            "first_minor": column.first_minor,
            "highest_minor": column.highest_minor,
            "first_due": column.first_due.isoformat(),
            "last_due": column.last_due.isoformat(),
            "within": column.authority is not None and column.authority.within,
        }
        for column in found.columns
    ]
    return {"schemes": schemes, "columns": columns, "cheapest": found.cheapest, "lightest": found.lightest}


def _terms(scheme: str, principal_minor: int, **more: Any) -> dict[str, Any]:
    return {
        "scheme": scheme,
        "principal_minor": principal_minor,
        "currency": "CNY",
        "first_due": "2026-12-31",
        **({"deferral_months": 1} if scheme == "deferral" else {}),
        **({"reduction_bp": 3_000} if scheme == "reduction" else {}),
        **more,
    }


def _chosen() -> Iterator[dict[str, Any]]:
    yield _terms("equal_instalments", 100_000, periods=3, rate_bp=1_200)
    yield _terms("equal_instalments", 100_000, periods=60, rate_bp=1_825)
    yield _terms("equal_instalments", 10**12 // 6, periods=60, rate_bp=9_999)
    yield _terms("equal_instalments", 10, periods=4)
    yield _terms("equal_instalments", 3, periods=2)
    yield _terms("equal_instalments", 5, periods=2)
    yield _terms("equal_instalments", 100_000, periods=12, rate_bp=775, rate_divisor=2)
    yield _terms("equal_instalments", 100_000, periods=20, rate_bp=500, every_months=3, fee_minor=150)
    yield _terms("equal_principal", 100_001, periods=60, rate_bp=1_825)
    yield _terms("equal_principal", 100_000, periods=7)
    yield _terms("equal_principal", 9_999, periods=13, rate_bp=1, rate_divisor=10_000)
    yield _terms("deferral", 250_000, deferral_months=2, rate_bp=1_825)
    yield _terms("deferral", 1, deferral_months=60)
    yield _terms("reduction", 100_005, periods=5, reduction_bp=1)
    yield _terms("reduction", 100_000, periods=5, reduction_bp=9_999)
    yield _terms("reduction", 12_345, periods=3, reduction_bp=5_000, rate_bp=600)
    yield _terms("equal_principal", 50_000, periods=14, first_due="2028-01-31")
    yield _terms("equal_principal", 50_000, periods=5, first_due="2027-02-28", anchor_day=31)
    yield _terms("equal_principal", 50_000, periods=5, first_due="2027-02-28")
    yield _terms("equal_instalments", 50_000, periods=2, currency="JPY", rate_bp=333)


def _drawn() -> Iterator[dict[str, Any]]:
    dice = random.Random("doorstep repayment vectors")
    for _ in range(24):
        scheme = dice.choice(("equal_instalments", "equal_principal", "deferral", "reduction"))
        more: dict[str, Any] = {
            "rate_bp": dice.randrange(0, 3_000),
            "first_due": f"2027-{dice.randrange(1, 13):02d}-28",
        }
        if scheme == "deferral":
            more["deferral_months"] = dice.randrange(1, 61)
        else:
            more["periods"] = dice.randrange(1, 61)
        if scheme == "reduction":
            more["reduction_bp"] = dice.randrange(1, 10_000)
        yield _terms(scheme, dice.randrange(5_000_000, 90_000_000), **more)


def _refused() -> Iterator[dict[str, Any]]:
    yield _terms("equal_principal", 0)
    yield _terms("equal_principal", 10**12 + 1)
    yield _terms("equal_principal", 2, periods=3)
    yield _terms("equal_principal", 100_000, periods=61)
    yield _terms("equal_principal", 100_000, periods=0)
    yield _terms("equal_principal", 100_000, periods=30, every_months=3)
    yield _terms("equal_principal", 100_000, rate_bp=10_001)
    yield _terms("equal_principal", 100_000, deferral_months=1)
    yield _terms("equal_principal", 100_000, reduction_bp=1)
    yield _terms("equal_principal", 100_000, first_due="2201-01-01")
    yield _terms("equal_principal", 100_000, first_due="2026-12-30", anchor_day=31)
    yield _terms("equal_principal", 100_000, first_due="2026-02-30")
    yield _terms("equal_principal", 100_000, currency="XXX")
    yield _terms("deferral", 100_000, deferral_months=0)
    yield _terms("deferral", 100_000, deferral_months=61)
    yield _terms("deferral", 100_000, periods=2)
    yield _terms("reduction", 100_000, periods=6, reduction_bp=9_999)
    yield _terms("reduction", 100_000, reduction_bp=0)
    yield _terms("reduction", 100_000, reduction_bp=10_000)
    yield _terms("equal_instalments", 10**12, periods=60, rate_bp=9_000)
    yield _terms("forgiveness", 100_000)


def _beyond() -> Iterator[dict[str, Any]]:
    yield _terms("equal_principal", 10_000_000, periods=24)
    yield _terms("equal_principal", 10_000_001, periods=25)
    yield _terms("deferral", 100_000, deferral_months=2)
    yield _terms("deferral", 100_000, deferral_months=3)
    yield _terms("reduction", 123_456, periods=3, reduction_bp=5)
    yield _terms("equal_instalments", 20_000_000, periods=60, currency="JPY")


def _side_by_side() -> Iterator[list[dict[str, Any]]]:
    yield [
        _terms("deferral", 120_000, deferral_months=2, rate_bp=1_200),
        _terms("equal_instalments", 120_000, periods=12, rate_bp=1_200),
        _terms("equal_principal", 120_000, periods=12, rate_bp=1_200),
        _terms("reduction", 120_000, periods=2, reduction_bp=1_000, rate_bp=1_200),
    ]
    yield [_terms("equal_principal", 90_000, periods=3), _terms("equal_instalments", 90_000, periods=3)]
