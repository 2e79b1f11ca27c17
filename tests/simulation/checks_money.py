"""Checkers of money at the end: what hands and customers hold against what the office's books say, to the cent."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from tests.simulation.faulty import Violation
from tests.simulation.looking import held_hashes, rows, without_effect
from tests.simulation.rows import day_name

if TYPE_CHECKING:
    from tests.simulation.notebook import Payment
    from tests.simulation.world import World

__all__ = ["check_money"]


def check_money(world: World) -> None:
    """Raise the first violation."""
    _money_of_payments(world)
    _suspense(world)
    _accounts(world)
    _providers(world)
    _drawers(world)
    _hands(world)
    _vault(world)
    world.creditor.check()
    world.recalls.check()


def _counts(payment: Payment, held: set[str]) -> bool:
    return payment.shown.hash in held


def _status(payment: Payment, held: set[str]) -> str:
    """What the payment must be: stands, void pending, voided or void refused."""
    if payment.void is None or payment.void.hash not in held:
        return "stands"
    if payment.confirmed:
        return "voided"
    return "refused" if payment.refused else "pending"


def _money_of_payments(world: World) -> None:
    """Each payment that arrived is collected exactly once, over its own amount."""
    held = held_hashes(world)
    collected: defaultdict[str, list[int]] = defaultdict(list)
    for id_, amount in rows(world, "SELECT id, amount_minor FROM posting WHERE id LIKE '%:collected'"):
        collected[id_.partition(":")[0]].append(amount)
    revoked = without_effect(world)
    for payment in world.notebook.payments:
        expected = [payment.amount_minor] if _counts(payment, held) and payment.shown.hash not in revoked else []
        if collected[payment.shown.hash] != expected:
            raise Violation(
                "counted-twice" if len(collected[payment.shown.hash]) > 1 else "payment-lost",
                f"receipt {payment.series} over {payment.amount_minor} is collected {collected[payment.shown.hash]}",
            )


def _suspense(world: World) -> None:
    """What only a witness knew waits in suspense only until the phone reports it."""
    waiting = {row[0] for row in rows(world, "SELECT credit FROM posting WHERE id LIKE '%:witnessed'")}
    held = held_hashes(world) - without_effect(world)
    for payment in world.notebook.payments:
        whole = payment.on_receipt_minor == payment.amount_minor
        if payment.shown.hash in held and whole and f"suspense:receipt/{payment.series}" in waiting:
            twins = [other for other in world.notebook.payments if other.series == payment.series]
            if len(twins) == 1:
                raise Violation("suspense-stays", f"receipt {payment.series} was reported and waits in suspense")


def _accounts(world: World) -> None:
    """What stands for an account is what its customers paid and did not get back."""
    held = held_hashes(world)
    revoked = without_effect(world)
    statuses = _statuses(world)
    paid: defaultdict[str, int] = defaultdict(int)
    for payment in world.notebook.payments:
        if payment.shown.hash not in held or payment.shown.hash in revoked:
            continue
        said, expected = statuses.get(payment.shown.hash, ""), _status(payment, held - revoked)
        if world.providers.took_back(payment) and said in {"reversed", "voided"}:
            continue
        if _disagrees(payment, said, expected):
            raise Violation("void-wrong", f"receipt {payment.series} is {said or 'nothing'}, it must be {expected}")
        if world.providers.took_back(payment) and payment.named_order:
            raise Violation("instrument-wrong", f"receipt {payment.series} was taken back, the office says {said}")
        if said != "voided":
            paid[payment.account] += payment.amount_minor
    booked: defaultdict[str, int] = defaultdict(int)
    for debit, credit, amount in rows(world, "SELECT debit, credit, amount_minor FROM posting"):
        if debit.startswith("collected:"):
            booked[debit.partition(":")[2]] += amount
        if credit.startswith("collected:") and debit.partition(":")[0] in {"debt", "credit", "suspense"}:
            booked[credit.partition(":")[2]] -= amount
    undone = "SELECT id, amount_minor FROM posting WHERE id LIKE '%:voided' OR id LIKE '%:reversed'"
    for id_, amount in rows(world, undone):
        voided = next((p for p in world.notebook.payments if id_.startswith(p.shown.hash)), None)
        if voided is not None:
            booked[voided.account] -= amount
    for account in sorted(paid.keys() | booked.keys()):
        if paid[account] != booked[account]:
            raise Violation(
                "account-wrong", f"{account}: customers paid {paid[account]}, the office booked {booked[account]}"
            )
    _owed(world, paid)


def _owed(world: World, paid: dict[str, int]) -> None:
    """Whatever the creditor stated meanwhile, what is owed at the end is what was owed less what came for it."""
    balances = world.watch.balances()
    refunds = world.creditor.refunds()
    for row in world.branch.accounts:
        found = rows(world, "SELECT state FROM aggregate WHERE key = ?", f"account:{row.account_id}")
        state = json.loads(found[0][0]) if found else {}
        # What the creditor has of a payment that was taken back later is nobody's debt until it is settled with it.
        if not state or state["over_remitted_minor"]:
            continue
        name = row.account_id
        elsewhere = sum(other.amount_minor for other in world.branch.external if other.account_id == name)
        waits = -balances.get(f"suspense:{name}", 0)
        # A refund of money that was taken back afterwards is a claim of its own, beside the debt.
        given_back = refunds[name] - max(0, balances.get(f"refund:{name}", 0))
        left = max(0, row.payoff_minor - elsewhere - (paid.get(name, 0) - waits - given_back))
        if state["debt_left_minor"] != left:
            raise Violation("owed-wrong", f"{name} still owes {left}, the office says {state['debt_left_minor']}")


def _statuses(world: World) -> dict[str, str]:
    found: dict[str, str] = {}
    for (state,) in rows(world, "SELECT state FROM aggregate WHERE key LIKE 'payment:%'"):
        for payment in json.loads(state)["payments"]:
            found[payment["operation"]] = payment["status"]
    return found


def _disagrees(payment: Payment, said: str, expected: str) -> bool:
    """A void is effective only when the customer confirmed it, by word or by code."""
    if expected == "stands":
        return said != "stands"
    if said == "voided":
        return not payment.money_back
    if expected == "voided":
        return True
    return said not in {"void_pending", "void_contested", "void_refused"}


def _providers(world: World) -> None:
    """What statements say stayed of each order is in the bank; of the rest, what is claimed is in clearing."""
    balances, net = world.watch.balances(), world.providers.net()
    arrived: Counter[str] = Counter()
    for (provider, _), amount in net.items():
        arrived[provider] += max(0, amount)
    claimed: Counter[str] = Counter()
    statuses, held = _statuses(world), held_hashes(world) - without_effect(world)
    for payment in world.notebook.payments:
        if payment.shown.hash in held and statuses.get(payment.shown.hash) in {"stands", "void_refused"}:
            claimed[payment.method] += payment.amount_minor
    out = world.creditor.outgoing()
    cash = balances.get("bank:cash/BR", 0) + balances.get("bank:deposit", 0)
    if cash != arrived["deposit"] - out["cash"]:
        raise Violation("bank-wrong", f"{arrived['deposit']} was paid in, {out['cash']} went on, the books say {cash}")
    for provider in ("alipay", "wechat", "transfer", "card", "cheque"):
        in_bank = balances.get(f"bank:{provider}", 0)
        if in_bank != arrived[provider] - out[provider]:
            raise Violation(
                "bank-wrong", f"{provider} sent {arrived[provider]}, {out[provider]} went on, the books say {in_bank}"
            )
        if provider == "cheque":
            waiting = sum(amount for place, amount in balances.items() if place.startswith("agent_cheques:"))
        else:
            waiting = balances.get(f"clearing:{provider}", 0)
        nobodys = -sum(
            amount for place, amount in balances.items() if place.startswith(f"suspense:settlement/{provider}/")
        )
        if waiting != claimed[provider] - arrived[provider] + nobodys:
            raise Violation(
                "clearing-wrong",
                f"{provider}: {claimed[provider]} is claimed, {arrived[provider]} arrived, {nobodys} is nobody's,"
                f" and {waiting} waits in clearing",
            )


def _drawers(world: World) -> None:
    """Each drawer's equation, folded here a second time from the notebook."""
    held = held_hashes(world)
    revoked = without_effect(world)
    statuses = _statuses(world)
    expected: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for payment in world.notebook.payments:
        if payment.method == "cash" and payment.shown.hash in held and payment.shown.hash not in revoked:
            drawer = expected[payment.shown.pack]
            drawer["collected"] += payment.amount_minor
            status = statuses.get(payment.shown.hash, "")
            if status == "voided":
                drawer["voided"] += payment.amount_minor
            elif status in {"void_pending", "void_contested"}:
                drawer["void_pending"] += payment.amount_minor
    for shown, amount in world.notebook.handed:
        if shown.hash in held and shown.hash not in revoked:
            expected[shown.pack]["handed_over"] += amount
    effective = held - revoked
    for shown, amount in world.notebook.deposits:
        if shown.hash in effective:
            expected[shown.pack]["deposited"] += amount
    for loss in world.notebook.losses:
        if loss.shown.hash in effective and loss.honest:
            expected[loss.shown.pack]["lost"] += loss.amount_minor
    for transfer in world.notebook.transfers:
        for agent, name in ((transfer.giver, "transferred_out"), (transfer.taker, "transferred_in")):
            # Reported again from another phone, both may have arrived: then one of them counts, under the same day.
            legs = [leg for leg in transfer.legs if leg.agent == agent and leg.hash in effective]
            if legs:
                expected[legs[0].pack][name] += transfer.amount_minor
    for (state,) in rows(world, "SELECT state FROM aggregate WHERE key LIKE 'drawer:%'"):
        drawer_state = json.loads(state)
        pack = f"{drawer_state['service_day']}/{drawer_state['agent']}"
        for equation in drawer_state["equations"]:
            for name in _LINES:
                if equation[name] != expected[pack][name]:
                    raise Violation(
                        "drawer-wrong", f"{pack}: {name} is {equation[name]}, it must be {expected[pack][name]}"
                    )


