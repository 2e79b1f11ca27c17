"""An agent works a day in the phone app as it is built, with thumbs alone, against the office: enrolment to day's end.

The office's clock and the browser's stand at nine in the morning of the tiny world's day. The browser is without the
network from the first door to the last.
"""

from __future__ import annotations

import re
import socket
import tempfile
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import msgspec
import pytest
import uvicorn
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from server.app import build_app, open_parts
from server.keys import make_keys
from server.ports import Writer
from server.services.devices import issue_code
from server.services.imports import IMPORT_KINDS, import_file
from server.services.office import Frame, Office, Person
from server.services.reconcile import Reconciler
from server.services.verify import verify
from server.services.visits import assign_visit
from server.settings import Settings
from tests.browser.conftest import CHROMIUM_FLAGS, find_chromium
from tests.phone.node import node, packages
from tests.scanner import qr_codes

pytest.importorskip("server.web.app_folder", reason="this office does not serve the app")

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
TINY = ROOT / "fixtures" / "worlds" / "tiny"
AGENT, DAY, NINE_MS = "AG-YC-1", "2026-03-02", 1_772_413_200_000
ADMIN = Person(user="wen", roles=("admin", "supervisor"))
PIN = "740261"


class Door:
    """The office with three visits of an agent's day."""

    def __init__(self, folder: Path, app: Path) -> None:
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        plain = Settings(data=folder, public_url=self.url, clock=f"start={DAY}T09:00:00+08:00;rate=0", jobs=False)
        settings = msgspec.structs.replace(plain, app_folders=(app,))
        settings.data.mkdir()
        make_keys(settings.keys, NINE_MS)
        self.parts = open_parts(settings)
        app_server = build_app(settings, self.parts)
        self.server = uvicorn.Server(uvicorn.Config(app_server, log_level="error", lifespan="on", ws="none"))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listener]}, daemon=True)
        self.thread.start()
        frame = Frame(public_url=self.url, office_phone="+86 515 0000 0000", creditor_name="示例银行")
        self.office = Office(store=self.parts.store, keys=self.parts.keys, clock=self.parts.clock, frame=frame)

    def prepare(self) -> None:
        """Import the world and assign its visits."""
        with httpx.Client(base_url=self.url, transport=httpx.HTTPTransport(retries=20), timeout=20) as client:
            client.get("/r").raise_for_status()
        letters = {path.stem: path.read_bytes() for path in (TINY / "notices").glob("*.txt")}
        for kind in IMPORT_KINDS:
            data = (TINY / f"{kind}.csv").read_bytes()
            import_file(self.office, ADMIN, kind, f"{kind}.csv", data, letters=letters)
        self.reconcile()
        for visit in ("V1", "V2", "V3"):
            self.parts.store.write_now(partial(self._assign, visit))

    def _assign(self, visit: str, writer: Writer) -> None:
        assign_visit(writer, self.office, ADMIN, visit, AGENT)

    def reconcile(self) -> None:
        """Fold everything that is pending."""
        reconciler = Reconciler(self.parts.store)
        while reconciler.run_pending(1000):
            pass

    def code(self) -> str:
        """A one-time code's QR text."""
        return self.parts.store.write_now(
            lambda writer: issue_code(writer, AGENT, b"0123456789abcdef", NINE_MS, self.url)
        ).qr

    def close(self) -> None:
        """Stop serving."""
        self.server.should_exit = True
        self.thread.join(20)
        self.listener.close()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app as its own build makes it."""
    packages()
    out = tmp_path_factory.mktemp("app") / "dist"
    done = node("build.mjs", "--out", str(out))
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture
def door(tmp_path: Path, built: Path) -> Iterator[Door]:
    """A running office."""
    door = Door(tmp_path / "office", built)
    door.prepare()
    yield door
    door.close()


@pytest.fixture
def phone(door: Door) -> Iterator[Page]:
    """The app on a phone with an empty profile, in English, at nine in the morning; its complaints fail the test."""
    complaints: list[str] = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=find_chromium(),
            args=list(CHROMIUM_FLAGS),
            viewport={"width": 390, "height": 844},
            device_scale_factor=2,
            locale="en-GB",
            timezone_id="Asia/Shanghai",
            geolocation={"latitude": 33.359, "longitude": 120.15, "accuracy": 12},
            permissions=["geolocation"],
            reduced_motion="reduce",
        )
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.clock.set_fixed_time(NINE_MS / 1000 + 30)
        yield page
        context.close()
    # A browser without the network says so for each try; everything else is a fault.
    assert [one for one in complaints if "ERR_INTERNET_DISCONNECTED" not in one] == []


def test_a_day_with_thumbs_alone(door: Door, phone: Page, shots: Path) -> None:
    """Enrol, pull, check in, check the code, take cash, show the receipt, take a promise, end the day, send it."""
    _enrol(phone, door)
    _grant(phone.context, phone, door.url)
    _go(phone, "Before you leave", within="More")
    expect(phone.get_by_text("Ready to go").first).to_be_visible()
    phone.screenshot(path=shots / "phone-departure.png")
    phone.get_by_role("button", name="Ready to go").click()
    expect(phone.get_by_text("0 of 3 stops done")).to_be_visible()
    phone.screenshot(path=shots / "phone-route.png")

    phone.context.set_offline(True)
    _first_door(phone, shots)
    _second_door(phone)
    phone.context.set_offline(False)

    _go(phone, "End the day", within="More")
    phone.get_by_role("button", name="End the day").click()
    expect(phone.get_by_text("The office has all records")).to_be_visible()
    phone.screenshot(path=shots / "phone-day-ended.png")
    door.reconcile()
    with door.parts.store.read() as reader:
        found = verify(reader, shuffle=7)
    assert found.sound, found.faults


def _enrol(phone: Page, door: Door) -> None:
    phone.goto(f"{door.url}/app/")
    phone.get_by_label("Enrolment code").fill(door.code())
    phone.get_by_role("button", name="Next").click()
    for name in ("Next", "Enrol"):
        _type_pin(phone)
        phone.get_by_role("button", name=name).click()
    expect(phone.get_by_role("heading", name="Before you leave")).to_be_visible()
    phone.get_by_role("button", name="Sync now").click()
    expect(phone.get_by_text("Everything is up to date")).to_be_visible()
    phone.get_by_role("button", name="Back").click()


def _type_pin(phone: Page) -> None:
    for digit in PIN:
        phone.get_by_role("button", name=f"Digit {digit}").click()


def _grant(context: BrowserContext, phone: Page, url: str) -> None:
    """What the browser decides by itself once an app is installed: it keeps this address's storage."""
    session = context.new_cdp_session(phone)
    session.send("Browser.grantPermissions", {"permissions": ["durableStorage", "geolocation"], "origin": url})


