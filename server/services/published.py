"""The keys that anybody may have: receipts' device keys with validity, and the office's own."""

from __future__ import annotations

from server.keys import OfficeKeys
from server.limits import KEYS_PAGE_MAX
from server.ports import Device, Store
from sync.errors import Refused
from sync.messages import PublishedKey, PublishedKeys

__all__ = ["Published"]


class Published:
    """Answers `GET /api/v1/keys`."""

    def __init__(self, store: Store, keys: OfficeKeys) -> None:
        self._store = store
        self._office = keys.published()

    def page(self, after: str, limit: int) -> PublishedKeys:
        """The first page begins with the office's keys; then devices in order of id, at most `limit` keys in all."""
        if not 0 < limit <= KEYS_PAGE_MAX:
            raise Refused("ARGUMENT-WRONG", f"limit {limit} is not between 1 and {KEYS_PAGE_MAX}")
        with self._store.read() as reader:
            devices = reader.devices(after=after, limit=limit)
        found = [] if after else list(self._office)
        return PublishedKeys(keys=[*found, *(_receipt_key(device) for device in devices if device.agent)])

    def one(self, key_id: str) -> PublishedKey:
        """One key by id; raises NOT-FOUND."""
        for key in self._office:
            if key.key == key_id:
                return key
        with self._store.read() as reader:
            device = reader.device(key_id)
        if device is None or not device.agent:
            raise Refused("NOT-FOUND", f"no key {key_id[:64]!r} was ever published")
        return _receipt_key(device)


def _receipt_key(device: Device) -> PublishedKey:
    return PublishedKey(
        key=device.device,
        use="receipt",
        public_key=device.public_key,
        not_before_ms=device.enrolled_ms,
        not_after_ms=device.revoked_ms,
        revoked=device.revoked_ms > 0,
    )
