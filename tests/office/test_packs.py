"""What stands in a pack, and what leaves it."""

from __future__ import annotations

import msgspec

from server.services.agents import agents
from server.services.imports import import_file
from server.services.notices import supersede_notice, withdraw_notice
from server.services.office import Office
from server.services.packs import (
    issue_pack,
    packs_held,
    refresh_accounts,
    refresh_all,
    refresh_notices,
    refresh_visits,
    service_day_today,
)
from server.services.visits import assign_visit, move_visit
from sync.operations.office import PackIssued
from sync.receipt import account_tag
from sync.visit_code import code_fits
from tests.office.conftest import ADMIN, SUPERVISOR, TINY, reconcile
from tests.office.looking import DAY, bodies, notice_document, pack, refused, visit_document, write
from tests.office.phone import Phone

ONE, TWO = "AG-YC-1", "AG-YC-2"


def _assign(office: Office, *visits: str, agent: str = ONE) -> None:
    for visit in visits:

        def work(w, visit: str = visit) -> object:  # type: ignore[no-untyped-def]  # a writer
            return assign_visit(w, office, SUPERVISOR, visit, agent)

        write(office, work)


def _restate(office: Office, old: str, new: str) -> None:
    text = (TINY / "accounts.csv").read_text("utf-8").replace("2026-03-02T06", "2026-03-02T08").replace(old, new)
    import_file(office, ADMIN, "accounts", "accounts.csv", text.encode())
    refresh_all(office)


def test_the_frame_says_who_where_and_how_much(tiny: Office) -> None:
    """The frame carries the agent's shift, limit and home, the zone and the office's addresses."""
    write(tiny, lambda w: issue_pack(w, tiny, ONE, DAY, float_minor=5_000))
    frame = pack(tiny, ONE)
    assert frame is not None
    assert (frame.pack, frame.agent_name, frame.zone) == (f"{DAY}/{ONE}", "周甲", "Asia/Shanghai")
    assert (frame.float_minor, frame.cash_limit_minor, frame.shift_starts_s) == (5_000, 100_000, 30_600)
    assert (frame.public_url, frame.creditor_name) == ("https://doorstep.example", "示例银行")
    assert bodies(tiny, PackIssued)[-1].float_minor == 5_000


def test_a_stop_says_what_its_visit_needs(tiny: Office) -> None:
    """Who lives there, what is owed, the letter, the account's tag, and bits of the visit code."""
    _assign(tiny, "V1", "V2")
    first, second = visit_document(tiny, ONE, "V1"), visit_document(tiny, ONE, "V2")
    assert first is not None
    assert second is not None
    assert (first.name, first.phone, first.language) == ("王一", "+8611100000001", "zh")
    assert (first.minimum_due_minor, first.payoff_minor, first.booked_minor) == (20_000, 100_000, 20_000)
    assert first.account_tag == account_tag(tiny.keys.tag, "AC00001")
    assert code_fits("100001", first.code_salt, first.code_bits)
    assert (second.notice, second.code_bits, second.code_salt) == ("N1", -1, "")
    assert (first.lat_e7, first.lon_e7) == (333_590_000, 1_201_500_000)
    letter = notice_document(tiny, ONE, "N1")
    assert letter is not None
    assert (letter.version, letter.withdrawn) == (1, False)


def test_a_pack_holds_nothing_about_anybody_else(tiny: Office) -> None:
    """Only the assigned stops and their letters are there, for this agent only."""
    _assign(tiny, "V1")
    with tiny.store.read() as reader:
        assert reader.document_names(ONE) == [f"pack/{DAY}/{ONE}", "visit/V1"]
        assert reader.document_names(TWO) == []


def test_what_may_not_be_done_is_said_in_both_languages(tiny: Office) -> None:
    """A disputed and a written-off account forbid collecting, with the reason beside it."""
    _assign(tiny, "V5", "V6")
    disputed, written_off = visit_document(tiny, ONE, "V5"), visit_document(tiny, ONE, "V6")
    assert disputed is not None
    assert written_off is not None
    assert disputed.forbidden == ["collect", "negotiate"]
    assert written_off.forbidden == ["collect"]
    assert "disputes" in disputed.forbidden_why[0]
    assert "异议" in disputed.forbidden_why[0]


def test_every_status_that_forbids_reaches_the_phone(tiny: Office) -> None:
    """Recalled, moratorium and ceased accounts change the stop as soon as they are imported."""
    _assign(tiny, "V1")
    for hour, (status, task) in enumerate(
        (("recalled", "notice"), ("moratorium", "negotiate"), ("ceased", "visit")), 9
    ):
        text = (TINY / "accounts.csv").read_text("utf-8").replace("2026-03-02T06", f"2026-03-02T{hour:02d}")
        import_file(tiny, ADMIN, "accounts", "a.csv", text.replace("1,open,王一", f"1,{status},王一").encode())
        refresh_all(tiny)
        document = visit_document(tiny, ONE, "V1")
        assert document is not None
        assert task in document.forbidden


def test_an_external_payment_settles_the_stop(tiny: Office) -> None:
    """What was paid elsewhere is subtracted, and collecting is forbidden when nothing is left."""
    _assign(tiny, "V4")
    import_file(tiny, ADMIN, "payments", "payments.csv", (TINY / "payments.csv").read_bytes())
    assert write(tiny, lambda w: refresh_accounts(w, tiny, ["AC00004"])) == 1
    document = visit_document(tiny, ONE, "V4")
    assert document is not None
    assert (document.payoff_minor, document.minimum_due_minor, document.statement_minor) == (0, 0, 0)
    assert "collect" in document.forbidden
    assert "settled" in document.forbidden_why[document.forbidden.index("collect")] or "结清" in "".join(
        document.forbidden_why
    )


