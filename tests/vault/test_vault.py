"""Creating, opening and changing a vault."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from agent_client.vault import (
    KdfCost,
    KeystoreMissing,
    Passphrase,
    Pin,
    PinWrong,
    VaultCorrupt,
    VaultExists,
    VaultMissing,
    change_secret,
    create_vault,
    open_vault,
    unlock_vault,
    vault_status,
)
from agent_client.vault.limits import TRIES_MAX
from agent_client.vault.slots import read_slots
from sync.errors import Refused
from sync.sealing import unseal
from tests.vault.conftest import DEVICE, NOW_MS, PIN, DictKeyStore

Random = Callable[[int], bytes]


def _notes(
    folder: Path, secret: str, keystore: DictKeyStore | None, cheap: KdfCost, random: Random
) -> list[dict[str, object]]:
    database = open_vault(folder, secret, keystore, NOW_MS, cheap, random)
    rows = list(database["notes"].rows)
    database.close()
    return rows


def test_what_was_written_is_there_after_opening(
    made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random
) -> None:
    """The right PIN and the machine's key store give the records back."""
    assert _notes(made, PIN, keystore, cheap, random) == [{"id": 1, "text": "上门收款 at the door"}]


def test_nothing_on_disk_is_in_clear(made: Path) -> None:
    """Neither the records nor SQLite's own header can be read in any file."""
    for file in made.iterdir():
        content = file.read_bytes()
        assert b"at the door" not in content
        assert b"SQLite format" not in content
        assert PIN.encode() not in content


def test_files_belong_to_the_agent_alone(made: Path) -> None:
    """Folder 0700 and every file 0600, whatever the process's default is."""
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    for file in made.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_connections_have_the_durable_settings(
    made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random
) -> None:
    """WAL, synchronous FULL, foreign keys and a busy timeout hold on every connection."""
    database = unlock_vault(made, PIN, keystore, NOW_MS, cheap, random).connect()
    found = {
        name: database.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "temp_store")
    }
    database.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000, "temp_store": 2}


def test_a_passphrase_needs_no_key_store(folder: Path, cheap: KdfCost, random: Random) -> None:
    """Where no key store runs, a passphrase alone opens."""
    create_vault(folder, DEVICE, Passphrase("nine stops before noon"), None, None, cheap, random)
    open_vault(folder, "nine stops before noon", None, NOW_MS, cheap, random).close()
    assert vault_status(folder).kind == "passphrase"
    assert not vault_status(folder).has_recovery


def test_a_pin_without_a_key_store_is_refused(folder: Path, cheap: KdfCost, random: Random) -> None:
    """No vault is made that a PIN alone would protect, and the folder stays free for a better one."""
    with pytest.raises(KeystoreMissing, match="has none running"):
        create_vault(folder, DEVICE, Pin(PIN), None, None, cheap, random)
    with pytest.raises(VaultMissing):
        vault_status(folder)


def test_a_vault_is_never_overwritten(made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random) -> None:
    """Creating over a vault, or over a database that lost its slots, is refused and changes nothing."""
    with pytest.raises(VaultExists):
        create_vault(made, DEVICE, Pin("918273"), keystore, None, cheap, random)
    assert _notes(made, PIN, keystore, cheap, random)
    (made / "keyslots.json").unlink()
    before = (made / "agent.db").read_bytes()
    with pytest.raises(VaultCorrupt, match="nothing opens it"):
        create_vault(made, DEVICE, Pin("918273"), keystore, None, cheap, random)
    assert (made / "agent.db").read_bytes() == before


def test_a_vault_is_for_a_named_device(folder: Path, cheap: KdfCost, random: Random) -> None:
    """An empty device id is refused before anything is written."""
    with pytest.raises(Refused, match="ARGUMENT-WRONG"):
        create_vault(folder, "", Passphrase("nine stops before noon"), None, None, cheap, random)
    assert not folder.exists()


def test_no_vault_is_said_plainly(folder: Path, tmp_path: Path, cheap: KdfCost, random: Random) -> None:
    """A folder that is missing or empty is VAULT-MISSING, with the remedy, and is left as it was."""
    with pytest.raises(VaultMissing) as refused:
        open_vault(folder, PIN, None, NOW_MS, cheap, random)
    assert refused.value.code == "VAULT-MISSING"
    assert not folder.exists()
    with pytest.raises(VaultMissing):
        unlock_vault(tmp_path, PIN, None, NOW_MS, cheap, random)


def test_the_pin_alone_is_not_enough(made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random) -> None:
    """With another machine's key store the right PIN is a wrong one."""
    keystore.kept = dict.fromkeys(keystore.kept, "ab" * 32)
    with pytest.raises(PinWrong):
        open_vault(made, PIN, keystore, NOW_MS, cheap, random)


def test_a_changed_secret_replaces_the_old_one(
    made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random
) -> None:
    """PIN to PIN and PIN to passphrase keep every record, and the old secret opens nothing."""
    change_secret(made, PIN, Pin("918274"), keystore, NOW_MS, cheap, random)
    with pytest.raises(PinWrong):
        open_vault(made, PIN, keystore, NOW_MS, cheap, random)
    change_secret(made, "918274", Passphrase("nine stops before noon"), keystore, NOW_MS, cheap, random)
    assert _notes(made, "nine stops before noon", None, cheap, random)
    assert vault_status(made).kind == "passphrase"
    assert vault_status(made).has_recovery


def test_a_change_needs_the_old_secret_and_counts_tries(
    made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random
) -> None:
    """Whoever holds the phone cannot set a PIN without knowing the present one."""
    with pytest.raises(PinWrong):
        change_secret(made, "000001", Pin("918274"), keystore, NOW_MS, cheap, random)
    assert vault_status(made).tries_left == TRIES_MAX - 1
    assert _notes(made, PIN, keystore, cheap, random)


def test_a_cheap_slot_is_made_dearer_on_opening(
    made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random
) -> None:
    """Raising the cost reaches existing vaults, and nothing lowers it again."""
    dearer = KdfCost(time=2, memory_kib=16, lanes=1)
    open_vault(made, PIN, keystore, NOW_MS, dearer, random).close()
    assert read_slots(made).opening.cost == dearer
    open_vault(made, PIN, keystore, NOW_MS, cheap, random).close()
    assert read_slots(made).opening.cost == dearer
    assert _notes(made, PIN, keystore, cheap, random)


def test_the_recovery_slot_comes_and_goes(
    made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random, branch: ec.EllipticCurvePrivateKey
) -> None:
    """It is there from the start, removable, and sealed anew to the branch and this device."""
    vault = unlock_vault(made, PIN, keystore, NOW_MS, cheap, random)
    assert vault_status(made).has_recovery
    vault.remove_recovery_slot()
    assert not vault_status(made).has_recovery
    vault.add_recovery_slot(branch.public_key(), random)
    sealed = read_slots(made).recovery
    assert sealed is not None
    assert unseal(branch, sealed, DEVICE.encode()) == vault.database_key
    assert vault.database_key.hex() not in repr(vault)
