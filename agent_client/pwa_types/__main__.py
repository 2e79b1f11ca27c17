"""``python -m agent_client.pwa_types [--check]``: write the generated sources, or name those that differ."""

from __future__ import annotations

import sys
from pathlib import Path

from agent_client.pwa_types import FOLDER, generate

__all__ = ["main", "stale_files"]


def stale_files(folder: Path, wanted: dict[str, str]) -> list[str]:
    """Names of files that are missing, differ, or lie there without being generated; sorted."""
    present = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*") if path.is_file()}
    return sorted(name for name in {*present, *wanted} if present.get(name) != wanted.get(name))


def main(arguments: list[str]) -> int:
    """Exit code 1 with ``--check`` where anything differs; else everything is as it should be afterwards."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python -m agent_client.pwa_types [--check]\n")
        return 2
    wanted = generate()
    stale = stale_files(FOLDER, wanted)
    for name in stale:
        sys.stdout.write(f"{'differs' if arguments else 'written'}: {name}\n")
    if arguments:
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale:
        if name in wanted:
            (FOLDER / name).write_text(wanted[name], encoding="utf-8")
        else:
            (FOLDER / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
