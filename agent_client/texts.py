"""What the agent reads, in English and Chinese, by key; values are filled in by name."""

from __future__ import annotations

from typing import Final

from agent_client.texts_screen import SCREEN
from agent_client.texts_work import WORK

__all__ = ["LANGUAGES", "TEXTS", "language_of", "one_language", "text"]

LANGUAGES: Final = ("en", "zh")

TEXTS: Final[dict[str, tuple[str, str]]] = {**SCREEN, **WORK}
"""Key → English, Chinese."""


def text(key: str, language: str, **values: object) -> str:
    """The text of a key in a language (`zh`, anything else is English), with its values."""
    english, chinese = TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)


def language_of(setting: str) -> str:
    """`zh` for a locale such as ``zh_CN.UTF-8``, else `en`."""
    return "zh" if setting.lower().startswith("zh") else "en"


def one_language(both: str, language: str) -> str:
    """The half of a text of the office that is written ``English | 中文``; the whole where it has one language."""
    english, separator, chinese = both.partition(" | ")
    return chinese if separator and language == "zh" else english
