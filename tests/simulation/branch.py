"""The office's people at work: plans in the morning, changes during the day, the closing at night."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from server.intake import PaymentRow
from server.ports import OfficeWork, Writer
from server.services.devices import issue_code, revoke
from server.services.imports import import_accounts, import_agents, import_payments, import_visits
from server.services.office import Office, Person
from server.services.packs import issue_pack
from server.services.present import visits_now
from server.services.visits import cancel_visit, move_visit, reassign_visit
from sync.errors import Conflict
from sync.operations.envelope import Actor
from sync.operations.office import VisitAssigned
from tests.simulation.closing import Evening
from tests.simulation.limits import MINUTE_MS
from tests.simulation.rows import account_rows, agent_rows, day_ms, day_name, visit_rows

if TYPE_CHECKING:
    from tests.simulation.world import World

__all__ = ["ADMIN", "Branch"]

ADMIN = Person(user="wen", roles=("admin", "supervisor"))
_FLOATS = (0, 0, 20_000, 50_000)


class Branch:
    """What the office wants; it is done again where the office lost it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance = world.chance.stream("branch")
        self.pauses = world.chance.stream("pauses")
        self.agents = agent_rows(world.setup)
        self.accounts = account_rows(world.setup, self.chance.stream("accounts"))
        self.visits = world.notices.with_letters(visit_rows(world.setup, self.chance.stream("visits")))
        self.owner: dict[str, str] = {}
        self.external: list[PaymentRow] = []
        self.issued: set[int] = set()
        self.evening = Evening(world)
        self._give_out()

    @property
    def office(self) -> Office:
        """The office as it runs now."""
        return self.world.office.parts.office

    def account_of(self, visit: str) -> str:
        """Whose debt a visit is about."""
        return next(row.account_id for row in self.visits if row.visit_id == visit)

    def last_four(self, account: str) -> str:
        """What the customer's card says."""
        return next(row.last_four for row in self.accounts if row.account_id == account)

    def code_of(self, visit: str) -> str:
        """The visit code that the customer holds."""
        return next(row.visit_code for row in self.visits if row.visit_id == visit)

    def staff_of(self, visit: str) -> int:
        """How many of our staff a visit asks for."""
        return next(row.staff_min for row in self.visits if row.visit_id == visit)

    def _give_out(self) -> None:
        """Each agent's stops of each day, in rows."""
        per_day = self.world.setup.agents * self.world.setup.visits
        for number, row in enumerate(self.visits):
            agent = number % per_day // self.world.setup.visits
            self.owner[row.visit_id] = self.agents[agent].agent_id

    # -- founding, and founding again
    def found(self) -> None:
        """Import everything; harmless to repeat, and needed again after the office was set back."""
        world = self.world
        world.office.insist(lambda: import_agents(self.office, ADMIN, "agents.csv", self.agents))
        world.office.insist(lambda: import_accounts(self.office, ADMIN, "accounts.csv", self.accounts))
        world.notices.found()
        world.office.insist(lambda: import_visits(self.office, ADMIN, "visits.csv", self.visits))
        if self.external:
            world.office.insist(lambda: import_payments(self.office, ADMIN, "payments.csv", self.external))
        world.providers.import_again()

    def found_again(self) -> None:
        """After the office was set back: what people remember, they do again."""
        self.found()
        for day in sorted(self.issued):
            self.issue(day)

    def code_for(self, agent: str) -> str:
        """An enrolment code for a phone."""
        secret = self.chance.take(16)
        now_ms = self.world.time.now_ms
        made = self.world.office.write(lambda writer: issue_code(writer, agent, secret, now_ms, "https://pay.example"))
        if made is None:
            raise AssertionError("a code is always given")
        return made.code

    def revoke(self, device: str) -> None:
        """The phone is lost: from now on it may only bring what it has."""
        now_ms, by = self.world.time.now_ms, Actor("wen", "supervisor")
        try:
            self.world.office.write(lambda writer: revoke(writer, device, by, "lost", now_ms))
        except Conflict:
            return

    def issue(self, day: int) -> None:
        """Assign the day's visits and make its packs, with a float for each agent."""
        name = day_name(day)
        for row in self.agents:
            self.world.notebook.floats.setdefault((row.agent_id, name), self.chance.pick(_FLOATS))
        self.world.office.write(lambda writer: self._issue(writer, name))
        self.issued.add(day)

    def _issue(self, writer: Writer, name: str) -> None:
        todays = [row for row in self.visits if row.service_day == name]
        present = visits_now(writer, [row.visit_id for row in todays])
        bodies = [
            VisitAssigned(
                visit=row.visit_id,
                agent=self.owner[row.visit_id],
                service_day=name,
                position=place + 1,
                eta_s=9 * 3600 + place * 60,
            )
            for place, row in enumerate(todays)
            if (now := present[row.visit_id]).open and now.agent != self.owner[row.visit_id] and now.service_day == name
        ]
        by = Actor("wen", "supervisor")
        writer.append_office([OfficeWork(body=body, by=by) for body in bodies])
        for row in self.agents:
            float_minor = self.world.notebook.floats[row.agent_id, name]
            issue_pack(writer, self.office, row.agent_id, name, float_minor=float_minor)

    # -- a day
    def day(self, day: int) -> Iterator[int]:
        """From six in the morning to the closing at night; yields when it goes on."""
        world = self.world
        yield day_ms(day, 6, 30)
        self.issue(day)
        world.providers.import_new()
        self._fold()
        for half_hour in range(24):
            yield day_ms(day, 7, 30 + 30 * half_hour) + self.chance.between(0, MINUTE_MS)
            if half_hour % 2 or self.chance.permille(300):
                self._fold()
            if half_hour % 6 == 1:
                world.recovery.ease_if_told()
            if half_hour % 8 == 5:
                world.office.run_jobs(all_=False)
                self._fold()
            if world.faults.has("plans") and self.chance.permille(350):
                self._change(day)
                self._fold()
            if world.faults.has("notices") and self.chance.permille(250):
                world.notices.change(day)
                self._fold()
            if world.faults.has("recalls") and self.chance.permille(150):
                world.recalls.change(day)
                self._fold()
            if world.faults.has("settlement") and self.chance.permille(40):
                world.providers.stray()
        yield day_ms(day, 20, 40)
        world.providers.import_new()
        self._fold()
        world.office.run_jobs()
        self._fold()
        self.evening.close(day)

    def _fold(self) -> None:
        self.world.office.reconcile(self.chance.pick((7, 64, 256)))
        if self.pauses.permille(300):
            self.world.office.settle_hashes(self.pauses.pick((16, 64, 1_024)))
        self.world.watch.books()

    def _change(self, day: int) -> None:
        """Somebody calls: a visit goes to another agent, is called off or moved; a customer paid at a counter."""
        office, name = self.office, day_name(day)
        row = self.chance.pick([row for row in self.visits if row.service_day == name])
        visit, other = row.visit_id, self.chance.pick(self.agents).agent_id
        kind = self.chance.pick(("reassign", "cancel", "move", "external", "external"))
        self.world.faults.counts.did(f"plan_{kind}")
        if kind == "external":
            self._paid_elsewhere(row.account_id)
            return
        try:
            if kind == "reassign":
                self.world.office.write(lambda writer: reassign_visit(writer, office, ADMIN, visit, other))
                self.owner[visit] = other
            elif kind == "cancel":
                self.world.office.write(lambda writer: cancel_visit(writer, office, ADMIN, visit, "customer"))
            else:
                later = day_name(day + 1)
                self.world.office.write(
                    lambda writer: move_visit(writer, office, ADMIN, visit, later, 8 * 3600, 18 * 3600)
                )
        except Conflict as error:
            if error.code != "STATE-FORBIDS":
                raise

    def _paid_at(self) -> int:
        return self.world.time.now_ms - self.chance.between(0, 5 * 60) * MINUTE_MS

    def _paid_elsewhere(self, account: str) -> None:
        number = len(self.external) + 1
        row = PaymentRow(
            row=number + 1,
            external_id=f"X{number}",
            account_id=account,
            amount_minor=100 * self.chance.between(1, 3_000),
            currency="CNY",
            # The creditor knows when it was paid: what it stated before had no such payment in it.
            paid_at=max(self._paid_at(), self.world.creditor.stated_ms.get(account, 0) + 1),
            channel="counter",
            creditor_reference=f"R{number}",
        )
        self.external.append(row)
        self.world.office.insist(lambda: import_payments(self.office, ADMIN, "payments.csv", self.external))
        self.world.notebook.external[account] += row.amount_minor
