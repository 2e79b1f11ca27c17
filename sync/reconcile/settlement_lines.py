"""What settlement statements say about an order, as a function of the set of lines.

The same line stands in every statement that overlaps it, so lines are counted, not added: within one statement equal
lines are as many as their numbers, and of several statements the one that has most of them counts.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from sync.operations.field import PaymentCollected
from sync.operations.kinds import series_of, settlement_key
from sync.operations.money import SettlementLineImported, SettlementMatched
from sync.reconcile.facts import Fact

__all__ = ["Net", "can_be_matched", "is_reversed", "net_of_orders", "settlement_keys", "taken_back"]

_Line = tuple[int, str, int, bool]
"""Amount, currency, time, direction: what makes two lines the same."""


class Net(msgspec.Struct):
    """What statements say of one order and currency."""

    received_minor: int = 0
    reversed_minor: int = 0

    @property
    def net_minor(self) -> int:
        """What stayed; never below zero, since money that never came cannot be taken back from us."""
        return max(0, self.received_minor - self.reversed_minor)


def net_of_orders(facts: Iterable[Fact]) -> dict[str, dict[str, Net]]:
    """Settlement key → currency → what its lines say; held facts are left out."""
    counted: dict[str, dict[_Line, dict[str, set[int]]]] = {}
    for fact in facts:
        body = fact.operation.body
        if isinstance(body, SettlementLineImported) and not fact.held:
            line = (body.amount_minor, body.currency, body.at_ms, body.reversed)
            statements = counted.setdefault(f"settlement:{body.provider}/{body.order}", {}).setdefault(line, {})
            statements.setdefault(body.statement, set()).add(body.line)
    found: dict[str, dict[str, Net]] = {}
    for key, lines in counted.items():
        nets = found.setdefault(key, {})
        for (amount, code, _, back), statements in lines.items():
            times = max(map(len, statements.values()))
            net = nets.setdefault(code, Net())
            if back:
                net.reversed_minor += amount * times
            else:
                net.received_minor += amount * times
    return found


def settlement_keys(facts: Iterable[Fact]) -> dict[str, set[str]]:
    """Receipt series → settlement keys that its payment was matched with; held facts are left out."""
    found: dict[str, set[str]] = {}
    for fact in facts:
        body = fact.operation.body
        if isinstance(body, SettlementMatched) and not fact.held:
            found.setdefault(body.series, set()).add(f"settlement:{body.provider}/{body.order}")
    return found


def can_be_matched(body: PaymentCollected) -> bool:
    """Whether a match counts for this payment: only where it names no order of its own, and is no cash."""
    return settlement_key(body) == f"settlement:{body.method}/receipt/{series_of(body.receipt)}"


def is_reversed(body: PaymentCollected, nets: dict[str, dict[str, Net]], matched: dict[str, set[str]]) -> bool:
    """Whether the provider took the payment back: a reversed line in its currency, and nothing is left."""
    own, series = settlement_key(body), series_of(body.receipt)
    keys = {own} - {""}
    if can_be_matched(body):
        keys |= {key for key in matched.get(series, ()) if key.startswith(f"settlement:{body.method}/")}
    for key in keys:
        net = nets.get(key, {}).get(body.currency)
        if net is not None and net.reversed_minor and not net.net_minor:
            return True
    return False


def taken_back(facts: Iterable[Fact], nets: dict[str, dict[str, Net]], matched: dict[str, set[str]]) -> dict[str, int]:
    """Receipt series → what its provider took back of it, the rest standing.

    Only where the order is this payment's alone: nobody splits what was taken back between several by rule. Who claims
    an order is asked of every payment that names it and every match, voided ones too, so that each fold that hears of
    one of them finds the same.
    """
    claims: dict[str, dict[str, tuple[str, int]]] = {}
    for fact in facts:
        body = fact.operation.body
        if not isinstance(body, PaymentCollected) or fact.held or body.method == "cash":
            continue
        series, own = series_of(body.receipt), settlement_key(body)
        keys = {own} | ({k for k in matched.get(series, ()) if can_be_matched(body) and _same_provider(k, own)})
        for key in keys:
            claims.setdefault(key, {})[series] = (body.currency, body.amount_minor)
    for series, keys in matched.items():
        for key in keys:
            claims.setdefault(key, {}).setdefault(series, ("", 0))
    found: dict[str, int] = {}
    for key, claimants in claims.items():
        if len(claimants) != 1:
            continue
        ((series, (code, amount)),) = claimants.items()
        net = nets.get(key, {}).get(code)
        if net is not None and net.reversed_minor and 0 < net.net_minor < amount:
            found[series] = min(net.reversed_minor, amount - net.net_minor)
    return found


def _same_provider(one: str, other: str) -> bool:
    return one.partition("/")[0] == other.partition("/")[0]
