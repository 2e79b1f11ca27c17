"""ES256 with a domain tag for each kind of signature."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import signing
from sync.errors import NotAllowed, Refused
from sync.signing import load_public_key, public_bytes, sign, verify
from tests.core.writing import fixed_key

TAGS = sorted(getattr(signing, name) for name in signing.__all__ if name.startswith("TAG_"))
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@settings(max_examples=25)
@given(st.binary(max_size=100), st.sampled_from(TAGS))
def test_a_signature_verifies_for_its_own_tag_only(payload: bytes, tag: bytes) -> None:
    """What is signed for one purpose never verifies for another, nor for other bytes."""
    key = fixed_key(1)
    signature = sign(key, tag, payload)
    verify(key.public_key(), tag, payload, signature)
    for other in TAGS:
        if other != tag:
            with pytest.raises(NotAllowed):
                verify(key.public_key(), other, payload, signature)
    with pytest.raises(NotAllowed):
        verify(key.public_key(), tag, payload + b"\0", signature)


def test_tags_are_different_and_hold_no_nul() -> None:
    """No tag is another's beginning behind which the payload could be shifted."""
    assert len(set(TAGS)) == len(TAGS)
    assert all(b"\0" not in tag and tag.endswith(b"/1") for tag in TAGS)


def test_another_key_does_not_verify() -> None:
    """A signature belongs to one key."""
    signature = sign(fixed_key(1), signing.TAG_EXCHANGE, b"x")
    with pytest.raises(NotAllowed) as caught:
        verify(fixed_key(2).public_key(), signing.TAG_EXCHANGE, b"x", signature)
    assert caught.value.code == "SIGNATURE-WRONG"


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(65), bytes(64), b"\xff" * 64])
def test_what_is_no_signature_is_refused(signature: bytes) -> None:
    """Other lengths, zeros and numbers beyond the group's order are refused, not errors of the library."""
    with pytest.raises(NotAllowed):
        verify(fixed_key(1).public_key(), signing.TAG_EXCHANGE, b"x", signature)


def test_every_bit_of_a_signature_counts() -> None:
    """Any single flipped bit makes it wrong."""
    key = fixed_key(1)
    signature = sign(key, signing.TAG_RECEIPT, b"x")
    for bit in range(0, 512, 7):
        wrong = bytearray(signature)
        wrong[bit // 8] ^= 1 << bit % 8
        with pytest.raises(NotAllowed):
            verify(key.public_key(), signing.TAG_RECEIPT, b"x", bytes(wrong))


def test_the_mirrored_signature_verifies_too() -> None:
    """ES256 signatures are not unique: r with n - s is as good, so identities are never made from them."""
    key = fixed_key(1)
    signature = sign(key, signing.TAG_RECEIPT, b"x")
    mirrored = signature[:32] + (ORDER - int.from_bytes(signature[32:], "big")).to_bytes(32, "big")
    verify(key.public_key(), signing.TAG_RECEIPT, b"x", mirrored)


def test_public_keys_round_trip() -> None:
    """A public key is 65 bytes that begin with 4."""
    point = public_bytes(fixed_key(1).public_key())
    assert (len(point), point[0]) == (65, 4)
    assert public_bytes(load_public_key(point)) == point


@pytest.mark.parametrize("change", ["short", "long", "compressed", "off_curve", "zero", "hybrid", "infinity"])
def test_what_is_no_public_key_is_refused(change: str) -> None:
    """Other lengths and forms, and points that are not on the curve, are refused."""
    point = public_bytes(fixed_key(1).public_key())
    wrong = {
        "short": point[:-1],
        "long": point + b"\0",
        "compressed": bytes([2]) + point[1:33],
        "off_curve": point[:-1] + bytes([point[-1] ^ 1]),
        "zero": b"\4" + bytes(64),
        "hybrid": bytes([6 + point[-1] % 2]) + point[1:],
        "infinity": b"\0",
    }[change]
    with pytest.raises(Refused) as caught:
        load_public_key(wrong)
    assert caught.value.code == "ARGUMENT-WRONG"
