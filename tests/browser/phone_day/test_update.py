"""A newer version of the app arrives in the middle of a day: it waits, says so, and comes when the day is over."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright

from server.ports import Writer
from server.services.devices import issue_code
from server.web.app_folder import APP_FOLDERS
from tests.phone.hands import Hands
from tests.phone.handset import Handset
from tests.web.branch import NINE_MS, TestBranch

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

_HEAD, _MARK = "<title>", '<meta name="newer" content="yes"><title>'
_IS_NEWER = "document.querySelector('meta[name=newer]') !== null"
_ARRIVES = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration.update();
  for (let look = 0; registration.waiting === null; look += 1) {
    if (look > 200) throw new Error('no newer version came');
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}"""


@pytest.fixture(scope="module")
def app_folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """A copy of the app as it was built, which the test may replace."""
    copy = tmp_path_factory.mktemp("served") / "app"
    shutil.copytree(next(folder for folder in APP_FOLDERS if (folder / "files.json").exists()), copy)
    return (copy,)


@pytest.fixture
def phone(playwright: Playwright, live: TestBranch, tmp_path: Path) -> Iterator[Handset]:
    """A phone of the tiny world's branch."""
    phone = Handset(playwright, tmp_path, str(live.client.base_url))
    yield phone
    phone.off()


def test_a_newer_version_waits_for_the_end_of_the_day(
    phone: Handset, live: TestBranch, app_folders: tuple[Path, ...]
) -> None:
    """Neither its arrival nor a reload puts it in place; after the day's end one press does, and nothing is lost."""

    def make(writer: Writer) -> str:
        return issue_code(writer, "AG-YC-1", b"a newer version.", NINE_MS, phone.url).qr

    hands = Hands(phone)
    page = phone.on()
    phone.open()
    phone.keep_shell()
    hands.enrol(live.parts.store.write_now(make))
    hands.press("立即同步")
    page.get_by_text("已完整下载").wait_for()
    _publish_newer(app_folders[0])
    page.evaluate(_ARRIVES)
    page.reload()
    hands.unlock()
    assert not page.evaluate(_IS_NEWER)
    hands.walk_up("during", "AC00001", "20")
    hands.seen()
    _offered(hands, page)
    hands.press("结束当日后更新")
    page.get_by_text("有新版本").wait_for(state="detached")
    hands.end_day()
    page.get_by_text("办公室已收到全部记录").wait_for()
    assert not page.evaluate(_IS_NEWER)
    page.get_by_role("heading", name="有新版本").wait_for()
    hands.press("现在更新")
    hands.unlock()
    assert page.evaluate(_IS_NEWER)
    assert any("¥20.00" in row for row in hands.receipt_numbers())
    assert phone.complaints == []


def _offered(hands: Hands, page: Page) -> None:
    hands.route()
    hands.tab("更多")
    page.get_by_role("heading", name="有新版本").wait_for()


def _publish_newer(app: Path) -> None:
    """Another page and another version of the worker, as another build would have them."""
    index, worker = app / "index.html", app / "sw.js"
    index.write_text(index.read_text().replace(_HEAD, _MARK, 1))
    version = worker.read_text().split('version:"', 1)[1].split('"', 1)[0]
    for path in (worker, app / "files.json"):
        path.write_text(path.read_text().replace(version, "f" * 16))
