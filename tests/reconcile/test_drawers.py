"""Rules about an agent's day: repeated delivery, clocks, lateness and cash."""

from __future__ import annotations

import pytest

from sync.operations.field import CashDeposited, CashHandedOver, CashTransferred
from sync.operations.office import CashCounted, JournalLost
from sync.reconcile.ledger import balances, imbalances, lines_between
from sync.reconcile.replay import Replay
from sync.reconcile.rules.drawers import pay_duplicate_delivery
from tests.reconcile.phones import Phone
from tests.reconcile.worlds import DAY, NEXT_DAY, World, found, net_of, same_in_any_order, sentences


def equation_of(result: Replay, agent: str = "agent-1", day: str = DAY) -> dict[str, int | None]:
    """The equation of a drawer in yuan."""
    known: list[dict[str, int | None]] = result.outcomes[f"drawer:{agent}/{day}"].state["equations"]
    return known[0]


def count(world: World, amount_minor: int, *, currency: str = "CNY") -> None:
    """The cashier's blind count."""
    body = CashCounted(agent="agent-1", service_day=DAY, amount_minor=amount_minor, currency=currency)
    world.office(body, role="cashier", user="mr-chen")


def hand_over(phone: Phone, amount_minor: int, currency: str = "CNY") -> None:
    """The agent declares a hand-over."""
    phone.write(CashHandedOver(amount_minor=amount_minor, currency=currency))


def test_duplicate_delivery_has_one_effect_is_counted_and_is_no_discrepancy(world: World, phone: Phone) -> None:
    """The answer was lost, the phone sent everything again."""
    phone.check()
    entry = phone.collect(5_000)
    phone.sync()
    world.lines += [entry.data, entry.data]
    phone.sync(again=2)
    result = same_in_any_order(world)
    assert result.discrepancies == []
    assert balances(result.postings)["debt:A1"] == {"CNY": -5_000}
    assert result.outcomes[f"drawer:agent-1/{DAY}"].state["duplicate_deliveries"] == 2
    assert "{count}" in pay_duplicate_delivery.entry.en.sentence
    assert "{count}" in pay_duplicate_delivery.entry.zh.sentence
    assert pay_duplicate_delivery.entry.severity == "info"


def test_nothing_is_counted_when_nothing_came_again(world: World, phone: Phone) -> None:
    """Two exchanges with different operations."""
    phone.check()
    phone.sync()
    phone.conclude()
    phone.sync()
    assert same_in_any_order(world).outcomes[f"drawer:agent-1/{DAY}"].state["duplicate_deliveries"] == 0


@pytest.mark.parametrize(("error_minutes", "severity"), [(5, "info"), (-5, "info"), (130, "review"), (-1510, "review")])
def test_clock_drift_is_info_beyond_two_minutes_and_review_beyond_an_hour(
    world: World, phone: Phone, error_minutes: int, severity: str
) -> None:
    """A clock certainly outside its interval, ahead or behind; the sentence says by how much at least."""
    phone.clock_error_ms = error_minutes * 60_000
    phone.check()
    phone.sync()
    drift = found(same_in_any_order(world), "CLOCK-DRIFT")
    assert drift is not None
    assert (drift.severity, drift.open) == (severity, severity == "review")
    english, chinese = sentences(drift)
    hours = abs(error_minutes) // 60
    assert (f"{hours} h" if severity == "review" else "2 min") in english
    assert (f"{hours} 小时" if severity == "review" else "2 分钟") in chinese


def test_clock_drift_does_not_fire_while_the_clock_may_be_right(world: World, phone: Phone) -> None:
    """A phone that was off between writing and syncing: its clock may be an hour wrong and nothing proves it."""
    phone.seen = None
    phone.clock_error_ms = -60 * 60_000
    phone.check()
    phone.reboot("after")
    world.tick(300)
    phone.sync()
    assert found(same_in_any_order(world), "CLOCK-DRIFT") is None


def test_clock_drift_does_not_fire_for_a_minute(world: World, phone: Phone) -> None:
    """People set clocks by hand that well."""
    phone.clock_error_ms = 60_000
    phone.check()
    phone.sync()
    assert found(same_in_any_order(world), "CLOCK-DRIFT") is None


def test_day_late_fires_for_what_the_closing_does_not_cover(world: World, phone: Phone) -> None:
    """The drawer stays the old one, and the difference is a line of the open day."""
    phone.check()
    phone.collect(5_000)
    phone.end_day(5_000)
    phone.sync()
    world.close()
    late = phone.collect(7_000)
    phone.sync()
    result = same_in_any_order(world)
    found_late = found(result, "DAY-LATE")
    assert found_late is not None
    assert (found_late.severity, found_late.operations) == ("review", (late.hash,))
    sentences(found_late)
    assert equation_of(result)["collected"] == 12_000
    standing = {p.id: p for p in result.postings}
    open_lines = lines_between(net_of(world.booked["B1"]), standing)
    assert {(line.debit, line.amount_minor) for line in open_lines} == {
        ("agent_cash:agent-1", 7_000),
        ("collected:A1", 7_000),
    }


