"""The badge page in a browser: both signatures checked there, the office asked, every state in words."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, Route

from server.services.device_locks import lock_device, unlock_device
from sync.badge import badge_digits, show_badge, sign_certificate
from tests.browser.conftest import OpenPage
from tests.core.writing import fixed_key
from tests.web.branch import ADMIN, NINE_MS, TestBranch

pytestmark = pytest.mark.browser

_NO_WEBCRYPTO = "Object.defineProperty(window, 'isSecureContext', {value: false});"
_OLD_MS = NINE_MS - 6 * 60_000


def state(page: Page, expected: str) -> None:
    """Wait for a verdict; what the page shows then is final."""
    page.wait_for_selector(f"#verdict[data-state={expected}]")


def give_picture(live: TestBranch) -> None:
    """A drawn face for the first agent."""
    image = Image.new("RGB", (320, 320), "#c9d6e3")
    draw = ImageDraw.Draw(image)
    draw.ellipse((60, 220, 260, 420), fill="#2b4a6b")
    draw.ellipse((95, 70, 225, 230), fill="#e8c9a8")
    draw.ellipse((90, 50, 230, 140), fill="#20242b")
    for x in (130, 180):
        draw.ellipse((x - 6, 145, x + 6, 157), fill="#20242b")
    draw.arc((130, 160, 190, 205), 20, 160, fill="#8a3b3b", width=5)
    data = io.BytesIO()
    image.save(data, "JPEG", quality=85)
    headers = {"authorization": f"Bearer {live.parts.token}", "doorstep-actor": "qian/supervisor"}
    answer = live.client.put("/api/v1/office/agents/AG-YC-1/photo", content=data.getvalue(), headers=headers)
    assert answer.status_code == 200, answer.text


def test_a_genuine_badge(open_page: OpenPage, live: TestBranch) -> None:
    """Both keys are fetched, both signatures hold, the office says who it is; the digits leave as no address."""
    give_picture(live)
    page = open_page(width=390)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    digits = live.badge(live.first)
    page.goto(f"/agent#{digits}&from=scanner")
    state(page, "genuine")
    assert page.inner_text("#title") == "Genuine"
    assert page.inner_text("#name") == "周甲"
    assert page.inner_text("#number") == "AG-YC-1"
    assert page.inner_text("#creditor") == "示例银行"
    assert page.inner_text("#visits") == "Yes, with visits from us"
    assert page.inner_text("#age") == "just now"
    assert page.inner_text("#signed") == "Both digital signatures valid"
    page.wait_for_function("document.getElementById('photo').naturalWidth === 320")
    body = live.certificate(live.first).body
    for key in (body.office_key, body.device):
        assert any(url.endswith(f"/api/v1/keys/{key}") for url in asked)
    assert not any(digits in url.partition("#")[0] for url in asked)


def test_an_agent_without_a_picture(open_page: OpenPage, live: TestBranch) -> None:
    """The page says that there is none."""
    page = open_page()
    page.goto(f"/agent#{live.badge(live.second, NINE_MS - 120_000)}")
    state(page, "genuine")
    assert page.is_visible("#no-photo")
    assert not page.is_visible("#photo")
    assert "no picture" in page.inner_text("#sentence")
    assert not page.is_visible("#call")
    assert page.inner_text("#age") == "2 min ago"


def test_a_kept_picture_of_a_badge(open_page: OpenPage, live: TestBranch) -> None:
    """Six minutes old: the signatures hold, and nobody is named."""
    page = open_page()
    page.goto(f"/agent#{live.badge(live.first, _OLD_MS)}")
    state(page, "stale")
    assert not page.is_visible("#person")
    assert not page.is_visible("#facts")
    assert page.get_attribute("#call", "href") == "tel:+86 515 0000 0000"
    assert page.is_visible("#call")


def test_a_fresh_scan_after_a_stale_one_and_back(open_page: OpenPage, live: TestBranch) -> None:
    """Another code in the same page is checked anew, and no face stays beside another verdict."""
    give_picture(live)
    page = open_page()
    page.goto(f"/agent#{live.badge(live.first)}")
    state(page, "genuine")
    page.evaluate("digits => { location.hash = digits; }", live.badge(live.first, _OLD_MS))
    state(page, "stale")
    assert page.get_attribute("#photo", "src") is None
    assert page.inner_text("#name") == ""


@pytest.mark.parametrize("forger", ["office", "phone"])
def test_a_forged_badge(open_page: OpenPage, live: TestBranch, forger: str) -> None:
    """Either signature wrong: the browser itself says so, and the office is not even asked."""
    certificate = live.certificate(live.first)
    badge = (
        show_badge(live.first.private, sign_certificate(fixed_key(7), certificate.body), NINE_MS)
        if forger == "office"
        else show_badge(fixed_key(7), certificate, NINE_MS)
    )
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/agent#{badge_digits(badge)}")
    state(page, "not_genuine")
    assert page.inner_text("#signed") == "Digital signature not valid"
    assert not any(url.endswith("/badges/check") for url in asked)


def test_a_locked_phone(open_page: OpenPage, live: TestBranch) -> None:
    """The signatures hold; the office says to call."""
    digits, device = live.badge(live.second), live.second.device
    live.parts.store.write_now(lambda writer: lock_device(writer, ADMIN, device, "lost", NINE_MS, wipe=False))
    page = open_page()
    page.goto(f"/agent#{digits}")
    state(page, "key_reported_lost")
    assert page.inner_text("#signed") == "Both digital signatures valid"
    keys = live.parts.keys
    live.parts.store.write_now(lambda writer: unlock_device(writer, keys, ADMIN, device, "found"))


@pytest.mark.parametrize("digits", ["12345", "9" * 406, "hello", "0" * 406])
def test_a_malformed_code(open_page: OpenPage, live: TestBranch, digits: str) -> None:
    """Too few, impossible, or no digits."""
    page = open_page()
    page.goto(f"/agent#{digits}")
    state(page, "malformed")


def test_the_visit_code_is_compared(open_page: OpenPage, live: TestBranch) -> None:
    """Right and wrong ones are answered in words."""
    page = open_page(language="zh", width=390)
    page.goto(f"/agent#{live.badge(live.first)}")
    state(page, "genuine")
    for typed, check in (("100001", "matches"), ("999999", "not_expected")):
        page.fill("#code", typed)
        page.click("#check-form button")
        page.wait_for_selector(f"#matched[data-check={check}]")
    assert page.inner_text("#matched") == "该上门码不在此人今日行程中。请核对，或致电我们。"


def test_without_webcrypto_the_office_checks(open_page: OpenPage, live: TestBranch) -> None:
    """On http or an old phone no key is even fetched."""
    forged = badge_digits(show_badge(fixed_key(7), live.certificate(live.first), NINE_MS))
    for digits, expected in ((live.badge(live.first), "genuine"), (forged, "not_genuine")):
        page = open_page()
        page.add_init_script(_NO_WEBCRYPTO)
        page.route("**/api/v1/keys/**", lambda route: route.abort())
        page.goto(f"/agent#{digits}")
        state(page, expected)


def test_an_unreachable_office_confirms_nobody(open_page: OpenPage, live: TestBranch) -> None:
    """The keys are at hand, the question is not answered: no name, and asking again works."""
    page = open_page(expect="ERR_FAILED")
    page.route("**/api/v1/badges/check", lambda route: route.abort())
    page.goto(f"/agent#{live.badge(live.first)}")
    state(page, "unasked")
    assert not page.is_visible("#person")
    page.unroute("**/api/v1/badges/check")
    page.click("#retry")
    state(page, "genuine")


def test_a_server_in_trouble_is_not_a_verdict(open_page: OpenPage, live: TestBranch) -> None:
    """503 from everything: nothing was checked, and the page says only that."""

    def refuse(route: Route) -> None:
        route.fulfill(status=503, content_type="application/problem+json", body='{"code": "STORE-LOCKED"}')

    page = open_page(expect="503")
    page.route("**/api/v1/**", refuse)
    page.goto(f"/agent#{live.badge(live.first)}")
    state(page, "unreachable")


def test_offline(open_page: OpenPage, live: TestBranch) -> None:
    """No network at all: the page says so."""
    page = open_page(expect="ERR_INTERNET_DISCONNECTED")
    page.goto("/agent")
    page.context.set_offline(offline=True)
    page.evaluate("digits => { location.hash = digits; }", live.badge(live.first))
    state(page, "offline")


def test_switching_the_language_keeps_the_badge(open_page: OpenPage, live: TestBranch) -> None:
    """The digits stay behind the # of the other language's page."""
    page = open_page()
    page.goto(f"/agent#{live.badge(live.first)}")
    state(page, "genuine")
    page.click("#language")
    page.wait_for_url("**/agent?lang=zh#*")
    state(page, "genuine")
    assert page.inner_text("#title") == "身份真实"


def test_the_page_says_what_it_is_for(open_page: OpenPage, live: TestBranch) -> None:
    """Opened without a code, and without scripts, it tells what to do."""
    page = open_page()
    page.goto("/agent")
    assert page.is_visible("#how")
    assert not page.is_visible("#verdict")
    plain = open_page(scripts=False)
    plain.goto(f"/agent#{live.badge(live.first)}")
    assert "no scripts" in plain.inner_text("noscript")
