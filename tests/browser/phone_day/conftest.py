"""What the tests of a phone's day share: the driver, the office, the phone, a customer with another phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.conftest import CHROMIUM_FLAGS, find_chromium
from tests.phone.handset import Handset
from tests.phone.headquarters import Headquarters


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
