"""Telling what happens while it happens: on a terminal with a spinner, in a log as plain lines with real seconds.

Every sentence is given in English and Chinese; one of them is shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.status import Status

__all__ = ["Teller"]

_QUIET_S: Final = 4.0
"""A log gets a line about something that goes on at most this often."""


class Teller:
    """Prints acts, steps and facts in one language; `now` is a monotonic clock in seconds."""

    def __init__(self, console: Console, language: str, now: Callable[[], float] = time.monotonic) -> None:
        self.console = console
        self.language = language
        self._now = now
        self._began = now()
        self._status: Status | None = None
        self._told = self._began

    @property
    def elapsed_s(self) -> float:
        """Real seconds since the beginning."""
        return self._now() - self._began

    def words(self, english: str, chinese: str) -> str:
        """The sentence in the language of this run."""
        return chinese if self.language == "zh" else english

    def act(self, english: str, chinese: str) -> None:
        """A new part of the story."""
        self.console.print()
        self.console.print(f"[bold cyan]{escape(self.words(english, chinese))}[/]")

    def fact(self, english: str, chinese: str, at: str = "") -> None:
        """Something that happened; `at` is the time on the story's clock."""
        clock = f"[bold]{at}[/]  " if at else ""
        self.console.print(f"  {clock}{escape(self.words(english, chinese))}")

    def warn(self, english: str, chinese: str) -> None:
        """Something that should not have happened."""
        self.console.print(f"  [bold red]✗ {escape(self.words(english, chinese))}[/]")

    def show(self, what: RenderableType) -> None:
        """A table, or anything else that rich prints."""
        self.console.print(what)

    def raw(self, text: str) -> None:
        """Lines exactly as they are: a receipt's code."""
        self.console.print(text, markup=False, highlight=False, soft_wrap=True, end="")

    @contextmanager
    def step(self, english: str, chinese: str) -> Iterator[None]:
        """Show that something is going on, then that it is done and how long it took."""
        began = self._now()
        with self.going_on(english, chinese):
            yield
        took = self._now() - began
        self.console.print(f"  [green]✓[/] {escape(self.words(english, chinese))} [dim]({took:.1f} s)[/]")

    @contextmanager
    def going_on(self, english: str, chinese: str) -> Iterator[None]:
        """Show that something is going on; `live` changes the words."""
        if not self.console.is_terminal:
            yield
            return
        with self.console.status(escape(self.words(english, chinese))) as status:
            self._status = status
            try:
                yield
            finally:
                self._status = None

    def live(self, english: str, chinese: str) -> None:
        """How far it has come: in place on a terminal, now and then in a log."""
        text = escape(self.words(english, chinese))
        if self._status is not None:
            self._status.update(text)
        elif not self.console.is_terminal and self._now() - self._told >= _QUIET_S:
            self._told = self._now()
            self.console.print(f"  [dim]{self.elapsed_s:5.1f} s[/]  {text}")
