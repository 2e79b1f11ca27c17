"""The phone app as it is built, in a real Chromium: a cold start without a network, and a newer version that waits."""

from __future__ import annotations

import functools
import http.server
import shutil
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.phone.node import node, packages

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

_CONTROLLED = "navigator.serviceWorker.controller !== null"
_HEAD, _MARK = "<title>", '<meta name="newer" content="yes">'
_IS_NEWER = "document.querySelector('meta[name=newer]') !== null"


class Site:
    """A folder at `/app/` on a free port of 127.0.0.1, until it is switched off."""

    def __init__(self, folder: Path) -> None:
        handler = functools.partial(_Quiet, directory=str(folder))
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/app/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def switch_off(self) -> None:
        """From now on nothing answers there."""
        self.server.shutdown()
        self.server.server_close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def end_headers(self) -> None:
        """As the office does for names without a hash."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app as its build writes it."""
    packages()
    out = tmp_path_factory.mktemp("build") / "app"
    done = node("build.mjs", "--out", str(out))
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    shutil.copytree(built, tmp_path / "app")
    return tmp_path


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser that knows nothing yet."""
    context = chromium.new_context(locale="zh-CN")
    context.set_default_timeout(15_000)
    yield context
    context.close()


def _controlled(context: BrowserContext, site: Site) -> Page:
    page = context.new_page()
    page.goto(site.url)
    page.wait_for_function(_CONTROLLED)
    return page


def test_the_app_starts_cold_without_any_network(context: BrowserContext, root: Path) -> None:
    """After one visit nothing of the office is needed: any address of the app opens it."""
    site = Site(root)
    page = _controlled(context, site)
    shown = page.inner_text("body")
    page.close()
    site.switch_off()
    for path in ("", "visit/V1"):
        cold = context.new_page()
        cold.goto(site.url + path)
        cold.wait_for_function("document.body.innerText.trim() !== ''")
        if not path:
            cold.wait_for_function("shown => document.body.innerText === shown", arg=shown)
        cold.close()


def test_a_newer_version_waits_until_it_is_asked_for(context: BrowserContext, root: Path) -> None:
    """It is there whole, changes nothing while the app is open, and takes over when asked with nothing under way."""
    site = Site(root)
    page = _controlled(context, site)
    _publish_newer(root / "app")
    # In one evaluation: `wait_for_function` takes any promise for an answer, whatever it comes to.
    assert page.evaluate(
        """async () => {
            const registration = await navigator.serviceWorker.getRegistration();
            await registration.update();
            const worker = registration.installing;
            if (worker) await new Promise(resolve => worker.addEventListener('statechange', resolve));
            return registration.waiting !== null;
        }"""
    )
    page.reload()
    assert not page.evaluate(_IS_NEWER)
    took_over = page.evaluate(
        """async () => {
            const { waiting } = await navigator.serviceWorker.getRegistration();
            const { port1, port2 } = new MessageChannel();
            const changed = new Promise(resolve => { navigator.serviceWorker.oncontrollerchange = resolve; });
            const said = new Promise(resolve => { port1.onmessage = ({ data }) => resolve(data); });
            waiting.postMessage("activate", [port2]);
            const done = await said;
            await changed;
            return done;
        }"""
    )
    assert took_over is True
    page.reload()
    assert page.evaluate(_IS_NEWER)
    names = page.evaluate("caches.keys()")
    assert len(names) == 1
    site.switch_off()


def _publish_newer(app: Path) -> None:
    """Another page and another version of the worker, as another build would have them."""
    index, worker = app / "index.html", app / "sw.js"
    index.write_text(index.read_text().replace(_HEAD, _MARK + _HEAD, 1))
    version = worker.read_text().split('version:"', 1)[1].split('"', 1)[0]
    worker.write_text(worker.read_text().replace(version, "f" * 16))
