"""A browser that is killed again and again while a day is recorded: `python -m tests.phone.kills --count 200 --seed 1`.

Each life: the phone is opened with its PIN, everything that was ever shown is looked for, one record is written, and
then a day is recorded as quickly as the phone can, with exchanges, photos and changes of the PIN among it, until
SIGKILL reaches every process of the browser at a random moment of the seed; one life in four ends while the page is
loading or opening, and one in four leaves a database's log as if the kill had come in the middle of a write, for
which Chromium throws the whole database away two starts later. In the end everything is sent, the office has the
phone's journal line by line, and its books are verified.

The phone is the product's own modules in a page without screens, bundled by the product's bundler and answered under
the office's own address: on screens a step takes a second, so that nearly all kills would meet a phone that only
waits; here most of them meet a write. The office is `doorstep serve` in a process of its own. `tests/browser/phone_day`
kills the app with its screens.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec
from playwright.sync_api import Error, Page, Playwright, Route, sync_playwright

from sync.encoding import sha256_hex, unb64
from sync.journal import verify_chain
from sync.operations import GENESIS
from sync.receipt import read_receipt
from tests.phone.handset import Handset
from tests.phone.headquarters import Headquarters
from tests.phone.node import bundle

__all__ = ["Outcome", "run"]

PINS: Final = ("740261", "550912")
_PAGE: Final = (
    '<!doctype html><meta charset="utf-8"><title>phone</title><script type="module" src="/app/quick-day.js"></script>'
)
_RECORDING_MS, _OPENING_MS = 1_500, 900
"""How long a life may last; within it every moment is as likely as any other."""


class Outcome(msgspec.Struct, kw_only=True):
    """What was found; `faults` is empty when nothing was lost, doubled or broken."""

    kills: int = 0
    while_opening: int = 0
    while_enrolling: int = 0
    shown: int = 0
    operations: int = 0
    receipts: int = 0
    pin_changes: int = 0
    torn: int = 0
    thrown_away: int = 0
    unshown: int = 0
    seconds: float = 0.0
    faults: list[str] = msgspec.field(default_factory=list)


class _Lives:
    """One phone through all its lives."""

    def __init__(self, phone: Handset, office: Headquarters, script: bytes, seed: int) -> None:
        self.phone, self.office, self.script = phone, office, script
        self.dice = random.Random(seed)
        self.shown: dict[str, tuple[str, int]] = {}
        self.outcome = Outcome()
        self.pin = PINS[0]
        self.doubtful = False
        """A change of the PIN was under way when the browser was killed: either may hold."""

    def open(self) -> Page:
        """The page, with the phone in it."""
        page = self.phone.on()
        context = self.phone.context
        context.expose_function("shown", self._see)
        context.expose_function("said", self._hear)
        context.route("**/app/quick-day.html", lambda route: route.fulfill(body=_PAGE, content_type="text/html"))
        context.route("**/app/quick-day.js", self._answer)
        self._load(page)
        if self.shown:
            self.outcome.thrown_away += sum(self.phone.thrown_away(spare=spare) for spare in (False, True))
        return page

    def _load(self, page: Page) -> None:
        page.goto(self.phone.url + "/app/quick-day.html")
        call(page, "look")

    def _answer(self, route: Route) -> None:
        route.fulfill(body=self.script, content_type="text/javascript")

    def _see(self, what: dict[str, Any]) -> None:
        self.shown[what["hash"]] = (what["kind"], what["number"])

    def _hear(self, text: str) -> None:
        if text == "pin":
            self.doubtful = True
        else:
            self.outcome.faults.append(text)

    def enrol(self, kills: int) -> Page:
        """Enrolled, after as many browsers as `kills` were killed while they enrolled."""
        for _ in range(kills):
            page = self.open()
            if call(page, "state")["at"] != "blank":
                self._unlock(page)
                self.phone.kill()
                continue
            text = self.office.enrol_text()
            page.evaluate("([text, pin]) => { phone.enrol(text, pin, 'chromium'); }", [text, self.pin])
            self._wait(page, self.dice.random() * _RECORDING_MS)
            self.phone.kill()
            self.outcome.kills += 1
            self.outcome.while_enrolling += 1
        page = self.open()
        state = call(page, "state")
        if state["at"] == "blank":
            call(page, "enrol", self.office.enrol_text(), self.pin, "chromium")
        else:
            self._unlock(page)
        call(page, "synchronise")
        call(page, "askPersistence")
        return page

    def live(self, page: Page) -> None:
        """Record until the end, which comes at a moment that nobody chose."""
        page.evaluate("([seed, pin]) => quickDay(seed, pin)", [self.dice.randrange(2**32), self.pin])
        if self.dice.random() < 0.25:
            self._wait(page, self.dice.random() * 400)
            page.evaluate("location.reload()")
            self._wait(page, 30)
            # Where it is not loaded so far, it is killed while it loads.
            with suppress(Error):
                page.evaluate("pin => { (async () => { await phone.started; phone.unlock(pin); })(); }", self.pin)
            self._wait(page, self.dice.random() * _OPENING_MS)
            self.outcome.while_opening += 1
        else:
            self._wait(page, self.dice.random() * _RECORDING_MS)
        self.phone.kill()
        self.outcome.kills += 1
        if self.dice.random() < 0.25:
            self.outcome.torn += self.phone.tear(spare=self.dice.random() < 0.5)

    def _wait(self, page: Page, milliseconds: float) -> None:
        page.wait_for_timeout(max(1, milliseconds))

    def _unlock(self, page: Page) -> None:
        """With the PIN; after a change that was cut off, with whichever of the two holds."""
        if not self.doubtful:
            call(page, "unlock", self.pin)
            return
        self.doubtful = False
        other = PINS[1 - PINS.index(self.pin)]
        try:
            call(page, "unlock", other)
            self.pin = other
            self.outcome.pin_changes += 1
        except Error:
            call(page, "unlock", self.pin)

    def check(self, page: Page) -> list[bytes]:
        """Open it again and look; the journal's lines."""
        faults, name = self.outcome.faults, f"life {self.outcome.kills}"
        self._unlock(page)
        lines = [line.encode() for line in call(page, "exportJournal").splitlines()]
        verify_chain(lines, prev=GENESIS)
        hashes = {sha256_hex(line) for line in lines}
        lost = [what for hash_, what in self.shown.items() if hash_ not in hashes]
        if lost:
            faults.append(f"{name}: {len(lost)} records were shown and are gone: {lost[:3]}")
        numbers = [number for line in lines if (number := _receipt_number(line))]
        if numbers != list(range(1, len(numbers) + 1)):
            faults.append(f"{name}: receipt numbers {numbers[-5:]} are not 1 to {len(numbers)}")
        status = call(page, "status", True)
        if (status["seq"], status["receiptLast"]) != (len(lines), len(numbers)):
            faults.append(f"{name}: head {status['seq']}/{status['receiptLast']}, journal {len(lines)}/{len(numbers)}")
        written = call(page, "note", "DAY-1", f"after {name}")
        self._see({"hash": written["hash"], "kind": written["kind"], "number": 0})
        self.outcome.operations, self.outcome.receipts = len(lines) + 1, len(numbers)
        return lines

    def finish(self, page: Page) -> None:
        """Send all; the office has the journal and its books are sound."""
        lines = self.check(page)
        report = call(page, "synchronise")
        faults = self.outcome.faults
        if report["unsent"] or not report["complete"]:
            faults.append(f"the last exchange left {report['unsent']} unsent")
        journal = call(page, "exportJournal").encode()
        (device,) = (
            row["device"] for row in self.office.asked("devices") if row["device"] == call(page, "state")["device"]
        )
        if self.office.journal(device) != journal:
            faults.append("the office's lines are not the phone's")
        self.office.settle()
        found = self.office.asked("verify")
        if not found["sound"]:
            faults.append(f"the books are not sound: {found['faults'][:3]}")
        self.outcome.shown = len(self.shown)
        self.outcome.unshown = len(lines) + 1 - len(self.shown)


