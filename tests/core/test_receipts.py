"""Receipts: 56 bytes, 64 of signature, 292 digits, and a short number for the telephone."""

from __future__ import annotations

import hashlib
import struct
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.encoding import b64
from sync.errors import DoorstepError, NotAllowed, Refused
from sync.limits import AMOUNT_MINOR_MAX, EPOCH_MAX, SEQ_MAX
from sync.money import CURRENCIES
from sync.operations.kinds import series_of
from sync.receipt import (
    FLAG_CLOCK,
    FLAG_VOID,
    METHODS,
    ReceiptBody,
    from_digits,
    pack_body,
    read_receipt,
    sign_receipt,
    to_digits,
    unpack_body,
    verify_receipt,
)
from tests.core.writing import code_of, fixed_key

BODY = ReceiptBody(
    key_id="00a1b2c3d4e5f607",
    epoch=1,
    seq=12,
    number=3,
    before="000102030405060708090a0b0c0d0e0f",
    amount_minor=50_000,
    currency="CNY",
    method="cash",
    kind="payment",
    at_s=1_795_309_200,
    offset_minutes=480,
    flags=FLAG_CLOCK,
    last_four=1234,
    tag="deadbeef",
)


def hexadecimal(length: int) -> st.SearchStrategy[str]:
    """So many bytes in hexadecimal."""
    return st.binary(min_size=length, max_size=length).map(bytes.hex)


@st.composite
def receipt_bodies(draw: st.DrawFn) -> ReceiptBody:
    """Any body that a device may sign."""
    kind = draw(st.sampled_from(["payment", "void"]))
    return ReceiptBody(
        key_id=draw(hexadecimal(8)),
        epoch=draw(st.integers(1, EPOCH_MAX)),
        seq=draw(st.integers(1, SEQ_MAX)),
        number=draw(st.integers(1, 2**32 - 1)),
        before=draw(hexadecimal(16)),
        amount_minor=draw(st.integers(1, AMOUNT_MINOR_MAX)),
        currency=draw(st.sampled_from(sorted(CURRENCIES))),
        method=draw(st.sampled_from(sorted(METHODS))),
        kind=kind,
        at_s=draw(st.integers(0, 2**32 - 1)),
        offset_minutes=draw(st.integers(-56, 56)) * 15,
        flags=draw(st.integers(0, 7)) | (FLAG_VOID if kind == "void" else 0),
        last_four=draw(st.integers(0, 9999)),
        tag=draw(hexadecimal(4)),
    )


@given(receipt_bodies())
def test_bodies_round_trip_through_56_bytes(body: ReceiptBody) -> None:
    """What is packed is what is unpacked."""
    packed = pack_body(body)
    assert len(packed) == 56
    assert unpack_body(packed) == body


def test_each_value_stands_at_its_place() -> None:
    """The layout, byte by byte, as the protocol fixes it."""
    packed = pack_body(BODY)
    places = {
        (0, 1): "11",
        (1, 8): "00a1b2c3d4e5f607",
        (9, 2): "0001",
        (11, 4): "0000000c",
        (15, 4): "00000003",
        (19, 16): "000102030405060708090a0b0c0d0e0f",
        (35, 6): "00000000c350",
        (41, 2): "009c",
        (43, 1): "11",
        (44, 4): f"{1_795_309_200:08x}",
        (48, 1): "20",
        (49, 1): "01",
        (50, 2): "04d2",
        (52, 4): "deadbeef",
    }
    for (offset, length), value in places.items():
        assert packed[offset : offset + length].hex() == value
    assert sum(length for _, length in places) == 56


@pytest.mark.parametrize(
    "change",
    [
        {"key_id": "00"},
        {"key_id": "00A1B2C3D4E5F607"},
        {"key_id": "00 a1b2c3d4e5f607"},
        {"key_id": "x" * 16},
        {"epoch": 0},
        {"epoch": EPOCH_MAX + 1},
        {"seq": 0},
        {"seq": 2**32},
        {"number": 0},
        {"number": -1},
        {"before": ""},
        {"amount_minor": 0},
        {"amount_minor": -1},
        {"amount_minor": AMOUNT_MINOR_MAX + 1},
        {"amount_minor": 2**48},
        {"currency": "XXX"},
        {"method": "barter"},
        {"kind": "gift"},
        {"kind": "void"},
        {"flags": FLAG_VOID},
        {"flags": 16},
        {"flags": 256},
        {"at_s": -1},
        {"at_s": 2**32},
        {"offset_minutes": 7},
        {"offset_minutes": 15 * 57},
        {"offset_minutes": 15 * 128},
        {"last_four": 10_000},
        {"last_four": -1},
        {"tag": "dead"},
    ],
)
def test_values_that_do_not_fit_are_refused(change: dict[str, Any]) -> None:
    """Nothing is packed that could not be read back as the same."""
    with pytest.raises(Refused) as caught:
        pack_body(msgspec.structs.replace(BODY, **change))
    assert caught.value.code == "RECEIPT-MALFORMED"


