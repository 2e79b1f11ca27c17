"""What the office knows for the rules of conduct, and what it says may be done about a customer."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.clock import FixedClock
from server.policies import judging_policy, packaged_policies
from server.services.conduct import explain_customer, list_policies
from server.services.imports import import_file
from server.services.office import Office
from server.services.packs import issue_pack
from server.services.present import account_now
from server.services.promises import judge_promises
from server.services.receipt_shared import note_shared, shared_with
from server.services.receipts import ReceiptDesk, ReceiptQuestion
from server.services.visits import assign_visit
from sync.operations.field import PromiseMade, VisitConcluded, VisitStarted
from sync.operations.office import PackIssued, PromiseJudged, ReceiptCheckAnswered, VisitPlanned
from sync.policy import PACKAGED, Channel
from sync.receipt import read_receipt, to_digits
from tests.office.conftest import ADMIN, MORNING_MS, SUPERVISOR, TINY, reconcile
from tests.office.looking import DAY, bodies, refused, write
from tests.office.phone import Phone
from tests.office.test_commands import Shell

ONE = "AG-YC-1"
MESSAGE: Channel = "message"
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@pytest.fixture
def phone(tiny: Office) -> Phone:
    """The phone of an agent who has V1 and V3."""
    for visit in ("V1", "V3"):
        write(tiny, lambda w, visit=visit: assign_visit(w, tiny, SUPERVISOR, visit, ONE))  # type: ignore[misc]  # bound at once
    return Phone(tiny, ONE)


def open_rules(office: Office) -> set[str]:
    """Rules with something to decide."""
    reconcile(office)
    with office.store.read() as reader:
        return {found.rule for found in reader.discrepancies(limit=100) if found.severity != "info"}


def test_a_plan_says_where_the_customer_lives_and_by_which_clock(tiny: Office) -> None:
    """Imported visits carry the account's place and the branch's zone; importing them again changes nothing."""
    plans = {body.visit: body for body in bodies(tiny, VisitPlanned)}
    assert {plan.zone for plan in plans.values()} == {"Asia/Shanghai"}
    assert all(plan.lat_e7 > 300_000_000 and plan.lon_e7 > 1_100_000_000 for plan in plans.values())
    again = (TINY / "accounts.csv").read_bytes().replace(b"2026-03-02T06:00:00", b"2026-03-02T06:30:00")
    import_file(tiny, ADMIN, "accounts", "accounts.csv", again)
    assert import_file(tiny, ADMIN, "visits", "visits.csv", (TINY / "visits.csv").read_bytes()).new == 0


def test_a_file_may_ask_for_two_of_our_staff(tiny: Office) -> None:
    """The column is optional, and a number beyond reason is refused."""
    head, line = (TINY / "visits.csv").read_text().splitlines()[:2]
    row = line.replace("V1", "V9").replace("100001", "100009")
    import_file(tiny, ADMIN, "visits", "visits.csv", f"{head},staff_min\n{row},2\n".encode())
    assert [body.staff_min for body in bodies(tiny, VisitPlanned)][-1] == 2
    with refused("IMPORT-MALFORMED", "staff_min"):
        import_file(tiny, ADMIN, "visits", "visits.csv", f"{head},staff_min\n{row},10\n".encode())


def test_a_pack_is_journaled_with_the_agents_limit(tiny: Office, phone: Phone) -> None:
    """What the phone is told is what the office judges by."""
    made = write(tiny, lambda w: issue_pack(w, tiny, ONE, DAY))[0]
    issued = [body for body in bodies(tiny, PackIssued) if body.agent == ONE]
    assert issued[-1].cash_limit_minor == made.cash_limit_minor > 0


def test_an_honest_morning_has_nothing_to_decide(tiny: Office, phone: Phone) -> None:
    """A visit within the hours, checked, paid and concluded."""
    assert isinstance(tiny.clock, FixedClock)
    phone.write(VisitStarted(visit="V1"))
    phone.check("V1", "AC00001", "CU00001", "100001")
    phone.collect("V1", "AC00001", "CU00001", 20_000)
    phone.write(VisitConcluded(visit="V1", account="AC00001", customer="CU00001", reason="paid"))
    assert open_rules(tiny) == set()


def ask(office: Office, customer: str, at_ms: int) -> dict[str, str]:
    """Verdict of each channel."""
    with office.store.read() as reader:
        found = explain_customer(reader, office, customer, at_ms)
    return {channel.channel: channel.verdict for channel in found.channels}


def test_the_hours_of_the_law_and_what_stands_about_an_account_are_explained(tiny: Office) -> None:
    """At night nothing but a letter; a disputed account warns by day; sentences are there in both languages."""
    night, noon = MORNING_MS + 16 * HOUR_MS, MORNING_MS + 5 * HOUR_MS
    assert ask(tiny, "CU00002", night) == {
        "visit": "blocked", "call": "blocked", "message": "blocked", "letter": "warned",
    }  # fmt: skip
    assert ask(tiny, "CU00002", noon)["message"] == "allowed"
    assert ask(tiny, "CU00005", noon)["message"] == "warned"
    with tiny.store.read() as reader:
        found = explain_customer(reader, tiny, "CU00005", night, [MESSAGE])
    (message,) = found.channels
    assert {"CN-HOURS", "CN-OBJECTION"} == {line.rule for line in message.reasons}
    assert "Possible from 2026-03-03 08:00" in message.sentence_en
    assert "不允许" in message.sentence_zh


def test_nobody_known_and_no_moment_are_refused(tiny: Office) -> None:
    """A stable code each."""
    with refused("NOT-FOUND", "CU99999"):
        ask(tiny, "CU99999", MORNING_MS)
    with refused("ARGUMENT-WRONG", "no moment"):
        ask(tiny, "CU00001", -1)


def test_every_packaged_rule_is_listed_once() -> None:
    """The files are the only source of what is judged by."""
    lines = list_policies()
    assert [policy.id for policy in packaged_policies()] == list(PACKAGED)
    assert [line.rule for line in lines] == [rule.id for rule in judging_policy().rules]
    assert len({line.rule for line in lines}) == len(lines)


def test_a_promise_is_judged_once_some_days_after_it_was_due(tiny: Office, phone: Phone) -> None:
    """Not on its day, not while phones may still report; then once, and the money withdraws it."""
    due = "2026-03-03"
    phone.write(
        PromiseMade(visit="V1", account="AC00001", customer="CU00001", amount_minor=5_000, currency="CNY", due=due)
    )
    reconcile(tiny)
    for today in ("2026-03-03", "2026-03-04", "2026-03-05"):
        assert judge_promises(tiny.store, today, 2, 100) == 0
    assert judge_promises(tiny.store, "2026-03-06", 2, 100) == 1
    assert judge_promises(tiny.store, "2026-03-06", 2, 100) == 0
    reconcile(tiny)
    assert judge_promises(tiny.store, "2026-03-07", 2, 100) == 0
    assert [body.as_of_day for body in bodies(tiny, PromiseJudged)] == ["2026-03-06"]
    with tiny.store.read() as reader:
        assert [found.rule for found in reader.discrepancies(rule="PROMISE-BROKEN", limit=9)] == ["PROMISE-BROKEN"]
    phone.collect("V1", "AC00001", "CU00001", 5_000)
    reconcile(tiny)
    with tiny.store.read() as reader:
        assert [found.rule for found in reader.discrepancies(rule="PROMISE-BROKEN", limit=9)] == []
        assert [found.rule for found in reader.discrepancies(rule="PROMISE-KEPT", limit=9)] == ["PROMISE-KEPT"]


@pytest.fixture
def paid(tiny: Office, phone: Phone) -> str:
    """A receipt of V1's customer, on a day on which the agent was at V3 too."""
    phone.check("V1", "AC00001", "CU00001", "100001")
    entry = phone.collect("V1", "AC00001", "CU00001", 20_000)
    phone.write(VisitConcluded(visit="V3", account="AC00003", customer="CU00003", reason="nobody_home"))
    reconcile(tiny)
    return str(getattr(entry.operation.body, "receipt", ""))


