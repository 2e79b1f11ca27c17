"""A receipt for a thermal printer: one bit a dot, as wide as the paper, as long as it needs to be."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image

from agent_client.printing.fonts import printable
from agent_client.printing.limits import (
    PRINTER_DOTS_MAX,
    PRINTER_DOTS_MIN,
    PRINTER_DPI,
    QUIET_ZONE_MODULES,
)
from agent_client.printing.qr import qr_image, qr_matrix
from agent_client.printing.strip import Strip
from agent_client.printing.text import ReceiptText, receipt_text
from agent_client.printing.view import ReceiptView
from sync.errors import Refused

__all__ = ["printer_png"]

_BLACK: Final = 0
_WHITE: Final = 255
_THRESHOLD: Final = 150
"""Above the middle, so that thin strokes of small characters survive the print head."""
_SIZE: Final = 22
"""Nearly three millimetres, about the size of a thermal printer's own Chinese characters."""
_MARGIN: Final = 8


def printer_png(view: ReceiptView, width_dots: int = 384) -> bytes:
    """A PNG of 1 bit, `width_dots` wide (384 for 58 mm paper), black on white.

    Raises ARGUMENT-WRONG for a width that no receipt printer has.
    """
    if not PRINTER_DOTS_MIN <= width_dots <= PRINTER_DOTS_MAX:
        raise Refused("ARGUMENT-WRONG", f"{width_dots} dots are not within {PRINTER_DOTS_MIN} to {PRINTER_DOTS_MAX}")
    text = receipt_text(view)
    strip = Strip(width_dots, _MARGIN, mode="L", ground=_WHITE, ink=_BLACK)
    strip.space(12)
    _head(strip, text)
    _amount(strip, text)
    _rows(strip, text)
    _note(strip, text)
    _code(strip, view, text)
    strip.space(12)
    _foot(strip, text)
    # Blank paper below, so that tearing at the printer's edge takes nothing away.
    strip.space(72)
    return _png(strip.cut())


def _head(strip: Strip, text: ReceiptText) -> None:
    strip.text(text.creditor, 30, align="centre")
    strip.space(6)
    if text.stamp:
        _inverted(strip, text.title, 34)
    else:
        strip.text(text.title, 26, align="centre")
    strip.space(10)
    strip.rule(_BLACK, thickness=3)


def _amount(strip: Strip, text: ReceiptText) -> None:
    strip.space(10)
    strip.text(text.amount_label, _SIZE, align="centre")
    top = strip.y
    left, right = strip.fit(printable(text.amount), 60, 30, bold=1)
    if text.stamp:
        middle = (top + strip.y) // 2
        strip.draw.rectangle((left - 8, middle - 2, right + 8, middle + 2), fill=_BLACK)
    for words in text.words:
        strip.text(words, _SIZE, align="centre")
    strip.space(10)
    strip.rule(_BLACK, dash=6)


def _rows(strip: Strip, text: ReceiptText) -> None:
    strip.space(8)
    for row in text.rows:
        strip.row(row.label, row.value, _SIZE, label_ink=_BLACK, gap=8)
        strip.space(2)
    strip.space(8)
    strip.rule(_BLACK, dash=6)


def _note(strip: Strip, text: ReceiptText) -> None:
    strip.space(12)
    top = strip.y
    padding = 12
    strip.space(8)
    for line in text.note.lines:
        strip.text(line, _SIZE, left=strip.margin + padding, width=strip.inner - 2 * padding)
    strip.space(8)
    # A frame while something is open; a confirmed payment needs none.
    if text.note.open:
        strip.draw.rectangle((strip.margin, top, strip.width - strip.margin - 1, strip.y), outline=_BLACK, width=2)
    strip.space(8)


def _code(strip: Strip, view: ReceiptView, text: ReceiptText) -> None:
    strip.space(6)
    for line in text.scan:
        strip.text(line, _SIZE, align="centre")
    matrix = qr_matrix(view.prefix, view.digits)
    # Whole dots a module: a scaled code has modules of unequal width, which scanners dislike.
    strip.picture(qr_image(matrix, strip.width // (len(matrix) + 2 * QUIET_ZONE_MODULES)))


def _foot(strip: Strip, text: ReceiptText) -> None:
    strip.rule(_BLACK, thickness=3)
    strip.space(8)
    for row in (text.address, text.phone):
        strip.row(row.label, row.value, _SIZE, label_ink=_BLACK)


def _inverted(strip: Strip, line: str, size: int) -> None:
    top = strip.y
    height = size + 28
    strip.draw.rectangle((strip.margin, top, strip.width - strip.margin - 1, top + height), fill=_BLACK)
    strip.space(6)
    strip.text(line, size, bold=1, align="centre", ink=_WHITE)
    strip.y = top + height


def _png(grey: Image.Image) -> bytes:
    bits = grey.point([_WHITE if level >= _THRESHOLD else _BLACK for level in range(256)], mode="1")
    buffer = io.BytesIO()
    bits.save(buffer, "PNG", optimize=True, dpi=(PRINTER_DPI, PRINTER_DPI))
    return buffer.getvalue()
