"""At the door: what fits is written, what does not is refused with its cause."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent_client.recording import Recorded
from agent_client.work.agreements import promise, report_details, take_note
from agent_client.work.payments import collect, void
from agent_client.work.plans import PlanWish, propose_plan
from agent_client.work.visits import (
    check_identity,
    conclude,
    confirm_companion,
    deliver_notice,
    make_contact,
    raise_safety,
    start_visit,
)
from sync.errors import Conflict, Refused
from sync.messages import NoticeDocument
from sync.operations import Operation, Position, field, understand
from sync.side_records import content_of
from tests.agent.conftest import Phone
from tests.agent.documents import DAY, PACK, a_visit


def _operation(phone: Phone) -> Operation:
    stored = phone.desk.store.journal.last()
    assert stored is not None
    operation = understand(stored.data)
    assert isinstance(operation, Operation)
    return operation


def _advice(recorded: Recorded) -> set[str]:
    return {advice.key for advice in recorded.advice}


def _notice(phone: Phone, **changes: object) -> None:
    notice = NoticeDocument(
        notice="N1",
        version=2,
        account="AC-V2",
        title="Overdue",
        content_sha256="0" * 64,
        amount_minor=1,
        currency="CNY",
        issued_on=DAY,
        **changes,  # type: ignore[arg-type]  # only `withdrawn`
    )
    phone.office.put("notice/N1", notice)
    phone.sync()


def test_an_arrival_says_where_and_under_which_pack(phone: Phone) -> None:
    """The envelope carries position, pack and policy; the pack is the visit's, not the clock's."""
    phone.clock.move(40 * 24 * 60)
    start_visit(phone.desk, "V1", position=Position(333500000, 1201600000, 12))
    operation = _operation(phone)
    assert (operation.pack, operation.policy) == (PACK, "house-1")
    assert operation.position == Position(333500000, 1201600000, 12)


def test_a_visit_is_started_once_and_again_only_after_its_end(phone: Phone) -> None:
    """A second start needs the conclusion before it and the word `again`."""
    start_visit(phone.desk, "V1")
    with pytest.raises(Conflict, match="was started"):
        start_visit(phone.desk, "V1", again=True)
    conclude(phone.desk, "V1", "nobody_home")
    with pytest.raises(Conflict, match="--again"):
        start_visit(phone.desk, "V1")
    assert start_visit(phone.desk, "V1", again=True).seq == 3


def test_a_mistyped_visit_code_is_caught_and_nothing_written(phone: Phone) -> None:
    """A few bits are enough to catch it; the right code passes in any form of writing."""
    start_visit(phone.desk, "V1")
    with pytest.raises(Conflict, match="not this visit's code"):
        check_identity(phone.desk, "V1", "visit_code", "answered", answer="482170")
    recorded = check_identity(phone.desk, "V1", "visit_code", "answered", answer="４８２１０７")
    assert recorded.seq == 2


def test_a_visit_without_a_code_takes_any_answer(phone: Phone) -> None:
    """Where the document has nothing to compare with, only the office judges."""
    phone.office.put("visit/V1", a_visit("V1", code_salt="", code_bits=-1))
    phone.sync()
    start_visit(phone.desk, "V1")
    assert check_identity(phone.desk, "V1", "visit_code", "answered", answer="1").seq == 2


def test_answers_and_results_belong_together(phone: Phone) -> None:
    """An answered code has an answer; a refusal and a third party have none."""
    start_visit(phone.desk, "V1")
    with pytest.raises(Conflict, match="missing"):
        check_identity(phone.desk, "V1", "document_digits", "answered")
    with pytest.raises(Conflict, match="answered"):
        check_identity(phone.desk, "V1", "visit_code", "refused", answer="482107")
    assert "third-party" in _advice(check_identity(phone.desk, "V1", "signature", "third_party"))


def test_a_letter_is_delivered_in_the_version_on_the_phone(phone: Phone) -> None:
    """Notice and version come from the documents; withdrawal, another version and open handing are told."""
    start_visit(phone.desk, "V2")
    with pytest.raises(Conflict, match="--version"):
        deliver_notice(phone.desk, "V2", "handed_sealed", "customer")
    _notice(phone)
    assert _advice(deliver_notice(phone.desk, "V2", "handed_sealed", "customer")) == set()
    body = _operation(phone).body
    assert isinstance(body, field.NoticeDelivered)
    assert (body.notice, body.version) == ("N1", 2)
    _notice(phone, withdrawn=True)
    recorded = deliver_notice(phone.desk, "V2", "handed_open", "neighbour", version=1)
    assert _advice(recorded) == {"notice-withdrawn", "notice-version", "notice-disclosed"}


def test_a_visit_without_a_letter_delivers_none(phone: Phone) -> None:
    """Unless the agent names the notice that was handed over."""
    start_visit(phone.desk, "V1")
    with pytest.raises(Conflict, match="no notice"):
        deliver_notice(phone.desk, "V1", "posted", "nobody")
    assert deliver_notice(phone.desk, "V1", "posted", "nobody", notice="N7", version=1).seq == 2


def test_personal_content_stays_out_of_the_operation(phone: Phone) -> None:
    """Notes and telephone numbers are side records; the operation carries their hash only."""
    start_visit(phone.desk, "V1")
    report_details(phone.desk, "V1", "phone", "+8611199999999")
    operation = _operation(phone)
    assert isinstance(operation.body, field.DetailsReported)
    data = phone.desk.store.side_records.get(operation.body.value)
    assert data is not None
    assert content_of(data) == b"+8611199999999"
    take_note(phone.desk, "V1", "secret words")
    for stored in phone.desk.store.journal.all():
        assert b"secret" not in stored.data
        assert b"9999" not in stored.data


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
def test_empty_and_endless_notes_are_refused(phone: Phone, text: str) -> None:
    """A note has content and a bound."""
    with pytest.raises(Refused, match="bytes"):
        take_note(phone.desk, "V1", text)


def test_promises_are_for_amounts_and_days_that_make_sense(phone: Phone) -> None:
    """Not for zero, not before the service day, not for a day that does not exist."""
    start_visit(phone.desk, "V1")
    for amount, due in ((0, "2026-12-01"), (100, "2026-02-30"), (100, "2026-1-1")):
        with pytest.raises(Refused):
            promise(phone.desk, "V1", amount, due)
    with pytest.raises(Conflict, match="before the service day"):
        promise(phone.desk, "V1", 100, "2026-11-22")
    assert promise(phone.desk, "V1", 100, DAY).seq == 2


@pytest.mark.parametrize(
    ("reason", "why"),
    [("paid", "collected"), ("part_paid", "collected"), ("promised", "promise"), ("delivered", "letter")],
)
def test_a_visit_cannot_end_as_something_that_did_not_happen(phone: Phone, reason: str, why: str) -> None:
    """Each reason needs the record that supports it."""
    start_visit(phone.desk, "V1")
    with pytest.raises(Conflict, match=why):
        conclude(phone.desk, "V1", reason)  # type: ignore[arg-type]  # one of the reasons
    assert conclude(phone.desk, "V1", "refused").seq == 2


def test_a_voided_payment_supports_no_paid_visit(phone: Phone) -> None:
    """Only payments that stand count."""
    start_visit(phone.desk, "V1")
    collect(phone.desk, "V1", 500, "cash")
    void(phone.desk, "last", "typing_error")
    with pytest.raises(Conflict, match="collected"):
        conclude(phone.desk, "V1", "paid")


def test_steps_at_the_door_need_an_open_visit(phone: Phone) -> None:
    """Before the arrival none of them is written."""
    steps: tuple[Callable[[], object], ...] = (
        lambda: check_identity(phone.desk, "V1", "signature", "answered"),
        lambda: confirm_companion(phone.desk, "V1", "AG02", "proof"),
        lambda: deliver_notice(phone.desk, "V1", "posted", "nobody", notice="N1", version=1),
        lambda: promise(phone.desk, "V1", 100, DAY),
        lambda: propose_plan(phone.desk, "V1", PlanWish(scheme="equal_principal", first_due=DAY, periods=3)),
        lambda: report_details(phone.desk, "V1", "phone", "1"),
        lambda: conclude(phone.desk, "V1", "refused"),
    )
    for step in steps:
        with pytest.raises(Conflict, match="not started"):
            step()
    assert phone.desk.store.journal.last() is None


def test_contacts_and_safety_need_no_open_visit(phone: Phone) -> None:
    """A call beforehand and a call for help are written at any time, the latter even on a locked phone."""
    assert make_contact(phone.desk, "V1", "call", effective=False).seq == 1
    phone.office.lock = True
    phone.sync()
    assert raise_safety(phone.desk, "emergency", note="help").seq == 2


def test_what_is_forbidden_is_told_with_its_reason(phone: Phone) -> None:
    """The stop's own prohibitions come with the step that they concern."""
    phone.office.put("visit/V1", a_visit("V1", forbidden=["collect"], forbidden_why=["moratorium | 保护期"]))
    phone.sync()
    start_visit(phone.desk, "V1")
    recorded = collect(phone.desk, "V1", 100, "cash")
    sentences = [advice.sentence("en") for advice in recorded.advice]
    assert any("collect" in sentence and "moratorium" in sentence for sentence in sentences)
    assert not any("保护期" in sentence for sentence in sentences)
    assert any("保护期" in advice.sentence("zh") for advice in recorded.advice)
    assert "forbidden" not in _advice(check_identity(phone.desk, "V1", "signature", "answered"))


def test_writing_at_night_is_told_and_done(phone: Phone) -> None:
    """Permitted hours are the customer's local ones."""
    phone.clock.move(13 * 60 + 30)
    recorded = start_visit(phone.desk, "V1")
    assert "hours" in _advice(recorded)


def test_texts_beyond_the_bound_are_refused_before_they_are_written(phone: Phone) -> None:
    """The phone never writes what the office would only hold."""
    start_visit(phone.desk, "V1")
    with pytest.raises(Refused):
        conclude(phone.desk, "V1", "refused", sub_reason="x" * 201)
    assert len(list(phone.desk.store.journal.all())) == 1
