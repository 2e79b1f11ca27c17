"""A receipt as a card to send in a chat: for customers who want it on their own phone."""

from __future__ import annotations

import io
from typing import Final

import msgspec
from PIL import Image, ImageDraw

from agent_client.printing.fonts import font, printable
from agent_client.printing.limits import SHARE_MODULE_PIXELS, SHARE_WIDTH_PIXELS
from agent_client.printing.qr import qr_image, qr_matrix
from agent_client.printing.strip import Strip
from agent_client.printing.text import ReceiptText, receipt_text
from agent_client.printing.view import ReceiptView

__all__ = ["share_png"]

_OUTER: Final = 40
_RADIUS: Final = 40
_MARGIN: Final = 72
_BODY: Final = 36
_GROUND: Final = "#e9efee"
_CARD: Final = "#ffffff"
_INK: Final = "#16211f"
_MUTED: Final = "#66736f"
_LINE: Final = "#d7dfdd"


class _Palette(msgspec.Struct, frozen=True):
    """Colours that say at a glance what the card is; text on each keeps a contrast of 4.5 or more (WCAG AA)."""

    band: str
    on_band: str
    amount: str
    note: str
    note_bar: str


_PAYMENT: Final = _Palette("#0b5d57", "#cfe6e3", "#0b5d57", "#eaf5f3", "#0b5d57")
_OPEN: Final = _Palette("#0b5d57", "#cfe6e3", "#0b5d57", "#fff6e0", "#d98e04")
_VOID: Final = _Palette("#a3281e", "#fbdcd8", "#a3281e", "#fdecea", "#a3281e")


def share_png(view: ReceiptView) -> bytes:
    """A PNG, 1080 pixels wide and as high as the words need."""
    text = receipt_text(view)
    palette = _VOID if text.stamp else _OPEN if text.note.open else _PAYMENT
    card = Strip(SHARE_WIDTH_PIXELS - 2 * _OUTER, _MARGIN, mode="RGB", ground=_CARD, ink=_INK)
    _head(card, text, palette)
    _amount(card, text, palette)
    _rows(card, text, palette)
    _note(card, text, palette)
    _code(card, view, text)
    _foot(card, text, palette)
    return _png(_on_ground(card.cut()))


def _head(card: Strip, text: ReceiptText, palette: _Palette) -> None:
    # The band is painted first over more height than it needs, because its text may wrap; then cut to size.
    card.space(48)
    start = card.y
    card.text(text.creditor, 46, bold=1)
    card.space(6)
    _title(card, text, palette)
    height = card.y + 40
    card.draw.rectangle((0, 0, card.width, height), fill=palette.band)
    card.y = start
    card.text(text.creditor, 46, bold=1, ink=_CARD)
    card.space(6)
    _title(card, text, palette)
    card.y = height


def _title(card: Strip, text: ReceiptText, palette: _Palette) -> None:
    if text.stamp:
        card.text(text.title, 60, bold=1, ink=_CARD)
    else:
        card.text(text.title, 36, ink=palette.on_band)


def _amount(card: Strip, text: ReceiptText, palette: _Palette) -> None:
    card.space(48)
    card.text(text.amount_label, _BODY, ink=_MUTED, align="centre")
    top = card.y
    left, right = card.fit(printable(text.amount), 128, 56, bold=2, ink=palette.amount)
    if text.stamp:
        middle = (top + card.y) // 2
        card.draw.rectangle((left - 16, middle - 3, right + 16, middle + 3), fill=palette.amount)
    card.space(4)
    for words in text.words:
        card.text(words, 34, ink=_MUTED, align="centre")
    card.space(40)
    card.rule(_LINE, thickness=3, dash=12)


def _rows(card: Strip, text: ReceiptText, palette: _Palette) -> None:
    top = card.y
    card.space(28)
    for row in text.rows:
        card.space(6)
        card.row(row.label, row.value, _BODY, label_ink=_MUTED, gap=32)
        card.space(6)
    card.space(28)
    if text.stamp:
        _stamp(card, text, palette, top)


def _stamp(card: Strip, text: ReceiptText, palette: _Palette, top: int) -> None:
    """A rubber stamp across the rows, pale enough to read them through it."""
    size, pad = 110, 36
    width = round(font(size).getlength(text.stamp)) + 2 * pad
    stamp = Image.new("L", (width, size + 2 * pad), 0)
    draw = ImageDraw.Draw(stamp)
    draw.rounded_rectangle((4, 4, width - 5, stamp.height - 5), radius=24, outline=255, width=10)
    draw.text((width / 2, stamp.height / 2), text.stamp, font=font(size), fill=255, anchor="mm", stroke_width=2)
    turned = stamp.rotate(12, Image.Resampling.BICUBIC, expand=True).point([level // 5 for level in range(256)])
    left = (card.width - turned.width) // 2
    card.image.paste(palette.band, (left, (top + card.y - turned.height) // 2), turned)


def _note(card: Strip, text: ReceiptText, palette: _Palette) -> None:
    padding = 36
    left, width = card.margin + padding, card.inner - 2 * padding
    start = card.y
    for attempt in ("measure", "paint"):
        card.y = start
        card.space(28)
        for line in text.note.lines:
            card.text(line, 34, left=left, width=width)
            card.space(6)
        card.space(22)
        if attempt == "measure":
            box = (card.margin, start, card.width - card.margin, card.y)
            card.draw.rounded_rectangle(box, radius=20, fill=palette.note)
            card.draw.rounded_rectangle((box[0], start, box[0] + 12, card.y), radius=6, fill=palette.note_bar)


def _code(card: Strip, view: ReceiptView, text: ReceiptText) -> None:
    card.space(36)
    card.picture(qr_image(qr_matrix(view.prefix, view.digits), SHARE_MODULE_PIXELS))
    for line in text.scan:
        card.text(line, 34, bold=0, align="centre")
    card.space(36)


def _foot(card: Strip, text: ReceiptText, palette: _Palette) -> None:
    card.rule(_LINE, thickness=3, dash=12)
    card.space(28)
    for row in (text.address, text.phone):
        card.row(row.label, row.value, 34, label_ink=_MUTED, gap=32)
        card.space(6)
    card.space(32)
    card.draw.rectangle((0, card.y, card.width, card.y + 20), fill=palette.band)
    card.space(20)


def _on_ground(card: Image.Image) -> Image.Image:
    ground = Image.new("RGB", (SHARE_WIDTH_PIXELS, card.height + 2 * _OUTER), _GROUND)
    # The mask is drawn larger and reduced, which gives smooth corners.
    mask = Image.new("L", (card.width * 2, card.height * 2), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), radius=2 * _RADIUS, fill=255)
    ground.paste(card, (_OUTER, _OUTER), mask.resize(card.size, Image.Resampling.LANCZOS))
    return ground


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
