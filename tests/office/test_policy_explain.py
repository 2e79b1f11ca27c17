"""What may be done about a customer at a moment, by the customer's own clock: zones, midnight, summer time, history."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from server.services.conduct import PolicyAnswer, explain_customer
from server.services.imports import import_file
from server.services.office import Office
from server.services.visits import assign_visit
from sync.clock import Seen, parse_wall
from sync.operations.field import ContactMade
from sync.policy import Channel
from tests.office.conftest import ADMIN, SUPERVISOR, TINY, reconcile
from tests.office.looking import refused, write
from tests.office.phone import Phone
from tests.office.test_commands import Shell

ONE = "AG-YC-1"
HEAD = (TINY / "visits.csv").read_text().splitlines()[0]


def at(text: str) -> int:
    """`2026-03-02T22:15+08:00` in milliseconds."""
    return parse_wall(f"{text[:16]}:00.000{text[16:]}")[0]


def lives_in(office: Office, customer: int, zone: str, window: str = "09:00,18:00", kind: str = "planned") -> None:
    """A visit says by whose clock the customer lives."""
    row = f"W{customer},AC0000{customer},2026-03-02,YC,identity,{window},8,no,0,,{kind},,,{zone}"
    import_file(office, ADMIN, "visits", "visits.csv", f"{HEAD},staff_min,zone\n{row}\n".encode())


def ask(office: Office, customer: int, moment: str) -> PolicyAnswer:
    """All channels."""
    with office.store.read() as reader:
        return explain_customer(reader, office, f"CU0000{customer}", at(moment))


def verdict(answer: PolicyAnswer, channel: Channel = "call") -> str:
    """What all rules say of a channel."""
    return next(line.verdict for line in answer.channels if line.channel == channel)


def rules(answer: PolicyAnswer, channel: Channel = "call") -> set[str]:
    """Rules against a channel."""
    return {reason.rule for line in answer.channels if line.channel == channel for reason in line.reasons}


def next_ms(answer: PolicyAnswer, channel: Channel = "call") -> int | None:
    """When it may be done."""
    return next(line.next_ms for line in answer.channels if line.channel == channel)


@pytest.mark.parametrize(
    ("zone", "when", "blocked"),
    [
        ("Asia/Shanghai", "2026-03-02 23:30", True),
        ("Asia/Urumqi", "2026-03-02 21:30", False),
        ("Europe/Berlin", "2026-03-02 16:30", False),
        ("America/Los_Angeles", "2026-03-02 07:30", True),
        ("Pacific/Auckland", "2026-03-03 04:30", True),
    ],
)
def test_one_moment_is_judged_by_each_customers_own_clock(tiny: Office, zone: str, when: str, blocked: bool) -> None:
    """Half past eleven at night at the office is an afternoon elsewhere, and another day."""
    lives_in(tiny, 1, zone)
    answer = ask(tiny, 1, "2026-03-02T23:30+08:00")
    assert (answer.zone, answer.when_en) == (zone, f"at {when} ({zone})")
    assert zone in answer.when_zh
    assert ("CN-HOURS" in rules(answer)) == blocked
    assert ("HOUSE-HOURS" in rules(answer, "visit")) == (zone != "Europe/Berlin")


def test_without_a_zone_of_their_own_the_offices_clock_counts(tiny: Office) -> None:
    """A customer whom nobody was to visit."""
    answer = ask(tiny, 2, "2026-03-02T23:30+08:00")
    assert answer.zone == "Asia/Shanghai"
    assert "CN-HOURS" in rules(answer)


@pytest.mark.parametrize("moment", ["2026-03-02T22:00+08:00", "2026-03-02T23:59+08:00", "2026-03-03T07:59+08:00"])
def test_a_night_ends_on_the_next_morning(tiny: Office, moment: str) -> None:
    """From ten in the evening until eight, across midnight: the same next moment."""
    answer = ask(tiny, 2, moment)
    assert verdict(answer) == "blocked"
    assert next_ms(answer) == at("2026-03-03T08:00+08:00")


@pytest.mark.parametrize(
    ("moment", "blocked"),
    [
        ("2026-03-28T06:30+00:00", True),  # the day before, at half past seven
        ("2026-03-29T06:30+00:00", False),  # clocks went forward in the night: half past eight
        ("2026-10-24T06:30+00:00", False),
        ("2026-10-25T06:30+00:00", True),  # and back: half past seven again
    ],
)
def test_summer_time_is_the_customers(tiny: Office, moment: str, blocked: bool) -> None:
    """The same instant of the day is permitted in summer and not in winter."""
    lives_in(tiny, 1, "Europe/Berlin")
    assert ("CN-HOURS" in rules(ask(tiny, 1, moment))) == blocked


def test_the_night_in_which_clocks_change_ends_when_the_clock_says_so(tiny: Office) -> None:
    """Nine hours long in spring, eleven in autumn."""
    lives_in(tiny, 1, "Europe/Berlin")
    assert next_ms(ask(tiny, 1, "2026-03-28T22:00+01:00")) == at("2026-03-29T08:00+02:00")
    assert next_ms(ask(tiny, 1, "2026-10-24T22:00+02:00")) == at("2026-10-25T08:00+01:00")


def test_hours_that_the_customer_asked_for_are_permitted_on_that_day(tiny: Office) -> None:
    """Booked from nine to eleven in the evening, by the customer's clock."""
    lives_in(tiny, 1, "Asia/Urumqi", window="21:00,23:00", kind="booking")
    assert "CN-HOURS" not in rules(ask(tiny, 1, "2026-03-02T22:30+06:00"), "visit")
    assert "CN-HOURS" in rules(ask(tiny, 1, "2026-03-02T23:00+06:00"), "visit")
    assert "CN-HOURS" in rules(ask(tiny, 1, "2026-03-03T22:30+06:00"), "visit")


