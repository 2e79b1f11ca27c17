"""`keyslots.json`: the ways to the one random database key, each way a *slot*.

::

    {"body": {"version": 1, "device": "…", "state": "ready",
              "opening": {"kind": "pin", "salt": "…", "nonce": "…", "wrapped": "…", "cost": {…},
                          "keystore_entry": "…"},
              "recovery": "…" or null, "tries": 0, "last_try_ms": 0},
     "sha256": "… of the exact bytes of body"}

The *opening* slot is a PIN's or a passphrase's: one at a time, so a forgotten older secret opens nothing. The
*recovery* slot is there while anything is unacknowledged. The hash tells damage from a wrong PIN: without it
a flipped bit would look like ten wrong tries. It is no protection against an attacker, and needs none: the
wrapped key is authenticated, and whoever can write this file can also put an older copy of it back, which is
why the strength lies in Argon2id and the key store, and the lock-out only stops hands on a keyboard.

`state` is `creating` until the database exists; no record can be in a vault before it is `ready`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from agent_client.vault.durable import read_bounded, set_aside, write_durably
from agent_client.vault.errors import VaultCorrupt, VaultMissing
from agent_client.vault.kdf import KdfCost, derive_key
from agent_client.vault.keystore import KeyStore, secret_for, stored_secret
from agent_client.vault.limits import KEYSLOTS_BYTES_MAX, SALT_BYTES
from agent_client.vault.secret import SecretKind
from sync.encoding import canonical_json, sha256_hex
from sync.recovery import DATABASE_KEY_BYTES

__all__ = [
    "DATABASE_NAME",
    "KeySlots",
    "OpeningSlot",
    "keyslots_path",
    "make_opening_slot",
    "open_slot",
    "read_slots",
    "slot_keystore_secret",
    "write_slots",
]

DATABASE_NAME: Final = "agent.db"
"""The encrypted database's file, beside the slots."""

_KEYSLOTS_NAME: Final = "keyslots.json"
_NONCE_BYTES: Final = 12


class OpeningSlot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The database key under AES-256-GCM, with what is needed to derive the key-encryption key."""

    kind: SecretKind
    salt: bytes
    nonce: bytes
    wrapped: bytes
    cost: KdfCost
    keystore_entry: str | None


class KeySlots(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that the file says."""

    device: str
    state: Literal["creating", "ready"]
    opening: OpeningSlot
    recovery: bytes | None
    tries: int = 0
    last_try_ms: int = 0
    version: Literal[1] = 1


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    body: msgspec.Raw
    sha256: str


def keyslots_path(folder: Path) -> Path:
    """Where the slots are."""
    return folder / _KEYSLOTS_NAME


def read_slots(folder: Path) -> KeySlots:
    """The vault's slots; VAULT-MISSING when there is no vault, VAULT-CORRUPT when it is damaged."""
    path = keyslots_path(folder)
    content = read_bounded(path, KEYSLOTS_BYTES_MAX)
    if content is None:
        database = folder / DATABASE_NAME
        if database.exists():
            raise VaultCorrupt(f"{database} has no {_KEYSLOTS_NAME} beside it, so nothing opens it")
        raise VaultMissing(folder)
    try:
        if len(content) > KEYSLOTS_BYTES_MAX:
            raise ValueError(f"more than {KEYSLOTS_BYTES_MAX} bytes")
        file = msgspec.json.decode(content, type=_File)
        if sha256_hex(bytes(file.body)) != file.sha256:
            raise ValueError("the hash does not match")
        return msgspec.json.decode(file.body, type=KeySlots)
    except (msgspec.DecodeError, ValueError) as error:
        raise VaultCorrupt(f"{path} cannot be read: {error}", (set_aside(path),)) from error


def write_slots(folder: Path, slots: KeySlots) -> None:
    """Replace the slots as one durable step; the caller holds the folder's lock."""
    body = canonical_json(slots)
    write_durably(keyslots_path(folder), canonical_json(_File(body=msgspec.Raw(body), sha256=sha256_hex(body))))


def make_opening_slot(
    database_key: bytes,
    device: str,
    kind: SecretKind,
    typed: str,
    keystore: KeyStore | None,
    cost: KdfCost,
    random: Callable[[int], bytes],
) -> OpeningSlot:
    """A slot for a new secret; a PIN's also needs the key store (else KEYSTORE-MISSING), and stores into it."""
    entry = f"vault/{device}" if kind == "pin" else None
    keystore_secret = b"" if entry is None else secret_for(keystore, entry, random)
    salt, nonce = random(SALT_BYTES), random(_NONCE_BYTES)
    key = derive_key(typed, keystore_secret, salt, cost, _purpose(kind, device))
    wrapped = AESGCM(key).encrypt(nonce, database_key, _purpose(kind, device))
    return OpeningSlot(kind=kind, salt=salt, nonce=nonce, wrapped=wrapped, cost=cost, keystore_entry=entry)


def slot_keystore_secret(slot: OpeningSlot, keystore: KeyStore | None) -> bytes:
    """The key store's half for this slot: empty for a passphrase; KEYSTORE-MISSING when it cannot be had."""
    return b"" if slot.keystore_entry is None else stored_secret(keystore, slot.keystore_entry)


def open_slot(slot: OpeningSlot, device: str, typed: str, keystore_secret: bytes) -> bytes | None:
    """The database key, or None when what was typed is wrong."""
    purpose = _purpose(slot.kind, device)
    key = derive_key(typed, keystore_secret, slot.salt, slot.cost, purpose)
    try:
        database_key = AESGCM(key).decrypt(slot.nonce, slot.wrapped, purpose)
    except InvalidTag:
        return None
    return database_key if len(database_key) == DATABASE_KEY_BYTES else None


def _purpose(kind: SecretKind, device: str) -> bytes:
    return f"doorstep/vault/{kind}/1".encode() + b"\0" + device.encode()
