"""The office's keys: files of mode 0600 in a folder of mode 0700, made once by `doorstep init`.

=================  ==============================================================================================
``field.json``     AES-256 for personal fields and side records at rest; its ids stand in each envelope
``blind.json``     HMAC key of blind indexes: equal values are found, none is read
``office.json``    P-256: signs acknowledgements
``identity.json``  P-256: phones seal the answers of identity checks to it
``recovery.json``  P-256: phones wrap their database key to it until everything is acknowledged
``tag.json``       HMAC key of account tags on receipts
``session.json``   secret of signed-in sessions
=================  ==============================================================================================

A file holds several keys of one use, the newest last: that one signs and encrypts, all of them verify and
decrypt. An envelope is ``0x01 ‖ key id (4) ‖ nonce (12) ‖ AES-256-GCM(content, context)``; the context names
table and row, so that an envelope moved elsewhere does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from sync.encoding import b64, unb64
from sync.errors import Conflict, Corrupt, DoorstepError, Refused
from sync.messages import PublishedKey
from sync.signing import public_bytes

__all__ = ["OfficeKeys", "SigningKey", "load_keys", "make_keys"]

_SYMMETRIC = ("field", "blind", "tag", "session")
_P256 = ("office", "identity", "recovery")
_SECRET_BYTES = 32
_ENVELOPE_VERSION = b"\x01"
_HEAD_BYTES = 1 + 4 + 12

Use = Literal["field", "blind", "tag", "session", "office", "identity", "recovery"]


class _Key(msgspec.Struct, frozen=True):
    id: str
    created_ms: int
    secret: str
    """32 bytes as base64url, or a private key as PKCS #8 PEM."""


class _KeyFile(msgspec.Struct, frozen=True):
    version: int
    use: Use
    keys: list[_Key]


class SigningKey(msgspec.Struct, frozen=True):
    """A P-256 key of the office: its id is the first 8 bytes of the SHA-256 of its public key."""

    id: str
    created_ms: int
    private: ec.EllipticCurvePrivateKey

    @property
    def public(self) -> str:
        """65 bytes as base64url."""
        return b64(public_bytes(self.private.public_key()))


