"""What a seed has in store: how large the world is and which families of faults and frauds it meets."""

from __future__ import annotations

from typing import Final

import msgspec

from tests.simulation.chance import Chance

__all__ = ["FAMILIES", "HONEST", "Setup", "families_of", "reproduction"]

FAMILIES: Final = (
    "cash",
    "clocks",
    "clone",
    "disk",
    "forgery",
    "fraud",
    "lost",
    "network",
    "notices",
    "office_crash",
    "overnight",
    "phone_crash",
    "plans",
    "recalls",
    "remittance",
    "restore",
    "rollback",
    "settlement",
    "silence",
    "versions",
)
"""Families of what can happen, each drawn or not for a world."""

HONEST: Final = "none"
"""The word for a world without any of them."""

_CHANCES: Final = {"network": 850, "phone_crash": 500, "office_crash": 500, "clocks": 450, "plans": 500, "fraud": 450}
_CHANCE_ELSE: Final = 280
_HONEST_PERMILLE: Final = 80
_HOME_LOST: Final = frozenset({"clone", "lost", "restore"})


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    """A world to run; `only` names the families instead of drawing them."""

    seed: int
    days: int = 3
    agents: int = 5
    visits: int = 8
    only: tuple[str, ...] = ()


def families_of(setup: Setup) -> frozenset[str]:
    """The families of this world.

    An office that is set back while a phone is lost or restored may lose a record at both ends at once, and nothing
    can bring it back: those are drawn apart.
    """
    if setup.only:
        return frozenset(setup.only) - {HONEST}
    chance = Chance(setup.seed, "families")
    if chance.permille(_HONEST_PERMILLE):
        return frozenset()
    found = {family for family in FAMILIES if chance.permille(_CHANCES.get(family, _CHANCE_ELSE))}
    return frozenset(found - _HOME_LOST if "rollback" in found else found)


def reproduction(setup: Setup) -> str:
    """The one line that runs this world again."""
    only = f" --only {','.join(setup.only)}" if setup.only else ""
    return (
        f"python -m tests.simulation --seed {setup.seed} --days {setup.days} --agents {setup.agents}"
        f" --visits {setup.visits}{only}"
    )
