"""What is inside the wheel and the source distribution of this checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def build(target: str, folder: Path, **environment: str) -> Path:
    """Build a wheel or sdist into the folder with the backend that pip calls."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
    )
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """This checkout's wheel."""
    return zipfile.ZipFile(build("wheel", tmp_path_factory.mktemp("wheel")))


def test_a_wheel_carries_every_file_of_the_app(wheel: zipfile.ZipFile) -> None:
    """What files.json lists lies inside the package server.web, so that an installed office serves it."""
    listed = json.loads(wheel.read("server/web/app/files.json"))["files"]
    inside = {name.removeprefix("server/web/app/") for name in wheel.namelist() if name.startswith("server/web/app/")}
    assert {"index.html", "manifest.webmanifest", "sw.js"} <= set(listed)
    assert inside == {*listed, "files.json"}


def test_a_wheel_carries_no_source_of_the_app(wheel: zipfile.ZipFile) -> None:
    """Neither TypeScript nor npm packages nor the hook are installed."""
    assert [name for name in wheel.namelist() if name.startswith("agent_client/pwa/") or name.endswith(".ts")] == []


def test_a_wheel_can_be_built_without_the_app(tmp_path: Path) -> None:
    """DOORSTEP_APP=without leaves the app out and everything else in."""
    names = zipfile.ZipFile(build("wheel", tmp_path, DOORSTEP_APP="without")).namelist()
    assert "server/app.py" in names
    assert [name for name in names if name.startswith("server/web/app/")] == []


def test_a_source_distribution_builds_the_app_itself(tmp_path: Path) -> None:
    """It has the sources, the lock and the hook, and nothing that was built or installed."""
    with tarfile.open(build("sdist", tmp_path)) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    here = {"package.json", "package-lock.json", "build.mjs", "hatch_build.py"}
    assert {f"agent_client/pwa/{name}" for name in here} <= names
    made = ("agent_client/pwa/node_modules/", "agent_client/pwa/dist/", "agent_client/pwa/build/")
    assert [name for name in names if name.startswith(made)] == []