def test_what_the_agent_took_today_is_not_subtracted_twice(tiny: Office) -> None:
    """The phone counts its own payments itself; another agent's are subtracted for it."""
    _assign(tiny, "V1")
    Phone(tiny, ONE, 1).collect("V1", "AC00001", "CU00001", 30_000)
    Phone(tiny, TWO, 2).collect("V1", "AC00001", "CU00001", 20_000)
    reconcile(tiny)
    write(tiny, lambda w: refresh_visits(w, tiny, ["V1"]))
    document = visit_document(tiny, ONE, "V1")
    assert document is not None
    assert document.payoff_minor == 80_000


def test_a_new_statement_reaches_the_phone(tiny: Office) -> None:
    """Importing a later statement renews the stops of its account."""
    _assign(tiny, "V1", "V2")
    with tiny.store.read() as reader:
        before = reader.document_cursor(ONE)
    _restate(tiny, "20000,10000,100000,100000", "20000,10000,90000,90000")
    document = visit_document(tiny, ONE, "V1")
    assert document is not None
    assert document.payoff_minor == 90_000
    with tiny.store.read() as reader:
        assert reader.document_cursor(ONE) == before + 2  # both stops carry the new time


def test_letters_follow_their_versions(tiny: Office) -> None:
    """A new version replaces the letter on the phone; a withdrawn one stays and says so."""
    _assign(tiny, "V4")
    write(
        tiny,
        lambda w: supersede_notice(
            w, SUPERVISOR, "N2", content=b"third", title="", amount_minor=30_000, issued_on="2026-03-02"
        ),
    )
    assert write(tiny, lambda w: refresh_notices(w, tiny, ["N2"])) == 1
    letter = notice_document(tiny, ONE, "N2")
    assert letter is not None
    assert (letter.version, letter.amount_minor, letter.title) == (3, 30_000, "逾期还款通知书")
    write(tiny, lambda w: withdraw_notice(w, SUPERVISOR, "N2", "settled"))
    write(tiny, lambda w: refresh_notices(w, tiny, ["N2"]))
    letter = notice_document(tiny, ONE, "N2")
    assert letter is not None
    assert letter.withdrawn


def test_a_letter_leaves_with_its_stop(tiny: Office) -> None:
    """When the visit leaves the pack, its letter leaves the phone."""
    _assign(tiny, "V2", "V4")
    write(tiny, lambda w: move_visit(w, tiny, SUPERVISOR, "V2", "2026-03-04", 32_400, 36_000))
    with tiny.store.read() as reader:
        assert reader.document_names(ONE) == ["notice/N2", f"pack/{DAY}/{ONE}", "visit/V4"]


def test_tomorrows_pack_leaves_todays_alone_and_yesterdays_goes(tiny: Office) -> None:
    """A pack issued the evening before stands beside today's; a day later the old one leaves the phone."""
    _assign(tiny, "V1", "V2")
    write(tiny, lambda w: move_visit(w, tiny, SUPERVISOR, "V2", "2026-03-03", 32_400, 36_000))
    write(tiny, lambda w: assign_visit(w, tiny, SUPERVISOR, "V2", ONE))
    with tiny.store.read() as reader:
        assert [held.service_day for held in packs_held(reader, ONE)] == [DAY, "2026-03-03"]
    tiny.clock.wall_ms += 86_400_000  # type: ignore[attr-defined]  # a FixedClock
    assert service_day_today(tiny) == "2026-03-03"
    refresh_all(tiny)
    write(tiny, lambda w: issue_pack(w, tiny, ONE, "2026-03-03"))
    with tiny.store.read() as reader:
        assert reader.document_names(ONE) == ["notice/N1", f"pack/2026-03-03/{ONE}", "visit/V2"]


def test_a_pack_is_journaled_only_when_it_changed(tiny: Office) -> None:
    """Renewing a pack writes an operation only for other stops, another float or another carry."""
    _assign(tiny, "V1")
    count = len(bodies(tiny, PackIssued))
    write(tiny, lambda w: issue_pack(w, tiny, ONE, DAY))
    assert len(bodies(tiny, PackIssued)) == count
    write(tiny, lambda w: issue_pack(w, tiny, ONE, DAY, float_minor=100))
    write(tiny, lambda w: issue_pack(w, tiny, ONE, DAY))
    assert [body.float_minor for body in bodies(tiny, PackIssued)[count:]] == [100]


def test_an_unknown_agent_gets_no_pack(tiny: Office) -> None:
    """Only registered agents have packs."""
    with refused("NOT-FOUND", "AG-9"):
        write(tiny, lambda w: issue_pack(w, tiny, "AG-9", DAY))


def test_nothing_is_refreshed_where_nothing_was_issued(tiny: Office) -> None:
    """A refresh never issues a pack by itself."""
    assert refresh_all(tiny) == 0
    assert write(tiny, lambda w: refresh_visits(w, tiny, ["V1", "V99"])) == 0
    with tiny.store.read() as reader:
        assert [details.agent for details in agents(reader)] == [ONE, TWO]
        assert reader.document_count(ONE) == 0


def test_documents_decode_again_as_they_were_made(tiny: Office) -> None:
    """What is stored is exactly one document of its type."""
    _assign(tiny, "V1")
    frame = pack(tiny, ONE)
    assert frame is not None
    with tiny.store.read() as reader:
        assert reader.document(ONE, f"pack/{DAY}/{ONE}") == msgspec.json.encode(frame)