class OfficeKeys:
    """All keys, loaded; see the module's lesson."""

    def __init__(
        self,
        *,
        field: list[tuple[str, bytes]],
        blind: bytes,
        tag: bytes,
        session: bytes,
        office: list[SigningKey],
        identity: list[SigningKey],
        recovery: list[SigningKey],
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        # By what an envelope begins with.
        self._ciphers = {_ENVELOPE_VERSION + bytes.fromhex(id_): AESGCM(secret) for id_, secret in field}
        self._current = _ENVELOPE_VERSION + bytes.fromhex(field[-1][0])
        self._blind = blind
        self._random = random
        self.tag = tag
        """HMAC key of account tags (`sync.receipt.account_tag`)."""
        self.session = session
        """Secret of sessions."""
        self.office = office
        """Acknowledgement keys, the present one last."""
        self.identity = identity
        """Identity keys, the present one last; retired ones still open seals."""
        self.recovery = recovery
        """Branch recovery keys, the present one last."""

    def encrypt(self, data: bytes, context: bytes) -> bytes:
        """An envelope that opens only with the same context."""
        nonce = self._random(12)
        return self._current + nonce + self._ciphers[self._current].encrypt(nonce, data, context)

    def decrypt(self, envelope: bytes, context: bytes) -> bytes:
        """Inverse of `encrypt`; raises STORE-CORRUPT when it does not open."""
        cipher = self._ciphers.get(envelope[:5])
        if cipher is None:
            raise Corrupt("STORE-CORRUPT", f"an encrypted field of {context[:40]!r} names an unknown key or version")
        try:
            return cipher.decrypt(envelope[5:_HEAD_BYTES], envelope[_HEAD_BYTES:], context)
        except (InvalidTag, ValueError) as error:
            raise Corrupt("STORE-CORRUPT", f"an encrypted field of {context[:40]!r} does not open") from error

    def blind(self, field: str, value: str) -> bytes:
        """16 bytes of HMAC-SHA-256 over the field's name and the value."""
        return hmac.digest(self._blind, f"{field}\0{value}".encode(), hashlib.sha256)[:16]

    def published(self) -> list[PublishedKey]:
        """The office's own public keys with validity; a retired key is valid until the next was made."""
        found = []
        uses: tuple[tuple[list[SigningKey], Literal["acknowledgement", "identity", "recovery"]], ...] = (
            (self.office, "acknowledgement"),
            (self.identity, "identity"),
            (self.recovery, "recovery"),
        )
        for keys, use in uses:
            for key, after in zip(keys, [*keys[1:], None], strict=True):
                found.append(
                    PublishedKey(
                        key=key.id,
                        use=use,
                        public_key=key.public,
                        not_before_ms=key.created_ms,
                        not_after_ms=after.created_ms if after else 0,
                    )
                )
        return found


def make_keys(folder: Path, now_ms: int, random: Callable[[int], bytes] = os.urandom) -> None:
    """Make every key file; refuses (STATE-FORBIDS) to overwrite one, since a lost key loses what it closed."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    existing = [use for use in (*_SYMMETRIC, *_P256) if (folder / f"{use}.json").exists()]
    if existing:
        raise Conflict("STATE-FORBIDS", f"{folder} holds keys already: {', '.join(existing)}")
    for use in _SYMMETRIC:
        _write(folder, _KeyFile(1, use, [_Key(random(4).hex(), now_ms, b64(random(_SECRET_BYTES)))]))  # type: ignore[arg-type]  # from the tuples above
    for use in _P256:
        private = ec.generate_private_key(ec.SECP256R1())
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
        _write(folder, _KeyFile(1, use, [_Key(_key_id(private), now_ms, pem)]))  # type: ignore[arg-type]  # from the tuples above


def _key_id(private: ec.EllipticCurvePrivateKey) -> str:
    return hashlib.sha256(public_bytes(private.public_key())).hexdigest()[:16]


def _write(folder: Path, content: _KeyFile) -> None:
    path = folder / f"{content.use}.json"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def load_keys(folder: Path) -> OfficeKeys:
    """Read every key file; raises KEY-FILE-WRONG with the path when one is missing, unreadable or too open."""
    symmetric = {use: _read(folder / f"{use}.json", use) for use in _SYMMETRIC}
    p256 = {use: _read(folder / f"{use}.json", use) for use in _P256}
    return OfficeKeys(
        field=[(key.id, _secret(folder, "field", key)) for key in symmetric["field"]],
        blind=_secret(folder, "blind", symmetric["blind"][-1]),
        tag=_secret(folder, "tag", symmetric["tag"][-1]),
        session=_secret(folder, "session", symmetric["session"][-1]),
        office=[_private(folder, "office", key) for key in p256["office"]],
        identity=[_private(folder, "identity", key) for key in p256["identity"]],
        recovery=[_private(folder, "recovery", key) for key in p256["recovery"]],
    )


def _read(path: Path, use: str) -> list[_Key]:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise Refused("KEY-FILE-WRONG", f"{path} may be read by others (mode {mode:04o}); it must be 0600")
        content = msgspec.json.decode(path.read_bytes(), type=_KeyFile)
    except (OSError, msgspec.DecodeError) as error:
        raise Refused("KEY-FILE-WRONG", f"{path}: {error}") from error
    if content.version != 1 or content.use != use or not content.keys:
        raise Refused("KEY-FILE-WRONG", f"{path} does not hold keys for {use}")
    return content.keys


def _secret(folder: Path, use: str, key: _Key) -> bytes:
    try:
        bytes.fromhex(key.id)
        return unb64(key.secret, _SECRET_BYTES)
    except (DoorstepError, ValueError) as error:
        raise Refused("KEY-FILE-WRONG", f"{folder / use}.json: key {key.id!r} cannot be read: {error}") from error


def _private(folder: Path, use: str, key: _Key) -> SigningKey:
    try:
        private = load_pem_private_key(key.secret.encode("ascii"), None)
    except (ValueError, TypeError) as error:
        raise Refused("KEY-FILE-WRONG", f"{folder / use}.json: key {key.id!r} cannot be read") from error
    if not isinstance(private, ec.EllipticCurvePrivateKey) or _key_id(private) != key.id:
        raise Refused("KEY-FILE-WRONG", f"{folder / use}.json: key {key.id!r} is not the P-256 key that it names")
    return SigningKey(key.id, key.created_ms, private)
