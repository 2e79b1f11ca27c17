"""Pictures of every page in both languages, wide and narrow: for people to look at, and nothing may stick out."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from sync.badge import badge_digits, show_badge
from tests.browser.conftest import OpenPage, sign_in
from tests.browser.test_badge_page import give_picture
from tests.core.writing import fixed_key
from tests.web.branch import BRANCH, DAY, NINE_MS, TestBranch

pytestmark = pytest.mark.browser

LANGUAGES = ("en", "zh")
WIDTHS = (390, 1440)
DAY_PATH = f"/console/day/{BRANCH}/{DAY}"


def _shoot(page: Page, shots: Path, name: str) -> None:
    page.screenshot(path=shots / f"{name}.png", full_page=True)
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{name} sticks out by {overflow} px"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_receipt_pages_fit(open_page: OpenPage, live: TestBranch, shots: Path, language: str, width: int) -> None:
    """The receipt page in its states fits the width without scrolling sideways."""
    for name, state in (("cash", "genuine"), ("unreported", "not_yet_reported"), ("voided", "void_pending")):
        page = open_page(width=width, language=language)
        page.goto(f"/r#{live.digits(name)}")
        page.wait_for_selector(f"#verdict[data-state={state}]")
        _shoot(page, shots, f"r-{state}-{language}-{width}")
    page = open_page(width=width, language=language, dark=True)
    page.goto("/r")
    _shoot(page, shots, f"r-empty-dark-{language}-{width}")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_badge_pages_fit(open_page: OpenPage, live: TestBranch, shots: Path, language: str, width: int) -> None:
    """The badge page in its states fits the width without scrolling sideways."""
    give_picture(live)
    forged = badge_digits(show_badge(fixed_key(7), live.certificate(live.first), NINE_MS))
    for name, digits, state in (
        ("face", live.badge(live.first), "genuine"),
        ("no-face", live.badge(live.second, NINE_MS - 180_000), "genuine"),
        ("stale", live.badge(live.first, NINE_MS - 400_000), "stale"),
        ("forged", forged, "not_genuine"),
    ):
        page = open_page(width=width, language=language, dark=name == "no-face")
        page.goto(f"/agent#{digits}")
        page.wait_for_selector(f"#verdict[data-state={state}]")
        _shoot(page, shots, f"agent-{name}-{language}-{width}")
    page = open_page(width=width, language=language)
    page.goto("/agent")
    _shoot(page, shots, f"agent-empty-{language}-{width}")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_console_pages_fit(open_page: OpenPage, shots: Path, language: str, width: int) -> None:
    """Every console page fits the width without scrolling sideways."""
    page = open_page(width=width, language=language)
    page.goto("/login")
    _shoot(page, shots, f"login-{language}-{width}")
    sign_in(page, "qian")
    for name, path in (
        ("days", "/console"),
        ("rules", "/console/rules"),
        ("phones", "/console/phones"),
        ("day", DAY_PATH),
        ("discrepancy", f"{DAY_PATH}/discrepancy?id=PAY-OVER%7Caccount:AC00004"),
    ):
        page.goto(path)
        _shoot(page, shots, f"{name}-{language}-{width}")
    page = open_page(width=width, language=language, dark=True)
    sign_in(page, "bai")
    page.goto(DAY_PATH)
    _shoot(page, shots, f"day-cashier-dark-{language}-{width}")
