"""Counting by network address, in memory: bounded, and gone with the process, which is what such counts are worth."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from server.limits import RATE_ADDRESSES_MAX
from sync.errors import NotAllowed

__all__ = ["RateLimit"]


class RateLimit:
    """At most `count` calls of one name within a window of `window_ms`; fixed windows, one per name.

    `now_ms` is the machine's time, never the office's shown clock, which may run fast.
    """

    def __init__(
        self,
        count: int,
        window_ms: int,
        now_ms: Callable[[], int],
        *,
        code: str = "RATE-LIMITED",
        names_max: int = RATE_ADDRESSES_MAX,
    ) -> None:
        self._count = count
        self._window_ms = window_ms
        self._now_ms = now_ms
        self._code = code
        self._names_max = names_max
        self._windows: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self._lock = threading.Lock()

    def spend(self, name: str) -> None:
        """Count one call; raises RATE-LIMITED (or the code given) with `retry_after_s` when it is one too many."""
        now = self._now_ms()
        with self._lock:
            started, used = self._windows.get(name, (now, 0))
            if not 0 <= now - started < self._window_ms:
                started, used = now, 0
            if used >= self._count:
                wait_s = max(1, -(-(started + self._window_ms - now) // 1000))
                raise NotAllowed(
                    self._code, f"{used} requests were made; try again in {wait_s} s", retry_after_s=wait_s
                )
            self._windows[name] = (started, used + 1)
            self._windows.move_to_end(name)
            while len(self._windows) > self._names_max:
                self._windows.popitem(last=False)

    def give_back(self, name: str) -> None:
        """Uncount one call of this window: what was spent on turned out to be harmless."""
        with self._lock:
            started, used = self._windows.get(name, (0, 0))
            if used:
                self._windows[name] = (started, used - 1)