def _go(phone: Page, name: str, *, within: str) -> None:
    """Through the menu below."""
    phone.get_by_role("navigation").get_by_role("link", name=within).click()
    phone.get_by_role("link", name=name).click()


def _first_door(phone: Page, shots: Path) -> None:
    phone.get_by_role("button", name="Go to stop 1").click()
    phone.get_by_role("button", name="Check in").click()
    expect(phone.get_by_text("Position taken")).to_be_visible()
    phone.screenshot(path=shots / "phone-stop.png")
    phone.get_by_role("button", name="Check identity").click()
    phone.get_by_label("The customer's code").fill("100009")
    phone.get_by_role("button", name="Record the check").click()
    expect(phone.get_by_role("alert").filter(has_text="not this visit's code")).to_be_visible()
    phone.get_by_label("The customer's code").fill("100001")
    phone.get_by_role("button", name="Record the check").click()
    phone.get_by_role("button", name="Take a payment").click()
    phone.go_back()
    expect(phone.get_by_role("heading", name="Stop 1")).to_be_visible()
    phone.get_by_role("button", name="Take a payment").click()
    phone.get_by_role("button", name=re.compile("Booked")).click()
    phone.get_by_role("button", name="Choose the method").click()
    phone.get_by_role("button", name="Exact").click()
    phone.get_by_role("button", name="Review").click()
    phone.get_by_role("button", name="Took ¥200.00: give receipt").click()
    # This customer reads Chinese, whatever the agent does.
    expect(phone.get_by_text("人民币贰佰元整")).to_be_visible()
    phone.get_by_role("button", name="English").click()
    expect(phone.get_by_text("Two hundred yuan")).to_be_visible()
    picture = shots / "phone-receipt.png"
    phone.screenshot(path=picture)
    (read,) = qr_codes(Image.open(picture))
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/r#\d{292}", read.text)
    phone.get_by_role("button", name="Customer has seen it").click()
    phone.get_by_role("button", name="Conclude this stop").click()
    phone.get_by_role("radio", name="paid", exact=True).check()
    phone.get_by_role("button", name="Conclude this stop").click()
    expect(phone.get_by_role("heading", name="This stop is concluded")).to_be_visible()
    phone.screenshot(path=shots / "phone-concluded.png")


def _second_door(phone: Page) -> None:
    phone.get_by_role("button", name=re.compile("Next stop")).click()
    phone.get_by_role("button", name="Check in").click()
    phone.get_by_role("link", name="Promise to pay").click()
    phone.get_by_role("button", name=re.compile("Overdue")).click()
    phone.get_by_role("button", name="By which day").click()
    phone.get_by_role("button", name=re.compile("In a week")).click()
    phone.get_by_role("button", name=re.compile("by Mon 9 Mar")).click()
    phone.get_by_role("link", name="Conclude this stop").click()
    phone.get_by_role("radio", name="promised", exact=True).check()
    phone.get_by_role("button", name="Conclude this stop").click()
    expect(phone.get_by_role("heading", name="This stop is concluded")).to_be_visible()
    phone.get_by_role("button", name="Back to the route").click()
