"""Checkers that look at the end, when everything has come to rest: the notebook against office and phones."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from server.services.verify import verify
from sync.reconcile.catalogue import CATALOGUE
from sync.reconcile.replay import gather
from tests.simulation.faulty import Violation
from tests.simulation.limits import REVIEWS_FREE, REVIEWS_PERMILLE
from tests.simulation.rows import day_name

if TYPE_CHECKING:
    from tests.simulation.notebook import Payment
    from tests.simulation.world import World

__all__ = ["check_all"]


def check_all(world: World) -> None:
    """Raise the first violation."""
    _nothing_lost(world)
    _replicas_agree(world)
    _money_of_payments(world)
    _suspense(world)
    _accounts(world)
    _drawers(world)
    _hands(world)
    _forks(world)
    _revoked(world)
    _replay_agrees(world)
    _times(world)
    _frauds(world)
    _reviews(world)


def _rows(world: World, sql: str, *values: Any) -> list[Any]:
    return world.office.look.execute(sql, values).fetchall()


def _held(world: World) -> set[str]:
    return {row[0].hex() for row in _rows(world, "SELECT hash FROM operation")}


# -- nothing acknowledged is lost, nothing counts twice
def _nothing_lost(world: World) -> None:
    held = _held(world)
    for hash_, shown in world.notebook.shown.items():
        if hash_ not in held and not shown.gone:
            raise Violation("shown-lost", f"{shown.kind} {shown.device}/{shown.epoch}/{shown.seq} never arrived")
    for hash_, place in world.notebook.acknowledged.items():
        if hash_ not in held:
            raise Violation("acknowledged-lost", f"{place} was acknowledged and is not held")
    twice = _rows(world, "SELECT count(*) - count(DISTINCT hash) FROM operation")[0][0]
    if twice:
        raise Violation("counted-twice", f"{twice} operations are stored more than once")


# -- replicas
def _replicas_agree(world: World) -> None:
    with world.office.parts.store.read() as reader:
        for phone in world.phones:
            if not phone.alive:
                continue
            own = [stored.data for stored in phone.desk.store.journal.all()]
            there = set(reader.export(phone.device))
            if not set(own) <= there:
                raise Violation("replicas-differ", f"the office lacks records of {phone.name}")
            if phone.desk.store.state.sync().locked:
                continue
            names = reader.document_names(phone.agent)
            at_office = {name: reader.document(phone.agent, name) for name in names}
            here = {
                name: bytes(data)
                for name, data in phone.desk.store._db.execute("SELECT name, data FROM document WHERE removed = 0")
            }
            if at_office != here:
                names_differ = sorted(n for n in at_office.keys() | here.keys() if at_office.get(n) != here.get(n))
                raise Violation("replicas-differ", f"{phone.name} holds other documents: {names_differ[:4]}")


# -- money
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
    held = _held(world)
    collected: defaultdict[str, list[int]] = defaultdict(list)
    for id_, amount in _rows(world, "SELECT id, amount_minor FROM posting WHERE id LIKE '%:collected'"):
        collected[id_.partition(":")[0]].append(amount)
    revoked = {row[0].hex() for row in _rows(world, "SELECT hash FROM operation WHERE held IS NOT NULL")}
    for payment in world.notebook.payments:
        expected = [payment.amount_minor] if _counts(payment, held) and payment.shown.hash not in revoked else []
        if collected[payment.shown.hash] != expected:
            raise Violation(
                "counted-twice" if len(collected[payment.shown.hash]) > 1 else "payment-lost",
                f"receipt {payment.series} over {payment.amount_minor} is collected {collected[payment.shown.hash]}",
            )


def _suspense(world: World) -> None:
    """What only a witness knew waits in suspense only until the phone reports it."""
    waiting = {row[0] for row in _rows(world, "SELECT credit FROM posting WHERE id LIKE '%:witnessed'")}
    held = _held(world)
    for payment in world.notebook.payments:
        whole = payment.on_receipt_minor == payment.amount_minor
        if payment.shown.hash in held and whole and f"suspense:receipt/{payment.series}" in waiting:
            twins = [other for other in world.notebook.payments if other.series == payment.series]
            if len(twins) == 1:
                raise Violation("suspense-stays", f"receipt {payment.series} was reported and waits in suspense")


def _accounts(world: World) -> None:
    """What stands for an account is what its customers paid and did not get back."""
    held = _held(world)
    revoked = {row[0].hex() for row in _rows(world, "SELECT hash FROM operation WHERE held IS NOT NULL")}
    statuses = _statuses(world)
    paid: defaultdict[str, int] = defaultdict(int)
    for payment in world.notebook.payments:
        if payment.shown.hash not in held or payment.shown.hash in revoked:
            continue
        said, expected = statuses.get(payment.shown.hash, ""), _status(payment, held)
        if _disagrees(payment, said, expected):
            raise Violation("void-wrong", f"receipt {payment.series} is {said or 'nothing'}, it must be {expected}")
        if said != "voided":
            paid[payment.account] += payment.amount_minor
    booked: defaultdict[str, int] = defaultdict(int)
    for debit, credit, amount in _rows(world, "SELECT debit, credit, amount_minor FROM posting"):
        if debit.startswith("collected:"):
            booked[debit.partition(":")[2]] += amount
        if credit.startswith("collected:") and debit.partition(":")[0] in {"debt", "credit", "suspense"}:
            booked[credit.partition(":")[2]] -= amount
    for id_, amount in _rows(world, "SELECT id, amount_minor FROM posting WHERE id LIKE '%:voided'"):
        payment = next((p for p in world.notebook.payments if id_.startswith(p.shown.hash)), None)
        if payment is not None:
            booked[payment.account] -= amount
    for account in sorted(paid.keys() | booked.keys()):
        if paid[account] != booked[account]:
            raise Violation(
                "account-wrong", f"{account}: customers paid {paid[account]}, the office booked {booked[account]}"
            )


def _statuses(world: World) -> dict[str, str]:
    found: dict[str, str] = {}
    for (state,) in _rows(world, "SELECT state FROM aggregate WHERE key LIKE 'payment:%'"):
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


def _drawers(world: World) -> None:
    """Each drawer's equation, folded here a second time from the notebook."""
    held = _held(world)
    revoked = {row[0].hex() for row in _rows(world, "SELECT hash FROM operation WHERE held IS NOT NULL")}
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
    for (state,) in _rows(world, "SELECT state FROM aggregate WHERE key LIKE 'drawer:%'"):
        drawer_state = json.loads(state)
        pack = f"{drawer_state['service_day']}/{drawer_state['agent']}"
        for equation in drawer_state["equations"]:
            for name in ("collected", "voided", "void_pending", "handed_over"):
                if equation[name] != expected[pack][name]:
                    raise Violation(
                        "drawer-wrong", f"{pack}: {name} is {equation[name]}, it must be {expected[pack][name]}"
                    )


