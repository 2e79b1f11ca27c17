"""Imports: all of a file or nothing, once."""

from __future__ import annotations

import msgspec
import pytest

from server.intake import ACCOUNTS, read_table
from server.services.agents import agent_details
from server.services.customers import customer_details, verify_details
from server.services.imports import IMPORT_KINDS, import_accounts, import_file
from server.services.notices import letter, notices_of_account, put_letter
from server.services.office import Office, Person
from server.services.visit_rows import records, visits_of_day
from sync.operations.office import (
    AccountImported,
    AgentRegistered,
    ExternalPaymentRecorded,
    NoticeIssued,
    VisitPlanned,
)
from sync.side_records import content_of
from sync.visit_code import code_fits
from tests.office.conftest import ADMIN, CASHIER, SUPERVISOR, TINY, reconcile
from tests.office.looking import bodies, operations_count, refused, write


def _file(kind: str) -> bytes:
    return (TINY / f"{kind}.csv").read_bytes()


def _import(office: Office, kind: str, data: bytes | None = None, dry_run: bool = False) -> tuple[int, int]:
    summary = import_file(office, ADMIN, kind, f"{kind}.csv", _file(kind) if data is None else data, dry_run=dry_run)
    return summary.new, summary.same


def test_the_tiny_world_comes_in_as_operations(tiny: Office) -> None:
    """Each row becomes one operation of its kind, journaled as the person who imported."""
    _import(tiny, "payments")
    counts = [len(bodies(tiny, kind)) for kind in (AgentRegistered, AccountImported, NoticeIssued, VisitPlanned)]
    assert counts == [2, 6, 3, 6]
    (paid,) = bodies(tiny, ExternalPaymentRecorded)
    assert (paid.external, paid.amount_minor, paid.reference) == ("X1", 50_000, "CR01-00000001")


def test_reimporting_the_same_files_writes_nothing(tiny: Office) -> None:
    """A repeated import recognises every row, without opening a side record."""
    _import(tiny, "payments")
    before = operations_count(tiny)
    for kind in IMPORT_KINDS:
        new, same = _import(tiny, kind)
        assert (new, same) == (0, len(_file(kind).splitlines()) - 1)
    assert operations_count(tiny) == before


def test_a_dry_run_writes_nothing(office: Office) -> None:
    """A dry run says what would be new and leaves the journal as it was."""
    before = operations_count(office)
    assert _import(office, "accounts", dry_run=True) == (6, 0)
    assert operations_count(office) == before


def test_one_fault_keeps_the_whole_file_out(tiny: Office) -> None:
    """A file with one unknown account among good rows changes nothing."""
    before = operations_count(tiny)
    good = _file("payments").decode()
    bad = good + good.splitlines()[1].replace("X1", "X2").replace("AC00004", "AC99999") + "\r\n"
    with refused("IMPORT-MALFORMED", "payments.csv row 3", "account_id", "AC99999"):
        _import(tiny, "payments", bad.encode())
    assert operations_count(tiny) == before


