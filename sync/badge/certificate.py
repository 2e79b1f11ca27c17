"""The office's certificate for one phone and one service day: 35 bytes and the office's signature.

====== ====== =========================================================================================
offset length content
====== ====== =========================================================================================
0      1      version (high four bits, now 1) and algorithm (low four bits, 1 = ES256)
1      8      id of the office's key that signs
9      8      key id: the device's id, whose key signs the minutes
17     8      the first 8 bytes of the SHA-256 of the agent's id
25     2      service day, days since 1970-01-01
27     4      valid from, seconds since 1970 UTC
31     4      valid until (not included), seconds since 1970 UTC
====== ====== =========================================================================================

All integers are big-endian. The agent stands there as a hash, because an agent's id has any length; who it is, only
the office says.
"""

from __future__ import annotations

import hashlib
import struct
from datetime import date, timedelta

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from sync.encoding import b64, unb64
from sync.errors import DoorstepError, NotAllowed, Refused
from sync.signing import TAG_BADGE, sign, verify

__all__ = [
    "CERTIFICATE_BODY_BYTES",
    "CERTIFICATE_BYTES",
    "Certificate",
    "SignedCertificate",
    "agent_hash",
    "pack_certificate",
    "read_certificate",
    "sign_certificate",
    "unpack_certificate",
    "verify_certificate",
]

CERTIFICATE_BODY_BYTES = 35
CERTIFICATE_BYTES = 99
"""The body and 64 bytes of signature."""

_LAYOUT = struct.Struct(">B8s8s8sHII")
_EPOCH = date(1970, 1, 1)
_HASH_BYTES = 8


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """What a certificate says; `office_key`, `device` and `agent_hash` are hexadecimal (8 bytes each)."""

    office_key: str
    device: str
    agent_hash: str
    service_day: str
    """``YYYY-MM-DD``."""
    from_s: int
    until_s: int


class SignedCertificate(msgspec.Struct, frozen=True):
    """A certificate's 99 bytes, taken apart."""

    data: bytes
    body: Certificate

    @property
    def text(self) -> str:
        """As documents carry it: base64url without padding."""
        return b64(self.data)


def agent_hash(agent: str) -> str:
    """The first 8 bytes of the SHA-256 of an agent's id (UTF-8), in hexadecimal."""
    return hashlib.sha256(agent.encode()).digest()[:_HASH_BYTES].hex()


def pack_certificate(body: Certificate) -> bytes:
    """35 bytes; raises BADGE-MALFORMED when a value does not fit its place or could not be read back."""
    try:
        packed = _LAYOUT.pack(
            0x11,
            bytes.fromhex(body.office_key),
            bytes.fromhex(body.device),
            bytes.fromhex(body.agent_hash),
            (date.fromisoformat(body.service_day) - _EPOCH).days,
            body.from_s,
            body.until_s,
        )
    except (struct.error, ValueError) as error:
        raise Refused("BADGE-MALFORMED", f"a value does not fit a certificate: {error}") from error
    # Short texts are padded by the packing, so that what was packed is read back and compared.
    if unpack_certificate(packed) != body:
        raise Refused("BADGE-MALFORMED", "a certificate's hexadecimal values are 8 bytes in lower case")
    return packed


def unpack_certificate(data: bytes) -> Certificate:
    """Inverse of `pack_certificate`; raises BADGE-MALFORMED for another version or impossible values."""
    if len(data) != CERTIFICATE_BODY_BYTES or data[0] != 0x11:
        raise Refused("BADGE-MALFORMED", "not a badge of version 1")
    (_, office_key, device, agent, day, from_s, until_s) = _LAYOUT.unpack(data)
    if from_s >= until_s:
        raise Refused("BADGE-MALFORMED", f"a badge that is valid from {from_s} until {until_s} is valid never")
    return Certificate(
        office_key=office_key.hex(),
        device=device.hex(),
        agent_hash=agent.hex(),
        service_day=(_EPOCH + timedelta(days=day)).isoformat(),
        from_s=from_s,
        until_s=until_s,
    )


def sign_certificate(office: ec.EllipticCurvePrivateKey, body: Certificate) -> SignedCertificate:
    """Pack and sign, with the office's key that `body.office_key` names."""
    packed = pack_certificate(body)
    return SignedCertificate(packed + sign(office, TAG_BADGE, packed), body)


def read_certificate(data: bytes | str) -> SignedCertificate:
    """Take 99 bytes (or their base64url) apart without checking the signature; raises BADGE-MALFORMED."""
    if isinstance(data, str):
        try:
            data = unb64(data, CERTIFICATE_BYTES)
        except DoorstepError as error:
            raise Refused("BADGE-MALFORMED", error.cause) from error
    if len(data) != CERTIFICATE_BYTES:
        raise Refused("BADGE-MALFORMED", f"a certificate has {CERTIFICATE_BYTES} bytes, not {len(data)}")
    return SignedCertificate(data, unpack_certificate(data[:CERTIFICATE_BODY_BYTES]))


def verify_certificate(certificate: SignedCertificate, office: ec.EllipticCurvePublicKey) -> None:
    """Return if the office's key signed it, else raise BADGE-FORGED."""
    body, signature = certificate.data[:CERTIFICATE_BODY_BYTES], certificate.data[CERTIFICATE_BODY_BYTES:]
    try:
        verify(office, TAG_BADGE, body, signature)
    except NotAllowed as error:
        raise NotAllowed("BADGE-FORGED", "the badge's certificate is not signed by the office") from error