def _hands(world: World) -> None:
    """The books say of every honest agent whose phone was never lost what is really in their hands, to the cent."""
    notebook = world.notebook
    balances = world.watch.balances()
    unsettled: defaultdict[str, int] = defaultdict(int)
    for row in world.branch.agents:
        agent = row.agent_id
        if agent in notebook.troubled:
            continue
        in_books = balances.get(f"agent_cash:{agent}", 0) + unsettled[agent]
        if in_books != _in_hand(world, agent):
            raise Violation("hands-differ", f"{agent} holds {_in_hand(world, agent)} in cash, the books say {in_books}")
        short = balances.get(f"over_short:{agent}", 0)
        if short:
            raise Violation("hands-differ", f"{agent} is honest, the books say {short} over or short")


def _in_hand(world: World, agent: str) -> int:
    """Cash in hand; a float that was booked and never fetched, because no route was pulled, is still the branch's."""
    notebook = world.notebook
    mine = next(person for person in world.agents if person.name == agent)
    days = [day_name(day) for day in sorted(world.branch.issued)]
    unfetched = sum(notebook.floats.get((agent, day), 0) for day in days if day not in mine.pulled)
    return notebook.hands[agent] + unfetched


# -- forks
def _forks(world: World) -> None:
    """Where two branches of a journal arrived the office says so, and the phone that came second left the epoch."""
    held = _held(world)
    branches: defaultdict[tuple[str, int, int], set[str]] = defaultdict(set)
    for hash_, shown in world.notebook.shown.items():
        if hash_ in held:
            branches[shown.device, shown.epoch, shown.seq].add(hash_)
    forked = {(device, epoch) for (device, epoch, _), hashes in branches.items() if len(hashes) > 1}
    told = {row[0] for row in _rows(world, "SELECT subject FROM discrepancy WHERE rule = 'JOURNAL-FORK'")}
    for device, epoch in sorted(forked):
        if f"device:{device}" not in told:
            raise Violation("fork-unseen", f"{device} forked in epoch {epoch} and nobody is told")
        phones = [phone for phone in world.phones if phone.alive and phone.device == device]
        staying = [phone for phone in phones if phone.desk.store.journal.writer(device).head.epoch <= epoch]
        staying = [phone for phone in staying if not phone.desk.store.state.sync().locked]
        if len(staying) > 1 or any(phone.came_second == epoch for phone in staying):
            raise Violation("fork-goes-on", f"{staying[0].name} goes on in the forked epoch {epoch}")


