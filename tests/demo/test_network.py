"""The demonstration's network: lines pass bytes on, can be cut, and can lose an answer."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from server.demo.demonstration.network import Line, Network


class _Office:
    """Answers each connection's four bytes with the same in capitals, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection:
                # All four, however they come: half a question is never answered.
                asked = connection.recv(4, socket.MSG_WAITALL)
                if len(asked) < 4:
                    continue
                self.asked.append(asked)
                connection.sendall(asked.upper())

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


@pytest.fixture
def office() -> Iterator[_Office]:
    """An office of four bytes."""
    made = _Office()
    yield made
    made.close()


def _ask(line: Line, what: bytes) -> bytes:
    """What comes back; empty when the connection is dropped."""
    try:
        with socket.create_connection(("127.0.0.1", line.port), timeout=10) as connection:
            connection.sendall(what)
            return connection.recv(16)
    except OSError:
        return b""


def test_a_line_passes_both_ways(office: _Office) -> None:
    """What a phone says reaches the office, and the answer comes back."""
    with Network("127.0.0.1", office.port) as network:
        assert _ask(network.line(), b"ping") == b"PING"
    assert office.asked == [b"ping"]


def test_a_cut_network_passes_nothing_until_it_is_mended(office: _Office) -> None:
    """Nothing reaches the office while lines are cut, each attempt is counted, and mending restores them."""
    with Network("127.0.0.1", office.port) as network:
        line = network.line()
        network.cut()
        assert _ask(line, b"ping") == b""
        assert (office.asked, line.refused) == ([], 1)
        network.mend()
        assert _ask(line, b"pong") == b"PONG"


def test_cutting_drops_what_is_connected(office: _Office) -> None:
    """A connection that was open when the signal went gets no answer."""
    with Network("127.0.0.1", office.port) as network:
        line = network.line()
        with socket.create_connection(("127.0.0.1", line.port), timeout=10) as connection:
            connection.sendall(b"pi")
            network.cut()
            try:
                connection.sendall(b"ng")
                answer = connection.recv(16)
            except OSError:
                answer = b""
        assert answer == b""


def test_a_lost_answer_was_still_asked_for(office: _Office) -> None:
    """The office gets the whole request once, the phone gets nothing; the next answer comes through."""
    with Network("127.0.0.1", office.port) as network:
        line, other = network.line(), network.line()
        line.lose_answer()
        assert _ask(other, b"free") == b"FREE"
        assert _ask(line, b"lost") == b""
        assert _ask(line, b"more") == b"MORE"
        assert (line.lost, other.lost) == (1, 0)
    assert office.asked == [b"free", b"lost", b"more"]


def test_an_office_that_is_away_answers_nothing() -> None:
    """While the server restarts, a phone is simply not answered."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with Network("127.0.0.1", port) as network:
        assert _ask(network.line(), b"ping") == b""
