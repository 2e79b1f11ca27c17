"""Every word on the pages, in English and Chinese: key → (English, Chinese), one file a page."""

from __future__ import annotations

from server.web.texts.app import APP
from server.web.texts.badge import BADGE
from server.web.texts.codes import CODES
from server.web.texts.console import CONSOLE
from server.web.texts.day import DAY
from server.web.texts.phones import PHONES
from server.web.texts.receipt import RECEIPT

__all__ = ["LANGUAGES", "TEXTS", "text"]

LANGUAGES = ("en", "zh")
"""The order of the pairs."""

TEXTS: dict[str, tuple[str, str]] = {**APP, **BADGE, **CODES, **CONSOLE, **DAY, **PHONES, **RECEIPT}
"""All of them; a key stands in one file only."""


def text(key: str, language: str, /, **values: object) -> str:
    """The words of a key, with values in their places; a code without words is shown as it is."""
    pair = TEXTS.get(key)
    if pair is None:
        return key.rpartition(".")[2].replace("_", " ")
    words = pair[LANGUAGES.index(language)]
    return words.format_map(values) if values else words
