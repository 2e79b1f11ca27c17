"""The short receipt number for the telephone, and account tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import Refused
from sync.receipt import (
    Receipt,
    ReceiptBody,
    account_tag,
    pack_body,
    parse_short,
    read_receipt,
    short_number,
)
from tests.core.test_receipts import receipt_bodies
from tests.core.writing import code_of


def unsigned(body: ReceiptBody) -> Receipt:
    """A receipt whose signature does not matter here."""
    packed = pack_body(body)
    return read_receipt(packed + bytes(64))


@given(receipt_bodies())
def test_short_numbers_round_trip(body: ReceiptBody) -> None:
    """Epoch and number come back, and the check code follows from the identity."""
    text = short_number(unsigned(body))
    short = parse_short(text)
    assert (short.epoch, short.number) == (body.epoch, body.number)
    assert text == f"{short.key}-{short.epoch}-{short.number}-{short.check}"
    assert set(short.key + short.check) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


@given(receipt_bodies(), st.data())
def test_what_people_make_of_a_short_number_is_forgiven(body: ReceiptBody, data: st.DataObject) -> None:
    """Case, spaces, full width, dashes and look-alike letters do not matter."""
    text = short_number(unsigned(body))
    full_width = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
    for change in (
        str.lower,
        lambda t: f"  {t} \n",
        lambda t: t.replace("-", " - "),
        lambda t: t.replace("-", data.draw(st.sampled_from("‐‑–—－"))),
        lambda t: t.replace("0", data.draw(st.sampled_from("oO"))),
        lambda t: t.replace("1", data.draw(st.sampled_from("iIlL"))),
        lambda t: t.translate(full_width),
    ):
        assert parse_short(change(text)) == parse_short(text)


@pytest.mark.parametrize(
    "text",
    ["", "-", "ABCDE-1-2", "ABCDE-1-2-ABCDE", "UUUUU-1-2-ABCDEF", "ABCDE-x-2-ABCDEF", "ABCDE-1-2-ABCDEF-", "é" * 9],
)
def test_other_texts_are_no_short_number(text: str) -> None:
    """What cannot be a short number is refused before anything is looked up."""
    with pytest.raises(Refused) as caught:
        parse_short(text)
    assert caught.value.code == "RECEIPT-MALFORMED"


@given(st.text(max_size=120))
def test_no_text_crashes_the_short_number(text: str) -> None:
    """Any text is read or refused."""
    assert code_of(parse_short, text) in {"", "RECEIPT-MALFORMED"}


def test_account_tags_need_the_key() -> None:
    """A tag is 4 bytes that follow from account and key together."""
    assert account_tag(b"k" * 32, "A1") == account_tag(b"k" * 32, "A1")
    assert len({account_tag(b"k" * 32, "A1"), account_tag(b"l" * 32, "A1"), account_tag(b"k" * 32, "A2")}) == 3
    assert len(bytes.fromhex(account_tag(b"k", "甲"))) == 4
