"""Nonces of requests that bring nothing: those of one turn of the event loop are used up together, in one work.

A morning's requests ask for documents and leave only their nonce behind. One by one each of them wakes the writer's
thread, and the two threads then pass the interpreter to and fro at every statement, which costs more than the
statements.
"""

from __future__ import annotations

import asyncio

from server.ports import Store, Writer
from sync.errors import Conflict
from sync.messages import Claims

__all__ = ["Nonces", "use_nonce"]


class Nonces:
    """Uses nonces through one store; belongs to one event loop at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[Claims, asyncio.Future[bool]]] = []
        self._flushes: set[asyncio.Task[None]] = set()
        """The loop keeps only weak references to its tasks."""

    async def use(self, claims: Claims) -> None:
        """Return once the nonce is on disk as used. Raises NONCE-REUSED, and what the store's writer raises."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[bool] = loop.create_future()
        self._waiting.append((claims, future))
        if len(self._waiting) == 1:
            loop.call_soon(self._begin)
        if not await future:
            raise reused()

    def _begin(self) -> None:
        waiting, self._waiting = self._waiting, []
        task = asyncio.get_running_loop().create_task(self._flush(waiting))
        self._flushes.add(task)
        task.add_done_callback(self._flushes.discard)

    async def _flush(self, waiting: list[tuple[Claims, asyncio.Future[bool]]]) -> None:
        def work(writer: Writer) -> list[bool]:
            return [writer.use_nonce(claims.device, claims.nonce) for claims, _ in waiting]

        try:
            fresh = await self._store.write(work)
        except BaseException as error:  # noqa: BLE001  # reaches every caller
            for _, future in waiting:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), is_fresh in zip(waiting, fresh, strict=True):
            if not future.done():  # else its caller went away
                future.set_result(is_fresh)


def use_nonce(writer: Writer, claims: Claims) -> None:
    """All that a request without anything to store leaves behind. Raises NONCE-REUSED."""
    if not writer.use_nonce(claims.device, claims.nonce):
        raise reused()


def reused() -> Conflict:
    """The refusal of a nonce that stands in an earlier request."""
    return Conflict("NONCE-REUSED", "this exchange asks only for documents, with a nonce that was used before")