_LINES = (
    "collected",
    "voided",
    "void_pending",
    "handed_over",
    "deposited",
    "lost",
    "transferred_in",
    "transferred_out",
)
"""Lines of a day's equation that only follow from what happened; cash carried over and declared are judged by hands."""


def _hands(world: World) -> None:
    """The books say of every honest agent whose phone was never lost what is really in their hands, to the cent."""
    notebook = world.notebook
    balances = world.watch.balances()
    for row in world.branch.agents:
        agent = row.agent_id
        if agent in notebook.troubled:
            continue
        in_books = balances.get(f"agent_cash:{agent}", 0)
        if in_books != _in_hand(world, agent):
            raise Violation("hands-differ", f"{agent} holds {_in_hand(world, agent)} in cash, the books say {in_books}")
        short = balances.get(f"over_short:{agent}", 0)
        if short:
            raise Violation("hands-differ", f"{agent} is honest, the books say {short} over or short")


def _vault(world: World) -> None:
    """Everything that lay on the cashier's table was counted, once, and is the branch's."""
    left = sum(amount for _, amount, slip in world.notebook.paid_in if world.branch.evening.is_paid_in(slip))
    there, booked = (
        sum(world.notebook.table.values()) - left - world.creditor.paid_out(),
        world.watch.balances().get("branch_cash:BR", 0),
    )
    if there != booked:
        raise Violation("hands-differ", f"the branch counted {there} in cash, the books say {booked}")


def _in_hand(world: World, agent: str) -> int:
    """Cash in hand; a float that was booked and never fetched, because no route was pulled, is still the branch's."""
    notebook = world.notebook
    mine = next(person for person in world.agents if person.name == agent)
    days = [day_name(day) for day in sorted(world.branch.issued)]
    unfetched = sum(notebook.floats.get((agent, day), 0) for day in days if day not in mine.pulled)
    effective = held_hashes(world) - without_effect(world)
    unsaid = 0
    for transfer in notebook.transfers:
        if not any(leg.agent == agent and leg.hash in effective for leg in transfer.legs):
            unsaid += transfer.amount_minor * ((transfer.giver == agent) - (transfer.taker == agent))
    return notebook.hands[agent] + unfetched + unsaid
