"""An agent's days: pull the route, work the stops, sync when there is signal, end the day and hand the cash over."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING

from agent_client.recording import Desk, Recorded
from agent_client.route import day_route
from agent_client.work.agreements import promise, report_details, take_note
from agent_client.work.drawer import end_day, hand_over
from agent_client.work.payments import collect, void
from agent_client.work.visits import check_identity, conclude, confirm_companion, make_contact, start_visit
from server.services.voids import void_code
from sync.errors import Conflict
from sync.operations import Position
from tests.simulation.cheat import Cheat
from tests.simulation.dealings import Dealings
from tests.simulation.limits import MINUTE_MS, MISTAKE_PERMILLE
from tests.simulation.notebook import Payment
from tests.simulation.phone import Done, Phone
from tests.simulation.rows import day_ms, day_name

if TYPE_CHECKING:
    from sync.messages import VisitDocument
    from tests.simulation.world import World

__all__ = ["Agent"]

_METHODS = (("cash", 60), ("wechat", 18), ("alipay", 12), ("transfer", 5), ("card", 3), ("cheque", 2))
Step = Callable[[Desk], Recorded]
Steps = Generator[int, None, Done | None]


class Agent:
    """One person with one phone at a time."""

    def __init__(self, world: World, name: str, phone: Phone) -> None:
        self.world, self.name, self.phone = world, name, phone
        self.chance = world.chance.stream(f"agent/{name}")
        self.done: set[str] = set()
        """Visits that the agent remembers to have made."""
        self.ended: set[str] = set()
        self.pulled: set[str] = set()
        self.handed: set[str] = set()
        self.dealings = Dealings(self)
        self.cheat = Cheat(self)
        self.spare: Phone | None = None
        """A copy of the phone, which the agent uses as well."""

    def life(self) -> Iterator[int]:
        """Every day, step by step; yields when the next step happens."""
        for day in range(self.world.setup.days):
            yield day_ms(day, 7, 10) + self.chance.between(0, 40 * MINUTE_MS)
            yield from self._pull(day)
            yield from self._stops(day)
            yield max(day_ms(day, 18), self.world.time.now_ms) + self.chance.between(0, 40 * MINUTE_MS)
            yield from self.evening(day)

    # -- the morning
    def _pull(self, day: int) -> Iterator[int]:
        name = day_name(day)
        while self.world.time.now_ms < day_ms(day, 17):
            self._sync()
            if self.has_pack(name):
                self.take_float(name)
                return
            yield self.world.time.now_ms + self.chance.between(5, 40) * MINUTE_MS

    def has_pack(self, name: str) -> bool:
        """Whether this phone knows the day's route."""
        if not self.phone.alive:
            return False
        return any(pack.service_day == name for pack in self.phone.desk.store.documents.days())

    def take_float(self, name: str) -> None:
        """The branch hands the float out in the morning, once."""
        if name not in self.pulled:
            self.pulled.add(name)
            self.world.notebook.hands[self.name] += self.world.notebook.floats.get((self.name, name), 0)

    def _sync(self) -> None:
        if self.phone.alive:
            self.phone.sync()

    # -- the stops
    def _stops(self, day: int) -> Iterator[int]:
        name = day_name(day)
        yield max(day_ms(day, 9, 1), self.world.time.now_ms) + self.chance.between(0, 20 * MINUTE_MS)
        slot_ms = 7 * 60 * MINUTE_MS // max(self.world.setup.visits, 1)
        while self.world.time.now_ms < day_ms(day, 18):
            stop = self._next(name)
            if stop is None:
                return
            self.done.add(stop.visit)
            yield from self._stop(stop)
            yield from self.cheat.after_stop(stop)
            yield from self.dealings.after_stop(name)
            self._swap()
            if self.chance.permille(350):
                self._sync()
            yield self.world.time.now_ms + self.chance.between(slot_ms // 3, slot_ms)

    def _swap(self) -> None:
        if self.spare is not None and self.spare.alive and self.chance.permille(400):
            self.phone, self.spare = self.spare, self.phone

    def _next(self, name: str) -> VisitDocument | None:
        if not self.has_pack(name):
            return None
        try:
            route = day_route(self.phone.desk, name)
        except Conflict:
            return None
        for stop in route.stops:
            if stop.document.visit not in self.done and stop.state in {"to_do", "open"}:
                return stop.document
        return None

    def step(self, step: Step, *, tries: int = 3) -> Steps:
        """Try a step until the phone shows it as recorded; None when it will not."""
        for _ in range(tries):
            if not self.phone.alive:
                return None
            done = self.phone.attempt(step)
            if done is not None:
                return done
            yield self.world.time.now_ms + self.chance.between(1, 4) * MINUTE_MS
        return None

    def _stop(self, stop: VisitDocument) -> Iterator[int]:
        chance, visit = self.chance, stop.visit
        here = Position(stop.lat_e7 + chance.between(-900, 900), stop.lon_e7, chance.between(5, 40))
        claimed = self.cheat.claimed(here)
        self.cheat.before_stop()
        self.world.notebook.stops += 1
        started = yield from self.step(lambda desk: start_visit(desk, visit, position=claimed))
        if started is not None:
            self.world.notebook.visits[visit].append(started.shown)
        self.cheat.arrived(stop, started, at_home=claimed is not here)
        here = claimed
        if self.world.branch.staff_of(visit) > 1 and not self.cheat.comes_alone(visit, started):
            # The companion has the badge at hand and tries until the phone takes it.
            yield from self.step(lambda desk: confirm_companion(desk, visit, "companion", "badge"), tries=9)
        yield self.world.time.now_ms + chance.between(10_000, 3 * MINUTE_MS)
        if not chance.permille(720):
            yield from self.step(lambda desk: make_contact(desk, visit, "visit", effective=False))
            yield from self.step(lambda desk: conclude(desk, visit, "nobody_home", position=here))
            return
        if chance.permille(60):
            yield from self.step(lambda desk: check_identity(desk, visit, "signature", "third_party"))
            yield from self.step(lambda desk: conclude(desk, visit, "third_party", position=here))
            return
        if not chance.permille(MISTAKE_PERMILLE):
            yield from self.step(self._identity(visit))
        yield self.world.time.now_ms + chance.between(10_000, 3 * MINUTE_MS)
        yield from self.world.notices.deliver(self, stop)
        yield from self._talk(stop, here)
        if chance.permille(150):
            yield from self.step(lambda desk: take_note(desk, visit, "客户表示下月发工资后付清。"))

    def _identity(self, visit: str) -> Step:
        code = self.world.branch.code_of(visit)
        if code:
            return lambda desk: check_identity(desk, visit, "visit_code", "answered", answer=code)
        return lambda desk: check_identity(desk, visit, "signature", "answered")

    def _talk(self, stop: VisitDocument, here: Position) -> Iterator[int]:
        chance, visit = self.chance, stop.visit
        if chance.permille(650) and stop.payoff_minor > 0 and "collect" not in stop.forbidden:
            if (yield from self.cheat.instead_of_payment(stop)):
                return
            paid = yield from self.take_payment(stop)
            if paid is not None and chance.permille(25):
                yield from self._void(paid)
                paid = yield from self.take_payment(stop)
            if paid is not None:
                yield from self.step(lambda desk: conclude(desk, visit, "paid", position=here))
                return
        if chance.permille(500):
            yield from self.step(lambda desk: promise(desk, visit, 10_000, "2026-12-20"))
            yield from self.step(lambda desk: conclude(desk, visit, "promised", position=here))
            return
        if chance.permille(100):
            yield from self.step(lambda desk: report_details(desk, visit, "phone", "+8611155555555"))
        yield from self.step(lambda desk: conclude(desk, visit, "refused", position=here))

    # -- money
    def take_payment(self, stop: VisitDocument) -> Generator[int, None, Payment | None]:
        """The customer pays; the money changes hands when the phone shows the receipt."""
        chance = self.chance
        method = chance.weighted(_METHODS)
        amount = max(100, stop.payoff_minor // 100 * chance.pick((100, 100, 50, 25, 10)))
        amount = min(amount - amount % 100, max(stop.payoff_minor, 100))
        if method == "cash" and not (yield from self.dealings.has_room(self.day_of(stop.visit), amount)):
            method = "wechat"
        providers = self.world.providers
        order = "" if method == "cash" else providers.order(method)
        named = bool(order) and (method == "cheque" or providers.is_typed_in())
        number = order if named else ""
        cheque, typed = (number, "") if method == "cheque" else ("", number)
        done = yield from self.step(
            lambda desk: collect(desk, stop.visit, amount, method, provider_order=typed, cheque=cheque)  # type: ignore[arg-type]  # one of the methods
        )
        if done is None or done.receipt is None or done.receipt.body.kind != "payment":
            return None
        payment = self.paid(done, stop, amount, method)
        if order:
            payment.named_order = named
            providers.paid(payment, order)
        return payment

    def day_of(self, visit: str) -> str:
        """The service day under which this phone has a visit."""
        packs = self.phone.desk.store.documents.days() if self.phone.alive else []
        return next((pack.service_day for pack in reversed(packs) if visit in pack.visits), "")

    def paid(self, done: Done, stop: VisitDocument, amount: int, method: str) -> Payment:
        """Write down what just happened at the door."""
        receipt = done.receipt
        if receipt is None:
            raise AssertionError("a payment has a receipt")
        payment = Payment(
            shown=done.shown,
            visit=stop.visit,
            account=stop.account,
            amount_minor=amount,
            method=method,
            receipt=receipt.text,
            series=receipt.body.series,
            last_four=stop.last_four,
            on_receipt_minor=receipt.body.amount_minor,
        )
        self.world.notebook.payments.append(payment)
        if method == "cash":
            self.world.notebook.hands[self.name] += amount
        if self.chance.permille(300):
            self.world.customers.will_scan(payment)
        return payment

    def _void(self, payment: Payment) -> Iterator[int]:
        """A typing error: the customer gets the money back, and often gives the void code."""
        keys = self.world.office.keys
        code = void_code(keys, payment.visit) if self.chance.permille(500) else ""
        done = yield from self.step(lambda desk: void(desk, payment.series, "typing_error", void_code=code))
        if done is not None and done.shown.kind == "PaymentVoided":
            payment.void, payment.money_back = done.shown, True
            if payment.method == "cash":
                self.world.notebook.hands[self.name] -= payment.amount_minor
            else:
                self.world.providers.given_back(payment)

    def after_restore(self) -> None:
        """The phone has forgotten things: what it does not show and the office does not hold is done again."""
        held = self.world.watch.holds
        for name in sorted(self.ended):
            mine = [s for s in self.world.notebook.shown.values() if s.kind == "DayEnded" and s.agent == self.name]
            if not any(s.pack.startswith(name) and held(s.hash) for s in mine):
                self.ended.discard(name)

    # -- the evening
    def evening(self, day: int) -> Iterator[int]:
        """Sync, hand over, end the day, sync again until everything is there or the night comes."""
        self._sync()
        yield from self.finish(day)
        while self.world.time.now_ms < day_ms(day, 22) and self.phone.alive:
            report = self.phone.sync()
            if report is not None and report.unsent == 0 and report.complete:
                return
            yield self.world.time.now_ms + self.chance.between(2, 20) * MINUTE_MS

    def finish(self, day: int) -> Iterator[int]:
        """Hand over what is in hand and end the day, each once."""
        name = day_name(day)
        if not self.has_pack(name):
            return
        yield from self.dealings.catch_up(day=name)
        first = self.chance.permille(500)
        if first:
            yield from self.end(name)
        yield from self._hand_over(name)
        if not first:
            yield from self.end(name)

    def end(self, name: str) -> Iterator[int]:
        """Write the tail of the day."""
        if name not in self.ended:
            done = yield from self.step(lambda desk: end_day(desk, name))
            if done is not None:
                self.ended.add(name)

    def _hand_over(self, name: str) -> Iterator[int]:
        notebook = self.world.notebook
        amount = notebook.hands[self.name]
        if self.world.faults.has("overnight") and self.chance.permille(300):
            amount -= amount // 200 * 100
        if amount <= 0 or name in self.handed:
            return
        done = yield from self.step(lambda desk: hand_over(desk, amount_minor=amount, day=name))
        if done is not None:
            self.handed.add(name)
            self.give(done, name, amount, amount - self.cheat.keeps_from_handover(name, amount))

    def give(self, done: Done, name: str, declared: int, given: int) -> None:
        """The cash passes to the cashier's table."""
        notebook = self.world.notebook
        notebook.hands[self.name] -= given
        notebook.handed.append((done.shown, declared))
        notebook.table[self.name, name] = notebook.table.get((self.name, name), 0) + given
