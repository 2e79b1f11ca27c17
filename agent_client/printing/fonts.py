"""The typeface: Noto Sans SC, whose file comes with the `zhplot` package under the SIL Open Font License.

The package itself is never imported: its code would load a plotting library. Only its folder is looked up.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from PIL import ImageFont

from sync.errors import Unavailable

__all__ = ["font", "font_path", "printable"]

_PACKAGE: Final = "zhplot"
_FILE: Final = Path("fonts") / "NotoSansSC-Regular.ttf"
_NO_GLYPH: Final = "〓"
"""Printers' mark for a character that the typeface lacks; a customer sees that something stands there."""
_PROBE_SIZE: Final = 24
_UNASSIGNED: Final = "\U0010ffff"
"""A code point that no typeface can have, to learn how the missing glyph looks."""


def font_path() -> Path:
    """The font's file; FILE-UNREADABLE when the package or its file is missing."""
    spec = find_spec(_PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / _FILE
        if path.is_file():
            return path
    raise Unavailable("FILE-UNREADABLE", f"the font {_FILE.name} of the package {_PACKAGE} is not installed")


@lru_cache(maxsize=32)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The typeface at so many pixels, laid out the same on every machine."""
    return ImageFont.truetype(font_path(), size, layout_engine=ImageFont.Layout.BASIC)


def printable(text: str) -> str:
    """The text with one kind of space, without control characters, and 〓 for what the typeface lacks."""
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(_shown(character) for character in spaced if unicodedata.category(character)[0] != "C")


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    if character == " ":
        return character
    probe = font(_PROBE_SIZE)
    return _NO_GLYPH if bytes(probe.getmask(character)) == bytes(probe.getmask(_UNASSIGNED)) else character
