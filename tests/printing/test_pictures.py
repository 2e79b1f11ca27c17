"""Paper and card: right size, nothing cut off, no missing characters, and a code that reads."""

from __future__ import annotations

import io
import subprocess
import sys

import msgspec
import pytest
from PIL import Image

from agent_client.printing import ReceiptView, printer_png, receipt_text, share_png
from agent_client.printing.fonts import font, font_path, printable
from agent_client.printing.strip import Strip, balanced, wrap
from agent_client.printing.view import Language
from sync.errors import Refused, Unavailable
from sync.receipt import METHODS
from tests.printing.conftest import DIGITS
from tests.scanner import qr_codes

LONG: dict[str, object] = {
    "creditor_name": "Chongqing Liangjiang New Area Consumer Finance Company Limited 重庆两江新区消费金融有限责任公司",
    "agent_name": "Abdulrahman Maimaitiyiming 阿卜杜热合曼·买买提依明",
    "official_address": "https://receipts.very-long-name.example.com/official",
    "office_phone": "+86 400-800-1234 / 023-6789-0123",
    "amount_minor": 999_999_999_999,
    "prefix": "https://receipts.office.example.com/r#",
}

CHANGES: dict[str, dict[str, object]] = {
    "plain": {},
    "void": {"kind": "void", "voided_number": "7K2MX-1-41-H03T6W"},
    "confirmed": {"method": "alipay", "confirmed": True, "identified": False, "clock_trusted": False},
    "long": LONG,
}


