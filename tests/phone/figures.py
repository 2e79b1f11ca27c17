"""What the phone app takes and reaches, by script: `python -m tests.phone.figures` prints a table.

Everything is measured on the app as the office serves it, in a real Chromium, with a phone that was enrolled and holds
a route. Times are medians of several cold starts in flight mode, each in a browser process of its own, with the page's
main thread slowed four times as against this machine's; the first start after the enrolment is not among them.
`tests/browser/test_phone_screens.py` looks at every screen in both languages, light and dark (axe, sizes of targets).
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path
from typing import Any, Final

import msgspec
from playwright.sync_api import CDPSession, Page, Playwright, sync_playwright

from tests.phone.hands import PIN, Hands
from tests.phone.handset import Handset
from tests.phone.headquarters import Headquarters

__all__ = ["Figures", "FirstLoad", "first_load", "installability", "measure", "reached_by_keyboard"]

RUNS: Final = 7
SLOWED: Final = 4
_WHEN_SHOWN: Final = """
(() => {
  const seen = {};
  const look = () => {
    for (const [name, place] of [['pin', '.keypad button'], ['route', 'ol .stop-row']]) {
      if (seen[name] === undefined && document.querySelector(place) !== null) {
        seen[name] = -1;
        // Two frames later it is painted, and whatever came with it has run.
        requestAnimationFrame(() => requestAnimationFrame(() => { seen[name] = performance.now(); }));
      }
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
  window.shownAt = seen;
})();
"""
_PRESSABLE: Final = """() => {
  const isChosen = one => one.checked || document.querySelector(`input[name="${one.name}"]:checked`) === null;
  return [...document.querySelectorAll('button, a[href], input, textarea, select, [tabindex="0"]')]
    .filter(one => one.getClientRects().length > 0 && !one.matches('.unseen, [tabindex="-1"], :disabled'))
    .filter(one => one.type !== 'radio' || isChosen(one))
    .map((one, place) => {
      one.dataset.place = String(place);
      return one.textContent.trim().slice(0, 30) || one.getAttribute('aria-label') || one.tagName;
    });
}"""


class FirstLoad(msgspec.Struct, frozen=True):
    """Bytes over the wire of a first visit, as the browser counted them."""

    page: int
    """Page, script and styles, packed."""
    all: int
    """Everything with headers, the service worker and all that it keeps for a start without a network among it."""


class Figures(msgspec.Struct, kw_only=True):
    """Milliseconds and bytes; lists are empty when nothing is the matter."""

    not_installable: list[str]
    manifest_faults: list[str]
    load: FirstLoad
    pin_ms: list[float]
    unslowed_pin_ms: list[float]
    opened_ms: list[float]
    unslowed_opened_ms: list[float]
    unreached: list[str]


def installability(tools: CDPSession) -> tuple[list[str], list[str]]:
    """What Chromium has against installing the present page, and against its manifest."""
    errors = tools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    manifest = tools.send("Page.getAppManifest")
    assert manifest["data"], "no manifest"
    return [error["errorId"] for error in errors], [error["message"] for error in manifest["errors"]]


def first_load(phone: Handset) -> FirstLoad:
    """Visit the app for the first time; the phone is on, and its profile is empty."""
    tools = phone.tools()
    tools.send("Network.enable")
    sizes: dict[str, int] = {}
    paths: dict[str, str] = {}
    tools.on("Network.responseReceived", lambda event: paths.update({event["requestId"]: event["response"]["url"]}))
    tools.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    phone.open()
    phone.keep_shell()
    phone.page.wait_for_timeout(500)
    shell = {request for request, path in paths.items() if path.endswith(("/app/", ".js", ".css"))}
    page = sum(size for request, size in sizes.items() if request in shell)
    kept: int = phone.page.evaluate(
        """async () => {
            let sum = 0;
            for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const request of await cache.keys()) {
                const { headers } = await cache.match(request);
                sum += Number(headers.get('content-length') ?? 0);
              }
            }
            return sum;
        }"""
    )
    return FirstLoad(page, sum(sizes.values()) + kept)


def reached_by_keyboard(page: Page) -> list[str]:
    """What the Tab key does not come to on the present screen, by its words; one of a group of tiles stands for all."""
    names: list[str] = page.evaluate(_PRESSABLE)
    assert len(names) > 2, "the screen has nothing to press"
    page.evaluate("document.activeElement?.blur?.()")
    reached: set[int] = set()
    for _ in range(len(names) + 10):
        page.keyboard.press("Tab")
        place = page.evaluate("document.activeElement?.dataset?.place ?? ''")
        if place:
            reached.add(int(place))
    return [name for place, name in enumerate(names) if place not in reached]


def measure(playwright: Playwright, folder: Path, *, runs: int = RUNS) -> Figures:
    """All figures; a fresh office and a fresh phone below `folder`."""
    with Headquarters(folder) as office:
        phone = Handset(playwright, folder, office.url)
        try:
            return _measure(phone, office, runs)
        finally:
            phone.off()


def _measure(phone: Handset, office: Headquarters, runs: int) -> Figures:
    phone.on()
    load = first_load(phone)
    not_installable, manifest_faults = installability(phone.tools())
    hands = Hands(phone)
    hands.enrol(office.enrol_text())
    hands.depart()
    unreached = [f"{path}: {name}" for path in SCREENS for name in _unreached(phone, path)]
    phone.off()
    _cold_start(phone, SLOWED)
    slowed = [_cold_start(phone, SLOWED) for _ in range(runs)]
    plain = [_cold_start(phone, 1) for _ in range(runs)]
    return Figures(
        not_installable=not_installable,
        manifest_faults=manifest_faults,
        load=load,
        pin_ms=[pin for pin, _ in slowed],
        opened_ms=[opened for _, opened in slowed],
        unslowed_pin_ms=[pin for pin, _ in plain],
        unslowed_opened_ms=[opened for _, opened in plain],
        unreached=unreached,
    )


SCREENS: Final = (
    "",
    "stop/DAY-1",
    "cash",
    "records",
    "settings",
    "departure",
    "badge",
    "walk-up",
    "end-of-day",
    "cash/hand-over",
)
"""Where the Tab key is tried; below `/app/`."""


def _unreached(phone: Handset, path: str) -> list[str]:
    page = phone.page
    page.evaluate(
        "path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }", f"/app/{path}"
    )
    page.wait_for_timeout(500)
    return reached_by_keyboard(page)


def _cold_start(phone: Handset, slowed: int) -> tuple[float, float]:
    """Milliseconds from the start of the page to the PIN's keys, and from the last key to the route; in flight mode."""
    page = phone.on(offline=True)
    tools = phone.tools()
    tools.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    page.add_init_script(_WHEN_SHOWN)
    phone.open()
    pin_ms = _shown(page, "pin")
    page.keyboard.type(PIN)
    pressed: float = page.evaluate("performance.now()")
    page.keyboard.press("Enter")
    opened_ms = _shown(page, "route") - pressed
    phone.off()
    return pin_ms, opened_ms


