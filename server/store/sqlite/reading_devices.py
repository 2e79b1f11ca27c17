"""Reading devices, their epochs, and what the office process shows of itself."""

from __future__ import annotations

from server.ports import Device, Epoch, JobState
from server.store.sqlite.base import Base, device_of
from sync.journal import JournalHead
from sync.reconcile.facts import Registry

__all__ = ["DeviceReading"]

_DEVICE = "SELECT device, agent, branch, public_key, enrolled_ms, model, revoked_ms, locked_ms, wipe FROM device"


class DeviceReading(Base):
    """Who writes which journal."""

    def registry(self) -> Registry:
        """Author of every journal."""
        return self._shared.registry(self._connection, self._registry_version)

    def device(self, device: str) -> Device | None:
        """One device."""
        row = self._one(f"{_DEVICE} WHERE device = ?", (device,))
        return device_of(row) if row else None

    def devices(self, *, agent: str | None = None, after: str = "", limit: int = 1000) -> list[Device]:
        """Devices by id."""
        where, values = ("", []) if agent is None else ("agent = ? AND ", [agent])
        rows = self._rows(f"{_DEVICE} WHERE {where}device > ? ORDER BY device LIMIT ?", (*values, after, limit))
        return [device_of(row) for row in rows]

    def epochs(self, device: str) -> list[Epoch]:
        """Epochs assigned to a device, in order."""
        rows = self._rows(
            "SELECT device, epoch, continues, request, reason FROM epoch WHERE device = ? ORDER BY epoch", (device,)
        )
        return [Epoch(device=r[0], epoch=r[1], continues=r[2], request=r[3], reason=r[4]) for r in rows]

    def office_head(self) -> JournalHead | None:
        """Where this process's office journal stands."""
        office = self._shared.office
        return JournalHead(office.device, office.epoch, office.seq, office.hash, office.hlc) if office else None

    def office_public_key(self, key: str) -> str | None:
        """Public key of an office key id."""
        row = self._one("SELECT public_key FROM office_key WHERE key = ?", (key,))
        return row[0] if row else None

    def jobs(self) -> list[JobState]:
        """Every job that ever ran."""
        rows = self._rows("SELECT name, started_ms, ended_ms, result, error, runs FROM job ORDER BY name")
        return [JobState(name=r[0], started_ms=r[1], ended_ms=r[2], result=r[3], error=r[4], runs=r[5]) for r in rows]

    def setting(self, name: str) -> str:
        """A small fact about this database; empty if it was never put."""
        row = self._one("SELECT value FROM meta WHERE name = ?", (name,))
        return row[0] if row else ""
