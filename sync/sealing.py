"""Sealing: bytes that only the holder of one private key can open (ECIES on P-256).

A *seal* is a letter box: anybody who knows the recipient's public key can put something in, only the private
key takes it out, and the sender keeps nothing that could open it again. Doorstep seals the answer of an
identity check to the office, and the phone's database key to the branch's recovery key.

What it guarantees: the content is secret and unaltered, and it opens only with the same associated data, so
that a seal moved to another device or visit does not open. What it does not: it says nothing about *who*
sealed it; the signed operation that names it does.

::

    sealed  = 0x01 ‖ E ‖ AES-256-GCM(key, nonce, plaintext, associated data)   66 + length + 16 bytes
    E       = the ephemeral public key, uncompressed point, 65 bytes
    shared  = ECDH(ephemeral private, recipient public)                        the x coordinate, 32 bytes
    okm     = HKDF-SHA-256(shared, salt empty, info "doorstep/seal/1" ‖ 0x00 ‖ E ‖ R, 44 bytes)
    key     = okm[0:32], nonce = okm[32:44], R = the recipient's public key, 65 bytes

The nonce may follow from the key exchange because an ephemeral key is used **once**: sealing two contents to
one recipient with the same ephemeral key breaks both. The ephemeral key is an argument, so that this module
has no randomness of its own and the same vectors hold in TypeScript (WebCrypto's ECDH, HKDF and AES-GCM).

Sources: SEC 1 v2.0 chapter 5.1 (ECIES), RFC 5869 (HKDF), NIST SP 800-38D (GCM).
"""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.errors import Refused
from sync.signing import load_public_key, public_bytes

__all__ = ["SEAL_OVERHEAD_BYTES", "seal", "unseal"]

SEAL_OVERHEAD_BYTES: Final = 1 + 65 + 16
"""What a seal adds to its content: version, ephemeral public key, authentication tag."""

_VERSION: Final = b"\x01"
_INFO: Final = b"doorstep/seal/1\0"
_HEADER_BYTES: Final = 66


def seal(
    recipient_public: ec.EllipticCurvePublicKey,
    plaintext: bytes,
    associated_data: bytes,
    ephemeral_private: ec.EllipticCurvePrivateKey,
) -> bytes:
    """Seal `plaintext` to the recipient; `ephemeral_private` is fresh for every call and then forgotten.

    Returns `len(plaintext) + SEAL_OVERHEAD_BYTES` bytes. Raises ARGUMENT-WRONG for keys of another curve.
    """
    _check_curve(recipient_public.curve)
    _check_curve(ephemeral_private.curve)
    ephemeral = public_bytes(ephemeral_private.public_key())
    shared = ephemeral_private.exchange(ec.ECDH(), recipient_public)
    key, nonce = _derive(shared, ephemeral, public_bytes(recipient_public))
    return _VERSION + ephemeral + AESGCM(key).encrypt(nonce, plaintext, associated_data)


def unseal(private: ec.EllipticCurvePrivateKey, sealed: bytes, associated_data: bytes) -> bytes:
    """The content of a seal made for this private key with the same associated data.

    Raises ARGUMENT-WRONG when it is cut, altered, for another key, for other associated data, or of a
    version that is not known here.
    """
    _check_curve(private.curve)
    if len(sealed) < SEAL_OVERHEAD_BYTES:
        raise Refused("ARGUMENT-WRONG", f"a seal has at least {SEAL_OVERHEAD_BYTES} bytes, this one {len(sealed)}")
    if sealed[:1] != _VERSION:
        raise Refused("ARGUMENT-WRONG", f"a seal of version {sealed[0]} is not known here")
    ephemeral = sealed[1:_HEADER_BYTES]
    shared = private.exchange(ec.ECDH(), load_public_key(ephemeral))
    key, nonce = _derive(shared, ephemeral, public_bytes(private.public_key()))
    try:
        return AESGCM(key).decrypt(nonce, sealed[_HEADER_BYTES:], associated_data)
    except InvalidTag as error:
        raise Refused("ARGUMENT-WRONG", "the seal does not open with this key and associated data") from error


def _derive(shared: bytes, ephemeral: bytes, recipient: bytes) -> tuple[bytes, bytes]:
    okm = HKDF(hashes.SHA256(), 44, None, _INFO + ephemeral + recipient).derive(shared)
    return okm[:32], okm[32:]


def _check_curve(curve: ec.EllipticCurve) -> None:
    if not isinstance(curve, ec.SECP256R1):
        raise Refused("ARGUMENT-WRONG", f"sealing uses P-256, this key is on {curve.name}")
