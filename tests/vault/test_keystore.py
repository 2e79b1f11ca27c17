"""A PIN is offered only where a real key store keeps the other half."""

from __future__ import annotations

from collections.abc import Callable

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.errors import KeyringError

from agent_client.vault import KeystoreMissing, MachineKeyStore, find_keystore
from agent_client.vault.keystore import KeyringStore, secret_for, stored_secret
from tests.vault.conftest import DictKeyStore


class _Backend:
    """What the product uses of a keyring backend, without entering the library's registry."""

    def __init__(self, priority: float) -> None:
        self.priority = priority
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, name: str) -> str | None:
        if self.locked:
            raise KeyringError("locked by its owner")
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, text: str) -> None:
        if self.locked:
            raise KeyringError("locked by its owner")
        self.kept[service, name] = text


def _made(backend: Callable[[], KeyringBackend]) -> KeyringBackend:
    return backend()


def _use(monkeypatch: pytest.MonkeyPatch, backend: object) -> None:
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)


@pytest.mark.parametrize("backend", [_made(fail.Keyring), _made(null.Keyring), _Backend(0.5)])
def test_no_real_backend_means_no_key_store(monkeypatch: pytest.MonkeyPatch, backend: KeyringBackend) -> None:
    """The failing, the null and a plain-text backend are not offered for a PIN."""
    _use(monkeypatch, backend)
    assert find_keystore() is None


def test_a_real_backend_keeps_and_gives_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store found uses the backend under the product's own service name."""
    backend = _Backend(5)
    _use(monkeypatch, backend)
    store = find_keystore()
    assert store is not None
    store.set("vault/d1", "00ff")
    assert store.get("vault/d1") == "00ff"
    assert backend.kept == {("doorstep", "vault/d1"): "00ff"}


def test_a_chain_of_backends_gives_its_first_real_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plain-text backend in front of a real one is passed over."""
    chain = _made(chainer.ChainerBackend)
    weak, real = _Backend(0.5), _Backend(5)
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [weak, real])
    _use(monkeypatch, chain)
    store = find_keystore()
    assert store is not None
    store.set("n", "1")
    assert real.kept
    assert not weak.kept


def test_a_locked_store_is_one_clear_error() -> None:
    """The library's many errors become KEYSTORE-MISSING with the cause."""
    backend = _Backend(5)
    backend.locked = True
    # A stand-in has the two methods that are used, not the library's base class.
    store = KeyringStore(backend)  # type: ignore[arg-type]
    with pytest.raises(KeystoreMissing, match="locked by its owner") as refused:
        store.get("n")
    assert refused.value.code == "KEYSTORE-MISSING"
    assert "passphrase" in refused.value.remedy
    with pytest.raises(KeystoreMissing, match="locked by its owner"):
        store.set("n", "1")


def test_the_secret_is_made_once_and_reused(keystore: DictKeyStore, random: Callable[[int], bytes]) -> None:
    """A change of PIN finds the same secret, so the old slot stays good until the new one is written."""
    first = secret_for(keystore, "vault/d1", random)
    assert len(first) == 32
    assert secret_for(keystore, "vault/d1", random) == first
    assert stored_secret(keystore, "vault/d1") == first


def test_a_store_that_forgets_is_noticed_before_it_matters(
    keystore: DictKeyStore, random: Callable[[int], bytes]
) -> None:
    """What was stored is read back at once."""
    keystore.forgetful = True
    with pytest.raises(KeystoreMissing, match="does not give back"):
        secret_for(keystore, "vault/d1", random)


@pytest.mark.parametrize("entry", ["zz", "00ff", "é"])
def test_an_entry_that_is_not_ours_is_refused(keystore: DictKeyStore, entry: str) -> None:
    """Somebody else's text under our name is never taken for a secret."""
    keystore.kept["vault/d1"] = entry
    with pytest.raises(KeystoreMissing, match="not one of ours"):
        stored_secret(keystore, "vault/d1")


def test_without_a_store_or_entry_the_remedy_is_named(random: Callable[[int], bytes]) -> None:
    """No store at all, and a store that lost the entry, are told apart."""
    with pytest.raises(KeystoreMissing, match="has none running"):
        secret_for(None, "vault/d1", random)
    with pytest.raises(KeystoreMissing, match="none is running"):
        stored_secret(None, "vault/d1")
    with pytest.raises(KeystoreMissing, match="recover through the office"):
        stored_secret(DictKeyStore(), "vault/d1")


def test_the_machines_key_store_is_looked_for_only_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making it looks for nothing; asking it without any key store is KEYSTORE-MISSING."""
    looked: list[str] = []
    monkeypatch.setattr("agent_client.vault.keystore.find_keystore", lambda: looked.append("x"))
    store = MachineKeyStore()
    assert looked == []
    with pytest.raises(KeystoreMissing, match="none is running"):
        store.get("name")
    with pytest.raises(KeystoreMissing):
        store.set("name", "text")
    assert looked == ["x", "x"]