def call(tiny: Office, phone: Phone, moment: str) -> None:
    """An effective call at a moment that the phone can prove."""
    phone.now_ms = at(moment) - 60_000
    phone.seen = Seen(phone.now_ms, "boot", phone.now_ms)
    phone.write(ContactMade(customer="CU00001", account="AC00001", channel="call", effective=True))
    reconcile(tiny)


def test_a_days_calls_are_counted_by_the_customers_day(tiny: Office) -> None:
    """Three calls on Monday in Urumqi: no fourth before Tuesday there, though it is Tuesday in Shanghai already."""
    lives_in(tiny, 1, "Asia/Urumqi")
    write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V1", ONE))
    phone = Phone(tiny, ONE)
    for moment in ("2026-03-02T10:00+06:00", "2026-03-02T12:00+06:00", "2026-03-02T14:00+06:00"):
        assert "CN-CALLS-DAY" not in rules(ask(tiny, 1, moment))
        call(tiny, phone, moment)
    late = ask(tiny, 1, "2026-03-03T00:30+08:00")
    assert late.contacts == 3
    assert "CN-CALLS-DAY" in rules(late)
    assert next_ms(ask(tiny, 1, "2026-03-02T21:00+06:00")) == at("2026-03-03T08:00+06:00")
    assert "CN-CALLS-DAY" not in rules(ask(tiny, 1, "2026-03-03T10:00+06:00"))


def test_what_stands_about_any_account_of_the_customer_counts_by_an_index(
    tiny: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second account that nobody visited is disputed; no list of all accounts is read; one that moved counts not."""
    head, *lines = (TINY / "accounts.csv").read_text("utf-8").splitlines()
    row = next(line for line in lines if line.startswith("AC00005,"))

    def also(customer: str, hour: str) -> None:
        text = row.replace("AC00005", "AC00099").replace("CU00005", customer).replace("T06:", f"T{hour}:")
        import_file(tiny, ADMIN, "accounts", "accounts.csv", f"{head}\n{text}\n".encode())
        reconcile(tiny)

    noon = "2026-03-03T12:00+08:00"
    assert "CN-OBJECTION" not in rules(ask(tiny, 2, noon))
    also("CU00002", "07")
    monkeypatch.setattr("server.store.sqlite.reading_folds.FoldReading.aggregates_of", None)
    assert "CN-OBJECTION" in rules(ask(tiny, 2, noon))
    monkeypatch.undo()
    also("CU00003", "08")
    assert "CN-OBJECTION" not in rules(ask(tiny, 2, noon))
    assert "CN-OBJECTION" in rules(ask(tiny, 3, noon))


def test_a_zone_that_does_not_exist_is_a_fault_of_the_file(tiny: Office) -> None:
    """With its row and column; nothing is imported."""
    with refused("IMPORT-MALFORMED", "zone", "Mars/Olympus"):
        lives_in(tiny, 1, "Mars/Olympus")


def test_a_file_without_zones_does_not_change_a_known_visit(tiny: Office) -> None:
    """Only another zone would."""
    lives_in(tiny, 1, "Asia/Urumqi")
    lives_in(tiny, 1, "")
    with refused("IMPORT-MALFORMED", "known with another zone"):
        lives_in(tiny, 1, "Asia/Shanghai")


def test_house_rules_and_laws_are_told_apart_by_their_sources(tiny: Office) -> None:
    """Each reason names its source, and says whether it is only our own rule."""
    answer = ask(tiny, 2, "2026-03-02T23:30+08:00")
    (visit,) = (line for line in answer.channels if line.channel == "visit")
    sources = {reason.rule: (reason.house, reason.source) for reason in visit.reasons}
    assert sources["CN-HOURS"][0] is False
    assert sources["CN-HOURS"][1].startswith("GB/T 45251-2025")
    assert sources["HOUSE-HOURS"] == (True, "House rules of conduct, 1 (own hours)")


def test_the_command_says_by_whose_clock(tmp_path: Path) -> None:
    """In its words and in JSON."""
    doorstep = Shell(tmp_path / "data")
    doorstep.told("init")
    doorstep.told("import", str(TINY))
    asked = ("policy", "explain", "CU00002", "--at", "2026-03-02T15:30:00+00:00")
    assert "at 2026-03-02 23:30 (Asia/Shanghai)" in doorstep.told(*asked)
    assert json.loads(doorstep.told(*asked, "--json"))["zone"] == "Asia/Shanghai"
