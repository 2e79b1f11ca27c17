"""The phone's core in a real Chromium: every golden vector, with the browser's own cryptography and time zones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.phone.node import node, packages
from tests.protocol.make_vectors import FOLDER

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

_ADDRESS = "http://localhost:9/app/"
"""Nothing listens there: the page is answered by the test. The browser's cryptography wants a trustworthy address."""


def test_every_golden_vector_passes_in_a_browser(chromium: Browser, tmp_path: Path) -> None:
    """No file is left out, and none fails."""
    packages()
    script = tmp_path / "vectors.js"
    done = node("tests/core/browser/bundle.mjs", str(script))
    assert done.returncode == 0, done.stderr
    files = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.name != "README.md"}
    page = chromium.new_page()
    page.route("**/*", lambda route: route.fulfill(body="<!doctype html><title>v</title>", content_type="text/html"))
    page.goto(_ADDRESS)
    latin = json.dumps({name: content.decode("latin-1") for name, content in files.items()})
    page.add_script_tag(content=f"globalThis.vectorFileBytes = {latin};")
    page.add_script_tag(path=script)
    found = page.evaluate("checkVectors()")
    page.close()
    assert set(found) == set(files)
    assert {name: why for name, why in found.items() if why} == {}
