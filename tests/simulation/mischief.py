"""What happens to a world besides its work: clocks bent, phones lost, set back and copied, the office set back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.simulation.cheat import FRAUDS
from tests.simulation.limits import HOUR_MS, MINUTE_MS
from tests.simulation.phone import Phone
from tests.simulation.rooted import write_line
from tests.simulation.rows import day_ms

if TYPE_CHECKING:
    from tests.simulation.agent import Agent
    from tests.simulation.chance import Chance
    from tests.simulation.world import World

__all__ = ["plant"]


def plant(world: World) -> None:
    """Let everything that this world's families name happen at moments drawn from the seed."""
    chance = world.chance.stream("mischief")
    agents = world.agents
    if "silence" in world.families:
        for agent in agents:
            if chance.permille(600):
                world.faults.counts.add("silent_phone")
                world.spawn(_be_silent(world, agent, chance.stream(f"silent/{agent.name}")))
    if "clocks" in world.families:
        for agent in agents:
            world.spawn(_bend(world, agent, chance.stream(agent.name)))
    if "restore" in world.families:
        world.spawn(_set_back(world, chance.pick(agents), chance.stream("restore")))
    if "clone" in world.families:
        world.spawn(_copy(world, chance.pick(agents), chance.stream("clone")))
    if "lost" in world.families:
        world.spawn(_lose(world, chance.pick(agents), chance.stream("lost")))
    if "rollback" in world.families:
        world.spawn(_roll_back(world, chance.stream("rollback")))
    if "versions" in world.families:
        for agent in agents:
            agent.phone.old = chance.permille(400)
            if agent.phone.old:
                world.faults.counts.add("old_client")
        world.spawn(_speak_strangely(world, chance.pick(agents), chance.stream("versions")))
    if "fraud" in world.families:
        for _ in range(2):
            kinds = frozenset(chance.pick(FRAUDS) for _ in range(2))
            chance.pick(agents).cheat.begin(kinds)
    if "forgery" in world.families:
        world.spawn(_forge(world, chance.pick(agents), chance.stream("forgery")))


def _moment(world: World, chance: Chance) -> int:
    """Some time at which agents are under way."""
    return day_ms(chance.between(0, world.setup.days - 1), 9) + chance.between(0, 11 * HOUR_MS)


def _be_silent(world: World, agent: Agent, chance: Chance) -> Iterator[int]:
    """An agent works for more than a day where there is no signal."""
    yield _moment(world, chance)
    agent.phone.silent_until_ms = world.time.now_ms + chance.between(2 * HOUR_MS, 60 * HOUR_MS)


def _bend(world: World, agent: Agent, chance: Chance) -> Iterator[int]:
    yield day_ms(0, 6) + chance.between(0, 10 * HOUR_MS)
    while world.time.now_ms < world.end_ms():
        if chance.permille(250):
            agent.phone.clock.reboot()
            world.faults.counts.add("rebooted_phone")
        else:
            world.faults.counts.add(f"clock_{agent.phone.clock.bend()}")
        yield world.time.now_ms + chance.between(20 * MINUTE_MS, 14 * HOUR_MS)


def _set_back(world: World, agent: Agent, chance: Chance) -> Iterator[int]:
    """A phone breaks and is restored from a backup that is some hours old."""
    taken = _moment(world, chance)
    yield taken
    if not agent.phone.alive:
        return
    phone, backup = agent.phone, agent.phone.copy()
    yield taken + chance.between(20 * MINUTE_MS, 20 * HOUR_MS)
    if phone.alive and agent.phone is phone:
        world.faults.counts.add("restored_phone")
        phone.set_back(backup)
        agent.after_restore()
        world.notebook.troubled.add(agent.name)


def _copy(world: World, agent: Agent, chance: Chance) -> Iterator[int]:
    """Somebody copies a phone's folder to another one and uses both."""
    yield _moment(world, chance)
    phone = agent.phone
    if not phone.alive or agent.spare is not None:
        return
    world.faults.counts.add("cloned_phone")
    spare = Phone(world, agent.name, f"{agent.name}-spare")
    world.phones.append(spare)
    spare.reopen(phone.copy(), reboot=True)
    spare.last_device = phone.device
    agent.spare = spare
    world.notebook.troubled.add(agent.name)