@pytest.fixture(params=sorted(CHANGES))
def shown(view: ReceiptView, request: pytest.FixtureRequest) -> ReceiptView:
    """The receipt in each of its looks."""
    return msgspec.structs.replace(view, **CHANGES[request.param])


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_paper_reads_back(shown: ReceiptView, language: Language) -> None:
    """One bit a dot, 384 wide, and a scanner reads the exact payload."""
    picture = Image.open(io.BytesIO(printer_png(msgspec.structs.replace(shown, language=language))))
    assert picture.mode == "1"
    assert picture.width == 384
    assert picture.height > 2 * picture.width
    (result,) = qr_codes(picture.convert("L"))
    assert result.text == shown.prefix + DIGITS


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_the_card_reads_back(shown: ReceiptView, language: Language) -> None:
    """1080 wide, and a scanner reads the exact payload, also after a chat program made it smaller."""
    picture = Image.open(io.BytesIO(share_png(msgspec.structs.replace(shown, language=language))))
    assert (picture.mode, picture.width) == ("RGB", 1080)
    for seen in (picture, picture.resize((540, picture.height // 2), Image.Resampling.BILINEAR)):
        (result,) = qr_codes(seen)
        assert result.text == shown.prefix + DIGITS


def test_nothing_touches_the_papers_edge(shown: ReceiptView) -> None:
    """The outermost dots are white, so no letter is cut off on either side."""
    picture = Image.open(io.BytesIO(printer_png(shown))).convert("L")
    for left in (0, picture.width - 4):
        edge = picture.crop((left, 0, left + 4, picture.height))
        assert edge.getextrema() == (255, 255)


def test_nothing_leaves_the_card(shown: ReceiptView) -> None:
    """Between the card's edge and its margin there is only the card."""
    picture = Image.open(io.BytesIO(share_png(shown)))
    below_band = picture.crop((44, 600, 44 + 60, picture.height - 120))
    assert below_band.getcolors() == [(below_band.width * below_band.height, (255, 255, 255))]


def test_wider_paper_has_a_larger_code(view: ReceiptView) -> None:
    """An 80 mm printer uses its width; widths that no printer has are refused."""
    wide = Image.open(io.BytesIO(printer_png(view, 576)))
    assert wide.width == 576
    (result,) = qr_codes(wide.convert("L"))
    assert result.text == view.prefix + DIGITS
    for width in (0, 383, 833):
        with pytest.raises(Refused, match="dots are not within"):
            printer_png(view, width)


def test_pictures_are_the_same_each_time(view: ReceiptView) -> None:
    """A second copy is byte for byte the first."""
    assert printer_png(view) == printer_png(view)
    assert share_png(view) == share_png(view)


def test_a_void_looks_different_at_a_glance(view: ReceiptView) -> None:
    """Its band is red where a payment's is green, and its paper has a black bar."""
    void = msgspec.structs.replace(view, kind="void")
    red, green, _ = _pixel(share_png(void), (540, 60))
    assert red > 2 * green
    red, green, _ = _pixel(share_png(view), (540, 60))
    assert green > 2 * red
    assert _black_share(printer_png(void)) > _black_share(printer_png(view))


def _pixel(png: bytes, place: tuple[int, int]) -> tuple[int, int, int]:
    red, green, blue = Image.open(io.BytesIO(png)).crop((*place, place[0] + 1, place[1] + 1)).tobytes()
    return red, green, blue


def _black_share(png: bytes) -> float:
    head = Image.open(io.BytesIO(png)).convert("L").crop((0, 0, 384, 130))
    return head.histogram()[0] / (head.width * head.height)


@pytest.mark.parametrize("method", sorted(METHODS))
@pytest.mark.parametrize("kind", ["payment", "void"])
@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_the_typeface_has_every_word(view: ReceiptView, method: str, kind: str, language: str) -> None:
    """No label, method, note or amount in words shows an empty box."""
    for confirmed in (False, True):
        changed = msgspec.structs.replace(
            view, method=method, kind=kind, language=language, confirmed=confirmed, clock_trusted=False
        )
        text = receipt_text(changed)
        rows = [part for row in (*text.rows, text.address, text.phone) for part in (row.label, row.value)]
        for words in (text.title, text.amount_label, text.amount, text.stamp, *text.words, *rows, *text.note.lines):
            assert printable(words) == words
    assert printable("零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整") == "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整"


def test_a_missing_character_is_marked_and_controls_are_dropped() -> None:
    """A name with an unknown character shows that something stands there; line breaks cannot forge a row."""
    assert printable("李😀明") == "李〓明"
    assert printable(" A\n\tB\x07\u200b\u202eC ") == "A BC"
    assert printable("卡尔·马克思 Ærø") == "卡尔·马克思 Ærø"


@pytest.mark.parametrize(
    "text",
    ["", "短", "a" * 200, "款项已由经办人当面收取，办公室尚未确认。扫码可查款项去向。" * 3, "one two three " * 20],
)
def test_wrapped_lines_fit_and_lose_nothing(text: str) -> None:
    """No line is wider than the paper, no character is lost, and none begins with a stop."""
    for lines in (wrap(text, 22, 300), balanced(text, 22, 300)):
        assert all(font(22).getlength(line) <= 300 or line[-1] in "，。" for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert not any(line.startswith(("，", "。")) for line in lines)
    assert len(balanced(text, 22, 300)) <= len(wrap(text, 22, 300))


def test_a_web_address_breaks_at_its_dots() -> None:
    """A long address is cut where it can be read, not in the middle of a word."""
    lines = wrap("https://receipts.very-long-name.example.com/official", 22, 300)
    assert len(lines) > 1
    assert all(line[-1] in "/.-" for line in lines[:-1])


def test_an_endless_receipt_is_refused() -> None:
    """A strip longer than any receipt is a mistake, not a metre of paper."""
    strip = Strip(384, 8, mode="L", ground=255, ink=0)
    with pytest.raises(Refused, match="longer than"):
        strip.space(6_001)


def test_the_font_comes_without_the_plotting_library() -> None:
    """Making a receipt never imports the font's package nor the plotting library that it pulls in."""
    code = (
        "import sys, agent_client.printing.fonts as f; f.font(24);"
        "sys.exit(any(name.split('.')[0] in ('zhplot', 'matplotlib') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_a_missing_font_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its package the error names the font."""
    monkeypatch.setattr("agent_client.printing.fonts.find_spec", lambda _name: None)
    with pytest.raises(Unavailable, match="NotoSansSC"):
        font_path()
