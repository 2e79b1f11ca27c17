"""Killing the process at any write leaves a usable vault.

A child process is killed with SIGKILL before or after its n-th system call that writes (opening for writing,
writing, fsync, rename, unlink), for every n until the step completes; the parent then looks at what is left.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from agent_client.vault import (
    KdfCost,
    Pin,
    PinWrong,
    VaultMissing,
    change_secret,
    create_vault,
    finish_recovery,
    make_recovery_request,
    open_vault,
    unlock_vault,
    vault_status,
)
from agent_client.vault import database as database_module
from sync.errors import Unavailable
from sync.recovery import open_recovery_request
from tests.vault.conftest import DictKeyStore

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills a forked process")

NOW_MS = 1_772_330_400_000
OLD, NEW = "740261", "503917"
BOUNDARIES_MAX = 200

Random = Callable[[int], bytes]
Step = Callable[[], object]


class _Killer:
    """Counts write boundaries and ends the process at the one chosen."""

    def __init__(self, boundary: int) -> None:
        self.left = boundary

    def wrap(self, call: Callable[..., object]) -> Callable[..., object]:
        def wrapped(*arguments: object, **named: object) -> object:
            self._pass()
            result = call(*arguments, **named)
            self._pass()
            return result

        return wrapped

    def _pass(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def _killed_at(boundary: int, step: Step) -> bool:
    """Run the step in a child; whether it was killed before it completed."""
    child = os.fork()
    if child == 0:
        killer = _Killer(boundary)
        for name in ("open", "write", "fsync", "close"):
            setattr(os, name, killer.wrap(getattr(os, name)))
        for name in ("replace", "unlink"):
            setattr(Path, name, killer.wrap(getattr(Path, name)))
        database_module._open = killer.wrap(database_module._open)  # type: ignore[assignment] # wraps any call
        try:
            step()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _every_interruption(step: Step) -> Iterator[int]:
    """Yield after each kill; ends when the step was let through."""
    for boundary in range(1, BOUNDARIES_MAX):
        if not _killed_at(boundary, step):
            assert boundary > 10, "the boundaries were not met"
            return
        yield boundary
    raise AssertionError("the step has no end")


def _opens_with(folder: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random) -> str:
    """Which of the two PINs opens; the record must be there. The other one is not tried."""
    for secret in (OLD, NEW):
        try:
            database = open_vault(folder, secret, keystore, NOW_MS, cheap, random)
        except PinWrong:
            continue
        assert database["operations"].count == 1
        database.close()
        return secret
    raise AssertionError("neither the old nor the new PIN opens the vault")


def _fill(
    folder: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random, branch: ec.EllipticCurvePrivateKey
) -> None:
    database = create_vault(folder, "device-17", Pin(OLD), keystore, branch.public_key(), cheap, random).connect()
    database.table("operations").insert({"seq": 1}, pk="seq")
    database.close()


def test_creation(tmp_path: Path, cheap: KdfCost, random: Random, branch: ec.EllipticCurvePrivateKey) -> None:
    """After a kill the vault opens with the PIN, or is not there, and creating again always succeeds."""
    # The child's dictionary dies with it, as no real key store would: both sides hold the entry beforehand.
    keystore = DictKeyStore()
    keystore.kept["vault/device-17"] = "ab" * 32
    outcomes = set()

    def create(where: Path) -> None:
        create_vault(where, "device-17", Pin(OLD), keystore, branch.public_key(), cheap, random)

    for boundary in range(1, BOUNDARIES_MAX):
        folder = tmp_path / f"vault-{boundary}"
        copy = tmp_path / f"again-{boundary}"

        def at_both(first: Path = folder, second: Path = copy, boundary: int = boundary) -> bool:
            return _killed_at(boundary, lambda: create(second)) and _killed_at(boundary, lambda: create(first))

        if not at_both():
            break
        try:
            vault = unlock_vault(folder, OLD, keystore, NOW_MS, cheap, random)
            vault.connect().close()
            assert vault_status(folder).has_recovery
            outcomes.add("opened")
        except VaultMissing:
            create(folder)
            outcomes.add("missing")
        open_vault(folder, OLD, keystore, NOW_MS, cheap, random).close()
        if not (copy / "keyslots.json").exists() or b'"creating"' in (copy / "keyslots.json").read_bytes():
            create(copy)
            outcomes.add("created again")
        open_vault(copy, OLD, keystore, NOW_MS, cheap, random).close()
    assert outcomes == {"opened", "missing", "created again"}


def test_change_of_pin(
    folder: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random, branch: ec.EllipticCurvePrivateKey
) -> None:
    """After a kill exactly the old or the new PIN opens, with every record."""
    _fill(folder, keystore, cheap, random, branch)
    seen = set()

    def change() -> None:
        change_secret(folder, OLD, Pin(NEW), keystore, NOW_MS, cheap, random)

    for _ in _every_interruption(change):
        opened = _opens_with(folder, keystore, cheap, random)
        seen.add(opened)
        if opened == NEW:
            change_secret(folder, NEW, Pin(OLD), keystore, NOW_MS, cheap, random)
    assert seen == {OLD, NEW}
    assert _opens_with(folder, keystore, cheap, random) == NEW


def test_opening_and_guessing(
    folder: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random, branch: ec.EllipticCurvePrivateKey
) -> None:
    """A kill during opening costs at most the one try that was counted."""
    _fill(folder, keystore, cheap, random, branch)
    for _ in _every_interruption(lambda: open_vault(folder, OLD, keystore, NOW_MS, cheap, random).close()):
        assert vault_status(folder).tries_left >= 9
        assert _opens_with(folder, keystore, cheap, random) == OLD


def test_recovery(
    folder: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random, branch: ec.EllipticCurvePrivateKey
) -> None:
    """A kill while asking or finishing leaves a PIN that opens, and repeating both steps completes."""
    _fill(folder, keystore, cheap, random, branch)
    office = ec.derive_private_key(99, ec.SECP256R1())

    for _ in _every_interruption(lambda: make_recovery_request(folder, random)):
        assert _opens_with(folder, keystore, cheap, random) == OLD
        request = make_recovery_request(folder, random)
        answer = open_recovery_request(request, branch, office)
        finish_recovery(folder, answer, Pin(OLD), keystore, cheap, random)

    def finish() -> None:
        finish_recovery(folder, answer, Pin(NEW), keystore, cheap, random)

    answer = open_recovery_request(make_recovery_request(folder, random), branch, office)
    seen = set()
    for _ in _every_interruption(finish):
        seen.add(_opens_with(folder, keystore, cheap, random))
        answer = open_recovery_request(make_recovery_request(folder, random), branch, office)
        finish_recovery(folder, answer, Pin(OLD), keystore, cheap, random)
        answer = open_recovery_request(make_recovery_request(folder, random), branch, office)
    assert seen == {OLD, NEW}
    assert _opens_with(folder, keystore, cheap, random) == NEW


def test_the_recovery_slot(
    folder: Path, keystore: DictKeyStore, cheap: KdfCost, random: Random, branch: ec.EllipticCurvePrivateKey
) -> None:
    """A kill while adding or removing the branch's slot leaves the vault opening as before."""
    _fill(folder, keystore, cheap, random, branch)
    vault = unlock_vault(folder, OLD, keystore, NOW_MS, cheap, random)
    for step in (vault.remove_recovery_slot, lambda: vault.add_recovery_slot(branch.public_key(), random)):
        for _ in _every_interruption(step):
            assert _opens_with(folder, keystore, cheap, random) == OLD
    assert vault_status(folder).has_recovery


def test_a_full_disk_leaves_the_old_pin(
    folder: Path,
    keystore: DictKeyStore,
    cheap: KdfCost,
    random: Random,
    branch: ec.EllipticCurvePrivateKey,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A write that the disk refuses is STORE-FULL, and what was there stands."""
    _fill(folder, keystore, cheap, random, branch)
    vault = unlock_vault(folder, OLD, keystore, NOW_MS, cheap, random)

    def full(*_arguments: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(Unavailable, match="STORE-FULL"):
            vault.remove_recovery_slot()
    assert vault_status(folder).has_recovery
    assert _opens_with(folder, keystore, cheap, random) == OLD
