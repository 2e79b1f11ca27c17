"""The console as people use it: signing in, filtering, deciding, counting."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import OpenPage, sign_in
from tests.web.branch import BRANCH, DAY, TestBranch

pytestmark = pytest.mark.browser

DAY_PATH = f"/console/day/{BRANCH}/{DAY}"


def test_signing_in_and_out(open_page: OpenPage) -> None:
    """A wrong password is told; the right one opens the days; signing out closes them."""
    page = open_page(expect="401")
    page.goto(DAY_PATH)
    page.fill("input[name=name]", "qian")
    page.fill("input[name=password]", "not the password")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    assert "Name or password is wrong." in page.inner_text("[role=alert]")
    page.fill("input[name=password]", "correct horse battery")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{DAY_PATH}")
    page.click("text=Sign out")
    page.wait_for_url("**/login?out")
    page.goto("/console")
    page.wait_for_url("**/login?next=/console")


def test_filters_and_keys(open_page: OpenPage) -> None:
    """Filters hide what does not concern, arrows walk through what is shown."""
    page = open_page()
    sign_in(page, "song")
    page.goto(DAY_PATH)
    assert page.locator("tr.stop:visible").count() == 5
    page.click("[data-show=undone]")
    assert page.locator("tr.stop:visible").all_inner_texts()[0].startswith("2")
    assert page.locator("tr.stop:visible").count() == 1
    page.click("[data-show=all]")
    page.locator("tr.stop").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.querySelector('.position').textContent") == "3"


def test_deciding(open_page: OpenPage, live: TestBranch, shots: Path) -> None:
    """Open the form, choose, say why: the decision is journaled and the card moves to what is decided."""
    page = open_page()
    sign_in(page, "qian")
    page.goto(DAY_PATH)
    waiting = page.locator("#decisions .finding").count()
    card = page.locator(".finding", has_text="PAY-UNIDENTIFIED")
    card.locator("summary").click()
    page.screenshot(path=shots / "deciding-en-1440.png")
    card.locator("text=Excuse").click()
    card.locator("textarea").fill("known for years")
    card.locator("button").click()
    page.wait_for_url("**?done=decided")
    assert "The decision is journaled." in page.inner_text("[role=status]")
    live.reconcile()
    page.goto(DAY_PATH)
    assert page.locator("#decisions .finding").count() == waiting - 1
    page.locator("#agent-AG-YC-1 .rest summary").click()
    assert "Decided by qian" in page.locator("#agent-AG-YC-1 .rest").inner_text()


def test_deciding_on_a_narrow_screen(open_page: OpenPage, shots: Path) -> None:
    """At 390 pixels the open form fits."""
    page = open_page(width=390, language="zh")
    sign_in(page, "qian")
    page.goto(DAY_PATH)
    page.locator(".finding summary").first.click()
    page.screenshot(path=shots / "deciding-zh-390.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_counting_blind(open_page: OpenPage, live: TestBranch, shots: Path) -> None:
    """The cashier types pieces, sees their own sum and nothing declared; afterwards the equation stands there."""
    page = open_page()
    sign_in(page, "bai")
    page.goto(DAY_PATH)
    agent = page.locator("#agent-AG-YC-1")
    assert agent.locator(".equation").count() == 0
    agent.locator("input[name=face_10000]").fill("1")
    agent.locator("input[name=face_5000]").fill("2")
    assert agent.locator("[data-total]").inner_text() == "¥200.00"
    agent.locator("form[data-count] button").click()
    page.wait_for_url("**?done=counted#agent-AG-YC-1")
    live.reconcile()
    page.goto(DAY_PATH)
    assert "Agrees to the cent" in agent.locator(".equation").inner_text()
    agent.screenshot(path=shots / "counted-en-1440.png")


def test_the_page_prints(open_page: OpenPage, shots: Path) -> None:
    """On paper there are no buttons and forms."""
    page = open_page()
    sign_in(page, "qian")
    page.goto(DAY_PATH)
    page.emulate_media(media="print")
    page.screenshot(path=shots / "print-en-1440.png", full_page=True)
    assert page.locator("form:visible, .filters:visible, .bar:visible").count() == 0


def test_everything_works_without_scripts(open_page: OpenPage) -> None:
    """Filters are links, forms are forms."""
    page = open_page(scripts=False)
    sign_in(page, "song")
    page.goto(f"{DAY_PATH}?show=undone")
    assert page.locator("tr.stop:visible").count() == 1
    page.locator(".finding summary").first.click()
    assert page.locator(".finding form:visible").count() == 1


def test_locking_and_unlocking_a_phone(open_page: OpenPage, live: TestBranch, shots: Path) -> None:
    """Open the form, say why: the card says that the phone is locked, and the other form lifts it."""
    page = open_page(width=390, language="zh")
    sign_in(page, "qian")
    page.goto("/console/phones")
    card = page.locator(f"#phone-{live.second.device}")
    card.locator("summary", has_text="锁定").click()
    card.locator("details[open] input[name=reason]").fill("遗落在出租车上")
    card.locator("input[name=wipe]").check()
    page.screenshot(path=shots / "locking-zh-390.png", full_page=True)
    card.locator("details[open] button").click()
    page.wait_for_url("**/console/phones?done=locked")
    assert "已锁定，上传后清除" in card.inner_text()
    card.locator("summary", has_text="解锁").click()
    card.locator("details[open] input[name=reason]").fill("已找回")
    card.locator("details[open] button").click()
    page.wait_for_url("**/console/phones?done=unlocked")
    assert "正常" in card.inner_text()
    card.locator("summary", has_text="永久停用").click()
    card.locator("details[open] input[name=reason]").fill("确定丢失")
    page.screenshot(path=shots / "revoking-zh-390.png", full_page=True)
    card.locator("details[open] button").click()
    assert card.locator("input[name=sure]:invalid").count() == 1
    assert "正常" in card.inner_text()
