"""Sealing opens for one key and one context only."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import Refused
from sync.sealing import SEAL_OVERHEAD_BYTES, seal, unseal

RECIPIENT = ec.derive_private_key(7, ec.SECP256R1())
EPHEMERAL = ec.derive_private_key(11, ec.SECP256R1())


@given(st.binary(max_size=300), st.binary(max_size=60))
def test_what_was_sealed_opens_again(content: bytes, context: bytes) -> None:
    """The recipient gets exactly the sealed bytes, whatever they are."""
    sealed = seal(RECIPIENT.public_key(), content, context, EPHEMERAL)
    assert len(sealed) == len(content) + SEAL_OVERHEAD_BYTES
    assert unseal(RECIPIENT, sealed, context) == content


def test_a_seal_is_the_same_bytes_for_the_same_arguments() -> None:
    """There is no hidden randomness, so other languages can check the same vector."""
    sealed = seal(RECIPIENT.public_key(), b"4821", b"device-1", EPHEMERAL)
    assert sealed == seal(RECIPIENT.public_key(), b"4821", b"device-1", EPHEMERAL)
    assert sealed[:2] == b"\x01\x04"


@pytest.mark.parametrize("position", [0, 1, 2, 40, 65, 66, 70, -1])
def test_an_altered_seal_does_not_open(position: int) -> None:
    """One flipped bit anywhere is noticed: version, ephemeral key, content or tag."""
    sealed = bytearray(seal(RECIPIENT.public_key(), b"content", b"", EPHEMERAL))
    sealed[position] ^= 1
    with pytest.raises(Refused, match="ARGUMENT-WRONG"):
        unseal(RECIPIENT, bytes(sealed), b"")


def test_another_context_another_key_or_a_cut_seal_does_not_open() -> None:
    """A seal moved to another device, sent to another branch, or cut short is refused."""
    sealed = seal(RECIPIENT.public_key(), b"content", b"device-1", EPHEMERAL)
    with pytest.raises(Refused, match="associated data"):
        unseal(RECIPIENT, sealed, b"device-2")
    with pytest.raises(Refused, match="associated data"):
        unseal(EPHEMERAL, sealed, b"device-1")
    with pytest.raises(Refused, match="at least"):
        unseal(RECIPIENT, sealed[: SEAL_OVERHEAD_BYTES - 1], b"device-1")


def test_keys_of_another_curve_are_refused() -> None:
    """Sealing speaks P-256 alone."""
    other = ec.derive_private_key(7, ec.SECP384R1())
    with pytest.raises(Refused, match="secp384r1"):
        seal(other.public_key(), b"", b"", EPHEMERAL)
    with pytest.raises(Refused, match="secp384r1"):
        seal(RECIPIENT.public_key(), b"", b"", other)
    with pytest.raises(Refused, match="secp384r1"):
        unseal(other, b"", b"")
