"""Public keys of enrolled devices, loaded once: a device's key never changes, another key is another device."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec

from server.ports import Store
from sync.encoding import unb64
from sync.errors import NotAllowed
from sync.signing import load_public_key

__all__ = ["DeviceKeys"]


class DeviceKeys:
    """Device id → public key."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._loaded: dict[str, ec.EllipticCurvePublicKey] = {}

    def of(self, device: str) -> ec.EllipticCurvePublicKey:
        """The key of an enrolled phone, revoked ones included; raises DEVICE-UNKNOWN."""
        found = self._loaded.get(device)
        if found is None:
            with self._store.read() as reader:
                author = reader.registry().get(device)
            if author is None or author.is_office:
                raise NotAllowed("DEVICE-UNKNOWN", f"no device {device[:64]!r} is enrolled")
            found = self._loaded[device] = load_public_key(unb64(author.public_key, 65))
        return found
