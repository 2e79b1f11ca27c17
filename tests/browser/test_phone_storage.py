"""The phone app's memory in a real Chromium: IndexedDB, Web Locks and keys, two tabs, and a browser that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Route, sync_playwright

from server.ports import Writer
from server.services.devices import issue_code
from sync.encoding import sha256_hex
from sync.journal import verify_chain
from sync.operations import GENESIS
from tests.browser.conftest import CHROMIUM_FLAGS, find_chromium
from tests.phone.node import bundle
from tests.web.branch import NINE_MS, TestBranch

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PIN = "740261"
_PAGE = '<!doctype html><meta charset="utf-8"><title>phone</title><script type="module" src="/app/harness.js"></script>'


class Tab:
    """One page with the phone in it; `tab("start", "V1")` calls a method of its interface."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def __call__(self, call: str, *arguments: object) -> Any:
        """The value that the method resolved with; a refusal raises with its code and key."""
        return self.page.evaluate(
            """async ([call, given]) => {
                await phone.started;
                if (call === "state") return phone.state;
                try { return await phone[call](...given) ?? null; }
                catch (error) { throw new Error(`${error.code} ${error.key} ${error.cause ?? error}`); }
            }""",
            [call, list(arguments)],
        )


class Killable:
    """A Chromium of its own with a profile on disk, which can be killed and started again."""

    def __init__(self, playwright: Playwright, profile: Path, url: str, script: bytes) -> None:
        self.playwright, self.profile, self.url, self.script = playwright, profile, url, script
        self.process: subprocess.Popen[bytes] | None = None
        self.browser: Browser | None = None

    def start(self) -> BrowserContext:
        """Start it, or start it again, over the same profile."""
        port_file = self.profile / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        flags = [*CHROMIUM_FLAGS, "--remote-debugging-port=0", f"--user-data-dir={self.profile}", "about:blank"]
        self.process = subprocess.Popen(
            [find_chromium(), *flags], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        for _ in range(300):
            if port_file.exists() and port_file.read_text().count("\n"):
                break
            time.sleep(0.1)
        port = port_file.read_text().split("\n")[0]
        self.browser = self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        context = self.browser.contexts[0]
        context.route("**/app/harness.html", lambda route: route.fulfill(body=_PAGE, content_type="text/html"))
        context.route("**/app/harness.js", self._script)
        return context

    def grant(self) -> None:
        """What the browser decides by itself once an app is installed: it keeps this address's storage."""
        assert self.browser is not None
        session = self.browser.new_browser_cdp_session()
        session.send("Browser.grantPermissions", {"permissions": ["durableStorage"], "origin": self.url})

    def tab(self, context: BrowserContext) -> Tab:
        """A page load."""
        page = context.new_page()
        page.goto(self.url + "/app/harness.html")
        page.wait_for_function("globalThis.phone !== undefined")
        return Tab(page)

    def kill(self) -> None:
        """As when the battery is pulled out, for everything of this browser's own group."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)
        self.process = None

    def _script(self, route: Route) -> None:
        route.fulfill(body=self.script, content_type="text/javascript")


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The phone without screens."""
    return bundle("tests/phone/harness.ts", tmp_path_factory.mktemp("harness") / "harness.js").read_bytes()


@pytest.fixture
def chrome(live: TestBranch, script: bytes) -> Iterator[Killable]:
    """A browser with an empty profile."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, sync_playwright() as playwright:
        chrome = Killable(playwright, Path(profile), str(live.client.base_url), script)
        yield chrome
        if chrome.process is not None:
            chrome.kill()


def _enrolled(chrome: Killable, live: TestBranch, context: BrowserContext) -> Tab:
    tab = chrome.tab(context)
    tab("enrol", _code(live, os.urandom(16)), PIN, "chromium")
    tab("synchronise")
    chrome.grant()
    tab("askPersistence")
    return tab


def _code(live: TestBranch, secret: bytes) -> str:
    def make(writer: Writer) -> str:
        return issue_code(writer, "AG-YC-1", secret, NINE_MS, str(live.client.base_url)).qr

    return live.parts.store.write_now(make)


def _pay(tab: Tab, amount_minor: int) -> dict[str, Any]:
    payment = {"amountMinor": amount_minor, "method": "cash", "walkUp": True, "account": "A1"}
    recorded: dict[str, Any] = tab("collect", "", payment)
    return recorded


def _check(tab: Tab, shown: list[dict[str, Any]]) -> None:
    """The chain is whole, receipt numbers have no hole, and everything that was shown is there."""
    lines = [line.encode() for line in tab("exportJournal").splitlines()]
    verify_chain(lines, prev=GENESIS)
    assert {recorded["hash"] for recorded in shown} <= {sha256_hex(line) for line in lines}
    status = tab("status", True)
    assert status["seq"] == len(lines)
    assert status["receiptLast"] == sum(b'"PaymentCollected"' in line for line in lines)


def test_a_phone_opens_again_after_the_page_and_the_browser(chrome: Killable, live: TestBranch) -> None:
    """The keys that the browser keeps survive, and open the memory with the PIN alone."""
    tab = _enrolled(chrome, live, chrome.start())
    first = _pay(tab, 20_000)
    tab.page.reload()
    assert tab("state")["at"] == "locked"
    tab("unlock", PIN)
    assert tab("receipt", first["receipt"]["series"])["digits"] == first["receipt"]["digits"]
    report = tab("synchronise")
    assert (report["unsent"], report["complete"]) == (0, True)
    live.reconcile()
    question = {"digits": first["receipt"]["digits"]}
    answer = httpx.post(chrome.url + "/api/v1/receipts/check", json=question).json()
    assert (answer["verdict"], answer["amount_minor"]) == ("genuine", 20_000)


def test_two_tabs_write_one_chain(chrome: Killable, live: TestBranch) -> None:
    """Web Locks order them; each hears of what the other wrote."""
    context = chrome.start()
    one = _enrolled(chrome, live, context)
    two = chrome.tab(context)
    two("unlock", PIN)
    pay = """count => Promise.all(Array.from({ length: count }, (_, at) =>
        phone.collect("", { amountMinor: 100 + at, method: "cash", walkUp: true, account: "A1" })))
        .then(list => { globalThis.shown = list; })"""
    for tab in (one, two):
        tab.page.evaluate(f"count => {{ ({pay})(count); }}", 10)
    for tab in (one, two):
        tab.page.wait_for_function("globalThis.shown !== undefined")
    shown = [recorded for tab in (one, two) for recorded in tab.page.evaluate("shown")]
    assert sorted(recorded["receipt"]["number"] for recorded in shown) == list(range(1, 21))
    _check(one, shown)
    assert one("exportJournal") == two("exportJournal")


def test_a_killed_browser_loses_no_receipt_that_was_shown(chrome: Killable, live: TestBranch) -> None:
    """Killed while it takes payments, three times: what was shown is there, and the next number follows."""
    tab = _enrolled(chrome, live, chrome.start())
    shown: list[dict[str, Any]] = []
    for wait_s in (0.05, 0.4, 0.9):
        seen: list[dict[str, Any]] = []
        tab.page.expose_function("show", lambda recorded, into=seen: into.append(recorded))
        tab.page.evaluate(
            """() => { (async () => { for (let at = 1; ; at += 1) {
                const { hash, receipt } = await phone.collect(
                    "", { amountMinor: at, method: "cash", walkUp: true, account: "A1" });
                show({ hash, number: receipt.number });
            } })(); }"""
        )
        until = time.monotonic() + 20
        while not seen and time.monotonic() < until:
            tab.page.wait_for_timeout(20)
        tab.page.wait_for_timeout(wait_s * 1000)
        chrome.kill()
        shown += seen
        tab = chrome.tab(chrome.start())
        chrome.grant()
        tab("unlock", PIN)
        _check(tab, shown)
    assert len(shown) >= 3
    last = max(recorded["number"] for recorded in shown)
    assert _pay(tab, 500)["receipt"]["number"] > last
    assert tab("synchronise")["unsent"] == 0


def test_no_receipt_while_the_browser_may_clear_its_storage(chrome: Killable, live: TestBranch) -> None:
    """A browser that has not granted persistence is refused with a key that both languages have."""
    context = chrome.start()
    tab = chrome.tab(context)
    tab("enrol", _code(live, os.urandom(16)), PIN, "chromium")
    tab("synchronise")
    assert tab("storage")["persisted"] is False
    with pytest.raises(Exception, match="refused-phone-storage"):
        _pay(tab, 100)
    chrome.grant()
    assert tab("askPersistence")["persisted"] is True
    assert _pay(tab, 100)["receipt"]["number"] == 1
