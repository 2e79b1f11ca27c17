"""ES256: ECDSA on P-256 with SHA-256, and a domain tag for each kind of signature.

What is signed is always ``tag + 0x00 + payload``; the tag names the kind, so that a signature made for one
purpose never verifies for another. Signatures are the 64 bytes r‖s (as in JWS, RFC 7518 chapter 3.4, and as
WebCrypto makes them); public keys travel as the 65 bytes of the uncompressed point.
"""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sync.errors import NotAllowed, Refused

__all__ = [
    "TAG_ACKNOWLEDGEMENT",
    "TAG_BADGE",
    "TAG_BADGE_MINUTE",
    "TAG_CLOSING",
    "TAG_ENROLMENT",
    "TAG_EPOCH",
    "TAG_EXCHANGE",
    "TAG_RECEIPT",
    "TAG_SIDE_RECORD",
    "load_public_key",
    "public_bytes",
    "sign",
    "verify",
]

TAG_EXCHANGE: Final = b"doorstep/exchange/1"
TAG_ACKNOWLEDGEMENT: Final = b"doorstep/acknowledgement/1"
TAG_RECEIPT: Final = b"doorstep/receipt/1"
TAG_ENROLMENT: Final = b"doorstep/enrolment/1"
TAG_EPOCH: Final = b"doorstep/epoch/1"
TAG_CLOSING: Final = b"doorstep/closing/1"
TAG_SIDE_RECORD: Final = b"doorstep/side-record/1"
TAG_BADGE: Final = b"doorstep/badge/1"
TAG_BADGE_MINUTE: Final = b"doorstep/badge-minute/1"

_ECDSA = ec.ECDSA(hashes.SHA256())


def sign(private_key: ec.EllipticCurvePrivateKey, tag: bytes, payload: bytes) -> bytes:
    """64 bytes r‖s over ``tag + 0x00 + payload``."""
    r, s = decode_dss_signature(private_key.sign(tag + b"\0" + payload, _ECDSA))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def verify(public_key: ec.EllipticCurvePublicKey, tag: bytes, payload: bytes, signature: bytes) -> None:
    """Return if the signature is right, else raise SIGNATURE-WRONG."""
    if len(signature) != 64:
        raise NotAllowed("SIGNATURE-WRONG", f"a signature has 64 bytes, this one {len(signature)}")
    der = encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    try:
        public_key.verify(der, tag + b"\0" + payload, _ECDSA)
    except InvalidSignature as error:
        raise NotAllowed("SIGNATURE-WRONG", f"signature does not verify for {tag.decode()}") from error


def public_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    """The uncompressed point: 0x04, x, y; 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def load_public_key(point: bytes) -> ec.EllipticCurvePublicKey:
    """Inverse of `public_bytes`; refuses what is not a point of P-256."""
    try:
        if len(point) != 65:
            raise ValueError(f"{len(point)} bytes instead of 65")
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError as error:
        raise Refused("ARGUMENT-WRONG", f"not a P-256 public key: {error}") from error
