"""The receipt page as a customer's phone runs it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route

from sync.receipt import short_number, sign_receipt, to_digits
from tests.browser.conftest import OpenPage
from tests.core.writing import fixed_key
from tests.web.branch import TestBranch

pytestmark = pytest.mark.browser

_NO_WEBCRYPTO = "Object.defineProperty(window, 'isSecureContext', {value: false});"


def state(page: Page, expected: str) -> None:
    """Wait for a verdict; what the page shows then is final."""
    page.wait_for_selector(f"#verdict[data-state={expected}]")


def test_a_genuine_receipt(open_page: OpenPage, live: TestBranch) -> None:
    """Verified here, confirmed by the office: verdict, amount, place; and the digits never leave as an address."""
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/r#{live.digits('cash')}&from=scanner")
    state(page, "genuine")
    assert page.inner_text("#title") == "Genuine"
    assert page.inner_text("[data-slot=amount]") == "¥200.00"
    assert page.inner_text("#place") == "With the agent"
    assert page.inner_text("#signed") == "Digital signature valid"
    assert page.get_attribute("#live", "aria-live") == "polite"
    key = live.receipts["cash"].body.key_id
    assert any(url.endswith(f"/api/v1/keys/{key}") for url in asked)
    assert not any(live.digits("cash") in url.partition("#")[0] for url in asked)


def test_the_last_four_digits_are_compared(open_page: OpenPage, live: TestBranch) -> None:
    """Right and wrong ones are answered in words."""
    page = open_page(language="zh")
    page.goto(f"/r#{live.digits('cash')}")
    state(page, "genuine")
    for typed, words in (("0001", "相符。"), ("9999", "不相符。如您确认无误，请致电我们。")):
        page.fill("#check", typed)
        page.click("#check-form button")
        page.wait_for_function("words => document.getElementById('matched').textContent === words", arg=words)


def test_a_forged_receipt(open_page: OpenPage, live: TestBranch) -> None:
    """Signed by another key: the browser itself says so, and the office is not even asked."""
    forged = sign_receipt(fixed_key(7), live.receipts["cash"].body)
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/r#{to_digits(forged.data)}")
    state(page, "not_genuine")
    assert page.inner_text("#signed") == "Digital signature not valid"
    assert not page.is_visible("[data-slot=amount]")
    assert not any(url.endswith("/receipts/check") for url in asked)


def test_a_receipt_that_is_not_yet_reported(open_page: OpenPage, live: TestBranch) -> None:
    """The signature stands, the office has nothing yet: calm words, no place."""
    page = open_page()
    page.goto(f"/r#{live.digits('unreported')}")
    state(page, "not_yet_reported")
    assert not page.is_visible("#where")


@pytest.mark.parametrize("name", ["voided", "void"])
def test_a_void(open_page: OpenPage, live: TestBranch, name: str) -> None:
    """The voided receipt and the void's own slip both say that it waits."""
    page = open_page()
    page.goto(f"/r#{live.digits(name)}")
    state(page, "void_pending")
    assert page.is_visible("#void-note") == (name == "void")


@pytest.mark.parametrize("digits", ["12345", "9" * 292, "hello"])
def test_a_malformed_code(open_page: OpenPage, live: TestBranch, digits: str) -> None:
    """Too few, impossible, or no digits: the page says what to do instead."""
    page = open_page()
    page.goto(f"/r#{digits}")
    state(page, "malformed")
    assert page.is_visible("#short-form")


def test_another_code_in_the_same_page(open_page: OpenPage, live: TestBranch) -> None:
    """A second scan into the open page is checked anew."""
    page = open_page()
    page.goto(f"/r#{live.digits('cash')}")
    state(page, "genuine")
    page.evaluate("digits => { location.hash = digits; }", live.digits("unreported"))
    state(page, "not_yet_reported")


def test_without_webcrypto_the_office_checks(open_page: OpenPage, live: TestBranch) -> None:
    """On http or an old phone no key is even fetched; forged and genuine get the same words as ever."""
    forged = sign_receipt(fixed_key(7), live.receipts["cash"].body)
    for digits, expected in ((live.digits("cash"), "genuine"), (to_digits(forged.data), "not_genuine")):
        page = open_page()
        page.add_init_script(_NO_WEBCRYPTO)
        page.route("**/api/v1/keys/**", lambda route: route.abort())
        page.goto(f"/r#{digits}")
        state(page, expected)


def test_an_unreachable_office_leaves_the_signature(open_page: OpenPage, live: TestBranch) -> None:
    """The key is at hand, the question is not answered: "signature valid, could not ask", and asking again works."""
    page = open_page(expect="ERR_FAILED")
    page.route("**/api/v1/receipts/check", lambda route: route.abort())
    page.goto(f"/r#{live.digits('cash')}")
    state(page, "unasked")
    assert page.inner_text("[data-slot=amount]") == "¥200.00"
    assert page.inner_text("#method") == "Cash"
    page.unroute("**/api/v1/receipts/check")
    page.click("#retry")
    state(page, "genuine")


def test_a_server_in_trouble_is_not_a_verdict(open_page: OpenPage, live: TestBranch) -> None:
    """503 from both: nothing was checked, and the page says only that."""

    def refuse(route: Route) -> None:
        route.fulfill(status=503, content_type="application/problem+json", body='{"code": "STORE-LOCKED"}')

    page = open_page(expect="503")
    page.route("**/api/v1/**", refuse)
    page.goto(f"/r#{live.digits('cash')}")
    state(page, "unreachable")


def test_offline(open_page: OpenPage, live: TestBranch) -> None:
    """No network at all: the page says so."""
    page = open_page(expect="ERR_INTERNET_DISCONNECTED")
    page.goto("/r")
    page.context.set_offline(offline=True)
    page.evaluate("digits => { location.hash = digits; }", live.digits("cash"))
    state(page, "offline")


def test_the_short_number_by_keyboard(open_page: OpenPage, live: TestBranch) -> None:
    """Typed and entered without a mouse; the verdict gets the focus."""
    page = open_page(width=390)
    page.goto("/r")
    page.focus("#typed")
    page.keyboard.type(short_number(live.receipts["cash"]).lower())
    page.keyboard.press("Enter")
    state(page, "genuine")
    assert page.evaluate("document.activeElement.id") == "title"


def test_the_short_number_without_scripts(open_page: OpenPage, live: TestBranch) -> None:
    """The form works as a form."""
    page = open_page(scripts=False)
    page.goto("/r")
    page.fill("#typed", short_number(live.receipts["cash"]))
    page.click("#short-form button")
    assert page.inner_text("#title") == "Genuine"


def test_switching_the_language_keeps_the_receipt(open_page: OpenPage, live: TestBranch) -> None:
    """The digits stay behind the # of the other language's page."""
    page = open_page()
    page.goto(f"/r#{live.digits('cash')}")
    state(page, "genuine")
    page.click("#language")
    page.wait_for_url("**/r?lang=zh#*")
    state(page, "genuine")
    assert page.inner_text("#title") == "收据真实有效"
