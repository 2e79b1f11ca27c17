"""A forgotten PIN loses nothing."""

from __future__ import annotations

import json
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
    PinLocked,
    PinWrong,
    RecoveryWrong,
    UnlockedVault,
    VaultCorrupt,
    VaultMissing,
    create_vault,
    finish_recovery,
    make_recovery_request,
    open_vault,
    vault_status,
)
from agent_client.vault.limits import DELAY_MS_AFTER_WRONG, TRIES_MAX
from sync.errors import Refused
from sync.recovery import open_recovery_request, parse_recovery_request
from tests.vault.conftest import DictKeyStore

NOW_MS = 1_772_330_400_000
NEW_PIN = "503917"
OFFICE_EPHEMERAL = ec.derive_private_key(99, ec.SECP256R1())

Random = Callable[[int], bytes]


@pytest.fixture
def vault(
    folder: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random, branch: ec.EllipticCurvePrivateKey
) -> UnlockedVault:
    """A vault with a payment that the office has not seen."""
    made = create_vault(folder, "device-17", Pin("740261"), keystore, branch.public_key(), cheap, random)
    database = made.connect()
    database.table("operations").insert({"seq": 1, "body": "PaymentCollected"}, pk="seq")
    database.close()
    return made


def test_a_locked_vault_is_recovered_with_every_record(
    vault: UnlockedVault, keystore: DictKeyStore, cheap: KdfCost, random: Random, branch: ec.EllipticCurvePrivateKey
) -> None:
    """Ten wrong tries, a request, the office's answer, a new PIN: the unsynced payment is still there."""
    now_ms = NOW_MS
    for wrong in range(TRIES_MAX):
        now_ms += DELAY_MS_AFTER_WRONG[wrong]
        with pytest.raises((PinWrong, PinLocked)):
            open_vault(vault.folder, "000001", keystore, now_ms, cheap, random)
    assert vault_status(vault.folder).tries_left == 0

    request = make_recovery_request(vault.folder, random)
    assert parse_recovery_request(request).device == "device-17"
    answer = open_recovery_request(request, branch, OFFICE_EPHEMERAL)
    assert vault.database_key not in answer
    finish_recovery(vault.folder, answer, Pin(NEW_PIN), keystore, cheap, random)

    database = open_vault(vault.folder, NEW_PIN, keystore, now_ms, cheap, random)
    assert list(database["operations"].rows) == [{"seq": 1, "body": "PaymentCollected"}]
    database.close()
    with pytest.raises(PinWrong):
        open_vault(vault.folder, "740261", keystore, now_ms, cheap, random)
    assert vault_status(vault.folder).has_recovery


def test_a_lost_key_store_is_recovered_to_a_passphrase(
    vault: UnlockedVault, cheap: KdfCost, random: Random, branch: ec.EllipticCurvePrivateKey
) -> None:
    """A machine whose key store is gone goes on with a passphrase."""
    answer = open_recovery_request(make_recovery_request(vault.folder, random), branch, OFFICE_EPHEMERAL)
    finish_recovery(vault.folder, answer, Passphrase("nine stops before noon"), None, cheap, random)
    database = open_vault(vault.folder, "nine stops before noon", None, NOW_MS, cheap, random)
    assert database["operations"].count == 1
    database.close()


def test_the_one_time_key_is_private_kept_until_used_and_then_gone(
    vault: UnlockedVault, keystore: DictKeyStore, cheap: KdfCost, random: Random, branch: ec.EllipticCurvePrivateKey
) -> None:
    """Asking twice gives the same request; after finishing, the answer opens nothing any more."""
    path = vault.folder / "recovery-key.json"
    request = make_recovery_request(vault.folder, random)
    assert make_recovery_request(vault.folder, random) == request
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_bytes())["private"].encode() not in request
    answer = open_recovery_request(request, branch, OFFICE_EPHEMERAL)
    finish_recovery(vault.folder, answer, Pin(NEW_PIN), keystore, cheap, random)
    assert not path.exists()
    with pytest.raises(RecoveryWrong, match="asked for no recovery"):
        finish_recovery(vault.folder, answer, Pin("111222"), keystore, cheap, random)
    assert make_recovery_request(vault.folder, random) != request


