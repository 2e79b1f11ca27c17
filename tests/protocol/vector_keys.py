"""The test keys of the golden vectors: each scalar follows from its name, so that anybody can make it again."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from sync.encoding import b64
from sync.signing import public_bytes

__all__ = ["NAMES", "key_vectors", "private_key", "public_text", "signature"]

NAMES = ("device", "other device", "office", "identity", "recovery", "ephemeral", "one-time")
_DETERMINISTIC = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


def private_key(name: str) -> ec.EllipticCurvePrivateKey:
    """Scalar = SHA-256 of ``doorstep test key: NAME``; never used outside the vectors."""
    scalar = int.from_bytes(hashlib.sha256(f"doorstep test key: {name}".encode()).digest(), "big")
    return ec.derive_private_key(scalar, ec.SECP256R1())


def public_text(name: str) -> str:
    """The public key as it travels: 65 bytes in base64url."""
    return b64(public_bytes(private_key(name).public_key()))


def signature(name: str, tag: bytes, payload: bytes) -> str:
    """A signature after RFC 6979, so that the same files are made again; any valid one would do."""
    r, s = decode_dss_signature(private_key(name).sign(tag + b"\0" + payload, _DETERMINISTIC))
    return b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def key_vectors() -> list[dict[str, str]]:
    """Name, private scalar and public point of each test key, in base64url; the points also as coordinates."""
    found = []
    for name in NAMES:
        key = private_key(name)
        point = public_bytes(key.public_key())
        scalar = key.private_numbers().private_value.to_bytes(32, "big")
        found.append(
            {
                "name": name,
                "d": b64(scalar),
                "x": b64(point[1:33]),
                "y": b64(point[33:]),
                "public_key": b64(point),
            }
        )
    return found
