"""The vault: a folder with an encrypted database and the key slots that open it.

Each step that changes a secret is *one* durable write of `keyslots.json`, made after everything that the new
content needs (key store, database) is in place, and before anything that the old content needed is removed.
So an interruption at any moment leaves a vault that opens with the old secret or with the new one.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import sqlite_utils
from cryptography.hazmat.primitives.asymmetric import ec

from agent_client.vault import tries as rules
from agent_client.vault.database import connect_database, create_database, discard_unfinished
from agent_client.vault.durable import locked_folder
from agent_client.vault.errors import PinLocked, PinWrong, VaultExists, VaultMissing
from agent_client.vault.kdf import KdfCost
from agent_client.vault.keys import private_key_from
from agent_client.vault.keystore import KeyStore
from agent_client.vault.secret import NewSecret, SecretKind
from agent_client.vault.slots import (
    KeySlots,
    keyslots_path,
    make_opening_slot,
    open_slot,
    read_slots,
    slot_keystore_secret,
    write_slots,
)
from sync.errors import Refused
from sync.recovery import DATABASE_KEY_BYTES, make_recovery_slot

__all__ = [
    "UnlockedVault",
    "VaultStatus",
    "change_secret",
    "create_vault",
    "open_vault",
    "unlock_vault",
    "vault_status",
]


class UnlockedVault(msgspec.Struct, frozen=True, kw_only=True):
    """A vault whose key is in this process's memory; `connect` as often as there are threads."""

    folder: Path
    device: str
    database_key: bytes

    def connect(self) -> sqlite_utils.Database:
        """A new connection; see `connect_database` for its errors."""
        return connect_database(self.folder, self.database_key)

    def add_recovery_slot(self, recovery_public: ec.EllipticCurvePublicKey, random: Callable[[int], bytes]) -> None:
        """Seal the key to the branch; call it, and let it return, before the first new record is written."""
        sealed = make_recovery_slot(self.database_key, self.device, recovery_public, private_key_from(random))
        with locked_folder(self.folder):
            write_slots(self.folder, msgspec.structs.replace(read_slots(self.folder), recovery=sealed))

    def remove_recovery_slot(self) -> None:
        """Take the branch's slot away; only when everything on this phone is acknowledged."""
        with locked_folder(self.folder):
            write_slots(self.folder, msgspec.structs.replace(read_slots(self.folder), recovery=None))

    def __repr__(self) -> str:
        return f"UnlockedVault(folder={self.folder!r}, device={self.device!r}, database_key=…)"


class VaultStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What can be told without a secret; `allowed_at_ms` is None when only recovery unlocks."""

    device: str
    kind: SecretKind
    tries_left: int
    allowed_at_ms: int | None
    has_recovery: bool


def create_vault(
    folder: Path,
    device: str,
    secret: NewSecret,
    keystore: KeyStore | None,
    recovery_public: ec.EllipticCurvePublicKey | None,
    kdf: KdfCost,
    random: Callable[[int], bytes],
) -> UnlockedVault:
    """Make a new vault in the folder (made if missing, mode 0700) and return it unlocked.

    Raises VAULT-EXISTS over any vault that could hold a record; what an interrupted creation left is made
    anew. KEYSTORE-MISSING when a PIN is asked for without a key store. `recovery_public` is the branch's.
    """
    if not device:
        raise Refused("ARGUMENT-WRONG", "a vault is for a device; the id is empty")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locked_folder(folder):
        _refuse_to_overwrite(folder)
        database_key = random(DATABASE_KEY_BYTES)
        recovery = None
        if recovery_public is not None:
            recovery = make_recovery_slot(database_key, device, recovery_public, private_key_from(random))
        opening = make_opening_slot(database_key, device, secret.kind, secret.text, keystore, kdf, random)
        slots = KeySlots(device=device, state="creating", opening=opening, recovery=recovery)
        discard_unfinished(folder)
        write_slots(folder, slots)
        _finish_creation(folder, slots, database_key)
    return UnlockedVault(folder=folder, device=device, database_key=database_key)


def unlock_vault(
    folder: Path,
    secret: str,
    keystore: KeyStore | None,
    now_ms: int,
    kdf: KdfCost,
    random: Callable[[int], bytes],
) -> UnlockedVault:
    """Open the slot with what the agent typed. `now_ms` is the wall clock in milliseconds since 1970.

    The try is counted on disk *before* it is made, so that cutting the power does not give another one. A slot
    that is cheaper to guess than `kdf` is made anew in passing.

    Raises PIN-WRONG, PIN-LOCKED, KEYSTORE-MISSING (no try counted), VAULT-MISSING, VAULT-CORRUPT.
    """
    if not secret.strip():
        raise Refused("ARGUMENT-WRONG", "nothing was typed")
    if not folder.is_dir():
        raise VaultMissing(folder)
    with locked_folder(folder):
        slots = read_slots(folder)
        _refuse_while_waiting(folder, slots, now_ms)
        keystore_secret = slot_keystore_secret(slots.opening, keystore)
        counted = msgspec.structs.replace(slots, tries=slots.tries + 1, last_try_ms=now_ms)
        write_slots(folder, counted)
        database_key = open_slot(slots.opening, slots.device, secret, keystore_secret)
        if database_key is None:
            if rules.is_locked(counted.tries):
                raise PinLocked(None)
            raise PinWrong(rules.tries_left(counted.tries))
        opening = slots.opening
        if opening.cost.weaker_than(kdf):
            # Not through Pin or Passphrase: a secret set under milder rules must go on opening its vault.
            opening = make_opening_slot(database_key, slots.device, opening.kind, secret, keystore, kdf, random)
        opened = msgspec.structs.replace(counted, tries=0, opening=opening)
        write_slots(folder, opened)
        if opened.state == "creating":
            _finish_creation(folder, opened, database_key)
    return UnlockedVault(folder=folder, device=slots.device, database_key=database_key)


def open_vault(
    folder: Path,
    secret: str,
    keystore: KeyStore | None,
    now_ms: int,
    kdf: KdfCost,
    random: Callable[[int], bytes],
) -> sqlite_utils.Database:
    """`unlock_vault` and connect: the encrypted database, ready for use. Errors as there."""
    return unlock_vault(folder, secret, keystore, now_ms, kdf, random).connect()


def change_secret(
    folder: Path,
    old_secret: str,
    new_secret: NewSecret,
    keystore: KeyStore | None,
    now_ms: int,
    kdf: KdfCost,
    random: Callable[[int], bytes],
) -> None:
    """Set another PIN or passphrase; the old one opens nothing any more. Errors as in `unlock_vault`."""
    vault = unlock_vault(folder, old_secret, keystore, now_ms, kdf, random)
    with locked_folder(folder):
        opening = make_opening_slot(
            vault.database_key, vault.device, new_secret.kind, new_secret.text, keystore, kdf, random
        )
        write_slots(folder, msgspec.structs.replace(read_slots(folder), opening=opening, tries=0))


def vault_status(folder: Path) -> VaultStatus:
    """What kind of secret to ask for and how many tries are left; VAULT-MISSING, VAULT-CORRUPT."""
    slots = read_slots(folder)
    locked = rules.is_locked(slots.tries)
    return VaultStatus(
        device=slots.device,
        kind=slots.opening.kind,
        tries_left=rules.tries_left(slots.tries),
        allowed_at_ms=None if locked else rules.allowed_at_ms(slots.tries, slots.last_try_ms),
        has_recovery=slots.recovery is not None,
    )


def _refuse_to_overwrite(folder: Path) -> None:
    if keyslots_path(folder).exists():
        if read_slots(folder).state == "ready":
            raise VaultExists(folder)
        return
    try:
        read_slots(folder)
    except VaultMissing:
        return


def _finish_creation(folder: Path, slots: KeySlots, database_key: bytes) -> None:
    create_database(folder, database_key)
    write_slots(folder, msgspec.structs.replace(slots, state="ready"))


def _refuse_while_waiting(folder: Path, slots: KeySlots, now_ms: int) -> None:
    if rules.is_locked(slots.tries):
        raise PinLocked(None)
    if rules.clock_went_back(slots.last_try_ms, now_ms):
        slots = msgspec.structs.replace(slots, last_try_ms=now_ms)
        write_slots(folder, slots)
    until_ms = rules.allowed_at_ms(slots.tries, slots.last_try_ms)
    if now_ms < until_ms:
        raise PinLocked(until_ms)
