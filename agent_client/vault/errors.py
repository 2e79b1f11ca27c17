"""What can go wrong with a vault; each is a `DoorstepError` with its own stable code.

::

    PinWrong          PIN-WRONG         tries_left
    PinLocked         PIN-LOCKED        until_ms, or None when only the office's recovery helps
    SecretWeak        SECRET-WEAK
    KeystoreMissing   KEYSTORE-MISSING  use a passphrase
    VaultMissing      VAULT-MISSING
    VaultExists       VAULT-EXISTS
    VaultCorrupt      VAULT-CORRUPT     copies: where the damaged files were set aside
    RecoveryWrong     RECOVERY-WRONG
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sync.errors import Conflict, Corrupt, NotAllowed, Refused, Unavailable

__all__ = [
    "KeystoreMissing",
    "PinLocked",
    "PinWrong",
    "RecoveryWrong",
    "SecretWeak",
    "VaultCorrupt",
    "VaultExists",
    "VaultMissing",
]


class PinWrong(NotAllowed):
    """The PIN or passphrase is not the right one; `tries_left` more are allowed."""

    def __init__(self, tries_left: int) -> None:
        tries = "1 try is" if tries_left == 1 else f"{tries_left} tries are"
        super().__init__("PIN-WRONG", f"{tries} left", tries_left=tries_left)
        self.tries_left = tries_left


class PinLocked(NotAllowed):
    """No try is allowed before `until_ms` (milliseconds since 1970); None: only recovery unlocks."""

    def __init__(self, until_ms: int | None) -> None:
        if until_ms is None:
            cause = "too many wrong tries; only recovery through the office unlocks this vault"
        else:
            cause = (
                f"the next try is allowed at {datetime.fromtimestamp(-(-until_ms // 1000), UTC):%Y-%m-%d %H:%M:%S} UTC"
            )
        super().__init__("PIN-LOCKED", cause, until_ms=until_ms)
        self.until_ms = until_ms


class SecretWeak(Refused):
    """A new PIN or passphrase is too easy to guess."""

    def __init__(self, cause: str) -> None:
        super().__init__("SECRET-WEAK", cause)


class KeystoreMissing(Unavailable):
    """The operating system's key store cannot be used, or lost this vault's secret; no try was counted."""

    def __init__(self, cause: str) -> None:
        super().__init__("KEYSTORE-MISSING", cause)


class VaultMissing(Refused):
    """The folder holds no vault."""

    def __init__(self, folder: Path) -> None:
        super().__init__("VAULT-MISSING", f"no vault in {folder}")


class VaultExists(Conflict):
    """A vault is here already and is never overwritten."""

    def __init__(self, folder: Path) -> None:
        super().__init__("VAULT-EXISTS", f"a vault is in {folder} already")


class VaultCorrupt(Corrupt):
    """Files are damaged; the originals are untouched, and `copies` are set aside beside them."""

    def __init__(self, cause: str, copies: tuple[Path, ...] = ()) -> None:
        kept = f"; set aside as {', '.join(str(copy) for copy in copies)}" if copies else ""
        super().__init__("VAULT-CORRUPT", cause + kept, copies=copies)
        self.copies = copies


class RecoveryWrong(Refused):
    """A recovery cannot be asked for, or its answer does not fit."""

    def __init__(self, cause: str) -> None:
        super().__init__("RECOVERY-WRONG", cause)
