"""The operating system's key store: where the half of a PIN's key lives that is not typed."""

from __future__ import annotations

import binascii
from collections.abc import Callable
from typing import Final, Protocol

import keyring
import keyring.errors
from keyring.backend import KeyringBackend
from keyring.backends import chainer

from agent_client.vault.errors import KeystoreMissing
from agent_client.vault.limits import KEYSTORE_SECRET_BYTES

__all__ = ["KeyStore", "KeyringStore", "find_keystore", "secret_for", "stored_secret"]

_SERVICE: Final = "doorstep"
_PRIORITY_MIN: Final = 1
"""keyring's own line between a recommended backend and a null, failing or plain-text one."""


class KeyStore(Protocol):
    """Keeps small texts under names; both steps raise KEYSTORE-MISSING when the store does not work."""

    def get(self, name: str) -> str | None:
        """The text kept under the name, or None."""

    def set(self, name: str, text: str) -> None:
        """Keep the text under the name, replacing what was there."""


class KeyringStore:
    """A `KeyStore` on a backend of the keyring library."""

    def __init__(self, backend: KeyringBackend) -> None:
        self._backend = backend

    def get(self, name: str) -> str | None:
        """The text kept under the name, or None; KEYSTORE-MISSING when the store is locked or gone."""
        try:
            return self._backend.get_password(_SERVICE, name)
        except (keyring.errors.KeyringError, RuntimeError, OSError) as error:
            raise KeystoreMissing(f"the key store does not answer: {error}") from error

    def set(self, name: str, text: str) -> None:
        """Keep the text; KEYSTORE-MISSING when the store is locked or gone."""
        try:
            self._backend.set_password(_SERVICE, name, text)
        except (keyring.errors.KeyringError, RuntimeError, OSError) as error:
            raise KeystoreMissing(f"the key store does not take a secret: {error}") from error


def find_keystore() -> KeyringStore | None:
    """The machine's key store, or None where there is only a null, failing or plain-text backend."""
    backend = keyring.get_keyring()
    candidates = backend.backends if isinstance(backend, chainer.ChainerBackend) else [backend]
    for candidate in candidates:
        if candidate.priority >= _PRIORITY_MIN:
            return KeyringStore(candidate)
    return None


def stored_secret(keystore: KeyStore | None, name: str) -> bytes:
    """The secret that an existing PIN slot needs; KEYSTORE-MISSING when it cannot be had."""
    if keystore is None:
        raise KeystoreMissing("this vault opens with a PIN and this machine's key store, and none is running")
    found = _read(keystore, name)
    if found is None:
        raise KeystoreMissing("the key store has lost this vault's secret; recover through the office")
    return found


def secret_for(keystore: KeyStore | None, name: str, random: Callable[[int], bytes]) -> bytes:
    """The secret for a new PIN slot: the one already kept under the name, else a new one.

    Reusing it is what makes a change of PIN safe to interrupt: the old slot needs it until the new one is on
    disk. A new secret is read back, because a store that forgets would lock the agent out.
    """
    if keystore is None:
        raise KeystoreMissing("a PIN needs a key store, and this machine has none running")
    found = _read(keystore, name)
    if found is not None:
        return found
    fresh = random(KEYSTORE_SECRET_BYTES)
    keystore.set(name, fresh.hex())
    if _read(keystore, name) != fresh:
        raise KeystoreMissing("the key store does not give back what it was given")
    return fresh


def _read(keystore: KeyStore, name: str) -> bytes | None:
    text = keystore.get(name)
    if text is None:
        return None
    try:
        secret = binascii.unhexlify(text)
    except (ValueError, binascii.Error) as error:
        raise KeystoreMissing(f"the key store's entry {name!r} is not one of ours") from error
    if len(secret) != KEYSTORE_SECRET_BYTES:
        raise KeystoreMissing(f"the key store's entry {name!r} has {len(secret)} bytes, not one of ours")
    return secret