@pytest.mark.parametrize(
    ("offset", "value"),
    [
        (0, b"\x21"),
        (0, b"\x12"),
        (9, bytes(2)),
        (11, bytes(4)),
        (15, bytes(4)),
        (35, bytes(6)),
        (35, b"\xff" * 6),
        (41, bytes(2)),
        (43, b"\x01"),
        (43, b"\x71"),
        (43, b"\x10"),
        (43, b"\x12"),
        (43, b"\x13"),
        (48, b"\x39"),
        (48, b"\xc7"),
        (49, b"\x10"),
        (49, b"\x08"),
        (50, struct.pack(">H", 10_000)),
    ],
)
def test_impossible_bytes_are_refused(offset: int, value: bytes) -> None:
    """Another version, unknown numbers and values beyond their bounds are no receipt."""
    packed = pack_body(BODY)
    with pytest.raises(Refused) as caught:
        unpack_body(packed[:offset] + value + packed[offset + len(value) :])
    assert caught.value.code == "RECEIPT-MALFORMED"


@given(st.binary(min_size=54, max_size=58) | st.binary(min_size=55, max_size=55).map(lambda rest: b"\x11" + rest))
def test_no_bytes_crash_a_receipt(data: bytes) -> None:
    """Any bytes are a receipt that packs to themselves, or refused."""
    try:
        body = unpack_body(data)
    except Refused:
        return
    assert pack_body(body) == data


@given(st.binary(min_size=120, max_size=120))
def test_digits_round_trip(data: bytes) -> None:
    """120 bytes are 292 digits and back."""
    digits = to_digits(data)
    assert len(digits) == 292
    assert digits.isdigit()
    assert from_digits(digits) == data


@given(st.text("0123456789", min_size=292, max_size=292))
def test_digits_that_are_read_are_the_ones_that_are_written(digits: str) -> None:
    """There is one text of digits for each receipt."""
    code = code_of(from_digits, digits)
    assert code in {"", "RECEIPT-MALFORMED"}
    assert code or to_digits(from_digits(digits)) == digits


@pytest.mark.parametrize("appended", ["?utm_source=x", "&a=1", "#", "/", " ", "\n12", "x9"])
def test_what_scanners_append_is_ignored(appended: str) -> None:
    """Anything behind the digits that is not a digit does no harm."""
    digits = to_digits(bytes(range(120)))
    assert from_digits(digits + appended) == bytes(range(120))


@pytest.mark.parametrize("length", [0, 119, 121])
def test_only_120_bytes_become_digits(length: int) -> None:
    """Other lengths are no receipt."""
    with pytest.raises(Refused):
        to_digits(bytes(length))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0" * 291,
        "0" * 293,
        "0" * 292 + "٣",
        "x" + "0" * 291,
        " " + "0" * 291,
        "-" + "0" * 291,
        "０" * 292,
        "9" * 292,
        "0" * 289 + "256",
        str(2**56) + "0" * 275,
        "0" * 100 + "_" + "0" * 191,
    ],
)
def test_other_digits_are_refused(text: str) -> None:
    """Too few, too many, other scripts and groups that no bytes have are refused."""
    with pytest.raises(Refused) as caught:
        from_digits(text)
    assert caught.value.code == "RECEIPT-MALFORMED"


@settings(max_examples=20)
@given(receipt_bodies())
def test_a_signed_receipt_is_checkable_from_its_digits_alone(body: ReceiptBody) -> None:
    """Digits to bytes to body to signature, with nothing but the public key."""
    receipt = sign_receipt(fixed_key(1), body)
    read = read_receipt(from_digits(to_digits(receipt.data)))
    assert read == receipt
    assert read_receipt(receipt.text) == receipt
    verify_receipt(read, fixed_key(1).public_key())
    assert read.identity == hashlib.sha256(receipt.data[:56]).hexdigest()
    assert series_of(receipt.text) == body.series
    with pytest.raises(NotAllowed) as caught:
        verify_receipt(read, fixed_key(2).public_key())
    assert caught.value.code == "RECEIPT-FORGED"


def test_the_identity_does_not_depend_on_the_signature() -> None:
    """Two signatures over one body are one receipt."""
    one, two = sign_receipt(fixed_key(1), BODY), sign_receipt(fixed_key(1), BODY)
    assert one.data != two.data
    assert one.identity == two.identity


def test_every_byte_of_a_receipt_is_signed() -> None:
    """Whichever byte is changed, the receipt is no longer genuine."""
    receipt = sign_receipt(fixed_key(1), BODY)
    for place in range(120):
        changed = bytearray(receipt.data)
        changed[place] ^= 1
        with pytest.raises(DoorstepError):
            verify_receipt(read_receipt(bytes(changed)), fixed_key(1).public_key())


@pytest.mark.parametrize("data", ["", "AAAA", "=" * 160, b"", bytes(119), bytes(120), bytes(121), b64(bytes(120))])
def test_what_is_no_receipt_is_refused(data: bytes | str) -> None:
    """Other lengths and texts are malformed, not errors of a library."""
    with pytest.raises(Refused) as caught:
        read_receipt(data)
    assert caught.value.code == "RECEIPT-MALFORMED"
