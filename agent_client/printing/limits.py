"""Every bound and size of a receipt's presentation, each with its reason."""

from __future__ import annotations

from typing import Final

__all__ = [
    "BADGE_DIGITS",
    "NAME_CHARACTERS_MAX",
    "PREFIX_CHARACTERS_MAX",
    "PRINTER_DOTS_MAX",
    "PRINTER_DOTS_MIN",
    "PRINTER_DPI",
    "QUIET_ZONE_MODULES",
    "RECEIPT_DIGITS",
    "SHARE_MODULE_PIXELS",
    "SHARE_WIDTH_PIXELS",
    "STRIP_HEIGHT_PIXELS_MAX",
]

RECEIPT_DIGITS: Final = 292
"""120 bytes of receipt, 7 bytes as 17 digits, the last byte as 3 (DESIGN, chapter 9)."""

BADGE_DIGITS: Final = 406
"""167 bytes of badge, 7 bytes as 17 digits, the last 6 as 15 (PROTOCOL, chapter 10)."""

PREFIX_CHARACTERS_MAX: Final = 60
"""`https://HOST/r#`, or `…/agent#` of a badge: beyond 60 characters the code gets too fine for a thermal printer."""

NAME_CHARACTERS_MAX: Final = 120
"""A name or address on a receipt; longer ones would push the code off the first look."""

QUIET_ZONE_MODULES: Final = 4
"""ISO/IEC 18004 asks for a light border of four modules on each side."""

PRINTER_DOTS_MIN: Final = 384
"""A 58 mm printer prints 48 mm at 8 dots a millimetre; narrower ones cannot carry the code."""

PRINTER_DOTS_MAX: Final = 832
"""A 112 mm printer; nothing wider is carried from door to door."""

PRINTER_DPI: Final = 203
"""8 dots a millimetre, so that a picture viewer shows the strip in its real size."""

SHARE_WIDTH_PIXELS: Final = 1080
"""The width of a phone's screen, which chat programs do not shrink."""

SHARE_MODULE_PIXELS: Final = 11
"""A version 9 code is then 671 pixels wide: readable after a chat program's compression."""

STRIP_HEIGHT_PIXELS_MAX: Final = 6_000
"""Well above the longest receipt in two languages; a canvas needs some height before it is cut."""
