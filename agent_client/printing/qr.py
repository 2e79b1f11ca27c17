"""The QR code of a receipt or a badge: a byte segment for the address and a numeric one for the digits.

Digits take 3⅓ bits each in a numeric segment instead of 8, so that address and a receipt's 292 digits fit version 8 at
error correction M with an address of up to 29 characters (49 × 49 modules), version 9 above that. A badge's 406 digits
fit version 10 (57 × 57) with an address of up to 42 characters.
Source: ISO/IEC 18004.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from PIL import Image, ImageDraw
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, MODE_NUMBER, QRData

from agent_client.printing.limits import BADGE_DIGITS, QUIET_ZONE_MODULES, RECEIPT_DIGITS
from agent_client.printing.view import check_payload
from sync.errors import Refused

__all__ = ["Matrix", "qr_image", "qr_matrix", "terminal_qr"]

Matrix: TypeAlias = tuple[tuple[bool, ...], ...]
"""Rows of modules without the quiet zone; True is dark."""

_BLOCKS = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}


def qr_matrix(prefix: str, digits: str) -> Matrix:
    """The code's modules in the smallest version that fits, level M; ARGUMENT-WRONG for another payload."""
    check_payload(prefix, digits, (RECEIPT_DIGITS, BADGE_DIGITS))
    code = QRCode(version=None, error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(QRData(prefix.encode("ascii"), mode=MODE_8BIT_BYTE), optimize=0)
    code.add_data(QRData(digits.encode("ascii"), mode=MODE_NUMBER), optimize=0)
    try:
        code.make(fit=True)
    except ValueError as error:
        # The library cannot divide a block of nothing but zeros. Nothing that is signed holds 37 zero bytes in a row.
        raise Refused("ARGUMENT-WRONG", "digits with so many zeros in a row are no code of ours") from error
    return tuple(tuple(bool(module) for module in row) for row in code.get_matrix())


def qr_image(matrix: Matrix, module_pixels: int) -> Image.Image:
    """A grey image (mode L), black on white, with the quiet zone around it."""
    side = (len(matrix) + 2 * QUIET_ZONE_MODULES) * module_pixels
    image = Image.new("L", (side, side), 255)
    draw = ImageDraw.Draw(image)
    for row, modules in enumerate(matrix):
        for column, dark in enumerate(modules):
            if dark:
                left, top = (
                    (column + QUIET_ZONE_MODULES) * module_pixels,
                    (row + QUIET_ZONE_MODULES) * module_pixels,
                )
                draw.rectangle((left, top, left + module_pixels - 1, top + module_pixels - 1), fill=0)
    return image


def terminal_qr(prefix: str, digits: str, background: Literal["dark", "light"]) -> str:
    """The code for a terminal: two modules a character cell, quiet zone included, lines ended by ``\\n``.

    `background` is the terminal's own. What a block character paints has the colour of text, so on a dark
    terminal the *light* modules are painted and on a light one the dark ones. Every line has the same width.
    """
    matrix = qr_matrix(prefix, digits)
    width = len(matrix) + 2 * QUIET_ZONE_MODULES
    empty = (False,) * width
    edge = (False,) * QUIET_ZONE_MODULES
    above = [empty] * QUIET_ZONE_MODULES
    rows = [*above, *(edge + row + edge for row in matrix), *above]
    if len(rows) % 2:
        rows.append(empty)
    painted = background == "light"
    lines = (
        "".join(_BLOCKS[top == painted, bottom == painted] for top, bottom in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    )
    return "".join(line + "\n" for line in lines)
