"""Enrolment: a one-time code makes an empty folder into an agent's phone.

The code comes as text or as a QR code, ``doorstep:ENROL?url=https://office.example&code=7KQ2-...``. The phone
makes its signing key, proves it with the first signature, and is told who it is and which keys are the office's.
The vault is made in a folder beside its place and moved there when it is complete: an interruption leaves either
no phone or a whole one. The code is used up by then, so the office gives another.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from agent_client.clock import Clock
from agent_client.recording import Desk
from agent_client.store import Enrolment, Store, SyncState
from agent_client.syncing import Waiting, with_tries
from agent_client.vault import (
    STANDARD_COST,
    KdfCost,
    KeyStore,
    NewSecret,
    UnlockedVault,
    VaultExists,
    create_vault,
    unlock_vault,
)
from agent_client.vault.durable import locked_folder
from agent_client.vault.keys import private_key_from
from sync.clock import Seen
from sync.encoding import b64, unb64
from sync.errors import NotAllowed, Refused
from sync.journal import JournalHead
from sync.messages import EnrolAnswer, EnrolRequest, Signed
from sync.operations import GENESIS
from sync.signing import TAG_ENROLMENT, load_public_key, public_bytes, sign

if TYPE_CHECKING:
    from agent_client.transport import Office

__all__ = ["EnrolmentCode", "enrol", "open_desk", "parse_enrolment_code", "vault_folder"]

_SCHEME: Final = "doorstep:ENROL?"
_VAULT: Final = "vault"
_UNFINISHED: Final = "vault.unfinished"


class EnrolmentCode(msgspec.Struct, frozen=True):
    """The one-time code, and the office's address where the text named one."""

    code: str
    url: str = ""


def parse_enrolment_code(text: str) -> EnrolmentCode:
    """Read what a QR code or a person says; refuses (ARGUMENT-WRONG) nothing, and a QR text without a code."""
    cleaned = text.strip()
    if not cleaned:
        raise Refused("ARGUMENT-WRONG", "an enrolment code is needed")
    if not cleaned.lower().startswith(_SCHEME.lower()):
        return EnrolmentCode(cleaned)
    members = parse_qs(urlsplit(cleaned).query)
    code, url = members.get("code", [""])[0], members.get("url", [""])[0]
    if not code or not url:
        raise Refused("ARGUMENT-WRONG", f"{cleaned[:60]!r} has no url or no code")
    return EnrolmentCode(code, url)


def vault_folder(home: Path) -> Path:
    """Where the vault stands in a phone's home."""
    return home / _VAULT


def enrol(
    home: Path,
    code: str,
    office: Office,
    *,
    office_url: str,
    secret: NewSecret,
    keystore: KeyStore | None,
    clock: Clock,
    random: Callable[[int], bytes],
    waiting: Waiting,
    kdf: KdfCost = STANDARD_COST,
    ca: str = "",
    insecure_http: bool = False,
    model: str = "",
) -> Desk:
    """Make this folder an agent's phone and return it open.

    Raises VAULT-EXISTS when it is one already, ENROL-CODE-WRONG, -USED or -EXPIRED, NETWORK-DOWN, and
    ANSWER-UNTRUSTED for an answer that makes no sense.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if vault_folder(home).exists():
        raise VaultExists(home)
    key = private_key_from(random)
    request = EnrolRequest(code=code, public_key=b64(public_bytes(key.public_key())), model=model)
    payload = msgspec.json.encode(request)
    signed = Signed(payload=msgspec.Raw(payload), signature=b64(sign(key, TAG_ENROLMENT, payload)))
    answer = with_tries(lambda: office.enrol(signed), waiting, lambda _: None)
    reading = clock()
    recovery = _check(answer)
    with locked_folder(home):
        if vault_folder(home).exists():
            raise VaultExists(home)
        unfinished = home / _UNFINISHED
        shutil.rmtree(unfinished, ignore_errors=True)
        vault = create_vault(unfinished, answer.device, secret, keystore, recovery, kdf, random)
        store = Store(vault.connect())
        with store.transaction():
            scalar = key.private_numbers().private_value.to_bytes(32, "big")
            enrolment = Enrolment(
                office_url=office_url, answer=answer, signing_key=scalar, ca=ca, insecure_http=insecure_http
            )
            store.state.set_enrolment(enrolment)
            seen = Seen(answer.server_ms, reading.boot, reading.mono_ms)
            store.state.set_sync(SyncState(seen=seen, synced_ms=answer.server_ms))
            store.journal.set_head(JournalHead(answer.device, answer.epoch, 0, GENESIS), 0)
        store.close()
        unfinished.rename(vault_folder(home))
        vault = msgspec.structs.replace(vault, folder=vault_folder(home))
    return _desk(home, vault, clock, random)


def open_desk(
    home: Path,
    secret: str,
    *,
    keystore: KeyStore | None,
    clock: Clock,
    random: Callable[[int], bytes],
    kdf: KdfCost = STANDARD_COST,
) -> Desk:
    """Open an enrolled phone with what the agent typed; the vault's errors, and the store's."""
    vault = unlock_vault(vault_folder(home), secret, keystore, clock().wall_ms, kdf, random)
    return _desk(home, vault, clock, random)


def _desk(home: Path, vault: UnlockedVault, clock: Clock, random: Callable[[int], bytes]) -> Desk:
    return Desk(home, vault, Store(vault.connect()), clock, random)


def _check(answer: EnrolAnswer) -> ec.EllipticCurvePublicKey:
    """Every key must be one, and the device id must fit a receipt, before anything is kept."""
    try:
        load_public_key(unb64(answer.office_key.public_key, 65))
        load_public_key(unb64(answer.identity_key.public_key, 65))
        if len(bytes.fromhex(answer.device)) != 8 or answer.epoch < 1:
            raise ValueError(f"device {answer.device[:32]!r}, epoch {answer.epoch}")
        return load_public_key(unb64(answer.recovery_key.public_key, 65))
    except (ValueError, Refused) as error:
        raise NotAllowed("ANSWER-UNTRUSTED", f"the enrolment answer cannot be used: {error}") from error
