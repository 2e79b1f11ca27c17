"""The operating system's key store: where the half of a PIN's key lives that is not typed.

The keyring library is loaded only when a key store is asked for: it looks through every installed package for
backends, and a vault that opens with a passphrase never needs it.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from agent_client.vault.errors import KeystoreMissing
from agent_client.vault.limits import KEYSTORE_SECRET_BYTES

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

__all__ = ["KeyStore", "KeyringStore", "MachineKeyStore", "find_keystore", "secret_for", "stored_secret"]

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
        from keyring.errors import KeyringError

        try:
            return self._backend.get_password(_SERVICE, name)
        except (KeyringError, RuntimeError, OSError) as error:
            raise KeystoreMissing(f"the key store does not answer: {error}") from error

    def set(self, name: str, text: str) -> None:
        """Keep the text; KEYSTORE-MISSING when the store is locked or gone."""
        from keyring.errors import KeyringError

        try:
            self._backend.set_password(_SERVICE, name, text)
        except (KeyringError, RuntimeError, OSError) as error:
            raise KeystoreMissing(f"the key store does not take a secret: {error}") from error


class MachineKeyStore:
    """The machine's key store, looked for when something is first asked of it."""

    def __init__(self) -> None:
        self._found: KeyringStore | None = None

    def get(self, name: str) -> str | None:
        """The text kept under the name, or None; KEYSTORE-MISSING on a machine without a key store."""
        return self._store().get(name)

    def set(self, name: str, text: str) -> None:
        """Keep the text; KEYSTORE-MISSING on a machine without a key store."""
        self._store().set(name, text)

    def _store(self) -> KeyringStore:
        self._found = self._found or find_keystore()
        if self._found is None:
            raise KeystoreMissing("this vault opens with a PIN and this machine's key store, and none is running")
        return self._found


def find_keystore() -> KeyringStore | None:
    """The machine's key store, or None where there is only a null, failing or plain-text backend."""
    import keyring
    from keyring.backends import chainer

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