def _lose(world: World, agent: Agent, chance: Chance) -> Iterator[int]:
    """A phone is lost; it is revoked, another one takes its place, and sometimes it is found again."""
    yield _moment(world, chance)
    phone = agent.phone
    if not phone.alive:
        return
    world.faults.counts.add("lost_phone")
    last = phone.copy()
    phone.close()
    world.lost.append(phone)
    world.notebook.troubled.add(agent.name)
    for shown in world.notebook.shown.values():
        if shown.device == phone.last_device and not world.watch.holds(shown.hash):
            shown.gone = True
    yield world.time.now_ms + chance.between(10 * MINUTE_MS, 3 * HOUR_MS)
    _note_held(world, phone.last_device)
    world.branch.revoke(phone.last_device)
    world.office.reconcile()
    # Nobody hands out a code while the office itself is down: the agent waits.
    while world.time.now_ms < world.office.down_until_ms:
        yield world.office.down_until_ms
    agent.phone = world.new_phone(agent.name)
    if world.faults.has("cash"):
        yield from _robbed(world, agent)
    if chance.permille(500):
        yield world.time.now_ms + chance.between(HOUR_MS, 20 * HOUR_MS)
        _find(phone, last)


def _robbed(world: World, agent: Agent) -> Iterator[int]:
    """Part of the cash went with the phone; the new one reports it, as soon as it knows of a day."""
    agent.phone.sync()
    days = agent.phone.desk.store.documents.days() if agent.phone.alive else []
    if days and world.notebook.hands[agent.name] > 400:
        yield from agent.dealings.lose(days[-1].service_day, honest=True)


def _note_held(world: World, device: str) -> None:
    for shown in world.notebook.shown.values():
        if shown.device == device and world.watch.holds(shown.hash):
            world.notebook.before_revocation.add(shown.hash)


def _find(phone: Phone, files: Path) -> None:
    """It comes back: it may bring what it has, and gets nothing any more."""
    phone.client = phone.wire.client()
    phone.reopen(files, reboot=True)
    phone.alive = True


def _roll_back(world: World, chance: Chance) -> Iterator[int]:
    """The office's disk dies, and it goes on with a backup that is some hours old."""
    taken = _moment(world, chance)
    yield taken
    backup = world.office.backup()
    yield taken + chance.between(20 * MINUTE_MS, 30 * HOUR_MS)
    world.faults.counts.add("office_set_back")
    world.office.restore(backup)
    world.watch.forget()
    for fraud in world.notebook.frauds:
        if fraud.office_only_ms > taken:
            fraud.rules = ()
    for payment in world.notebook.payments:
        payment.confirmed = payment.refused = False
    world.branch.evening.closed = world.watch.closed_days()
    world.branch.found_again()
    world.office.reconcile()
    world.recovery.set_back()


def _speak_strangely(world: World, agent: Agent, chance: Chance) -> Iterator[int]:
    """A phone of a newer version, or one with a fault, writes what this office does not understand."""
    yield _moment(world, chance)
    for _ in range(chance.between(1, 3)):
        days = agent.phone.desk.store.documents.days() if agent.phone.alive else []
        if days:
            phone, pack, before_ms = agent.phone, days[-1].pack, world.time.now_ms
            kind = chance.between(0, 2)
            entry = write_line(
                phone.desk, pack, kind="MeterRead" if kind < 2 else "", version=1 + (kind == 0), twice=kind == 2
            )
            phone.noted(entry, None, before_ms)
            world.faults.counts.add("strange_operation")
        yield world.time.now_ms + chance.between(MINUTE_MS, 5 * HOUR_MS)


def _forge(world: World, agent: Agent, chance: Chance) -> Iterator[int]:
    world.notebook.cheats.add(agent.name)
    for _ in range(2):
        yield _moment(world, chance)
        world.faults.counts.add("forged_operation")
        agent.cheat.forge()
