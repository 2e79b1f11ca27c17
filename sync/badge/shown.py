"""What the phone shows: certificate, minute and the phone's signature over both; 167 bytes, 406 digits.

====== ====== =========================================================================================
offset length content
====== ====== =========================================================================================
0      99     the office's certificate with its signature
99     4      the minute: whole minutes since 1970 UTC, big-endian
103    64     the device's signature over the certificate's 35 bytes and the 4 of the minute
====== ====== =========================================================================================

The device's signature has a tag of its own, so that no signature of a phone passes for the office's.
"""

from __future__ import annotations

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from sync.badge.certificate import (
    CERTIFICATE_BODY_BYTES,
    CERTIFICATE_BYTES,
    SignedCertificate,
    read_certificate,
    verify_certificate,
)
from sync.digits import decode_digits, digits_of, encode_digits
from sync.errors import NotAllowed, Refused
from sync.limits import BADGE_MINUTES_MAX
from sync.signing import TAG_BADGE_MINUTE, sign, verify

__all__ = [
    "BADGE_BYTES",
    "BADGE_DIGITS",
    "Badge",
    "badge_digits",
    "badge_minute",
    "is_fresh",
    "read_badge",
    "read_badge_digits",
    "show_badge",
    "verify_badge",
]

BADGE_BYTES = 167
BADGE_DIGITS = digits_of(BADGE_BYTES)
_MINUTE_BYTES = 4
_SIGNED_BYTES = CERTIFICATE_BYTES + _MINUTE_BYTES
_MINUTE_MS = 60_000


class Badge(msgspec.Struct, frozen=True):
    """A badge's bytes, taken apart; `minute` counts from 1970 UTC."""

    data: bytes
    certificate: SignedCertificate
    minute: int


def badge_minute(now_ms: int) -> int:
    """The minute since 1970 UTC that a moment lies in."""
    return now_ms // _MINUTE_MS


def show_badge(device: ec.EllipticCurvePrivateKey, certificate: SignedCertificate, now_ms: int) -> Badge:
    """Sign the present minute; raises BADGE-MALFORMED for a time that no minute of a badge is."""
    minute = badge_minute(now_ms)
    if not 0 <= minute < 2 ** (8 * _MINUTE_BYTES):
        raise Refused("BADGE-MALFORMED", f"{now_ms} ms is no time of a badge")
    written = minute.to_bytes(_MINUTE_BYTES, "big")
    signature = sign(device, TAG_BADGE_MINUTE, certificate.data[:CERTIFICATE_BODY_BYTES] + written)
    return Badge(certificate.data + written + signature, certificate, minute)


def read_badge(data: bytes) -> Badge:
    """Take 167 bytes apart without checking the signatures; raises BADGE-MALFORMED."""
    if len(data) != BADGE_BYTES:
        raise Refused("BADGE-MALFORMED", f"a badge has {BADGE_BYTES} bytes, not {len(data)}")
    certificate = read_certificate(data[:CERTIFICATE_BYTES])
    return Badge(data, certificate, int.from_bytes(data[CERTIFICATE_BYTES:_SIGNED_BYTES], "big"))


def badge_digits(badge: Badge) -> str:
    """167 bytes → 406 digits."""
    return encode_digits(badge.data)


def read_badge_digits(text: str) -> Badge:
    """406 digits, with whatever a scanner appended; raises BADGE-MALFORMED."""
    return read_badge(decode_digits(text, BADGE_BYTES, "BADGE-MALFORMED", "a badge"))


def verify_badge(badge: Badge, office: ec.EllipticCurvePublicKey, device: ec.EllipticCurvePublicKey) -> None:
    """Return if the office signed the certificate and the device the minute, else raise BADGE-FORGED."""
    verify_certificate(badge.certificate, office)
    signed = badge.data[:CERTIFICATE_BODY_BYTES] + badge.data[CERTIFICATE_BYTES:_SIGNED_BYTES]
    try:
        verify(device, TAG_BADGE_MINUTE, signed, badge.data[_SIGNED_BYTES:])
    except NotAllowed as error:
        raise NotAllowed("BADGE-FORGED", "the badge's minute is not signed by the phone that it names") from error


def is_fresh(badge: Badge, now_ms: int) -> bool:
    """Whether the minute is at most `BADGE_MINUTES_MAX` away from the present one, and within the certificate's time.

    A minute ahead counts like one behind: a phone whose clock is wrong is told apart from a kept picture by nothing.
    """
    body = badge.certificate.body
    near = abs(badge_minute(now_ms) - badge.minute) <= BADGE_MINUTES_MAX
    return near and body.from_s <= badge.minute * 60 < body.until_s
