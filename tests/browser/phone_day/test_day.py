"""A whole day on the phone app in a real Chromium, against a real office in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from sync.encoding import sha256_hex
from sync.journal import verify_chain
from sync.operations import GENESIS
from tests.browser.conftest import CHROMIUM_FLAGS, find_chromium
from tests.browser.phone_day.at_rest import found_in_files, kept_by_page
from tests.browser.phone_day.day import ALL_KINDS, HANDED_OVER_MINOR, work_the_day
from tests.phone.hands import Hands
from tests.phone.handset import Handset
from tests.phone.headquarters import AGENT, BRANCH, CUSTOMERS, OFFICE_PHONE, Headquarters

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver; browsers are started by what needs them."""
    find_chromium()
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Headquarters]:
    """A fresh branch with today's route."""
    with Headquarters(tmp_path_factory.mktemp("branch")) as office:
        yield office


@pytest.fixture(scope="module")
def phone(
    playwright: Playwright, office: Headquarters, shots: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Handset]:
    """A phone that was never used."""
    phone = Handset(playwright, tmp_path_factory.mktemp("phone"), office.url)
    yield phone
    phone.leave_picture(shots / "phone-at-the-end.png")
    phone.off()


class Customer:
    """A customer's own phone: another browser, which opens what a camera read."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def scans(self, text: str) -> tuple[str, str]:
        """The verdict of the page that a code leads to, and what it says of the signature."""
        context = self._browser.new_context(locale="en-GB", viewport={"width": 390, "height": 844})
        page = context.new_page()
        page.goto(text)
        page.wait_for_selector("#verdict[data-state]:not([data-state=''])")
        page.wait_for_selector("#verdict:not([data-state=checking]):not([data-state=asking])")
        said = (str(page.get_attribute("#verdict", "data-state")), page.inner_text("#signed"))
        context.close()
        return said


@pytest.fixture(scope="module")
def customer(playwright: Playwright) -> Iterator[Customer]:
    """Somebody at a door."""
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(CHROMIUM_FLAGS))
    yield Customer(browser)
    browser.close()


def test_a_day_without_a_network_is_the_same_at_the_office(
    office: Headquarters, phone: Handset, customer: Customer
) -> None:
    """Everything that screens offer, through a reload, a kill and a weak network: the office ends with exactly that."""
    hands = Hands(phone)
    phone.on()
    phone.open()
    phone.keep_shell()
    hands.enrol(office.enrol_text())
    hands.depart()
    work_the_day(hands, office)
    assert set(hands.kinds) == ALL_KINDS
    for code in hands.receipts.values():
        assert customer.scans(code) == ("not_yet_reported", "Digital signature valid")
    print(hands.unheard, "taps not heard")
    _weak_network(hands)
    _the_office_has_it(hands, office)
    _the_customers_see_it(hands, customer)
    _nothing_lies_about(hands, office)


def _weak_network(hands: Hands) -> None:
    """The network comes and goes while the app sends, and stays in the end."""
    for wait_ms in (300, 40, 700, 15, 120):
        hands.phone.flight_mode(False)
        hands.page.wait_for_timeout(wait_ms)
        hands.phone.flight_mode(True)
        hands.page.wait_for_timeout(100)
    hands.phone.flight_mode(False)
    hands.synchronise()


def _the_office_has_it(hands: Hands, office: Headquarters) -> None:
    journal = hands.export()
    lines = journal.splitlines()
    verify_chain(lines, prev=GENESIS)
    assert [_body(line)["kind"] for line in lines] == hands.kinds
    (device,) = (row["device"] for row in office.asked("devices") if row["agent"] == AGENT)
    assert [sha256_hex(line) for line in office.journal(device).splitlines()] == [sha256_hex(line) for line in lines]
    assert office.journal(device) == journal
    office.settle()
    (drawer,) = (row for row in office.asked("drawers", BRANCH, office.day) if row["agent"] == AGENT)
    (equation,) = drawer["equations"]
    print(drawer)
    assert equation["handed_over"] == HANDED_OVER_MINOR
    hands.synchronise()
    found = office.asked("verify", "--shuffle", "5")
    assert found["sound"], found


def _the_customers_see_it(hands: Hands, customer: Customer) -> None:
    for name, code in hands.receipts.items():
        print(name, customer.scans(code))
    assert customer.scans(hands.receipts["cash"]) == ("genuine", "Digital signature valid")


def _nothing_lies_about(hands: Hands, office: Headquarters) -> None:
    """No word of a customer, and no amount, is readable on the phone, in its addresses or in the browser's history."""
    phone = hands.phone
    assert phone.complaints == []
    assert not [url for url in phone.asked if not url.removeprefix("blob:").startswith(office.url + "/")]
    secrets = [word for one in CUSTOMERS for word in (one.name, one.address, one.phone, one.phone[3:], one.visit_code)]
    secrets += ["1,379.31", "137931", "1379.31", "¥500.00", "888.88", "88888", "98765", "987.65"]
    secrets += ["中国银行盐城分行", "SLIP-20261129", "门口有人跟着", "愿意分期", "+8613900001234", "2026112900010001", "CHQ-0045"]
    secrets = [word for word in secrets if word]
    kept = kept_by_page(phone.page)
    assert kept["rows"] > 100
    assert not [word for word in secrets if word in kept["text"]]
    assert not [path for path in kept["cached"] if not path.startswith("/app/") or "/api/" in path]
    assert not [url for url in phone.asked for word in secrets if word in url]
    phone.off()
    found = found_in_files(phone.profile, [*secrets, "DAY-1"])
    assert found.pop("DAY-1"), "the files were read: a visit's id is in them"
    assert found == {}


def _body(line: bytes) -> Any:
    return json.loads(line)["body"]
