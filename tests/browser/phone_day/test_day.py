"""A whole day on the phone app in a real Chromium, against a real office in a process of its own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from sync.encoding import sha256_hex
from sync.journal import verify_chain
from sync.operations import GENESIS
from tests.browser.phone_day.at_rest import found_in_files, found_in_text, kept_by_page
from tests.browser.phone_day.conftest import Customer
from tests.browser.phone_day.day import ALL_KINDS, DRAWER, work_the_day
from tests.phone.hands import Hands
from tests.phone.handset import Handset
from tests.phone.headquarters import AGENT, BRANCH, CUSTOMERS, Headquarters

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


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
    office.command("jobs", "--run", "confirm-voids")
    office.settle()
    (drawer,) = (row for row in office.asked("drawers", BRANCH, office.day) if row["agent"] == AGENT)
    assert drawer["reported"]
    (equation,) = drawer["equations"]
    assert {name: equation[name] for name in DRAWER} == DRAWER
    hands.synchronise()
    hands.press("显示以前的记录")
    chips = hands.page.locator(".record .chip")
    expect(chips).to_have_count(len(lines))
    assert set(chips.all_inner_texts()) <= {"已入账", "暂存", "有争议"}
    found = office.asked("verify", "--shuffle", "5")
    assert found["sound"], found


def _the_customers_see_it(hands: Hands, customer: Customer) -> None:
    """Each receipt's code, and the badge's, say what the office knows now."""
    seen = {name: customer.scans(code) for name, code in hands.receipts.items()}
    assert {signed for _, signed in seen.values()} == {"Digital signature valid"}
    assert {name: verdict for name, (verdict, _) in seen.items()} == {
        "cash": "genuine",
        "mistake": "void_pending",
        "void": "void_pending",
        "wechat": "genuine",
        "transfer": "voided",
        "void with code": "voided",
        "card": "genuine",
        "cheque": "genuine",
        "walk-up": "genuine",
    }
    hands.more("工作证")
    hands.page.locator(".paper .qr").first.wait_for()
    assert customer.scans(hands.code_on_screen()) == ("genuine", "Both digital signatures valid")


def _nothing_lies_about(hands: Hands, office: Headquarters) -> None:
    """No word of a customer, and no amount, is readable on the phone, in its addresses or in the browser's history."""
    phone = hands.phone
    assert phone.complaints == []
    assert not [url for url in phone.asked if not url.removeprefix("blob:").startswith(office.url + "/")]
    secrets = [word for one in CUSTOMERS for word in (one.name, one.address, one.phone, one.phone[3:], one.visit_code)]
    secrets += ["1,379.31", "137931", "1379.31", "¥500.00", "888.88", "88888", "98765", "987.65"]
    secrets += [
        "中国银行盐城分行",
        "SLIP-20261129",
        "门口有人跟着",
        "愿意分期",
        "+8613900001234",
        "2026112900010001",
        "CHQ-0045",
    ]
    secrets = [word for word in secrets if word]
    kept = kept_by_page(phone.page)
    assert kept["rows"] > 100
    assert found_in_text(kept["text"], secrets) == []
    assert not [path for path in kept["cached"] if not path.startswith("/app/") or "/api/" in path]
    assert found_in_text("\n".join(phone.asked), secrets) == []
    phone.off()
    found = found_in_files(phone.profile, [*secrets, "DAY-1"])
    assert found.pop("DAY-1"), "the files were read: a visit's id is in them"
    assert found == {}


def _body(line: bytes) -> Any:
    return json.loads(line)["body"]
