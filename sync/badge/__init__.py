"""Badges: how a customer sees that the agent at the door is genuine.

The office certifies each morning that a phone speaks for an agent on one service day (35 bytes and its signature);
the phone signs the present minute under that certificate and shows both as 406 digits behind ``https://HOST/agent#``.
A photograph of a badge is worthless after five minutes, a phone that was reported lost after the office knows of it.
PROTOCOL.md chapter 10 fixes each bit.
"""

from sync.badge.certificate import (
    CERTIFICATE_BYTES,
    Certificate,
    SignedCertificate,
    agent_hash,
    pack_certificate,
    read_certificate,
    sign_certificate,
    unpack_certificate,
    verify_certificate,
)
from sync.badge.shown import (
    BADGE_BYTES,
    Badge,
    badge_digits,
    badge_minute,
    is_fresh,
    read_badge,
    read_badge_digits,
    show_badge,
    verify_badge,
)

__all__ = [
    "BADGE_BYTES",
    "CERTIFICATE_BYTES",
    "Badge",
    "Certificate",
    "SignedCertificate",
    "agent_hash",
    "badge_digits",
    "badge_minute",
    "is_fresh",
    "pack_certificate",
    "read_badge",
    "read_badge_digits",
    "read_certificate",
    "show_badge",
    "sign_certificate",
    "unpack_certificate",
    "verify_badge",
    "verify_certificate",
]
