"""What `build.mjs` makes: all that the server serves at `/app/`, the same each time, and nothing from elsewhere."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.phone.node import node, packages

pytestmark = pytest.mark.timeout(600)

FIRST_LOAD_GZIP_BYTES_MAX = 150 * 1024

_NEVER_FETCHED = {"http://www.w3.org"}
"""Names of XML vocabularies look like addresses."""


def build(out: Path) -> dict[str, Any]:
    """Build into a folder; returns what `files.json` says."""
    packages()
    done = node("build.mjs", "--out", str(out))
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads((out / "files.json").read_text())
    return found


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The finished app."""
    out = tmp_path_factory.mktemp("app") / "app"
    build(out)
    return out


def test_the_list_names_every_file_and_the_worker_caches_just_those(app: Path) -> None:
    """`files.json` lists what lies there; the service worker has the same version and files inside."""
    listed = json.loads((app / "files.json").read_text())
    there = {path.relative_to(app).as_posix() for path in app.rglob("*") if path.is_file()}
    assert set(listed["files"]) == there - {"files.json"}
    assert re.fullmatch("[0-9a-f]{16}", listed["version"])
    worker = (app / "sw.js").read_text()
    assert listed["version"] in worker
    assert all(f'"{name}"' in worker for name in listed["files"] if name != "sw.js")


def test_the_same_sources_give_the_same_bytes(app: Path, tmp_path: Path) -> None:
    """Another build is equal file by file, so a version changes only when something changed."""
    again = tmp_path / "again"
    build(again)
    for path in app.rglob("*"):
        if path.is_file():
            assert (again / path.relative_to(app)).read_bytes() == path.read_bytes(), path.name


def test_a_folder_that_is_not_ours_is_not_emptied(tmp_path: Path) -> None:
    """The build empties its folder first, so it takes only an empty place or its own."""
    (tmp_path / "letters.txt").write_text("keep me")
    done = node("build.mjs", "--out", str(tmp_path))
    assert done.returncode != 0
    assert (tmp_path / "letters.txt").read_text() == "keep me"


def test_everything_that_page_and_manifest_name_is_there(app: Path) -> None:
    """No link leads nowhere."""
    page = (app / "index.html").read_text()
    manifest = json.loads((app / "manifest.webmanifest").read_text())
    named = re.findall(r'(?:src|href)="/app/([^"]+)"', page) + [icon["src"] for icon in manifest["icons"]]
    assert len(named) >= 6
    for name in named:
        assert (app / name.removeprefix("/app/")).is_file(), name


def test_the_page_lives_under_a_policy_without_exceptions(app: Path) -> None:
    """No inline script or style, no code made from text, no WebAssembly, and nothing from another address."""
    page = (app / "index.html").read_text()
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", page)
    for path in (*app.glob("*.js"), *app.glob("*.css")):
        text = path.read_text()
        assert not re.search(r"\beval\(|new Function\(|WebAssembly|importScripts\(", text), path.name
        assert not re.search(r"@import|url\((?!['\"]?data:)", text) or path.suffix != ".css", path.name
        assert set(re.findall(r"https?://[a-z0-9.-]+", text)) <= _NEVER_FETCHED, path.name


def test_the_first_load_is_small(app: Path) -> None:
    """Page, script and styles fit a village's signal."""
    first = [app / "index.html", *app.glob("app-*.js"), *app.glob("app-*.css")]
    assert len(first) == 3
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in first) <= FIRST_LOAD_GZIP_BYTES_MAX


def test_icons_are_pictures_of_their_size(app: Path) -> None:
    """Each PNG opens, has the size that its name says, and a maskable one covers its whole square."""
    for path in (app / "icons").glob("*.png"):
        side = int(path.stem.rsplit("-", maxsplit=1)[-1])
        with Image.open(path) as picture:
            assert (picture.size, picture.mode) == ((side, side), "RGBA")
            corner = picture.getpixel((0, 0))
            middle = picture.getpixel((side // 2, side // 2))
        assert isinstance(corner, tuple)
        assert corner[3] == (0 if path.stem.startswith("icon") else 255)
        assert middle == (0x12, 0x35, 0x5B, 255)
