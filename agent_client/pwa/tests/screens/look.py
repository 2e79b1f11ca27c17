"""Looks at every screen of the phone app in a real browser: pictures, axe, sizes of what is pressed, nothing wider than the phone.

    python agent_client/pwa/tests/screens/look.py OUT [--only SCENE ...] [--pictures]

Builds the gallery, serves it on 127.0.0.1 under the app's own content policy, and opens each scene in Chinese and English
(and some at 320 and 1440 pixels, in the dark, in the sun). Prints what is wrong, one line each; exits 1 if anything is.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import subprocess
import sys
import threading
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
PWA = HERE.parents[1]
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self';"
    " manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'"
)
TARGET = 48
"""CSS pixels: a thumb's width."""
VIEWPORT_ONLY = ("receipt", "receipt-english", "receipt-void", "badge")
"""Scenes whose picture follows the height of the phone: the code is as big as that lets it be."""
NARROW = ("route", "stop", "collect", "receipt", "hand-over", "settings", "plan-schemes", "end-of-day", "locked", "records", "identity")

SIZES = """() => {
  const wrong = [];
  const scope = document.querySelector('dialog[open]') ?? document;
  for (const one of scope.querySelectorAll('button, a[href], input, textarea, select')) {
    if (one.matches('.skip, .unseen, input[type=file]') || one.closest('[hidden]')) continue;
    const shown = one.matches('.tile input') ? one.parentElement : one.matches('.switch input') ? one.closest('label') : one;
    const box = shown.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    if (box.width < %d - 0.5 || box.height < %d - 0.5) {
      wrong.push(`${one.tagName.toLowerCase()}.${one.className} ${Math.round(box.width)}x${Math.round(box.height)} ${(one.getAttribute('aria-label') ?? one.textContent ?? '').slice(0, 24)}`);
    }
  }
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) {
    const culprits = [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1);
    wrong.push(`wider than the phone by ${wide}: ${culprits.slice(-1).map((one) => one.tagName + '.' + one.className).join()}`);
  }
  const heading = document.querySelector('h1');
  if (heading === null || heading.textContent.trim() === '') wrong.push('no heading');
  return wrong;
}""" % (TARGET, TARGET)

AXE = """async () => {
  const found = await axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
  return found.violations.filter((one) => one.impact !== 'minor')
    .map((one) => `${one.impact} ${one.id}: ${one.nodes.slice(0, 2).map((node) => node.html.slice(0, 140) + ' ' + (node.any[0]?.message ?? '')).join(' | ')}`);
}"""


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the gallery as the product's server serves the app: under its content policy."""

    def end_headers(self) -> None:
        """Adds the policy."""
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: the findings are what matters."""


def look(page: Page, address: str, scene: str, query: str, axe: str, picture: Path | None) -> list[str]:
    """Open one scene and say what is wrong with it."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(f"console: {message.text}") if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(f"error: {error}"))
    page.goto(f"{address}/?screen={scene}&{query}")
    page.wait_for_selector("html[data-ready]", state="attached", timeout=10_000)
    if page.evaluate("document.documentElement.dataset.ready") != "yes":
        heard.append(f"not shown: {page.inner_text('body')[-200:]}")
    page.wait_for_timeout(200)
    # As tall as its content: the bar at the thumb then covers nothing, for the picture and for axe.
    width = page.viewport_size["width"] if page.viewport_size else 390
    tall = page.evaluate("document.documentElement.scrollHeight")
    if scene not in VIEWPORT_ONLY:
        page.set_viewport_size({"width": width, "height": max(844, tall)})
    page.wait_for_timeout(150)
    if picture is not None:
        page.screenshot(path=str(picture), full_page=scene in VIEWPORT_ONLY)
    page.evaluate(axe)
    return heard + page.evaluate(SIZES) + page.evaluate(AXE)


def main() -> int:
    """Look at everything; the number of findings decides the exit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--widths", action="store_true", help="also 320 and 1440 pixels, dark and sun")
    given = parser.parse_args()
    gallery = given.out / "gallery"
    subprocess.run(["node", str(HERE / "build_gallery.mjs"), str(gallery.resolve())], check=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(gallery)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    axe = (PWA / "node_modules" / "axe-core" / "axe.min.js").read_text("utf8")
    findings = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        first = browser.new_page()
        first.goto(f"{address}/?screen=starting")
        scenes = [name for name in first.evaluate("SCENES") if not given.only or name in given.only]
        first.close()
        looks = [(390, 844, "language=zh"), (390, 844, "language=en")]
        if given.widths:
            looks = [(320, 640, "language=en"), (1440, 900, "language=zh"), (390, 844, "language=zh&scheme=dark"), (390, 844, "language=zh&scheme=sun")]
        for width, height, query in looks:
            for scene in scenes:
                if given.widths and scene not in NARROW and not given.only:
                    continue
                context = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=1, reduced_motion="reduce")
                page = context.new_page()
                label = f"{scene}-{width}-{query.replace('language=', '').replace('&scheme=', '-')}"
                for finding in look(page, address, scene, query, axe, given.out / f"{label}.png"):
                    findings += 1
                    print(f"{label}: {finding}")
                context.close()
        browser.close()
    server.shutdown()
    print(f"{findings} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
