"""Overdue notices: issued, replaced and withdrawn while agents are under way with the versions that they hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from agent_client.work.visits import deliver_notice
from server.intake import NoticeRow, VisitRow
from server.services.imports import import_notices
from server.services.notices import supersede_notice, withdraw_notice
from server.services.office import Person
from sync.encoding import sha256_hex
from sync.errors import Conflict
from tests.simulation.faulty import Violation
from tests.simulation.looking import held_hashes, office_bodies, reached_ms, rows, without_effect
from tests.simulation.notebook import Shown
from tests.simulation.rows import day_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.messages import VisitDocument
    from tests.simulation.agent import Agent
    from tests.simulation.world import World

__all__ = ["Delivered", "Notices"]

_SUPERVISOR = Person(user="wen", roles=("admin", "supervisor"))
_WITH_LETTER_PERMILLE = 350
_DELIVERED_PERMILLE = 850
_WITHDRAWN_PERMILLE = 300


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that left an agent's hands, of the version that the phone held."""

    shown: Shown
    notice: str
    version: int


class Notices:
    """The creditor's letters, and what became of them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance = world.chance.stream("notices")
        self.rows: list[NoticeRow] = []
        self.letters: dict[str, bytes] = {}
        self.version: dict[str, int] = {}
        self.withdrawn: set[str] = set()
        self.delivered: list[Delivered] = []

    # -- the office
    def with_letters(self, visits: list[VisitRow]) -> list[VisitRow]:
        """Some of the visits shall deliver a notice on their account; one account has one."""
        if "notices" not in self.world.families:
            return visits
        found = []
        for row in visits:
            notice = f"N{row.account_id}"
            if notice in self.version or not self.chance.permille(_WITH_LETTER_PERMILLE):
                found.append(row)
                continue
            self.version[notice] = 1
            self.letters[f"{notice}-v1"] = content = f"{notice}, version 1".encode()
            self.rows.append(
                NoticeRow(
                    row=len(self.rows) + 2,
                    notice_id=notice,
                    version=1,
                    account_id=row.account_id,
                    customer_id=f"C{row.account_id[2:]}",
                    title="逾期通知",
                    issued_on="2026-11-20",
                    content_sha256=sha256_hex(content),
                    amount_minor=10_000,
                )
            )
            found.append(msgspec.structs.replace(row, tasks=(*row.tasks, "notice")))
        return found

    def found(self) -> None:
        """Import the first versions, and issue and withdraw again whatever a restored office forgot."""
        office = self.world.office
        if self.rows:
            office.insist(
                lambda: import_notices(office.parts.office, _SUPERVISOR, "notices.csv", self.rows, self.letters)
            )
        for notice, version in self.version.items():
            for _ in range(self._issued(notice), version):
                self._supersede(notice)
            if notice in self.withdrawn:
                self._withdraw(notice)

    def change(self, day: int) -> None:
        """A notice of the day's visits is replaced by its next version, or withdrawn."""
        accounts = {row.account_id for row in self.world.branch.visits if row.service_day == day_name(day)}
        open_ = [name for name in sorted(self.version) if name[1:] in accounts and name not in self.withdrawn]
        if not open_:
            return
        notice = self.chance.pick(open_)
        if self.chance.permille(_WITHDRAWN_PERMILLE):
            self.withdrawn.add(notice)
            self._withdraw(notice)
        else:
            self.version[notice] += 1
            self._supersede(notice)
        self.world.faults.counts.did("notice_withdrawn" if notice in self.withdrawn else "notice_superseded")

    def _issued(self, notice: str) -> int:
        bodies = office_bodies(self.world, "NoticeIssued")
        return max((body["version"] for _, body in bodies if body["notice"] == notice), default=0)

    def _supersede(self, notice: str) -> None:
        number = self._issued(notice) + 1
        content = f"{notice}, version {number}".encode()

        def once() -> None:
            # After a crash it may be there already.
            if self._issued(notice) < number:
                self.world.office.parts.store.write_now(
                    lambda writer: supersede_notice(
                        writer, _SUPERVISOR, notice, content=content, title="", amount_minor=9_000,
                        issued_on="2026-11-23",
                    )
                )  # fmt: skip

        self.world.office.insist(once)

    def _withdraw(self, notice: str) -> None:
        try:
            self.world.office.write(lambda writer: withdraw_notice(writer, _SUPERVISOR, notice, "disputed"))
        except Conflict as error:
            if error.code != "STATE-FORBIDS":
                raise

    # -- at the door
    def deliver(self, agent: Agent, stop: VisitDocument) -> Iterator[int]:
        """The agent hands over the version that this phone holds."""
        if not stop.notice or not self.chance.permille(_DELIVERED_PERMILLE) or not agent.phone.alive:
            return
        letter = agent.phone.desk.store.documents.notice(stop.notice)
        if letter is None or letter.withdrawn:
            return
        version = letter.version
        done = yield from agent.step(
            lambda desk: deliver_notice(desk, stop.visit, "handed_sealed", "customer", version=version)
        )
        if done is not None:
            self.delivered.append(Delivered(shown=done.shown, notice=stop.notice, version=version))
            self.world.faults.counts.did("notice_delivered")

    # -- what must hold at the end
    def check(self) -> None:
        """Each delivery stands for its version; an old one is told, by what the office had when it happened."""
        held = held_hashes(self.world) - without_effect(self.world)
        arrived = reached_ms(self.world)
        issued = office_bodies(self.world, "NoticeIssued")
        withdrawn = office_bodies(self.world, "NoticeWithdrawn")
        told = {
            hash_
            for (data,) in rows(self.world, "SELECT data FROM discrepancy WHERE rule = 'NOTICE-SUPERSEDED'")
            for hash_ in json.loads(data)["operations"]
        }
        for one in self.delivered:
            if one.shown.hash not in held:
                continue
            later = [at for at, body in issued if body["notice"] == one.notice and body["version"] > one.version]
            later += [at for at, body in withdrawn if body["notice"] == one.notice]
            first = min(later, default=None)
            if first is not None and first <= one.shown.true_from_ms and one.shown.hash not in told:
                raise Violation("notice-untold", f"version {one.version} of {one.notice} was old when delivered")
            if one.shown.hash in told and (first is None or first > arrived.get(one.shown.hash, 0)):
                raise Violation("notice-wrong", f"version {one.version} of {one.notice} was the current one")
        for notice, version in self.version.items():
            self._check_state(notice, version, {d.version for d in self.delivered if d.notice == notice
                                                and d.shown.hash in held})  # fmt: skip

    def _check_state(self, notice: str, version: int, delivered: set[int]) -> None:
        found = rows(self.world, "SELECT state FROM aggregate WHERE key = ?", f"notice:{notice}")
        state = json.loads(found[0][0]) if found else {}
        expected = (version, sorted(delivered), notice not in self.withdrawn and version not in delivered)
        if (state.get("version"), state.get("delivered_versions"), state.get("to_deliver")) != expected:
            raise Violation("notice-wrong", f"{notice} must be {expected}, the office says {state}")