def _shown(page: Page, name: str) -> float:
    for _ in range(400):
        at: Any = page.evaluate(f"window.shownAt.{name} ?? -1")
        if at >= 0:
            return float(at)
        page.wait_for_timeout(25)
    raise AssertionError(f"{name} was not shown")


def _times(values: list[float]) -> str:
    return f"{statistics.median(values):.0f} ms ({min(values):.0f} to {max(values):.0f}, {len(values)} runs)"


def main() -> int:
    """The table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, sync_playwright() as playwright:
        found = measure(playwright, Path(folder), runs=given.runs)
    rows = [
        ("against installing it", ", ".join(found.not_installable + found.manifest_faults) or "nothing"),
        ("first load: page, script and styles", f"{found.load.page / 1000:.1f} kB"),
        ("first load with everything kept for flight mode", f"{found.load.all / 1000:.1f} kB"),
        (f"cold start in flight mode to the PIN, CPU slowed {SLOWED} times", _times(found.pin_ms)),
        ("the same, not slowed", _times(found.unslowed_pin_ms)),
        (f"PIN entered to route shown, CPU slowed {SLOWED} times", _times(found.opened_ms)),
        ("the same, not slowed", _times(found.unslowed_opened_ms)),
        (f"not reached by the Tab key on {len(SCREENS)} screens", ", ".join(found.unreached) or "nothing"),
    ]
    for name, value in rows:
        print(f"{name:<62} {value}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