def test_day_late_does_not_fire_for_what_arrives_later_but_lies_below_a_covered_head(
    world: World, phone: Phone
) -> None:
    """Late means not under the heads, never "arrived after"."""
    phone.check()
    phone.collect(5_000)
    phone.end_day(5_000)
    phone.sync(leave_out=frozenset({1}))
    world.close()
    phone.sync()
    assert found(same_in_any_order(world), "DAY-LATE") is None


def test_day_late_does_not_fire_for_another_day(world: World, phone: Phone) -> None:
    """The next day's operations are not late for the closed one."""
    phone.check()
    phone.end_day(0)
    phone.sync()
    world.close()
    phone.day = NEXT_DAY
    phone.check()
    phone.sync()
    assert found(same_in_any_order(world), "DAY-LATE") is None


def test_another_branchs_closing_covers_nothing_of_this_one(world: World, phone: Phone) -> None:
    """B2 closes first; what B1 has is neither covered nor late by that."""
    other = world.phone("agent-2", "B2")
    phone.check()
    payment = phone.collect(5_000)
    other.check()
    for one in (phone, other):
        one.sync()
    world.close(branch="B2", agents=("agent-2",))
    phone.void(payment)
    phone.sync()
    result = same_in_any_order(world)
    assert found(result, "DAY-LATE") is None
    assert found(result, "VOID-CONTESTED") is None


def test_the_equation_holds_and_nothing_differs(world: World, phone: Phone) -> None:
    """Float, cash, a hand-over, a deposit and a rest that is declared: every amount in one place."""
    world.issue_pack(float_minor=10_000)
    phone.check()
    phone.collect(30_000)
    phone.collect(8_000, method="alipay")
    hand_over(phone, 25_000)
    phone.write(CashDeposited(amount_minor=5_000, currency="CNY", bank="b"))
    phone.end_day(10_000)
    phone.sync()
    count(world, 25_000)
    result = same_in_any_order(world)
    assert [item.rule for item in result.discrepancies] == ["PAY-UNCONFIRMED"]
    assert balances(result.postings) == {
        "agent_cash:agent-1": {"CNY": 10_000},
        "branch_cash:B1": {"CNY": 25_000},
        "clearing:alipay": {"CNY": 8_000},
        "clearing:deposit": {"CNY": 5_000},
        "debt:A1": {"CNY": -38_000},
        "float_issued:B1": {"CNY": -10_000},
    }


@pytest.mark.parametrize(
    ("declared", "counted", "difference", "over_short"),
    [
        (4_000, 25_000, "-10.00 CNY", -1_000),
        (5_000, 26_000, "10.00 CNY", 1_000),
        (6_000, 24_000, "10.00 CNY, -10.00 CNY", 0),
        (6_000, 26_000, "10.00 CNY, 10.00 CNY", 2_000),
    ],
)
def test_cash_variance_fires_for_every_difference_and_posts_it(
    world: World, phone: Phone, declared: int, counted: int, difference: str, over_short: int
) -> None:
    """Declared against expected and counted against declared are two differences, even where they cancel out."""
    phone.check()
    phone.collect(30_000)
    hand_over(phone, 25_000)
    phone.end_day(declared)
    phone.sync()
    count(world, counted)
    result = same_in_any_order(world)
    variance = found(result, "CASH-VARIANCE")
    assert variance is not None
    assert (variance.severity, variance.values["difference"], variance.agent) == ("review", difference, "")
    sentences(variance)
    held = balances(result.postings)
    assert held["agent_cash:agent-1"] == {"CNY": declared}
    assert held["branch_cash:B1"] == {"CNY": counted}
    assert held.get("over_short:agent-1", {}).get("CNY", 0) == -over_short
    assert equation_of(result)["over_short"] == over_short


def test_cash_variance_fires_for_a_count_before_the_day_is_ended(world: World, phone: Phone) -> None:
    """Counted differs from declared, though the rest is not declared yet."""
    phone.check()
    phone.collect(30_000)
    hand_over(phone, 25_000)
    phone.sync()
    count(world, 24_000)
    result = same_in_any_order(world)
    assert found(result, "CASH-VARIANCE") is not None
    assert equation_of(result)["over_short"] is None
    assert imbalances(result.postings) == []


def test_a_pending_void_is_not_a_shortage(world: World, phone: Phone) -> None:
    """The agent declares what is left after paying back; that line is the void's own until it is decided."""
    phone.check()
    phone.collect(30_000)
    phone.void(phone.collect(20_000))
    phone.end_day(30_000)
    phone.sync()
    result = same_in_any_order(world)
    assert found(result, "CASH-VARIANCE") is None
    assert equation_of(result)["void_pending"] == 20_000