def matched(office: Office, text: str, check: str) -> str:
    """Account and means of what would be journaled; empty for nothing."""
    with office.store.read() as reader:
        found = shared_with(reader, read_receipt(text), check)
    return f"{found.account} {found.matches}" if found else ""


def test_a_check_value_of_another_account_of_that_day_is_told_from_a_plain_mismatch(tiny: Office, paid: str) -> None:
    """The code or last digits of V3 count; those of a visit not made that day, or of nobody, do not."""
    with tiny.store.read() as reader:
        statement = account_now(reader, "AC00003").statement
    assert statement is not None
    assert matched(tiny, paid, "100003") == "AC00003 visit_code"
    assert matched(tiny, paid, statement.last_four) == "AC00003 last_four"
    assert matched(tiny, paid, "100004") == ""
    assert matched(tiny, paid, "999999") == ""
    assert matched(tiny, paid, "not a code!") == ""


def test_it_is_journaled_once_and_the_scanner_learns_nothing(tiny: Office, paid: str) -> None:
    """Two scans with the other customer's code: the same plain answer, one operation, one discrepancy for review."""
    desk = ReceiptDesk(tiny.store, tiny.clock, lambda: 0, official_address="a", office_phone="p")
    question = ReceiptQuestion(digits=to_digits(read_receipt(paid).data), check="100003")
    for _ in range(2):
        answer = asyncio.run(desk.ask(question, "here"))
        assert (answer.check, answer.verdict) == ("does_not_match", "genuine")
        reconcile(tiny)
    asyncio.run(desk.ask(ReceiptQuestion(digits=question.digits, check="123456"), "here"))
    (body,) = bodies(tiny, ReceiptCheckAnswered)
    assert (body.account, body.visit, body.matches) == ("AC00003", "V3", "visit_code")
    assert not write(tiny, lambda w: note_shared(w, body))
    assert open_rules(tiny) == {"RECEIPT-SHARED"}


