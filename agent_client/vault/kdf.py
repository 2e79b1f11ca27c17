"""From something typed to a key: Argon2id (RFC 9106), then HKDF-SHA-256 (RFC 5869)."""

from __future__ import annotations

from typing import Final

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from agent_client.vault.limits import (
    ARGON2_LANES,
    ARGON2_LANES_MAX,
    ARGON2_MEMORY_KIB,
    ARGON2_MEMORY_KIB_MAX,
    ARGON2_TIME,
    ARGON2_TIME_MAX,
)
from agent_client.vault.secret import normal_form

__all__ = ["STANDARD_COST", "KdfCost", "derive_key"]


class KdfCost(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one try costs: passes, memory in KiB, lanes. Refused (ValueError) outside the bounds."""

    time: int
    memory_kib: int
    lanes: int

    def __post_init__(self) -> None:
        if not 1 <= self.time <= ARGON2_TIME_MAX:
            raise ValueError(f"{self.time} passes are not within 1 to {ARGON2_TIME_MAX}")
        if not 1 <= self.lanes <= ARGON2_LANES_MAX:
            raise ValueError(f"{self.lanes} lanes are not within 1 to {ARGON2_LANES_MAX}")
        if not 8 * self.lanes <= self.memory_kib <= ARGON2_MEMORY_KIB_MAX:
            raise ValueError(f"{self.memory_kib} KiB are not within 8 a lane and {ARGON2_MEMORY_KIB_MAX}")

    def weaker_than(self, other: KdfCost) -> bool:
        """Whether a guess costs less in both time and memory, or less in one and no more in the other."""
        return (
            self.time <= other.time
            and self.memory_kib <= other.memory_kib
            and (self.time, self.memory_kib) != (other.time, other.memory_kib)
        )


STANDARD_COST: Final = KdfCost(time=ARGON2_TIME, memory_kib=ARGON2_MEMORY_KIB, lanes=ARGON2_LANES)
"""What real vaults use."""


def derive_key(typed: str, keystore_secret: bytes, salt: bytes, cost: KdfCost, purpose: bytes) -> bytes:
    """32 bytes that need both what was typed and the key store's secret (empty for a passphrase).

    HKDF takes Argon2id's output and the secret as one input, so that neither without the other helps.
    """
    slow = hash_secret_raw(normal_form(typed).encode(), salt, cost.time, cost.memory_kib, cost.lanes, 32, Type.ID)
    return HKDF(hashes.SHA256(), 32, salt, purpose).derive(slow + keystore_secret)
