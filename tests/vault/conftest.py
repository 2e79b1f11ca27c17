"""Small vaults that can be checked by hand: a dictionary as key store, and a cost that takes no time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from agent_client.vault import KdfCost, KeystoreMissing, Pin, create_vault

DEVICE = "device-17"
PIN = "740261"
NOW_MS = 1_772_330_400_000


class DictKeyStore:
    """A key store in memory; `broken` makes it behave like a locked one, `forgetful` like a bad one."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.broken = False
        self.forgetful = False

    def get(self, name: str) -> str | None:
        """The text, or None."""
        if self.broken:
            raise KeystoreMissing("the key store is locked")
        return self.kept.get(name)

    def set(self, name: str, text: str) -> None:
        """Keep the text."""
        if self.broken:
            raise KeystoreMissing("the key store is locked")
        if not self.forgetful:
            self.kept[name] = text


@pytest.fixture
def keystore() -> DictKeyStore:
    """A working key store."""
    return DictKeyStore()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the vault will be."""
    return tmp_path / "vault"


@pytest.fixture
def cheap() -> KdfCost:
    """The least that Argon2id allows."""
    return KdfCost(time=1, memory_kib=8, lanes=1)


@pytest.fixture
def random() -> Callable[[int], bytes]:
    """Bytes that look random, never repeat, and are the same in every run."""
    count = 0

    def draw(length: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(count.to_bytes(8, "big")).digest(length)

    return draw


@pytest.fixture(scope="session")
def branch() -> ec.EllipticCurvePrivateKey:
    """The branch's recovery key."""
    return ec.derive_private_key(20_260_301, ec.SECP256R1())


@pytest.fixture
def made(
    folder: Path,
    keystore: DictKeyStore,
    cheap: KdfCost,
    random: Callable[[int], bytes],
    branch: ec.EllipticCurvePrivateKey,
) -> Path:
    """A vault under a PIN with one record in it."""
    vault = create_vault(folder, DEVICE, Pin(PIN), keystore, branch.public_key(), cheap, random)
    database = vault.connect()
    database.table("notes").insert({"id": 1, "text": "上门收款 at the door"}, pk="id")
    database.close()
    return folder
