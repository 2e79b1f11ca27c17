"""Damage is told apart from a wrong PIN, reported, set aside, and never repaired by forgetting."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import sqlcipher3

from agent_client.vault import (
    KdfCost,
    Pin,
    VaultCorrupt,
    create_vault,
    open_vault,
    vault_status,
)
from agent_client.vault.slots import read_slots, write_slots
from sync.encoding import sha256_hex
from sync.errors import Unavailable
from tests.vault.conftest import DEVICE, NOW_MS, PIN, DictKeyStore

Random = Callable[[int], bytes]


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