def test_the_commands_list_rules_and_explain_a_customer(tmp_path: Path) -> None:
    """Both speak to the office's routes; a wrong time and an unknown customer are one line each."""
    doorstep = Shell(tmp_path / "data")
    doorstep.told("init")
    doorstep.told("import", str(TINY))
    rules = json.loads(doorstep.told("policy", "list", "--json"))
    assert "CN-HOURS" in {rule["rule"] for rule in rules}
    assert "CN-HOURS" in doorstep.told("policy", "list")
    chinese = doorstep.told("policy", "list", "--lang", "zh")
    assert "除与债务人另" in chinese
    assert "…" not in chinese
    at = datetime.fromtimestamp((MORNING_MS + 16 * HOUR_MS) / 1000, UTC).isoformat()
    told = doorstep.told("policy", "explain", "CU00002", "--at", at, "--channel", "call")
    assert "Call: not allowed." in told
    assert "CN-HOURS (block): GB/T 45251-2025" in told
    assert "电话：不允许" in doorstep.told("policy", "explain", "CU00002", "--at", at, "--lang", "zh")
    answer = json.loads(doorstep.told("policy", "explain", "CU00002", "--json"))
    assert [channel["channel"] for channel in answer["channels"]] == ["visit", "call", "message", "letter"]
    for arguments, cause in (
        (("CU00002", "--at", "noon"), "ARGUMENT-WRONG"),
        (("CU00002", "--at", "2026-03-02T09:00:00"), "ARGUMENT-WRONG"),
        (("CU99999",), "NOT-FOUND"),
    ):
        failed = doorstep("policy", "explain", *arguments)
        assert failed.exit_code == 1
        assert failed.stderr.startswith(cause)
