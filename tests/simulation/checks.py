"""Checkers that look at the end, when everything has come to rest: the notebook against office and phones."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from server.services.verify import verify
from sync.reconcile.catalogue import CATALOGUE
from sync.reconcile.replay import gather
from tests.simulation.checks_money import check_money
from tests.simulation.faulty import Violation
from tests.simulation.limits import REVIEWS_FREE, REVIEWS_PERMILLE
from tests.simulation.looking import BY_HASH, held_hashes, rows

if TYPE_CHECKING:
    from tests.simulation.world import World

__all__ = ["check_all"]


def check_all(world: World) -> None:
    """Raise the first violation."""
    _nothing_lost(world)
    _replicas_agree(world)
    check_money(world)
    world.notices.check()
    _forks(world)
    _revoked(world)
    _replay_agrees(world)
    _times(world)
    _frauds(world)
    _reviews(world)


# -- nothing acknowledged is lost, nothing counts twice
def _nothing_lost(world: World) -> None:
    held = held_hashes(world)
    for hash_, shown in world.notebook.shown.items():
        if hash_ not in held and not shown.gone:
            raise Violation("shown-lost", f"{shown.kind} {shown.device}/{shown.epoch}/{shown.seq} never arrived")
    for hash_, place in world.notebook.acknowledged.items():
        if hash_ not in held:
            raise Violation("acknowledged-lost", f"{place} was acknowledged and is not held")
    twice = rows(world, "SELECT count(*) - count(DISTINCT hash) FROM operation")[0][0]
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


# -- forks
def _forks(world: World) -> None:
    """Where two branches of a journal arrived the office says so, and the phone that came second left the epoch."""
    held = held_hashes(world)
    branches: defaultdict[tuple[str, int, int], set[str]] = defaultdict(set)
    for hash_, shown in world.notebook.shown.items():
        if hash_ in held:
            branches[shown.device, shown.epoch, shown.seq].add(hash_)
    forked = {(device, epoch) for (device, epoch, _), hashes in branches.items() if len(hashes) > 1}
    told = {row[0] for row in rows(world, "SELECT subject FROM discrepancy WHERE rule = 'JOURNAL-FORK'")}
    for device, epoch in sorted(forked):
        if f"device:{device}" not in told:
            raise Violation("fork-unseen", f"{device} forked in epoch {epoch} and nobody is told")
        phones = [phone for phone in world.phones if phone.alive and phone.device == device]
        staying = [phone for phone in phones if phone.desk.store.journal.writer(device).head.epoch <= epoch]
        staying = [phone for phone in staying if not phone.desk.store.state.sync().locked]
        second = [phone for phone in staying if phone.came_second == epoch and not phone.is_at(phone.back_at)]
        if len([phone for phone in staying if not phone.back_at or not phone.is_at(phone.back_at)]) > 1 or second:
            raise Violation("fork-goes-on", f"{staying[0].name} goes on in the forked epoch {epoch}")


def _revoked(world: World) -> None:
    """What the office held before it revoked a device goes on counting."""
    for (hash_,) in rows(world, "SELECT hash FROM operation WHERE held = 'DEVICE-REVOKED'"):
        if hash_.hex() in world.notebook.before_revocation:
            raise Violation("revoked-too-much", f"operation {hash_.hex()[:12]} was here before the revocation")


# -- frauds
def _frauds(world: World) -> None:
    """Every planted fraud that leaves a trace at the office is found by one of the rules that are there for it."""
    # What a revoked phone brings later has no effect at all, and is told by another rule.
    late = {row[0].hex() for row in rows(world, "SELECT hash FROM operation WHERE held = 'DEVICE-REVOKED'")}
    held = held_hashes(world) - late
    found = [json.loads(row[0]) for row in rows(world, "SELECT data FROM discrepancy")]
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
    return {row[0].hex(): bytes(row[1]) for row in rows(world, "SELECT sha256, data FROM blob")}


# -- how much work it makes
def _reviews(world: World) -> None:
    """An honest day without faults sends at most five in a hundred of its stops to review."""
    if world.families - {"overnight"}:
        return
    found = [json.loads(row[0]) for row in rows(world, "SELECT data FROM discrepancy")]
    serious = [item for item in found if item["severity"] != "info"]
    # One cause at one door is one stop to look at, however many rules mention it.
    stops = {_stop_of(world, item) for item in serious}
    allowed = max(REVIEWS_FREE, world.notebook.stops * REVIEWS_PERMILLE // 1000)
    if len(stops) > allowed:
        told = Counter(item["rule"] for item in serious)
        raise Violation("too-many-reviews", f"{len(stops)} of {world.notebook.stops} stops: {dict(told)}")


def _stop_of(world: World, item: dict[str, Any]) -> str:
    for hash_ in item["operations"]:
        for (data,) in rows(world, f"SELECT o.data {BY_HASH}", bytes.fromhex(hash_)):
            visit = json.loads(data)["body"].get("visit")
            if visit:
                return str(visit)
    return str(item["subject"])