def test_an_answer_that_does_not_fit_changes_nothing(
    vault: UnlockedVault,
    tmp_path: Path,
    keystore: DictKeyStore,
    cheap: KdfCost,
    random: Random,
    branch: ec.EllipticCurvePrivateKey,
) -> None:
    """Another request's answer, another device's, garbage and a cut one leave the old PIN working."""
    other = create_vault(tmp_path / "other", "device-18", Pin("740261"), keystore, branch.public_key(), cheap, random)
    twin = create_vault(tmp_path / "twin", "device-17", Pin("740261"), keystore, branch.public_key(), cheap, random)
    good = open_recovery_request(make_recovery_request(vault.folder, random), branch, OFFICE_EPHEMERAL)
    foreign = open_recovery_request(make_recovery_request(other.folder, random), branch, OFFICE_EPHEMERAL)
    mixed = open_recovery_request(make_recovery_request(twin.folder, random), branch, OFFICE_EPHEMERAL)
    for answer in (foreign, mixed, b"", b"{}", good[:-9], good.replace(b'"version":1', b'"version":2'), b"x" * 5000):
        with pytest.raises(Refused) as refused:
            finish_recovery(vault.folder, answer, Pin(NEW_PIN), keystore, cheap, random)
        assert refused.value.code == "RECOVERY-WRONG"
    open_vault(vault.folder, "740261", keystore, NOW_MS, cheap, random).close()
    finish_recovery(vault.folder, good, Pin(NEW_PIN), keystore, cheap, random)


def test_the_office_refuses_what_is_not_a_request_of_that_device(
    vault: UnlockedVault, random: Random, branch: ec.EllipticCurvePrivateKey
) -> None:
    """Another branch's key, a slot under another name, a bad point and garbage are RECOVERY-WRONG."""
    request = make_recovery_request(vault.folder, random)
    members = json.loads(request)
    for bad, key in (
        (request, OFFICE_EPHEMERAL),
        (json.dumps(members | {"device": "device-18"}).encode(), branch),
        (json.dumps(members | {"one_time_public": "AAAA"}).encode(), branch),
        (json.dumps(members | {"recovery_slot": "!"}).encode(), branch),
        (json.dumps(members | {"version": 2}).encode(), branch),
        (json.dumps(members | {"more": 1}).encode(), branch),
        (b"\xff", branch),
    ):
        with pytest.raises(Refused) as refused:
            open_recovery_request(bad, key, OFFICE_EPHEMERAL)
        assert refused.value.code == "RECOVERY-WRONG"


def test_without_a_recovery_slot_there_is_nothing_to_ask(vault: UnlockedVault, random: Random) -> None:
    """When all is acknowledged the phone says so instead of asking."""
    vault.remove_recovery_slot()
    with pytest.raises(RecoveryWrong, match="enrol again"):
        make_recovery_request(vault.folder, random)
    assert not (vault.folder / "recovery-key.json").exists()


def test_recovery_of_no_vault_is_said_plainly(
    folder: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random
) -> None:
    """Both steps report VAULT-MISSING in an absent folder."""
    with pytest.raises(VaultMissing):
        make_recovery_request(folder, random)
    with pytest.raises(VaultMissing):
        finish_recovery(folder, b"", Pin(NEW_PIN), keystore, cheap, random)


def test_a_new_pin_still_needs_a_key_store(
    vault: UnlockedVault, cheap: KdfCost, random: Random, branch: ec.EllipticCurvePrivateKey
) -> None:
    """Refused without one, and the same answer then serves for a passphrase."""
    answer = open_recovery_request(make_recovery_request(vault.folder, random), branch, OFFICE_EPHEMERAL)
    with pytest.raises(KeystoreMissing):
        finish_recovery(vault.folder, answer, Pin(NEW_PIN), None, cheap, random)
    finish_recovery(vault.folder, answer, Passphrase("nine stops before noon"), None, cheap, random)


def test_damage_is_reported_not_repaired(
    vault: UnlockedVault, keystore: DictKeyStore, cheap: KdfCost, random: Random, branch: ec.EllipticCurvePrivateKey
) -> None:
    """A damaged one-time key, or a database that the recovered key does not open, keeps the old slot."""
    answer = open_recovery_request(make_recovery_request(vault.folder, random), branch, OFFICE_EPHEMERAL)
    slots = (vault.folder / "keyslots.json").read_bytes()
    database = vault.folder / "agent.db"
    good = database.read_bytes()
    database.write_bytes(b"\1" * len(good))
    with pytest.raises(VaultCorrupt):
        finish_recovery(vault.folder, answer, Pin(NEW_PIN), keystore, cheap, random)
    database.write_bytes(good)
    (vault.folder / "recovery-key.json").write_bytes(b'{"private":"AA"}')
    with pytest.raises(VaultCorrupt, match="set aside"):
        finish_recovery(vault.folder, answer, Pin(NEW_PIN), keystore, cheap, random)
    assert (vault.folder / "keyslots.json").read_bytes() == slots
