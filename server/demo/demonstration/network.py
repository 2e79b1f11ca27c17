"""The field's network: each phone has a line of its own to the office, and a line can be cut or lose an answer.

A line listens on a port of this machine and passes bytes on to the office, both ways. *Cut*, it drops whatever is
connected and whatever connects. A line that is to *lose an answer* passes the whole request on, lets the office do
its work, and drops both connections when the answer begins: the phone cannot know what became of its request. ::

    with Network("127.0.0.1", 8080) as network:
        line = network.line()          # the phone is enrolled with line.url
        network.cut()
        network.mend()
        line.lose_answer()
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from types import TracebackType

from server.demo.demonstration.limits import LINE_BYTES

__all__ = ["Line", "Network"]


class Line:
    """One phone's way to the office; made by `Network.line`. All counts are of connections."""

    def __init__(self, office: tuple[str, int]) -> None:
        self._office = office
        self._open: set[asyncio.StreamWriter] = set()
        self._cut = False
        self._to_lose = 0
        self.port = 0
        self.refused = 0
        """Connections that met a cut line."""
        self.lost = 0
        """Answers that were dropped."""

    @property
    def url(self) -> str:
        """The address under which the phone knows the office."""
        return f"http://127.0.0.1:{self.port}"

    def lose_answer(self) -> None:
        """Drop the next answer that begins on this line."""
        self._to_lose += 1

    def cut(self) -> None:
        """No signal: drop what is connected, and whatever connects from now on. Called in the network's thread."""
        self._cut = True
        for writer in tuple(self._open):
            writer.transport.abort()

    def mend(self) -> None:
        """Signal again."""
        self._cut = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the phone."""
        if self._cut:
            self.refused += 1
            writer.transport.abort()
            return
        self._open.add(writer)
        try:
            office_reader, office_writer = await asyncio.open_connection(*self._office)
        except OSError:
            self._open.discard(writer)
            writer.transport.abort()
            return
        self._open.add(office_writer)
        if writer.transport.is_closing():
            # The signal went while the office was being reached.
            office_writer.transport.abort()
        try:
            up = asyncio.ensure_future(_pass_on(reader, office_writer))
            down = asyncio.ensure_future(self._answers(office_reader, writer))
            # A phone that has said everything may still be waiting for its answer; an answered one is done.
            await asyncio.wait({down})
            up.cancel()
            await asyncio.wait({up})
        finally:
            self._open -= {writer, office_writer}
            for each in (writer, office_writer):
                each.transport.abort()

    async def _answers(self, office: asyncio.StreamReader, phone: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await office.read(LINE_BYTES):
                if self._to_lose:
                    self._to_lose -= 1
                    self.lost += 1
                    return
                phone.write(data)
                await phone.drain()
            phone.write_eof()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(LINE_BYTES):
            writer.write(data)
            await writer.drain()
        writer.write_eof()


class Network:
    """All lines to one office, served by a thread of their own; a context manager."""

    def __init__(self, host: str, port: int) -> None:
        self._office = (host, port)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="demonstration-network", daemon=True)
        self._servers: list[asyncio.Server] = []
        self.lines: list[Line] = []

    def __enter__(self) -> Network:
        """Begin to serve."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drop everything and stop."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def line(self) -> Line:
        """A new line on a free port."""
        line = Line(self._office)
        asyncio.run_coroutine_threadsafe(self._listen(line), self._loop).result()
        self.lines.append(line)
        return line

    def cut(self) -> None:
        """Cut every line."""
        self._each(Line.cut)

    def mend(self) -> None:
        """Mend every line."""
        self._each(Line.mend)

    def _each(self, change: Callable[[Line], None]) -> None:
        async def run() -> None:
            for line in self.lines:
                change(line)

        asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    async def _listen(self, line: Line) -> None:
        server = await asyncio.start_server(line.serve, "127.0.0.1", 0)
        line.port = server.sockets[0].getsockname()[1]
        self._servers.append(server)

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        for line in self.lines:
            line.cut()
        # Each ends by itself once its connections are dropped.
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        await asyncio.gather(*tasks, return_exceptions=True)
