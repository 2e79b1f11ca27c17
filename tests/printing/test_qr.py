"""The code has the promised size, and what a scanner reads is the exact payload."""

from __future__ import annotations

from typing import Literal

import pytest
from PIL import Image

from agent_client.printing import qr_image, qr_matrix, terminal_qr
from agent_client.printing.limits import QUIET_ZONE_MODULES
from sync.errors import Refused
from tests.printing.conftest import DIGITS
from tests.scanner import qr_codes


def _prefix(length: int) -> str:
    return "https://" + "a" * (length - 11) + "/r#"


@pytest.mark.parametrize(("length", "version"), [(12, 8), (22, 8), (29, 8), (30, 9), (55, 9)])
def test_the_smallest_version_that_fits(length: int, version: int) -> None:
    """Up to 29 characters of address are version 8, more are version 9; sides are 17 + 4 × version."""
    prefix = _prefix(length)
    assert len(prefix) == length
    matrix = qr_matrix(prefix, DIGITS)
    assert len(matrix) == len(matrix[0]) == 17 + 4 * version


@pytest.mark.parametrize("digits", [DIGITS, "0" * 51 + DIGITS[:241], DIGITS[:241] + "0" * 51, "9" * 292])
@pytest.mark.parametrize("length", [22, 29, 30])
def test_a_scanner_reads_the_exact_payload(length: int, digits: str) -> None:
    """Address and digits come back unchanged, leading zeros included, at error correction M."""
    (result,) = qr_codes(qr_image(qr_matrix(_prefix(length), digits), 4))
    assert result.text == _prefix(length) + digits
    assert result.ec_level == "M"


@pytest.mark.parametrize(("length", "version"), [(26, 10), (42, 10), (43, 11)])
def test_a_badge_is_read_too(length: int, version: int) -> None:
    """406 digits behind an address of up to 42 characters are version 10."""
    digits = (DIGITS + DIGITS)[:406]
    matrix = qr_matrix(_prefix(length), digits)
    assert len(matrix) == 17 + 4 * version
    (result,) = qr_codes(qr_image(matrix, 4))
    assert (result.text, result.ec_level) == (_prefix(length) + digits, "M")


def test_the_same_receipt_is_the_same_code() -> None:
    """Printing again gives the same modules."""
    assert qr_matrix(_prefix(22), DIGITS) == qr_matrix(_prefix(22), DIGITS)


def test_another_payload_is_refused() -> None:
    """A code that is not a receipt is never made."""
    for prefix, digits in (
        ("ftp://x/r#", DIGITS),
        (_prefix(22), DIGITS[1:]),
        (_prefix(22), "x" * 292),
        (_prefix(22), "0" * 292),
    ):
        with pytest.raises(Refused, match="ARGUMENT-WRONG"):
            qr_matrix(prefix, digits)


def _rasterised(text: str, background: str) -> Image.Image:
    """What a terminal shows: each cell two squares, painted in the text's colour."""
    paint, ground = (255, 0) if background == "dark" else (0, 255)
    lines = text.splitlines()
    size = 4
    # The terminal's own ground goes on around the code.
    image = Image.new("L", ((len(lines[0]) + 12) * size, (2 * len(lines) + 12) * size), ground)
    for row, line in enumerate(lines):
        for column, character in enumerate(line):
            for half, blocks in ((0, "█▀"), (1, "█▄")):
                if character in blocks:
                    left, top = (column + 6) * size, (2 * row + half + 6) * size
                    image.paste(paint, (left, top, left + size, top + size))
    return image


@pytest.mark.parametrize("background", ["dark", "light"])
@pytest.mark.parametrize("length", [22, 30])
def test_a_terminal_shows_a_readable_code(background: Literal["dark", "light"], length: int) -> None:
    """On dark and on light terminals a scanner reads the payload off the screen."""
    text = terminal_qr(_prefix(length), DIGITS, background)
    lines = text.splitlines()
    assert text.endswith("\n")
    assert {len(line) for line in lines} == {(49 if length == 22 else 53) + 2 * QUIET_ZONE_MODULES}
    assert set(text) <= set("█▀▄ \n")
    (result,) = qr_codes(_rasterised(text, background))
    assert result.text == _prefix(length) + DIGITS


def test_the_quiet_zone_is_light() -> None:
    """The first two lines are painted on a dark terminal and empty on a light one."""
    dark = terminal_qr(_prefix(22), DIGITS, "dark").splitlines()
    light = terminal_qr(_prefix(22), DIGITS, "light").splitlines()
    assert set(dark[0] + dark[1]) == {"█"}
    assert set(light[0] + light[1]) == {" "}
