"""The reconciler's thread: it catches up at the start and goes on whenever something was stored.

Ingest goes first: while exchanges are under way the thread waits, but never longer than `RECONCILE_YIELD_S`, so
that a busy morning does not starve it. What it does comes in chunks, each one short transaction; stopping it in
between loses nothing, since pending marks are taken away only together with the outcome.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from server.limits import RECONCILE_CHUNK, RECONCILE_YIELD_S
from server.ports import Reconciling, Store

__all__ = ["ReconcileWorker"]

_IDLE_S = 1.0
_STEP_S = 0.02
_AFTER_ERROR_S = 1.0


class ReconcileWorker:
    """Calls `run_pending` until nothing is pending, then waits for the store."""

    def __init__(self, store: Store, reconciler: Reconciling, busy: Callable[[], bool] = lambda: False) -> None:
        self._store = store
        self._reconciler = reconciler
        self._busy = busy
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._running = threading.Lock()
        self.error = ""
        """Why the last run failed; empty when it went well. `/readyz` shows it."""

    def start(self) -> None:
        """Begin to catch up."""
        if self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name="doorstep-reconciler", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Finish the present chunk and stop."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def catch_up(self) -> int:
        """Run in the caller's thread until nothing is pending; how many operations were done."""
        total = 0
        while not self._stop.is_set() and (done := self._once()):
            total += done
        return total

    def _once(self) -> int:
        with self._running:
            return self._reconciler.run_pending(RECONCILE_CHUNK, self._undisturbed)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._yield()
                done = self._once()
                self.error = ""
            except Exception as error:  # noqa: BLE001  # shown by /readyz and tried again; the marks are still there
                self.error = f"{type(error).__name__}: {error}"
                self._stop.wait(_AFTER_ERROR_S)
                continue
            if not done:
                self._store.wait_for_pending(_IDLE_S)

    def _undisturbed(self) -> bool:
        return not self._busy() and not self._stop.is_set()

    def _yield(self) -> None:
        until = time.monotonic() + RECONCILE_YIELD_S
        while self._busy() and time.monotonic() < until and not self._stop.is_set():
            time.sleep(_STEP_S)
