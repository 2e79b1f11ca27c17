"""A phone in somebody's hands: the client's library on a real vault, which crashes, fills up and is set back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import msgspec

from agent_client.enrolment import enrol, open_desk
from agent_client.recording import Desk, Recorded
from agent_client.syncing import SyncReport, Waiting, synchronise
from agent_client.transport import HttpOffice
from agent_client.vault import KdfCost, Passphrase
from agent_client.work.payments import payments
from sync.errors import Conflict, Corrupt, DoorstepError, NotAllowed, Refused, Unavailable
from sync.journal import Entry
from sync.receipt import Receipt, read_receipt
from tests.simulation.clocks import PhoneClock
from tests.simulation.disk import Crash, Gate, GatedConnection, copy_home
from tests.simulation.faulty import Violation
from tests.simulation.notebook import Shown
from tests.simulation.wire import Wire

if TYPE_CHECKING:
    from tests.simulation.world import World

__all__ = ["CHEAP", "Done", "Phone"]

PASSPHRASE = "a quiet river bends twice"
CHEAP = KdfCost(time=1, memory_kib=8, lanes=1)


class Done(msgspec.Struct, frozen=True):
    """A step that the phone showed as recorded, with its receipt."""

    shown: Shown
    receipt: Receipt | None


class Phone:
    """`attempt` a step, `sync`, and whatever else happens to a phone."""

    def __init__(self, world: World, agent: str, name: str) -> None:
        self.world, self.agent, self.name = world, agent, name
        self.chance = world.chance.stream(f"phone/{name}")
        self.clock = PhoneClock(world.time, self.chance.stream("clock"))
        self.gate = Gate()
        self.generation = 0
        self.home = world.folder / f"phone-{name}-0"
        self.wire = Wire(world, self)
        self.client = self.wire.client()
        self.alive = True
        self.silent_until_ms = 0
        """There is no signal at all until then."""
        self.last_device = ""
        self.came_second = 0
        """The epoch of which the office held another branch when this phone was set back; 0: none."""
        self.back_at = ""
        """The last operation that it held after it was set back: whoever writes nothing more is on no branch."""
        self.old = False
        """Whether it runs an old client, which sends less."""
        self._desk: Desk | None = None

    # -- its life
    def enrol(self, code: str) -> None:
        """Make it an agent's phone; nothing disturbs that here."""
        self._desk = enrol(
            self.home,
            code,
            HttpOffice(self.client),
            office_url="https://pay.example",
            secret=Passphrase(PASSPHRASE),
            keystore=None,
            clock=self.clock,
            random=self.chance.takes("desk"),
            waiting=self._waiting(),
            kdf=CHEAP,
        )
        self.last_device = self._desk.device
        self._gated()

    @property
    def desk(self) -> Desk:
        """The open phone."""
        if self._desk is None:
            raise AssertionError("the phone is not open")
        return self._desk

    @property
    def device(self) -> str:
        """Its id."""
        return self.desk.device

    def _gated(self) -> None:
        self.gate = Gate()
        database = self.desk.store._db
        database.conn = cast(Any, GatedConnection(database.conn, self.gate))

    def reopen(self, home: Path, *, reboot: bool) -> None:
        """Go on with these files."""
        if self._desk is not None:
            self._desk.store.close()
            self._desk = None
        self.home = home
        if reboot:
            self.clock.reboot()
        random = self.chance.takes(f"desk-{self.generation}")
        self._desk = open_desk(home, PASSPHRASE, keystore=None, clock=self.clock, random=random, kdf=CHEAP)
        self._gated()

    def crash(self) -> None:
        """The app is killed where it stands, or the phone with it; it comes up with what the files hold."""
        self.reopen(self.copy(), reboot=self.chance.permille(500))

    def copy(self) -> Path:
        """The phone's folder as it is now, elsewhere."""
        self.generation += 1
        return copy_home(self.home, self.world.folder / f"phone-{self.name}-{self.generation}")

    def close(self) -> None:
        """Switch it off for good."""
        if self._desk is not None:
            self._desk.store.close()
            self._desk = None
        self.client.close()
        self.alive = False

    def set_back(self, backup: Path) -> None:
        """Its files are those of a backup again; what only it held since is gone."""
        before = {stored.hash for stored in self.desk.store.journal.all()}
        epoch = self.desk.store.journal.writer(self.device).head.epoch
        self.generation += 1
        self.reopen(copy_home(backup, self.world.folder / f"phone-{self.name}-{self.generation}"), reboot=True)
        self.back_at = self._last()
        lost = before - {stored.hash for stored in self.desk.store.journal.all()}
        for hash_ in lost:
            shown = self.world.notebook.shown.get(hash_)
            if self.world.watch.holds(hash_):
                if shown is not None and shown.epoch == self.desk.store.journal.writer(self.device).head.epoch == epoch:
                    self.came_second = epoch
            elif shown is not None:
                shown.gone = True

    # -- what it is used for
    def attempt(self, step: Callable[[Desk], Recorded], *, faults: bool = True) -> Done | None:
        """Do one step; None when nothing was recorded: the disk was full, or the step does not fit any more."""
        before = self._last()
        from_ms = self.world.time.now_ms
        if faults:
            self.world.faults.arm_phone(self.gate)
        try:
            recorded = step(self.desk)
        except Crash:
            self.crash()
            return self._found_after_crash(before, from_ms)
        except (Unavailable, Conflict, Refused) as error:
            self._expected(error)
            return None
        except Corrupt as error:
            raise Violation("phone-corrupt", f"{self.name}: {error}") from error
        finally:
            self.gate.disarm()
        self.world.time.pass_ms(self.chance.between(1, 4_000))
        return self._note(recorded.hash, recorded.epoch, recorded.seq, recorded.kind, recorded.receipt, from_ms)

    def _expected(self, error: DoorstepError) -> None:
        if error.code in {"STORE-FULL", "WORK-REFUSED", "PACK-MISSING"}:
            return
        raise Violation("phone-refuses", f"{self.name}: {error}") from error

    def is_at(self, hash_: str) -> bool:
        """Whether this is the last operation that it holds."""
        return self._last() == hash_

    def _last(self) -> str:
        last = self.desk.store.journal.last()
        return last.hash if last else ""

    def _found_after_crash(self, before: str, from_ms: int) -> Done | None:
        """The agent looks at the phone: either the step is there, or it is not and can be done again."""
        last = self.desk.store.journal.last()
        if last is None or last.hash == before:
            return None
        receipt = None
        if last.kind in {"PaymentCollected", "PaymentVoided"}:
            receipt = read_receipt(payments(self.desk)[-1].receipt)
        return self._note(last.hash, last.epoch, last.seq, last.kind, receipt, from_ms)

    def _note(self, hash_: str, epoch: int, seq: int, kind: str, receipt: Receipt | None, from_ms: int) -> Done:
        stored = self.desk.store.journal.last()
        shown = Shown(
            hash=hash_,
            device=self.device,
            epoch=epoch,
            seq=seq,
            kind=kind,
            agent=self.agent,
            pack=stored.pack if stored else "",
            true_from_ms=from_ms,
            true_to_ms=self.world.time.now_ms,
        )
        return Done(self.world.notebook.note(shown), receipt)

    def noted(self, entry: Entry, receipt: Receipt | None, from_ms: int) -> Done:
        """Something that its owner wrote into it by hand."""
        return self._note(entry.hash, entry.head.epoch, entry.head.seq, "", receipt, from_ms)

    def sync(self, *, pull: bool = True, faults: bool = True) -> SyncReport | None:
        """One whole sync; None when it did not come to its end."""
        if faults:
            self.world.faults.arm_phone(self.gate)
        try:
            report = synchronise(self.desk, HttpOffice(self.client), self._waiting(), pull=pull)
        except Crash:
            self.crash()
            return None
        except Unavailable:
            return None
        except (Conflict, Refused, NotAllowed) as error:
            self._sync_refused(error)
            return None
        except Corrupt as error:
            raise Violation("phone-corrupt", f"{self.name}: {error}") from error
        finally:
            self.gate.disarm()
        return report

    def _sync_refused(self, error: DoorstepError) -> None:
        """Without faults on the wire a sync of a phone is never refused."""
        if (
            error.code in {"EXCHANGE-ENCODING", "NETWORK-DOWN", "NONCE-REUSED", "STATE-STALE"}
            and not self.world.faults.over
        ):
            return
        raise Violation("sync-refused", f"{self.name}: {error}") from error

    def _waiting(self) -> Waiting:
        draw = self.chance.stream("waiting")
        return Waiting(sleep=lambda seconds: self.world.time.pass_ms(int(seconds * 1000)), draw=draw.unit)
