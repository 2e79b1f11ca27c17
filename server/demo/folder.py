"""Where a world's source files are: inside the installed package, or in a checkout's fixtures."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from server.demo.limits import NAME_LENGTH_MAX
from sync.errors import Refused

__all__ = ["DEMONSTRATION", "world_folder"]

DEMONSTRATION = "yancheng_xinyang"
"""The world that the demonstration plays in."""


def world_folder(name: str = DEMONSTRATION) -> Path:
    """The folder of a world, e.g. `yancheng_xinyang` or `tiny`.

    Raises Refused ARGUMENT-WRONG for a name that is not one plain folder name, and FILE-UNREADABLE
    with both places that were looked at when there is no such world.
    """
    if not name.isidentifier() or len(name) > NAME_LENGTH_MAX:
        raise Refused("ARGUMENT-WRONG", f"world {name[:NAME_LENGTH_MAX]!r} is not a folder's name (letters, digits, _)")
    places = _places(name)
    for place in places:
        if place.is_dir():
            return place
    raise Refused("FILE-UNREADABLE", f"world {name!r} is neither in {' nor in '.join(map(str, places))}")


def _places(name: str) -> list[Path]:
    # In a wheel the build step copies fixtures/worlds beside this module; a checkout has only the fixtures.
    package = files("server.demo")
    found = [package / "worlds" / name] if isinstance(package, Path) else []
    return [*found, Path(__file__).resolve().parents[2] / "fixtures" / "worlds" / name]