def call(page: Page, name: str, *arguments: object) -> Any:
    """A method of the phone; `look` only waits for it, `state` reads."""
    return page.evaluate(
        """async ([name, given]) => {
            while (globalThis.phone === undefined) await new Promise(resolve => setTimeout(resolve, 5));
            await phone.started;
            if (name === 'look') return null;
            if (name === 'state') return phone.state;
            try { return await phone[name](...given) ?? null; }
            catch (error) { throw new Error(`${name}: ${error.code} ${error.key} ${error.cause ?? error}`); }
        }""",
        [name, list(arguments)],
    )


def _receipt_number(line: bytes) -> int:
    body = json.loads(line)["body"]
    if body["kind"] not in ("PaymentCollected", "PaymentVoided"):
        return 0
    return read_receipt(unb64(body["receipt"])).body.number


def run(playwright: Playwright, folder: Path, *, count: int, seed: int, telling: bool = False) -> Outcome:
    """Kill `count` times; raises nothing for what it finds, but lists it."""
    began = time.monotonic()
    script = bundle("tests/phone/quick_day.ts", folder / "quick-day.js").read_bytes()
    with Headquarters(folder) as office:
        phone = Handset(playwright, folder, office.url)
        lives = _Lives(phone, office, script, seed)
        try:
            page = lives.enrol(min(6, count // 4))
            while lives.outcome.kills < count:
                lives.live(page)
                page = lives.open()
                if lives.outcome.kills < count:
                    lives.check(page)
                if telling and lives.outcome.kills % 10 == 0:
                    print(f"{lives.outcome.kills} kills, {lives.outcome.operations} operations", flush=True)
            lives.finish(page)
        finally:
            phone.off()
    lives.outcome.seconds = time.monotonic() - began
    return lives.outcome


def main() -> int:
    """The command; exit 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, sync_playwright() as playwright:
        outcome = run(playwright, Path(folder), count=given.count, seed=given.seed, telling=True)
    print(
        f"{outcome.kills} kills ({outcome.while_enrolling} while enrolling, {outcome.while_opening} while opening) in"
        f" {outcome.seconds:.0f} s: {outcome.operations} operations, {outcome.receipts} receipts,"
        f" {outcome.shown} shown, {outcome.unshown} on disk and not yet shown,"
        f" {outcome.pin_changes} changes of the PIN before a kill, {outcome.torn} logs torn and"
        f" {outcome.thrown_away} databases thrown away"
    )
    for fault in outcome.faults:
        print("FOUND", fault)
    print("nothing was lost" if not outcome.faults else f"{len(outcome.faults)} faults")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
