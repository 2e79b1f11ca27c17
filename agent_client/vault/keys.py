"""Elliptic-curve keys from random bytes that the caller gives, so that this package has no randomness of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

__all__ = ["private_key_from"]

_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_RANDOM_BYTES: Final = 40
"""64 bits more than the order has, so that the remainder is even (FIPS 186-5, A.2.1)."""


def private_key_from(random: Callable[[int], bytes]) -> ec.EllipticCurvePrivateKey:
    """A P-256 private key; `random(n)` returns n bytes and never the same twice."""
    scalar = int.from_bytes(random(_RANDOM_BYTES), "big") % (_P256_ORDER - 1) + 1
    return ec.derive_private_key(scalar, ec.SECP256R1())