def _revoked(world: World) -> None:
    """What the office held before it revoked a device goes on counting."""
    for (hash_,) in _rows(world, "SELECT hash FROM operation WHERE held = 'DEVICE-REVOKED'"):
        if hash_.hex() in world.notebook.before_revocation:
            raise Violation("revoked-too-much", f"operation {hash_.hex()[:12]} was here before the revocation")


# -- frauds
def _frauds(world: World) -> None:
    """Every planted fraud that leaves a trace at the office is found by one of the rules that are there for it."""
    held = _held(world)
    found = [json.loads(row[0]) for row in _rows(world, "SELECT data FROM discrepancy")]
    for fraud in world.notebook.frauds:
        rules = [code for code in fraud.rules if code in CATALOGUE]
        if not rules or not set(fraud.needs) <= held:
            world.traceless[fraud.kind] = world.traceless.get(fraud.kind, 0) + 1
            continue
        hits = [
            item
            for item in found
            if item["rule"] in rules and (item["subject"] in fraud.about or set(item["operations"]) & set(fraud.about))
        ]
        if not hits:
            raise Violation("fraud-unseen", f"{fraud.kind} by {fraud.agent}: none of {', '.join(rules)}")
        world.found[fraud.kind] = world.found.get(fraud.kind, 0) + 1


# -- the office against itself
def _replay_agrees(world: World) -> None:
    """Folding everything anew, in another order, gives the same books, states and discrepancies."""
    with world.office.parts.store.read() as reader:
        found = verify(reader, shuffle=world.setup.seed)
    if not found.sound:
        told = "; ".join(f"{fault.where}: {fault.what}" for fault in found.faults[:3])
        raise Violation("replay-differs", told)


def _times(world: World) -> None:
    """Whatever the clocks said, the true moment of every operation lies within its interval."""
    with world.office.parts.store.read() as reader:
        lines = list(reader.export())
        blobs = _blobs(world)
    facts = gather(lines, blobs).facts
    for hash_, shown in world.notebook.shown.items():
        fact = facts.get(hash_)
        if fact is None:
            continue
        interval = fact.interval
        if interval.low_ms is not None and interval.low_ms > shown.true_to_ms:
            raise Violation("time-wrong", f"{shown.kind} certainly after {interval.low_ms}, it was {shown.true_to_ms}")
        if interval.high_ms is not None and interval.high_ms < shown.true_from_ms:
            raise Violation(
                "time-wrong", f"{shown.kind} certainly before {interval.high_ms}, it was {shown.true_from_ms}"
            )


def _blobs(world: World) -> dict[str, bytes]:
    return {row[0].hex(): bytes(row[1]) for row in _rows(world, "SELECT sha256, data FROM blob")}


# -- how much work it makes
def _reviews(world: World) -> None:
    """An honest day without faults sends at most five in a hundred of its stops to review."""
    if world.families - {"overnight"}:
        return
    found = [json.loads(row[0]) for row in _rows(world, "SELECT data FROM discrepancy")]
    serious = [item for item in found if item["severity"] != "info"]
    # One cause at one door is one stop to look at, however many rules mention it.
    stops = {_stop_of(world, item) for item in serious}
    allowed = max(REVIEWS_FREE, world.notebook.stops * REVIEWS_PERMILLE // 1000)
    if len(stops) > allowed:
        told = Counter(item["rule"] for item in serious)
        raise Violation("too-many-reviews", f"{len(stops)} of {world.notebook.stops} stops: {dict(told)}")


def _stop_of(world: World, item: dict[str, Any]) -> str:
    for hash_ in item["operations"]:
        for (data,) in _rows(world, "SELECT data FROM operation WHERE hash = ?", bytes.fromhex(hash_)):
            visit = json.loads(data)["body"].get("visit")
            if visit:
                return str(visit)
    return str(item["subject"])
