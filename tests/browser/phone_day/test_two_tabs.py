"""The app in two tabs of one phone, on its own screens: one writer, one journal, and each shows what the other did."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from sync.journal import verify_chain
from sync.operations import GENESIS
from tests.phone.hands import Hands
from tests.phone.handset import Handset
from tests.phone.headquarters import CUSTOMERS, Headquarters

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_two_tabs_write_one_journal(office: Headquarters, phone: Handset) -> None:
    """They take turns and then press at the same moment; the chain is whole, and both export the same."""
    one = Hands(phone, phone.on())
    phone.open()
    phone.keep_shell()
    one.enrol(office.enrol_text())
    one.depart()
    phone.flight_mode(True)
    second = phone.context.new_page()
    second.goto(office.url + "/app/")
    two = Hands(phone, second)
    two.unlock()
    first, other = CUSTOMERS[:2]
    one.arrive(first)
    two.route()
    expect(two.page.locator("ol .stop-row").filter(has_text=first.name)).to_contain_text("进行中")
    two.arrive(other)
    for hands, text in ((one, "in the first tab"), (two, "in the second tab")):
        hands.open_step("note")
        hands.type("写下要记住的事", text)
    # Both buttons in the same breath: neither waits for the other's answer.
    for hands in (one, two):
        hands.page.evaluate("setTimeout(() => document.querySelector('footer .action').click(), 200)")
    for hands in (one, two):
        hands.page.get_by_text("在这里要做").wait_for()
    one.collect("cash", "现金", amount="12.34")
    one.seen()
    journals = [hands.export() for hands in (one, two)]
    assert journals[0] == journals[1]
    lines = journals[0].splitlines()
    verify_chain(lines, prev=GENESIS)
    assert sum(b'"NoteTaken"' in line for line in lines) == 2
    assert len(lines) == 5
    assert phone.complaints == []
