"""A real Chromium against a real server on this machine.

Without a browser these tests are skipped with one line that says how to get it, unless
``DOORSTEP_BROWSER_REQUIRED=1``: then that is a failure. Screenshots go to ``DOORSTEP_SCREENSHOTS`` if it is set,
else to a temporary folder.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import msgspec
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from agent_client.printing.fonts import font_path
from server.app import build_app, open_parts
from server.keys import make_keys
from server.web.app_folder import APP_FOLDERS
from tests.web.branch import NINE_MS, PASSWORD, TestBranch, settings_for

_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_START_S = 20.0

OpenPage = Callable[..., Page]


def find_chromium() -> str:
    """Its path; skips the test without one, or fails it where a browser is required."""
    for name in _NAMES:
        path = shutil.which(name)
        if path is not None:
            return path
    line = "no Chromium on the PATH; on Debian: apt-get install chromium"
    if os.environ.get("DOORSTEP_BROWSER_REQUIRED") == "1":
        pytest.fail(line)
    pytest.skip(line)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for a file of tests; it finds the package's Chinese font where the system has none.

    No longer: Playwright keeps an event loop running in its thread, and other tests run their own there.
    """
    path = find_chromium()
    home = tmp_path_factory.mktemp("fonts")
    (home / "fonts").mkdir()
    (home / "fonts" / "NotoSansSC-Regular.ttf").symlink_to(font_path())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=list(CHROMIUM_FLAGS),
            env={**os.environ, "XDG_DATA_HOME": str(home)},
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def app_folders() -> tuple[Path, ...]:
    """Where the phone app lies; a file of tests may say otherwise."""
    return APP_FOLDERS


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, app_folders: tuple[Path, ...]) -> Iterator[TestBranch]:
    """The branch's day behind uvicorn on a free port of 127.0.0.1; each file of tests has its own."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    folder = tmp_path_factory.mktemp("office")
    settings = msgspec.structs.replace(settings_for(folder, address), app_folders=app_folders)
    make_keys(settings.keys, NINE_MS)
    parts = open_parts(settings)
    server = uvicorn.Server(uvicorn.Config(build_app(settings, parts), log_level="error", lifespan="on", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    with httpx.Client(base_url=address, timeout=30) as client:
        _await(client)
        branch = TestBranch(parts, client)
        branch.add_people()
        branch.prepare()
        branch.work()
        yield branch
    server.should_exit = True
    thread.join(_START_S)
    listener.close()


def _await(client: httpx.Client) -> None:
    transport = httpx.HTTPTransport(retries=20)
    with httpx.Client(base_url=client.base_url, transport=transport, timeout=_START_S) as patient:
        patient.get("/r").raise_for_status()


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures of pages are left."""
    wish = os.environ.get("DOORSTEP_SCREENSHOTS", "")
    folder = Path(wish) if wish else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def open_page(chromium: Browser, live: TestBranch) -> Iterator[OpenPage]:
    """Open pages of a width and a language; anything that a page complains about fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(
        *, width: int = 1440, language: str = "en", dark: bool = False, scripts: bool = True, expect: str = ""
    ) -> Page:
        context = chromium.new_context(
            base_url=str(live.client.base_url),
            viewport={"width": width, "height": 900 if width > 500 else 844},
            device_scale_factor=1 if width > 500 else 2,
            locale="zh-CN" if language == "zh" else "en-GB",
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()

        def complain(text: str) -> None:
            if not expect or expect not in text:
                complaints.append(text)

        page.on("console", lambda message: complain(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complain(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def sign_in(page: Page, name: str) -> None:
    """Through the form, as a person would."""
    page.goto("/login")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/console")
