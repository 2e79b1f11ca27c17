"""Side records: personal content kept apart from the operation that names it, so that it can be erased.

A side record is 16 bytes of salt followed by its content (UTF-8 text, JSON or an image); its name is the SHA-256
of both. The chain still verifies when the record is gone. The salt keeps a short content (four digits, a phone
number) from being found by hashing guesses.
"""

from __future__ import annotations

import msgspec

from sync.encoding import is_hash, sha256_hex
from sync.errors import Refused
from sync.limits import SIDE_RECORD_BYTES_MAX, SIDE_RECORD_SALT_BYTES

__all__ = ["SideRecord", "check_side_record", "content_of", "make_side_record"]


class SideRecord(msgspec.Struct, frozen=True):
    """Salted bytes and the hash that names them."""

    sha256: str
    data: bytes


def make_side_record(content: bytes, salt: bytes) -> SideRecord:
    """Salt the content and name it; refuses a salt of another length and content beyond the limit."""
    if len(salt) != SIDE_RECORD_SALT_BYTES:
        raise Refused("ARGUMENT-WRONG", f"a salt has {SIDE_RECORD_SALT_BYTES} bytes, not {len(salt)}")
    data = salt + content
    if len(data) > SIDE_RECORD_BYTES_MAX:
        raise Refused("ARGUMENT-WRONG", f"a side record of {len(data)} bytes is beyond {SIDE_RECORD_BYTES_MAX}")
    return SideRecord(sha256_hex(data), data)


def check_side_record(sha256: str, data: bytes) -> SideRecord:
    """Accept bytes only under the hash that they have; raises SIDE-RECORD-MISMATCH."""
    if not is_hash(sha256) or len(data) < SIDE_RECORD_SALT_BYTES or sha256_hex(data) != sha256:
        raise Refused("SIDE-RECORD-MISMATCH", f"the side record named {sha256[:16]!r}… has other bytes")
    if len(data) > SIDE_RECORD_BYTES_MAX:
        raise Refused("EXCHANGE-TOO-LARGE", f"a side record of {len(data)} bytes is beyond {SIDE_RECORD_BYTES_MAX}")
    return SideRecord(sha256, data)


def content_of(data: bytes) -> bytes:
    """The content behind the salt."""
    return data[SIDE_RECORD_SALT_BYTES:]
