"""A forgotten PIN, on the phone: ask the office, then set a new secret. `sync.recovery` has the messages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from agent_client.vault.database import connect_database, create_database
from agent_client.vault.durable import locked_folder, read_bounded, remove_durably, set_aside, write_durably
from agent_client.vault.errors import RecoveryWrong, VaultCorrupt, VaultMissing
from agent_client.vault.kdf import KdfCost
from agent_client.vault.keys import private_key_from
from agent_client.vault.keystore import KeyStore
from agent_client.vault.limits import KEYSLOTS_BYTES_MAX
from agent_client.vault.secret import NewSecret
from agent_client.vault.slots import KeySlots, make_opening_slot, read_slots, write_slots
from agent_client.vault.vault import UnlockedVault
from sync.encoding import b64, canonical_json, unb64
from sync.errors import Refused
from sync.recovery import RecoveryRequest, open_recovery_answer
from sync.signing import public_bytes

__all__ = ["finish_recovery", "make_recovery_request"]

_KEY_NAME: Final = "recovery-key.json"


class _OneTimeKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    private: str


def make_recovery_request(folder: Path, random: Callable[[int], bytes]) -> bytes:
    """The request to the office, as JSON text; the one-time private key stays in the folder, mode 0600.

    Asking again gives the same key, so that an answer to an earlier copy still fits. Raises RECOVERY-WRONG
    when there is no recovery slot: then nothing here is unacknowledged, and a new enrolment loses nothing.
    """
    if not folder.is_dir():
        raise VaultMissing(folder)
    with locked_folder(folder):
        slots = read_slots(folder)
        if slots.recovery is None:
            raise RecoveryWrong("everything here is acknowledged, so nothing is sealed to the branch; enrol again")
        one_time = _read_key(folder)
        if one_time is None:
            one_time = private_key_from(random)
            scalar = one_time.private_numbers().private_value.to_bytes(32, "big")
            write_durably(folder / _KEY_NAME, canonical_json(_OneTimeKey(private=b64(scalar))))
        return canonical_json(
            RecoveryRequest(
                device=slots.device,
                one_time_public=b64(public_bytes(one_time.public_key())),
                recovery_slot=b64(slots.recovery),
            )
        )


def finish_recovery(
    folder: Path,
    answer: bytes,
    new_secret: NewSecret,
    keystore: KeyStore | None,
    kdf: KdfCost,
    random: Callable[[int], bytes],
) -> UnlockedVault:
    """Open the office's answer, set the new secret, lift a lock-out, and return the vault unlocked.

    The key is proven on the database before the old slot is replaced. The one-time key is removed last, so an
    interrupted run is simply repeated. Raises RECOVERY-WRONG, VAULT-MISSING, VAULT-CORRUPT, KEYSTORE-MISSING.
    """
    if not folder.is_dir():
        raise VaultMissing(folder)
    with locked_folder(folder):
        slots = read_slots(folder)
        one_time = _read_key(folder)
        if one_time is None:
            raise RecoveryWrong("this phone has asked for no recovery, or has finished it")
        database_key = open_recovery_answer(answer, slots.device, one_time)
        _prove(folder, slots, database_key)
        opening = make_opening_slot(database_key, slots.device, new_secret.kind, new_secret.text, keystore, kdf, random)
        write_slots(folder, msgspec.structs.replace(slots, opening=opening, tries=0, last_try_ms=0, state="ready"))
        remove_durably(folder / _KEY_NAME)
    return UnlockedVault(folder=folder, device=slots.device, database_key=database_key)


def _prove(folder: Path, slots: KeySlots, database_key: bytes) -> None:
    if slots.state == "creating":
        create_database(folder, database_key)
    connect_database(folder, database_key).close()


def _read_key(folder: Path) -> ec.EllipticCurvePrivateKey | None:
    path = folder / _KEY_NAME
    content = read_bounded(path, KEYSLOTS_BYTES_MAX)
    if content is None:
        return None
    try:
        scalar = unb64(msgspec.json.decode(content, type=_OneTimeKey).private, 32)
        return ec.derive_private_key(int.from_bytes(scalar, "big"), ec.SECP256R1())
    except (msgspec.DecodeError, ValueError, Refused) as error:
        raise VaultCorrupt(f"{path} cannot be read: {error}", (set_aside(path),)) from error
