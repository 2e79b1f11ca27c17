"""What stands at /app/ where no phone app was built."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def app_folders() -> tuple[Path, ...]:
    """Nowhere."""
    return ()


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_fits_and_speaks_both_languages(open_page: OpenPage, shots: Path, language: str, width: int) -> None:
    """It says what to do, without scrolling sideways, and leads to the other language."""
    page = open_page(width=width, language=language, expect="404")
    page.goto("/app")
    page.screenshot(path=shots / f"app-missing-{language}-{width}.png", full_page=True)
    assert page.inner_text("h1") == {"en": "The phone app is not here", "zh": "尚未安装手机应用"}[language]
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    page.click(".language")
    assert page.inner_text("h1") == {"zh": "The phone app is not here", "en": "尚未安装手机应用"}[language]
