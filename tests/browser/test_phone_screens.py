"""Every screen of the phone app in a real browser: axe, sizes under the thumb, nothing wider than the phone.

The screens stand in the gallery of ``agent_client/pwa/tests/screens``: over a phone in memory, served under the
app's own content policy. Pictures of all of them go to ``DOORSTEP_SCREENSHOTS``.
"""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.phone.node import PWA, node, packages

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self';"
    " manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'"
)
TARGET = 48
"""CSS pixels: a thumb's width."""
FIXED = ("receipt", "receipt-english", "receipt-void", "badge")
"""Screens whose code is as big as the phone's height lets it be; the others are drawn as tall as their content."""
OTHERWISE = (
    "collect",
    "end-of-day",
    "hand-over",
    "identity",
    "locked",
    "plan-schemes",
    "receipt",
    "records",
    "route",
    "settings",
    "stop",
)
"""Screens that are looked at in other widths and colours too."""

_SIZES = """(target) => {
  const wrong = [];
  const scope = document.querySelector('dialog[open]') ?? document;
  for (const one of scope.querySelectorAll('button, a[href], input, textarea, select')) {
    if (one.matches('.skip, .unseen') || one.closest('[hidden]')) continue;
    const shown = one.matches('.tile input') ? one.parentElement : one;
    const { width, height } = shown.getBoundingClientRect();
    if (width === 0 || height === 0) continue;
    if (height < target - 0.5 || (width < target - 0.5 && !(one.matches('.month button') && innerWidth < 360))) {
      const name = (one.getAttribute('aria-label') ?? one.textContent ?? '').slice(0, 24);
      wrong.push(`${one.tagName.toLowerCase()}.${one.className} ${Math.round(width)}x${Math.round(height)} ${name}`);
    }
  }
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > room) {
    const wide = [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > room + 1);
    wrong.push(`wider than the phone: ${wide.slice(-1).map((one) => `${one.tagName}.${one.className}`).join()}`);
  }
  if ((document.querySelector('h1')?.textContent ?? '').trim() === '') wrong.push('no heading');
  return wrong;
}"""

_AXE = """async () => {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const found = await axe.run(document, { resultTypes: ['violations'], runOnly: tags });
  return found.violations.filter((one) => one.impact !== 'minor').map((one) => {
    const where = one.nodes.slice(0, 2).map((node) => `${node.html.slice(0, 140)} ${node.any[0]?.message ?? ''}`);
    return `${one.impact} ${one.id}: ${where.join(' | ')}`;
  });
}"""


class _Gallery(http.server.SimpleHTTPRequestHandler):
    """Serves the gallery as the office serves the app: under its content policy."""

    def end_headers(self) -> None:
        """Adds the policy."""
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Says nothing: the findings are what matters."""


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of all screens."""
    packages()
    folder = tmp_path_factory.mktemp("gallery")
    built = node("tests/screens/build_gallery.mjs", str(folder))
    assert built.returncode == 0, built.stderr
    (folder / "favicon.ico").write_bytes(b"")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Gallery, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join(20)
    server.server_close()


class Looker:
    """One page of a browser that goes from screen to screen and notes what is wrong."""

    def __init__(self, chromium: Browser, gallery: str, shots: Path, width: int, height: int, query: str) -> None:
        self.gallery, self.shots, self.size, self.query = gallery, shots, (width, height), query
        self.context = chromium.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce", timezone_id="Asia/Shanghai"
        )
        self.axe = (PWA / "node_modules" / "axe-core" / "axe.min.js").read_text("utf8")
        self.heard: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda message: self.heard.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.heard.append(str(error)))

    def scenes(self) -> list[str]:
        """Their names."""
        self.page.goto(f"{self.gallery}/?screen=starting")
        names: list[str] = self.page.evaluate("SCENES")
        return names

    def look(self, scene: str) -> list[str]:
        """Open one screen, leave its picture, and say what is wrong with it."""
        page, (width, height) = self.page, self.size
        self.heard.clear()
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{self.gallery}/?screen={scene}&{self.query}")
        page.wait_for_selector("html[data-ready]", state="attached")
        wrong: list[Any] = []
        if page.evaluate("document.documentElement.dataset.ready") != "yes":
            wrong.append(f"not shown: {page.inner_text('body')[-200:]}")
        if scene not in FIXED:
            # As tall as its content: the bar at the thumb then covers nothing.
            tall = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": max(height, tall)})
        page.wait_for_timeout(100)
        label = "-".join(part.partition("=")[2] for part in self.query.split("&"))
        page.screenshot(path=self.shots / f"screen-{scene}-{width}-{label}.png")
        page.evaluate(self.axe)
        wrong += [*self.heard, *page.evaluate(_SIZES, TARGET), *page.evaluate(_AXE)]
        return [f"{scene}: {one}" for one in wrong]


@pytest.mark.parametrize("scheme", ["auto", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_screen_in_its_language(chromium: Browser, gallery: str, shots: Path, language: str, scheme: str) -> None:
    """On a phone of 390 by 844: no serious finding of axe, contrast among them, and every target a thumb wide."""
    looker = Looker(chromium, gallery, shots, 390, 844, f"language={language}&scheme={scheme}")
    wrong = [finding for scene in looker.scenes() for finding in looker.look(scene)]
    looker.context.close()
    assert wrong == []


@pytest.mark.parametrize(
    ("width", "height", "query"),
    [
        (320, 640, "language=en"),
        (1440, 900, "language=zh"),
        (390, 844, "language=zh&scheme=dark"),
        (390, 844, "language=zh&scheme=sun"),
        (390, 844, "language=zh&text=200"),
    ],
)
def test_main_screens_otherwise(
    chromium: Browser, gallery: str, shots: Path, width: int, height: int, query: str
) -> None:
    """On the smallest phone, on a desk, in the dark, in the sun, and with text of twice the size."""
    looker = Looker(chromium, gallery, shots, width, height, query)
    wrong = [finding for scene in OTHERWISE for finding in looker.look(scene)]
    looker.context.close()
    assert wrong == []
