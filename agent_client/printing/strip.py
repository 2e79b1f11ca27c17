"""A strip of paper that grows downwards: text that wraps, rows, rules and pictures, one under the other."""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

from PIL import Image, ImageDraw

from agent_client.printing.fonts import font, printable
from agent_client.printing.limits import STRIP_HEIGHT_PIXELS_MAX
from sync.errors import Refused

__all__ = ["Colour", "Strip", "balanced", "wrap"]

Colour: TypeAlias = str | int
"""A colour as Pillow takes it: `#rrggbb` on a colour strip, 0 to 255 on a grey one."""

_PIECE: Final = re.compile(r"\s+|[!-~À-ɏ]+|.")
"""Spaces, a Latin word with its punctuation, or one other character: lines may break between pieces."""
_NOT_FIRST: Final = frozenset("，。；：！？、）》」』”’…·")
"""Chinese typesetting lets none of these begin a line."""
_BREAKABLE: Final = re.compile(r"[^/.@_-]*[/.@_-]?")
"""Where a word that is too long by itself, such as a web address, is cut first."""
_LEADING: Final = 1.42
"""Line height in sizes: Chinese needs more air than Latin."""


def wrap(text: str, size: int, width: int) -> list[str]:
    """The text in lines of at most `width` pixels; a word that is too long by itself is cut."""
    measure = font(size).getlength
    lines: list[str] = []
    line = ""
    for piece in _pieces(printable(text), size, width):
        if line and measure((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def balanced(text: str, size: int, width: int) -> list[str]:
    """As many lines as `wrap` needs, but of even length, so that no word stands alone on the last."""
    lines = wrap(text, size, width)
    low, high = size, width
    while len(lines) > 1 and high - low > 2:
        middle = (low + high) // 2
        if len(wrap(text, size, middle)) <= len(lines):
            high = middle
        else:
            low = middle
    return wrap(text, size, high)


def _pieces(text: str, size: int, width: int) -> list[str]:
    measure = font(size).getlength
    pieces: list[str] = []
    for piece in _PIECE.findall(text):
        if pieces and piece in _NOT_FIRST:
            pieces[-1] += piece
        elif measure(piece) > width:
            for part in filter(None, _BREAKABLE.findall(piece)):
                pieces.extend([part] if measure(part) <= width else part)
        else:
            pieces.append(piece)
    return pieces


class Strip:
    """A canvas of fixed width; each step draws at `y` and moves it down. `cut` gives the finished picture."""

    def __init__(self, width: int, margin: int, *, mode: Literal["L", "RGB"], ground: Colour, ink: Colour) -> None:
        self.width = width
        self.margin = margin
        self.ink = ink
        self.y = 0
        self.image = Image.new(mode, (width, STRIP_HEIGHT_PIXELS_MAX), ground)
        self.draw = ImageDraw.Draw(self.image)

    @property
    def inner(self) -> int:
        """Pixels between the margins."""
        return self.width - 2 * self.margin

    def space(self, height: int) -> None:
        """Leave so many pixels free; ARGUMENT-WRONG when the strip would get longer than any receipt."""
        self.y += height
        if self.y > STRIP_HEIGHT_PIXELS_MAX:
            raise Refused("ARGUMENT-WRONG", f"a receipt longer than {STRIP_HEIGHT_PIXELS_MAX} pixels")

    def text(
        self,
        text: str,
        size: int,
        *,
        ink: Colour | None = None,
        bold: int = 0,
        align: Literal["left", "centre", "right"] = "left",
        left: int | None = None,
        width: int | None = None,
    ) -> None:
        """Lines of text within `width` from `left` (the margins by default); `bold` thickens by pixels."""
        left = self.margin if left is None else left
        width = self.inner if width is None else width
        height = round(size * _LEADING)
        for line in balanced(text, size, width - 2 * bold):
            rest = width - font(size).getlength(line)
            x = left + {"left": bold, "centre": rest / 2, "right": rest - bold}[align]
            self._write(line, size, x, self.y + height / 2, self.ink if ink is None else ink, bold)
            self.space(height)

    def row(self, label: str, value: str, size: int, *, label_ink: Colour, bold: int = 0, gap: int = 16) -> None:
        """A label on the left and its value on the right, on one line or, when too long, the value below it."""
        label_width = round(font(size).getlength(printable(label)))
        value_width = round(font(size).getlength(printable(value))) + 2 * bold
        if label_width + gap + value_width <= self.inner:
            top = self.y
            self.text(label, size, ink=label_ink)
            self.y = top
        else:
            self.text(label, size, ink=label_ink)
        self.text(value, size, align="right", bold=bold)

    def fit(
        self, text: str, size_max: int, size_min: int, *, bold: int = 0, ink: Colour | None = None
    ) -> tuple[int, int]:
        """One centred line as large as fits; returns its left and right edge. Below `size_min` it wraps."""
        sizes = range(size_max, size_min - 1, -2)
        fitting = (size for size in sizes if font(size).getlength(text) + 2 * bold <= self.inner)
        size = next(fitting, size_min)
        self.text(text, size, bold=bold, align="centre", ink=ink)
        length = min(round(font(size).getlength(text)), self.inner)
        return (self.width - length) // 2, (self.width + length) // 2

    def rule(self, ink: Colour, *, thickness: int = 2, dash: int = 0) -> None:
        """A line from margin to margin, dashed when `dash` pixels are given."""
        right = self.width - self.margin
        step = 2 * dash if dash else right
        for x in range(self.margin, right, step):
            end = min(x + (dash or right), right) - 1
            self.draw.rectangle((x, self.y, end, self.y + thickness - 1), fill=ink)
        self.space(thickness)

    def picture(self, picture: Image.Image) -> None:
        """A picture in the middle."""
        self.image.paste(picture, ((self.width - picture.width) // 2, self.y))
        self.space(picture.height)

    def cut(self) -> Image.Image:
        """What was drawn, cut at the present height."""
        return self.image.crop((0, 0, self.width, self.y))

    def _write(self, line: str, size: int, x: float, middle: float, ink: Colour, bold: int) -> None:
        self.draw.text((x, middle), line, font=font(size), fill=ink, anchor="lm", stroke_width=bold, stroke_fill=ink)