def test_what_comes_after_the_declaration_is_carried_on(world: World, phone: Phone) -> None:
    """A hand-over, a payment and a void after the day was ended change what is held, not what was declared."""
    phone.check()
    first = phone.collect(30_000)
    phone.end_day(30_000)
    hand_over(phone, 10_000)
    phone.collect(7_000)
    phone.void(phone.collect(500))
    phone.sync()
    world.confirm_void(first)
    result = same_in_any_order(world)
    assert found(result, "CASH-VARIANCE") is None
    assert balances(result.postings)["agent_cash:agent-1"] == {"CNY": 27_000}


@pytest.mark.parametrize(
    ("handed", "declared", "rest", "over_short"),
    [
        (0, 30_000, 50_000, 0),  # all of it stays: the phone declares its own day's cash
        (30_000, 0, 20_000, 0),  # the day's cash is handed over, the cash of the day before stays
        (50_000, 0, 0, 0),  # both are handed over: the phone declares nothing, not less than nothing
        (30_000, 1_000, 21_000, 1_000),  # what the phone says beyond its day's cash is over
        (60_000, 0, 0, 10_000),  # more than there can be
    ],
)
def test_cash_carried_over_is_no_difference_though_no_phone_knows_of_it(
    world: World, phone: Phone, handed: int, declared: int, rest: int, over_short: int
) -> None:
    """A drawer that opens with 200.00 from the day before: the declaration is read as what the phone's own day left."""
    world.issue_pack(carried_minor=20_000)
    phone.check()
    phone.collect(30_000)
    if handed:
        hand_over(phone, handed)
    phone.end_day(declared)
    phone.sync()
    result = same_in_any_order(world)
    equation = equation_of(result)
    assert (equation["held"], equation["over_short"]) == (rest, over_short)
    assert (found(result, "CASH-VARIANCE") is None) == (over_short == 0)


def test_counts_of_two_currencies_have_a_line_each(world: World, phone: Phone) -> None:
    """Two counts, two identities in the books."""
    phone.check()
    phone.collect(30_000)
    phone.collect(900, currency="USD")
    hand_over(phone, 30_000)
    hand_over(phone, 900, "USD")
    phone.end_day(0)
    phone.sync()
    count(world, 30_000)
    count(world, 800, currency="USD")
    result = same_in_any_order(world)
    assert imbalances(result.postings) == []
    assert balances(result.postings)["branch_cash:B1"] == {"CNY": 30_000, "USD": 800}
    variance = found(result, "CASH-VARIANCE")
    assert variance is not None
    assert variance.values["difference"] == "-1.00 USD"


def test_a_transfer_between_agents_leaves_one_drawer_and_enters_the_other(world: World, phone: Phone) -> None:
    """Until both phones have reported, the cash is on the way; then each drawer agrees with its declaration."""
    other = world.phone("agent-2")
    world.issue_pack("agent-2")
    transfer = CashTransferred(
        transfer="T1", from_agent="agent-1", to_agent="agent-2", amount_minor=20_000, currency="CNY"
    )
    phone.check()
    phone.collect(30_000)
    phone.write(transfer)
    phone.write(transfer)
    phone.end_day(10_000)
    phone.sync()
    assert balances(world.replay().postings)["in_transfer:T1"] == {"CNY": 20_000}
    other.write(transfer)
    other.end_day(20_000)
    other.sync()
    result = same_in_any_order(world)
    assert found(result, "CASH-VARIANCE") is None
    assert balances(result.postings) == {
        "agent_cash:agent-1": {"CNY": 10_000},
        "agent_cash:agent-2": {"CNY": 20_000},
        "debt:A1": {"CNY": -30_000},
    }
    assert equation_of(result)["transferred_out"] == 20_000
    assert equation_of(result, "agent-2")["transferred_in"] == 20_000


def test_the_last_declaration_counts_on_each_phone_and_the_latest_among_phones(world: World, phone: Phone) -> None:
    """The agent got another phone at noon: its declaration is the later one."""
    spare = world.phone("agent-1")
    phone.check()
    phone.collect(30_000)
    phone.end_day(30_000)
    phone.sync()
    spare.end_day(29_000)
    spare.sync()
    assert equation_of(same_in_any_order(world))["held"] == 29_000


@pytest.mark.parametrize(("second", "lost"), [("mr-wu", True), ("", False), ("ms-li", False)])
def test_only_two_persons_close_over_a_lost_tail(world: World, phone: Phone, second: str, lost: bool) -> None:
    """Nothing was declared and nothing is claimed to be held."""
    phone.check()
    phone.sync()
    body = JournalLost(
        device=phone.device, epoch=1, from_seq=1, to_seq=0, pack=phone.pack, second=second, reason="stolen"
    )
    world.office(body, role="supervisor", user="ms-li")
    result = same_in_any_order(world)
    assert result.outcomes[f"drawer:agent-1/{DAY}"].state["lost"] is lost
    assert equation_of(result)["held"] is None
