"""Writing devices, epochs, codes and nonces, and taking up the office journal."""

from __future__ import annotations

import sqlite3

from server.ports import Device, Epoch, JobState, OfficeWork
from server.store.sqlite.base import Office, Shared, read_registry
from server.store.sqlite.reading_devices import DeviceReading
from server.store.sqlite.writing_journals import JournalWriting
from sync.errors import Conflict, NotAllowed
from sync.journal import JournalHead
from sync.limits import EPOCH_MAX
from sync.operations.envelope import GENESIS, Actor
from sync.operations.office import OfficeOpened
from sync.reconcile.facts import Registry

__all__ = ["DeviceWriting"]


class DeviceWriting(JournalWriting, DeviceReading):
    """Who may write which journal."""

    def __init__(self, connection: sqlite3.Connection, shared: Shared) -> None:
        super().__init__(connection, shared)
        self.devices_changed = False
        self.settings_changed = False

    def registry(self) -> Registry:
        """Author of every journal, with what this transaction added."""
        return read_registry(self._connection) if self.devices_changed else super().registry()

    def put_device(self, device: Device) -> None:
        """Add a device or replace what is known of it."""
        self.devices_changed = True
        self._connection.execute(
            "INSERT OR REPLACE INTO device"
            " (device, agent, branch, public_key, enrolled_ms, model, revoked_ms, locked_ms, wipe)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                device.device,
                device.agent,
                device.branch,
                device.public_key,
                device.enrolled_ms,
                device.model,
                device.revoked_ms,
                device.locked_ms,
                int(device.wipe_after_upload),
            ),
        )

    def put_epoch(self, epoch: Epoch) -> None:
        """Record an assigned epoch, never the same twice."""
        try:
            self._connection.execute(
                "INSERT INTO epoch (device, epoch, continues, request, reason) VALUES (?, ?, ?, ?, ?)",
                (epoch.device, epoch.epoch, epoch.continues, epoch.request, epoch.reason),
            )
        except sqlite3.IntegrityError as error:
            raise Conflict("STATE-FORBIDS", f"epoch {epoch.epoch} of {epoch.device} was assigned before") from error

    def put_enrol_code(self, code_hash: bytes, agent: str, branch: str, expires_ms: int) -> None:
        """Keep a one-time code by its hash."""
        self._connection.execute(
            "INSERT OR REPLACE INTO enrol_code (code, agent, branch, expires_ms) VALUES (?, ?, ?, ?)",
            (code_hash, agent, branch, expires_ms),
        )

    def take_enrol_code(self, code_hash: bytes, device: str, now_ms: int) -> tuple[str, str]:
        """Use a code up."""
        row = self._one("SELECT agent, branch, expires_ms, device FROM enrol_code WHERE code = ?", (code_hash,))
        if row is None:
            raise NotAllowed("ENROL-CODE-WRONG", "no such enrolment code was given out")
        agent, branch, expires_ms, used_by = row
        if used_by:
            raise NotAllowed("ENROL-CODE-USED", "this code has enrolled a phone before", device=used_by)
        if now_ms >= expires_ms:
            raise NotAllowed("ENROL-CODE-EXPIRED", f"the code was valid until {expires_ms} ms, it is {now_ms} ms")
        self._connection.execute("UPDATE enrol_code SET device = ? WHERE code = ?", (device, code_hash))
        return agent, branch

    def use_nonce(self, device: str, nonce: str) -> bool:
        """Record a nonce; False if the device had used it before."""
        done = self._connection.execute("INSERT OR IGNORE INTO nonce (device, nonce) VALUES (?, ?)", (device, nonce))
        return done.rowcount == 1

    def put_job(self, state: JobState) -> None:
        """Replace a job's visible state."""
        self._connection.execute(
            "INSERT OR REPLACE INTO job (name, started_ms, ended_ms, result, error, runs) VALUES (?, ?, ?, ?, ?, ?)",
            (state.name, state.started_ms, state.ended_ms, state.result, state.error, state.runs),
        )

    def put_setting(self, name: str, value: str) -> None:
        """Replace a small fact about this database."""
        self.settings_changed = True
        self._connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))

    # -- for the store
    def open_office(self, process: str, public_key: str, key: str, fresh_id: str) -> JournalHead:
        """Take the journal up in its next epoch, under this holder's name."""
        row = self._one("SELECT device, epoch, hash, hlc FROM office WHERE name = 'office'")
        if row is None or row[1] >= EPOCH_MAX:
            device, epoch, continues, hlc = f"office-{fresh_id}", 1, "", None
        else:
            device, epoch, continues, hlc = row[0], row[1] + 1, row[2], row[3]
        start = continues or GENESIS
        self._connection.execute(
            "INSERT OR REPLACE INTO office (name, device, holder, epoch, seq, hash, hlc)"
            " VALUES ('office', ?, ?, ?, 0, ?, ?)",
            (device, self._shared.holder, epoch, start, hlc),
        )
        self._office = Office(device, epoch, 0, start, hlc, start)
        self._office_committed = Office(device, epoch, 0, start, hlc, start)
        now_ms = self._shared.clock.now_ms()
        self.put_device(Device(device=device, agent="", branch="", public_key=public_key, enrolled_ms=now_ms))
        self._connection.execute("INSERT OR REPLACE INTO office_key (key, public_key) VALUES (?, ?)", (key, public_key))
        body = OfficeOpened(process=process, public_key=public_key, continues=continues)
        (entry,) = self.append_office([OfficeWork(body=body, by=Actor("system", "system"))])
        return entry.head
