"""A Chromium as a phone: 390 by 844 points, touch, a place on the map, a profile on disk that survives being killed.

`kill` is the battery pulled out: SIGKILL for the whole group of processes that this one browser started. What the
operating system had already taken to its own memory stays, as it does when an app is killed; a power cut is not played.
`tear` leaves a database's log as a kill in the middle of a write does, which by chance happens once in many hundred.
"""

from __future__ import annotations

import os
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from playwright.sync_api import BrowserContext, CDPSession, Error, Page, Playwright

from agent_client.printing.fonts import font_path

__all__ = ["HEIGHT", "WIDTH", "Handset", "chromium_path"]

WIDTH, HEIGHT = 390, 844
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_GRANTED: Final = ["geolocation", "durableStorage", "backgroundSync"]
"""What an installed app has: the browser keeps its storage without asking; the agent allowed the place."""
_WATCH: Final = """
window.clicksHeard = 0;
addEventListener('click', () => { window.clicksHeard += 1; }, { capture: true });
addEventListener('securitypolicyviolation', event =>
  console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`));
"""
_CONTROLLED: Final = """async () => {
  await navigator.serviceWorker.ready;
  for (let look = 0; navigator.serviceWorker.controller === null; look += 1) {
    if (look > 200) throw new Error('the service worker does not rule the page');
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}"""
_FLIGHT_MODE: Final = ("ERR_INTERNET_DISCONNECTED",)
"""What the browser itself writes to the console about a request without a network."""
_END_S: Final = 30.0
_FILES: Final = ("IndexedDB/*.leveldb", "WebStorage/*/IndexedDB/*.leveldb")
"""Where Chromium keeps the phone's database, and its spare."""
_HALF_A_RECORD: Final = b"\0\0\0\0" + (500).to_bytes(2, "little") + b"\x01" + b"half of what should be here"
"""A record of LevelDB's log (checksum, length, type, content) that ends before its 500 bytes do."""
_BLOCK: Final = 32_768
"""No record of that log crosses a multiple of it."""


def chromium_path() -> str | None:
    """The browser on the PATH, if there is one."""
    return next((path for name in _NAMES if (path := shutil.which(name)) is not None), None)


class Handset:
    """One phone with one profile; `on` and `kill` as often as wanted."""

    def __init__(
        self, playwright: Playwright, folder: Path, url: str, language: str = "zh", dark: bool = False
    ) -> None:
        self._playwright, self._language, self._dark = playwright, language, dark
        self.url = url
        self.profile = folder / "profile"
        self.profile.mkdir(parents=True, exist_ok=True)
        fonts = folder / "share" / "fonts"
        fonts.mkdir(parents=True, exist_ok=True)
        link = fonts / "NotoSansSC-Regular.ttf"
        if not link.exists():
            link.symlink_to(font_path())
        self._share = folder / "share"
        self._context: BrowserContext | None = None
        self._grants: CDPSession | None = None
        self.complaints: list[str] = []
        self.asked: list[str] = []
        """Every address that was requested."""

    @property
    def context(self) -> BrowserContext:
        """The running browser."""
        assert self._context is not None, "the phone is off"
        return self._context

    @property
    def page(self) -> Page:
        """The page that is looked at: the last one."""
        return self.context.pages[-1]

    def on(self, *, offline: bool = False) -> Page:
        """Start the browser over the profile, in flight mode from its first moment if asked; an empty page."""
        path = chromium_path()
        assert path is not None
        self._context = self._playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=path,
            headless=True,
            args=list(_FLAGS),
            env={**os.environ, "XDG_DATA_HOME": str(self._share)},
            viewport={"width": WIDTH, "height": HEIGHT},
            device_scale_factor=2,
            is_mobile=True,
            has_touch=True,
            locale="zh-CN" if self._language == "zh" else "en-GB",
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if self._dark else "light",
            geolocation={"latitude": 33.35, "longitude": 120.15, "accuracy": 12},
            reduced_motion="reduce",
            offline=offline,
        )
        context = self._context
        context.set_default_timeout(20_000)
        context.add_init_script(_WATCH)
        context.on("request", lambda request: self.asked.append(request.url))
        context.on("console", lambda said: self._complain(said.text) if said.type == "error" else None)
        context.on("weberror", lambda error: self._complain(str(error.error)))
        page = context.pages[0]
        assert context.browser is not None
        # Grants last as long as the session that gave them.
        self._grants = context.browser.new_browser_cdp_session()
        self._grants.send("Browser.grantPermissions", {"permissions": _GRANTED, "origin": self.url})
        return page

    def open(self, path: str = "/app/") -> Page:
        """Load an address in the present page."""
        page = self.page
        page.goto(self.url + path)
        return page

    def keep_shell(self) -> None:
        """Wait until the service worker has the app and rules this page: from then on it starts without a network."""
        self.page.evaluate(_CONTROLLED)

    def flight_mode(self, on: bool) -> None:
        """Cut the network, or give it back, for pages and the service worker."""
        self.context.set_offline(on)

    def place(self, latitude: float, longitude: float) -> None:
        """Walk to a place."""
        self.context.set_geolocation({"latitude": latitude, "longitude": longitude, "accuracy": 12})

    def tools(self) -> CDPSession:
        """The browser's own instruments for the present page."""
        return self.context.new_cdp_session(self.page)

    def leave_picture(self, path: Path) -> None:
        """What is on the screen, if the phone is on."""
        if self._context is not None:
            self.page.screenshot(path=str(path))

    def kill(self) -> None:
        """End every process of this browser at once, without a word to any of them."""
        pid = _browser_pid(self.profile)
        assert pid is not None, "the browser does not run"
        os.killpg(pid, signal.SIGKILL)
        until = time.monotonic() + _END_S
        while _alive(pid) and time.monotonic() < until:
            time.sleep(0.02)
        self._forget()

    def tear(self, *, spare: bool) -> bool:
        """Append half a record to the log of the database, or of its spare; whether there was one, and room for it."""
        logs = [log for log in self._files(spare, "*.log") if log.stat().st_size % _BLOCK + 500 < _BLOCK]
        for log in logs:
            with log.open("ab") as file:
                file.write(_HALF_A_RECORD)
        return bool(logs)

    def thrown_away(self, *, spare: bool) -> bool:
        """Whether the browser, when it opened the database last, found nothing there, or nothing that it could read."""
        return any(b"Creating DB" in told.read_bytes() for told in self._files(spare, "LOG"))

    def _files(self, spare: bool, name: str) -> list[Path]:
        return sorted((self.profile / "Default").glob(f"{_FILES[spare]}/{name}"))

    def off(self) -> None:
        """Close the browser in order; nothing if it is off."""
        if self._context is not None:
            self._forget()

    def _forget(self) -> None:
        context, self._context = self._context, None
        if context is not None:
            # A browser that was killed cannot be closed.
            with suppress(Error):
                context.close()

    def _complain(self, text: str) -> None:
        if not any(word in text for word in _FLIGHT_MODE):
            self.complaints.append(text)


def _browser_pid(profile: Path) -> int | None:
    """The browser process of our profile: it leads the group that Playwright started it in."""
    wanted = f"--user-data-dir={profile}"
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if wanted.encode() in words and not any(word.startswith(b"--type=") for word in words):
            pid = int(folder.name)
            return pid if os.getpgid(pid) == pid else None
    return None


def _alive(group: int) -> bool:
    """Whether a process of the group is more than a name that its parent has not read yet."""
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            return True
    return False
