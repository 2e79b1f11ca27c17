"""The phone's database, encrypted as a whole, and the key slots that open it.

A random 32-byte *database key* encrypts the database (SQLCipher). The key itself is never stored in clear: it
lies in *slots*, each of which gives it to somebody who can prove something.

- `pin`: the PIN **and** a secret that the operating system's key store holds. A stolen disk without the key
  store gives nothing to guess at; a running phone without the PIN gives ten tries.
- `passphrase`: for machines without a key store.
- `recovery`: sealed to the branch's recovery key while anything is unacknowledged, so that a forgotten PIN
  loses nothing. Removed when the office has everything.

::

    vault = create_vault(folder, device, Pin("740261"), find_keystore(), branch_key, STANDARD_COST, os.urandom)
    database = vault.connect()
    ...
    database = open_vault(folder, "740261", find_keystore(), now_ms, STANDARD_COST, os.urandom)
"""

from agent_client.vault.errors import (
    KeystoreMissing,
    PinLocked,
    PinWrong,
    RecoveryWrong,
    SecretWeak,
    VaultCorrupt,
    VaultExists,
    VaultMissing,
)
from agent_client.vault.kdf import STANDARD_COST, KdfCost
from agent_client.vault.keystore import KeyringStore, KeyStore, MachineKeyStore, find_keystore
from agent_client.vault.recovery import finish_recovery, make_recovery_request
from agent_client.vault.secret import NewSecret, Passphrase, Pin, SecretKind
from agent_client.vault.vault import (
    UnlockedVault,
    VaultStatus,
    change_secret,
    create_vault,
    open_vault,
    unlock_vault,
    vault_status,
)

__all__ = [
    "STANDARD_COST",
    "KdfCost",
    "KeyStore",
    "KeyringStore",
    "KeystoreMissing",
    "MachineKeyStore",
    "NewSecret",
    "Passphrase",
    "Pin",
    "PinLocked",
    "PinWrong",
    "RecoveryWrong",
    "SecretKind",
    "SecretWeak",
    "UnlockedVault",
    "VaultCorrupt",
    "VaultExists",
    "VaultMissing",
    "VaultStatus",
    "change_secret",
    "create_vault",
    "find_keystore",
    "finish_recovery",
    "make_recovery_request",
    "open_vault",
    "unlock_vault",
    "vault_status",
]
