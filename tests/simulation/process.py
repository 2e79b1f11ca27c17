"""The office as a process: real store, real services, real answers; it can crash anywhere and be set back.

What HTTP does around them (inflating a body, turning an error into a problem document) is called here without a
socket. Keys come from the seed.
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
import traceback
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from server.app import Parts
from server.http.problems import problem_of
from server.http.reading import inflate
from server.jobs.office import office_jobs
from server.keys import OfficeKeys, SigningKey
from server.ports import Writer
from server.services.enrolment import Enrolment
from server.services.receipts import ReceiptAnswer, ReceiptDesk, ReceiptQuestion
from server.services.side_records import SideRecords
from server.settings import Settings
from server.store.sqlite import SqliteStore
from server.store.sqlite.group import _Item
from server.store.sqlite.transaction import SqliteWriter
from sync.errors import Corrupt, DoorstepError, Unavailable
from sync.limits import EXCHANGE_BYTES_MAX
from sync.messages import Signed
from sync.signing import public_bytes
from tests.simulation.chance import Chance
from tests.simulation.clocks import OfficeTime, Time
from tests.simulation.disk import Crash, Gate, GatedConnection, copy_database
from tests.simulation.faulty import Faults, Violation
from tests.simulation.limits import MINUTE_MS

__all__ = ["OfficeProcess", "Reply", "make_office_keys"]

T = TypeVar("T")
URL = "https://pay.example"
_CURVE = ec.SECP256R1()


class Reply(msgspec.Struct, frozen=True):
    """An HTTP answer without HTTP."""

    status: int
    content: bytes


def make_office_keys(chance: Chance) -> OfficeKeys:
    """Every key of the office, from the seed."""

    def signing() -> SigningKey:
        private = ec.derive_private_key(int.from_bytes(chance.take(31), "big") + 1, _CURVE)
        digest = hashlib.sha256(public_bytes(private.public_key())).hexdigest()
        return SigningKey(digest[:16], 0, private)

    return OfficeKeys(
        field=[(chance.take(4).hex(), chance.take(32))],
        blind=chance.take(32),
        tag=chance.take(32),
        session=chance.take(32),
        office=[signing()],
        identity=[signing()],
        recovery=[signing()],
        random=chance.takes("nonces"),
    )


class OfficeProcess:
    """Starts, serves, crashes, is backed up and set back. `generation` counts the copies of its files."""

    def __init__(self, folder: Path, time: Time, chance: Chance, faults: Faults) -> None:
        self.folder, self.time, self.chance, self.faults = folder, time, chance, faults
        self.keys = make_office_keys(chance.stream("keys"))
        self.generation = 0
        self.crashes = 0
        self.down_until_ms = 0
        self.gate = Gate()
        self.path = folder / "office-0" / "doorstep.db"
        self.path.parent.mkdir(parents=True)
        self._loop = asyncio.new_event_loop()
        self._start()

    def _start(self) -> None:
        boot = self.chance.take(8).hex()
        clock = OfficeTime(self.time, boot)
        self.gate = Gate()
        store = SqliteStore(self.path, self.keys, clock, self.chance.takes(f"store-{self.generation}"))
        run_inline(store, self.gate)
        office_key = self.keys.office[-1]
        store.open_office(self.chance.take(8).hex(), office_key.public, office_key.id)
        settings = Settings(data=self.path.parent, public_url=URL, office_phone="+8611000000000", jobs=False)
        self.parts = Parts(settings, self.keys, clock, store)
        self.parts.exchange._random = self.chance.takes(f"exchange-{self.generation}")
        self.enrolment = Enrolment(store, self.keys, clock, self.parts.devices, URL)
        self.side_records = SideRecords(store, self.parts.devices)
        self.desk = ReceiptDesk(
            store, clock, lambda: self.time.now_ms, official_address=f"{URL}/r", office_phone="+8611000000000"
        )
        self.jobs = office_jobs(self.parts.office)
        self.look = sqlite3.connect(self.path, isolation_level=None)
        self.look.execute("PRAGMA query_only = ON")

    # -- its life
    def crash(self, *, down_ms: int = 0) -> None:
        """The process is gone; a new one goes on with the files as they are at this moment."""
        self.crashes += 1
        self._replace(copy_database(self.path, self.folder / f"office-{self.generation + 1}"))
        self.down_until_ms = self.time.now_ms + down_ms

    def backup(self) -> Path:
        """A copy of the files while nothing is being written."""
        self.generation += 1
        return copy_database(self.path, self.folder / f"backup-{self.generation}")

    def restore(self, backup: Path) -> None:
        """The database is lost; the backup takes its place, and the new database is told that it is another one."""
        self._replace(copy_database(backup, self.folder / f"office-{self.generation + 1}"))
        fresh = self.chance.take(8).hex()
        self.parts.store.write_now(lambda writer: writer.put_setting("incarnation", fresh))

    def _replace(self, path: Path) -> None:
        self._close()
        self.generation += 1
        self.path = path
        self._start()

    def _close(self) -> None:
        self.look.close()
        self.parts.close()

    def close(self) -> None:
        """The end of the world."""
        self._close()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    # -- what it is asked
    def serve(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """One request; raises Crash when the process ended before it answered."""
        if self.time.now_ms < self.down_until_ms:
            raise Crash
        self.faults.arm_office(self.gate)
        try:
            content = self._run(self._route(method, path, headers, body))
        except DoorstepError as error:
            if isinstance(error, Corrupt):
                raise Violation("office-corrupt", str(error)) from error
            return Reply(error.entry.status, msgspec.json.encode(problem_of(error.code, error.cause)))
        except Crash:
            self.crash(down_ms=self.chance.pick((0, 0, MINUTE_MS, 20 * MINUTE_MS)))
            raise
        except Exception as error:
            raise Violation("office-unexpected", "".join(traceback.format_exception(error))[-1500:]) from error
        finally:
            self.gate.disarm()
        return Reply(200, content)

    async def _route(self, method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
        if headers.get("content-encoding") == "gzip":
            body = inflate(body, EXCHANGE_BYTES_MAX)
        if path == "/api/v1/sync":
            return await self.parts.exchange.handle(body)
        if path == "/api/v1/enrol":
            device = self.chance.take(8).hex()
            return msgspec.json.encode(await self.enrolment.enrol(msgspec.json.decode(body, type=Signed), device))
        if path == "/api/v1/epoch":
            return msgspec.json.encode(await self.enrolment.open_epoch(msgspec.json.decode(body, type=Signed)))
        sha256 = path.rpartition("/")[2]
        self.side_records.verify(
            headers.get("doorstep-device", ""), headers.get("doorstep-signature", ""), method, sha256
        )
        await self.side_records.put(sha256, body)
        return b""

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    def ask_receipt(self, question: ReceiptQuestion, address: str) -> ReceiptAnswer | None:
        """What a customer is told; None when the office does not answer."""
        if self.time.now_ms < self.down_until_ms:
            return None
        self.gate.was_full = False
        self.faults.arm_office(self.gate)
        try:
            return self._run(self.desk.ask(question, address))
        except Crash:
            self.crash()
            return None
        finally:
            self.gate.disarm()

    def insist(self, command: Callable[[], T]) -> T | None:
        """A person at the office repeats a command until it went through; None if they were told that it is done."""
        for attempt in range(8):
            self.faults.arm_office(self.gate)
            try:
                return command()
            except Crash:
                self.crash()
            except Unavailable:
                self.time.pass_ms(MINUTE_MS)
            except DoorstepError as error:
                if attempt and error.code in {"STATE-FORBIDS", "STATE-STALE"}:
                    return None
                raise
            finally:
                self.gate.disarm()
        return command()

    def write(self, work: Callable[[Writer], T]) -> T | None:
        """One work of an office command, repeated like it."""
        return self.insist(lambda: self.parts.store.write_now(work))

    def reconcile(self, limit: int = 256) -> None:
        """Fold until nothing is pending."""
        for _ in range(400):
            done = self.insist(lambda: self.parts.worker._reconciler.run_pending(limit))
            if done == 0:
                return
        raise Violation("liveness", "the reconciler never comes to an end")

    def settle_hashes(self, limit: int) -> None:
        """What the store does in a pause, so many in a transaction; a crash in between leaves the rest for the next."""
        after: bytes | None = b""
        while after is not None:
            work = partial(SqliteWriter.settle_hashes, after=after, limit=limit)
            after = self.insist(lambda work=work: self.parts.store.write_now(work))  # type: ignore[misc]  # bound at once

    def run_jobs(self, *, all_: bool = True) -> None:
        """The jobs of the office, once; bringing every pack up to date is slow and seldom needed."""
        for name in [job.name for job in self.jobs if all_ or job.name != "refresh-packs"]:
            self.insist(lambda name=name: next(job for job in self.jobs if job.name == name).run())  # type: ignore[misc]  # bound at once


def run_inline(store: SqliteStore, gate: Gate) -> None:
    """Let the store's writer run each work at once in the caller's thread, behind the gate; the steps stay its own.

    One thread makes a seed run the same way every time, and three times as fast.
    """
    group = store._group
    group._connection = cast("sqlite3.Connection", GatedConnection(group._connection, gate))

    def blocking(work: Any) -> Any:
        item = _Item(work, None, None)
        group._commit([item])
        if item.error is not None:
            raise item.error
        return item.result

    def submit(work: Any) -> asyncio.Future[Any]:
        future = asyncio.get_running_loop().create_future()
        try:
            future.set_result(blocking(work))
        except BaseException as error:  # noqa: BLE001  # handed to whoever awaits
            future.set_exception(error)
        return future

    group.submit_blocking = blocking  # type: ignore[method-assign]  # this store's writer only
    group.submit = submit  # type: ignore[method-assign]  # this store's writer only
