"""Creating, opening, changing and locking a vault."""

from __future__ import annotations

import json
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import sqlcipher3
from cryptography.hazmat.primitives.asymmetric import ec

from agent_client.vault import (
    KdfCost,
    KeystoreMissing,
    Passphrase,
    Pin,
    PinLocked,
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
from agent_client.vault.limits import DELAY_MS_AFTER_WRONG, TRIES_MAX
from agent_client.vault.slots import read_slots, write_slots
from sync.encoding import sha256_hex
from sync.errors import Refused, Unavailable
from sync.sealing import unseal
from tests.vault.conftest import DictKeyStore

DEVICE = "device-17"
PIN = "740261"
NOW_MS = 1_772_330_400_000
HOUR_MS = 3_600_000

Random = Callable[[int], bytes]


@pytest.fixture
def made(
    folder: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random, branch: ec.EllipticCurvePrivateKey
) -> Path:
    """A vault under a PIN with one record in it."""
    vault = create_vault(folder, DEVICE, Pin(PIN), keystore, branch.public_key(), cheap, random)
    database = vault.connect()
    database.table("notes").insert({"id": 1, "text": "上门收款 at the door"}, pk="id")
    database.close()
    return folder


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


def test_a_wrong_pin_costs_a_try_and_the_right_one_gives_them_back(
    made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random
) -> None:
    """The error says how many tries are left; opening sets the count back."""
    for left in (9, 8):
        with pytest.raises(PinWrong, match=f"{left} tries are left") as refused:
            open_vault(made, "000001", keystore, NOW_MS, cheap, random)
        assert refused.value.tries_left == left == vault_status(made).tries_left
        assert refused.value.code == "PIN-WRONG"
    open_vault(made, PIN, keystore, NOW_MS, cheap, random).close()
    assert vault_status(made).tries_left == TRIES_MAX


def test_an_empty_line_costs_no_try(made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random) -> None:
    """Pressing Enter by mistake is refused without counting."""
    with pytest.raises(Refused, match="nothing was typed"):
        open_vault(made, "  ", keystore, NOW_MS, cheap, random)
    assert vault_status(made).tries_left == TRIES_MAX


def test_a_try_is_on_disk_before_it_is_made(
    made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cutting the power during the check gives no free guess."""

    class PowerCut(BaseException):
        pass

    def cut(*_arguments: object) -> bytes:
        raise PowerCut

    monkeypatch.setattr("agent_client.vault.vault.open_slot", cut)
    with pytest.raises(PowerCut):
        open_vault(made, "000001", keystore, NOW_MS, cheap, random)
    assert vault_status(made).tries_left == TRIES_MAX - 1


def test_waits_grow_and_the_tenth_wrong_try_locks(
    made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random
) -> None:
    """Too early is refused without counting, even with the right PIN; after ten only recovery helps."""
    now_ms = NOW_MS
    for wrong in range(1, TRIES_MAX):
        with pytest.raises(PinWrong):
            open_vault(made, "000001", keystore, now_ms, cheap, random)
        delay_ms = DELAY_MS_AFTER_WRONG[wrong]
        if delay_ms:
            with pytest.raises(PinLocked) as waiting:
                open_vault(made, PIN, keystore, now_ms + delay_ms - 1, cheap, random)
            assert waiting.value.until_ms == now_ms + delay_ms == vault_status(made).allowed_at_ms
            assert "UTC" in waiting.value.cause
        assert vault_status(made).tries_left == TRIES_MAX - wrong
        now_ms += delay_ms
    with pytest.raises(PinLocked) as locked:
        open_vault(made, "000001", keystore, now_ms, cheap, random)
    assert locked.value.until_ms is None
    for later_ms in (now_ms, now_ms + 1000 * HOUR_MS):
        with pytest.raises(PinLocked, match="recovery"):
            open_vault(made, PIN, keystore, later_ms, cheap, random)
    assert vault_status(made).allowed_at_ms is None


def test_delays_never_shrink() -> None:
    """Each wrong try waits at least as long as the one before it, and there is a delay for each."""
    assert list(DELAY_MS_AFTER_WRONG) == sorted(DELAY_MS_AFTER_WRONG)
    assert len(DELAY_MS_AFTER_WRONG) == TRIES_MAX


def test_a_clock_that_was_years_ahead_does_not_lock_for_years(
    made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random
) -> None:
    """When the clock goes back, the wait starts anew from now and then ends."""
    ahead_ms = NOW_MS + 20_000 * HOUR_MS
    for _ in range(4):
        with pytest.raises(PinWrong):
            open_vault(made, "000001", keystore, ahead_ms, cheap, random)
        ahead_ms += DELAY_MS_AFTER_WRONG[4]
    with pytest.raises(PinLocked) as waiting:
        open_vault(made, PIN, keystore, NOW_MS, cheap, random)
    assert waiting.value.until_ms == NOW_MS + DELAY_MS_AFTER_WRONG[4]
    open_vault(made, PIN, keystore, waiting.value.until_ms, cheap, random).close()


def test_a_missing_key_store_costs_no_try(made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random) -> None:
    """A locked, absent or emptied key store is told apart from a wrong PIN."""
    with pytest.raises(KeystoreMissing):
        open_vault(made, PIN, None, NOW_MS, cheap, random)
    keystore.broken = True
    with pytest.raises(KeystoreMissing, match="locked"):
        open_vault(made, PIN, keystore, NOW_MS, cheap, random)
    with pytest.raises(KeystoreMissing, match="recover through the office"):
        open_vault(made, PIN, DictKeyStore(), NOW_MS, cheap, random)
    assert vault_status(made).tries_left == TRIES_MAX


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


@pytest.mark.parametrize("position", [0, 10, 40, 200, -3])
def test_a_flipped_bit_is_damage_not_a_wrong_pin(
    made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random, position: int
) -> None:
    """Damaged slots are copied aside once and never touched or counted against."""
    path = made / "keyslots.json"
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)
    with pytest.raises(VaultCorrupt):
        vault_status(made)
    with pytest.raises(VaultCorrupt) as refused:
        open_vault(made, PIN, keystore, NOW_MS, cheap, random)
    assert refused.value.code == "VAULT-CORRUPT"
    (copy,) = refused.value.copies
    assert copy.read_bytes() == path.read_bytes() == bytes(content)
    assert len(list(copy.parent.iterdir())) == 1


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"x" * 70_000, '{"body":{},"sha256":"é"}'.encode()])
def test_other_content_than_slots_is_damage(made: Path, content: bytes) -> None:
    """An emptied, overgrown or foreign file is reported, not taken for a new vault."""
    (made / "keyslots.json").write_bytes(content)
    with pytest.raises(VaultCorrupt, match="set aside"):
        vault_status(made)


def test_a_slot_of_absurd_cost_is_damage(made: Path) -> None:
    """Even with a matching hash, a cost beyond the bounds is refused before it is computed."""
    file = json.loads((made / "keyslots.json").read_bytes())
    file["body"]["opening"]["cost"]["memory_kib"] = 10**9
    body = json.dumps(file["body"], separators=(",", ":"), sort_keys=True)
    (made / "keyslots.json").write_text(f'{{"body":{body},"sha256":"{sha256_hex(body.encode())}"}}')
    with pytest.raises(VaultCorrupt, match="are not within"):
        vault_status(made)


def test_a_lost_emptied_or_damaged_database_is_reported(
    made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random
) -> None:
    """SQLite would make a new database in each case; here the loss is said and the file kept."""
    path = made / "agent.db"
    good = path.read_bytes()
    path.write_bytes(good[:16] + b"\x00" * 32 + good[48:])
    with pytest.raises(VaultCorrupt, match="set aside") as refused:
        open_vault(made, PIN, keystore, NOW_MS, cheap, random)
    assert refused.value.copies[0].read_bytes() == path.read_bytes()
    path.write_bytes(b"")
    with pytest.raises(VaultCorrupt, match="is empty"):
        open_vault(made, PIN, keystore, NOW_MS, cheap, random)
    path.unlink()
    with pytest.raises(VaultCorrupt, match="is gone"):
        open_vault(made, PIN, keystore, NOW_MS, cheap, random)
    assert not path.exists()


def test_slots_of_another_database_do_not_open_this_one(
    made: Path, tmp_path: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random
) -> None:
    """Files mixed up by a restore are noticed."""
    other = create_vault(tmp_path / "other", DEVICE, Pin(PIN), keystore, None, cheap, random)
    write_slots(made, msgspec.structs.replace(read_slots(other.folder)))
    with pytest.raises(VaultCorrupt, match="not a database"):
        open_vault(made, PIN, keystore, NOW_MS, cheap, random)


def test_a_busy_database_is_not_called_damaged(
    made: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine's passing troubles are 503, repeated later without loss."""

    def busy(*_arguments: object) -> None:
        raise sqlcipher3.OperationalError("database is locked")

    monkeypatch.setattr("agent_client.vault.database._prepare", busy)
    with pytest.raises(Unavailable, match="STORE-LOCKED"):
        open_vault(made, PIN, keystore, NOW_MS, cheap, random)


def test_a_sqlite_that_cannot_encrypt_is_refused(
    folder: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the cipher the key would be ignored and everything written in clear."""
    monkeypatch.setattr("agent_client.vault.database.sqlcipher3.connect", sqlite3.connect)
    with pytest.raises((Unavailable, sqlcipher3.NotSupportedError)):
        create_vault(folder, DEVICE, Pin(PIN), keystore, None, cheap, random)
    assert (folder / "agent.db").read_bytes() == b""