def test_a_failing_write_keeps_everything_out(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the transaction fails at its end, neither operations nor personal rows of the file are there."""

    def fail(*_args: object) -> None:
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr("server.services.imports.accounts.put_customer", fail)
    rows = read_table(ACCOUNTS, "accounts.csv", _file("accounts"))
    with pytest.raises(RuntimeError):
        import_accounts(office, ADMIN, "accounts.csv", rows)
    assert bodies(office, AccountImported) == []
    with office.store.read() as reader:
        assert reader.aggregate_head("account:AC00001") == ""


def test_personal_content_is_kept_apart(tiny: Office) -> None:
    """Names, numbers and addresses stand in no operation; the side record and the customer's row have them."""
    with tiny.store.read() as reader:
        lines = b"\n".join(reader.export())
        assert "王一".encode() not in lines
        assert b"11100000001" not in lines
        body = bodies(tiny, AccountImported)[0]
        data = reader.side_record(body.details)
        assert data is not None
        assert msgspec.json.decode(content_of(data))["name"] == "王一"
        assert reader.personal_find("customer", "phone", "+8611100000003") == ["CU00003"]
        details = customer_details(reader, "CU00003")
        assert details is not None
        assert (details.name, details.language) == ("Clara Baker", "en")


def test_a_later_statement_is_imported_beside_the_first(tiny: Office) -> None:
    """A statement with a later as-of is new for its account only, and renews the customer's row."""
    text = _file("accounts").decode().splitlines()
    later = text[1].replace("2026-03-02T06", "2026-03-03T06").replace("王一", "王一新")
    assert _import(tiny, "accounts", "\r\n".join([text[0], later, *text[2:]]).encode()) == (1, 5)
    with tiny.store.read() as reader:
        details = customer_details(reader, "CU00001")
    assert details is not None
    assert details.name == "王一新"


def test_the_same_time_with_another_content_is_a_fault(tiny: Office) -> None:
    """Nobody could say which of two statements as of one time holds, so the second is refused by name."""
    data = (
        _file("accounts").decode().replace("20000,10000,100000,100000,2026-02-10,1,open", "1,1,1,1,2026-02-10,1,open")
    )
    with refused("IMPORT-MALFORMED", "row 2", "as_of", "payoff_minor"):
        _import(tiny, "accounts", data.encode())


def test_an_older_statement_does_not_turn_back_the_row(tiny: Office) -> None:
    """What an older file says of a customer never replaces a newer one's."""
    text = _file("accounts").decode().splitlines()
    older = text[1].replace("2026-03-02T06", "2026-03-01T06").replace("王一", "旧名")
    _import(tiny, "accounts", "\r\n".join([text[0], older]).encode())
    with tiny.store.read() as reader:
        details = customer_details(reader, "CU00001")
    assert details is not None
    assert details.name == "王一"


def test_what_the_office_verified_outlives_an_import(tiny: Office) -> None:
    """A verified telephone number stands after the creditor's next file, and is the one that is found."""
    write(tiny, lambda w: verify_details(w, tiny.keys, SUPERVISOR, "CU00001", "phone", "+8611100000099"))
    text = _file("accounts").decode().replace("2026-03-02T06", "2026-03-03T06")
    _import(tiny, "accounts", text.encode())
    with tiny.store.read() as reader:
        details = customer_details(reader, "CU00001")
        assert details is not None
        assert details.shown("phone") == "+8611100000099"
        assert reader.personal_find("customer", "phone", "+8611100000099") == ["CU00001"]


def test_details_are_verified_only_for_known_customers_and_by_the_right_role(tiny: Office) -> None:
    """An unknown customer, an empty value and a cashier are refused."""
    with refused("NOT-FOUND", "CU9"):
        write(tiny, lambda w: verify_details(w, tiny.keys, SUPERVISOR, "CU9", "phone", "1"))
    with refused("ARGUMENT-WRONG"):
        write(tiny, lambda w: verify_details(w, tiny.keys, SUPERVISOR, "CU00001", "phone", "  "))
    with refused("ROLE-MISSING", "supervisor"):
        write(tiny, lambda w: verify_details(w, tiny.keys, CASHIER, "CU00001", "phone", "1"))


def test_visit_codes_are_side_records_and_a_few_bits(tiny: Office) -> None:
    """The plan names the code's side record; the row keeps the bits that catch a typing error."""
    planned = {body.visit: body for body in bodies(tiny, VisitPlanned)}
    assert planned["V2"].code == ""
    with tiny.store.read() as reader:
        data = reader.side_record(planned["V1"].code)
        assert data is not None
        assert content_of(data) == b"100001"
        row = records(reader, ["V1"])["V1"]
        assert visits_of_day(reader, "YC", "2026-03-02") == ["V1", "V2", "V3", "V4", "V5", "V6"]
    assert code_fits("10 00-01", row.code_salt, row.code_bits)
    assert row.code_bits >= 0


def test_a_visit_takes_customer_and_letter_from_its_account(tiny: Office) -> None:
    """A visit with the task notice names the account's notice; others name none."""
    planned = {body.visit: body for body in bodies(tiny, VisitPlanned)}
    assert [(planned[v].customer, planned[v].notice) for v in ("V1", "V2", "V4")] == [
        ("CU00001", ""),
        ("CU00002", "N1"),
        ("CU00004", "N2"),
    ]


def test_a_known_visit_with_another_content_is_a_fault(tiny: Office) -> None:
    """A visit is moved or cancelled, never imported anew in another shape."""
    data = _file("visits").decode().replace("V1,AC00001,2026-03-02", "V1,AC00001,2026-03-05")
    with refused("IMPORT-MALFORMED", "row 2", "V1", "service_day", "move or cancel"):
        _import(tiny, "visits", data.encode())


def test_visits_and_notices_need_their_account(office: Office) -> None:
    """Without accounts, visits and notices are refused row by row."""
    with refused("IMPORT-MALFORMED", "no such account", "row 2", "row 7"):
        _import(office, "visits")
    with refused("IMPORT-MALFORMED", "no such account"):
        _import(office, "notices")


def test_a_notice_of_another_customer_is_a_fault(tiny: Office) -> None:
    """A letter must go to the customer of its account."""
    data = _file("notices").decode().replace("N1,1,AC00002,CU00002", "N9,1,AC00002,CU00004")
    with refused("IMPORT-MALFORMED", "customer_id", "CU00002's"):
        _import(tiny, "notices", data.encode())


def test_a_letter_with_another_hash_is_a_fault(tiny: Office) -> None:
    """The letter beside the file must be the one that its row states."""
    with refused("IMPORT-MALFORMED", "content_sha256", "another hash"):
        import_file(tiny, ADMIN, "notices", "notices.csv", _file("notices"), letters={"N1-v1": b"other"})


def test_letters_may_come_later(office: Office) -> None:
    """A notice without its letter says so, until the letter is sent under its hash."""
    _import(office, "accounts")
    summary = import_file(office, ADMIN, "notices", "notices.csv", _file("notices"))
    assert summary.letters_missing == 3
    content = (TINY / "notices" / "N1-v1.txt").read_bytes()
    with office.store.read() as reader, refused("NOT-FOUND", "N1-v1"):
        letter(reader, "N1", 1)
    write(office, lambda w: put_letter(w, content))
    with office.store.read() as reader:
        assert letter(reader, "N1", 1) == content
        assert notices_of_account(reader, "AC00004") == ["N2"]


def test_an_external_payment_is_known_by_its_id(tiny: Office) -> None:
    """The same id with another amount is a fault, and so is another currency than the account's."""
    _import(tiny, "payments")
    with refused("IMPORT-MALFORMED", "external_id", "another content"):
        _import(tiny, "payments", _file("payments").replace(b"50000", b"50001"))
    with refused("IMPORT-MALFORMED", "currency", "CNY"):
        _import(tiny, "payments", _file("payments").replace(b"CNY", b"USD").replace(b"X1", b"X2"))


def test_a_changed_agent_is_registered_again_and_keeps_the_telephone(tiny: Office) -> None:
    """A new shift writes one operation more; the row shows it."""
    data = _file("agents").decode().replace("08:30,18:30,6,100000", "09:00,18:30,6,100000")
    assert _import(tiny, "agents", data.encode()) == (1, 1)
    with tiny.store.read() as reader:
        details = agent_details(reader, "AG-YC-1")
    assert details is not None
    assert details.registered is not None
    assert details.registered.shift_starts_s == 32_400


def test_roles_are_asked_before_anything_is_read(tiny: Office) -> None:
    """A compliance officer imports nothing; an auditor neither."""
    for role in ("compliance", "auditor"):
        with refused("ROLE-MISSING", role):
            import_file(tiny, Person(user="x", roles=(role,)), "accounts", "a.csv", _file("accounts"))


def test_unknown_kinds_and_datums_are_refused(office: Office) -> None:
    """What is neither a kind nor a datum is named."""
    with refused("ARGUMENT-WRONG", "loans"):
        import_file(office, ADMIN, "loans", "x.csv", b"")
    with refused("ARGUMENT-WRONG", "nad27"):
        import_file(office, ADMIN, "accounts", "x.csv", b"", datum="nad27")


def test_what_was_imported_is_folded(tiny: Office) -> None:
    """After reconciliation the account shows what the creditor says, less what was paid elsewhere."""
    _import(tiny, "payments")
    reconcile(tiny)
    with tiny.store.read() as reader:
        state = reader.aggregate("account:AC00004")
    assert state is not None
    assert (state["payoff_minor"], state["external_minor"], state["debt_left_minor"]) == (50_000, 50_000, 0)
