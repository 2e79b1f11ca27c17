"""The contract of every store, second part: what folds said, documents, side records, personal rows, blobs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from msgspec import structs

from server.ports import JobState, Store, Writer, folded
from sync.reconcile.facts import Decision, Discrepancy, Outcome, Posting
from sync.reconcile.ledger import Line, lines_between
from sync.side_records import make_side_record
from tests.exchange.phone import Phone
from tests.store.contract_journals import ARRIVAL, placed_run
from tests.store.opening import MakeStore, open_office

__all__ = ["ContentContract", "discrepancy", "posting"]


def posting(number: int, amount: int = 100, **changes: str) -> Posting:
    """A payment's, of branch B."""
    return Posting(
        id=f"op{number}/paid",
        debit=changes.get("debit", "cash:A01"),
        credit=changes.get("credit", "debt:K1"),
        amount_minor=amount,
        currency="CNY",
        branch=changes.get("branch", "B"),
        service_day=changes.get("service_day", "2026-11-23"),
        operation=f"op{number}",
    )


def discrepancy(
    rule: str, subject: str, operations: tuple[str, ...] = ("op1",), severity: str = "review"
) -> Discrepancy:
    """One of branch B, on the day of `posting`."""
    return Discrepancy(
        rule=rule,
        subject=subject,
        severity=severity,
        ground="g",
        operations=operations,
        values={"n": 1},
        branch="B",
        service_day="2026-11-23",
    )


def _set_held(writer: Writer, held: dict[int, str]) -> None:
    writer.set_held(held)


def _put_job(writer: Writer, state: JobState) -> None:
    writer.put_job(state)


class ContentContract:
    """Each store's test class inherits this and gives the fixture `make_store`."""

    @pytest.fixture
    def store(self, make_store: MakeStore) -> Iterator[Store]:
        """A store that holds the office journal."""
        store = open_office(make_store)
        yield store
        store.close()

    # -- the touch index
    def test_facts_are_found_by_every_key_they_touch(self, store: Store) -> None:
        """A key without operations has an empty list; indexing twice changes nothing."""
        run = placed_run(Phone(1, "aa" * 8), 3)
        store.write_now(lambda writer: writer.append_device_run("aa" * 8, 1, run, ARRIVAL))
        with store.read() as reader:
            ids = {item.hash: item.id for item in reader.pending(10)}
        pairs = [("account:K1", ids[run[0].hash]), ("account:K1", ids[run[2].hash]), ("visit:V1", ids[run[0].hash])]
        for _ in range(2):
            store.write_now(lambda writer: writer.add_touches(pairs))
        with store.read() as reader:
            facts = reader.facts(["account:K1", "visit:V1", "visit:none"])
            touched = reader.touched_keys([ids[run[0].hash], ids[run[1].hash]])
            keys = reader.keys_starting("account:")
        assert {key: {item.hash for item in items} for key, items in facts.items()} == {
            "account:K1": {run[0].hash, run[2].hash},
            "visit:V1": {run[0].hash},
            "visit:none": set(),
        }
        assert touched == {ids[run[0].hash]: ("account:K1", "visit:V1"), ids[run[1].hash]: ()}
        assert keys == ["account:K1"]

    def test_held_is_set_and_lifted(self, store: Store) -> None:
        """The rule that keeps an operation without effect comes back with it."""
        run = placed_run(Phone(1, "aa" * 8), 1)
        store.write_now(lambda writer: writer.append_device_run("aa" * 8, 1, run, ARRIVAL))
        for rule in ("SCHEMA-NEWER", ""):
            with store.read() as reader:
                found = reader.operation(run[0].hash)
            assert found is not None
            held = {found.id: rule}
            store.write_now(partial(_set_held, held=held))
            with store.read() as reader:
                again = reader.operation(run[0].hash)
            assert again is not None
            assert again.held == rule

    # -- outcomes
    def test_an_outcome_replaces_the_one_before(self, store: Store) -> None:
        """State, discrepancies and postings of a key are exactly the last fold's; other keys are left alone."""
        first = Outcome(
            key="account:K1",
            state={"owed": 5, "name": "王"},
            postings=(posting(1), posting(2)),
            discrepancies=(discrepancy("PAY-OVER", "account:K1"), discrepancy("PAY-TWICE", "account:K1")),
        )
        other = Outcome(key="account:K2", state={}, postings=(posting(9),))
        assert store.write_now(lambda writer: writer.put_outcomes(map(folded, [first, other]))) == {
            "account:K1",
            "account:K2",
        }
        second = Outcome(
            key="account:K1",
            state={"owed": 4},
            postings=(posting(2, 70), posting(3)),
            discrepancies=(discrepancy("PAY-TWICE", "account:K1", ("op1", "op2")),),
        )
        assert store.write_now(lambda writer: writer.put_outcomes(map(folded, [second, other]))) == {"account:K1"}
        with store.read() as reader:
            assert reader.aggregate("account:K1") == {"owed": 4}
            assert reader.aggregates(["account:K1", "account:K3"]) == {"account:K1": {"owed": 4}}
            assert [key for key, _ in reader.aggregates_of("account")] == ["account:K1", "account:K2"]
            assert reader.postings(key="account:K1") == [posting(2, 70), posting(3)]
            assert len(reader.postings(branch="B", service_day="2026-11-23")) == 3
            assert [found.id for found in reader.discrepancies()] == ["PAY-TWICE|account:K1"]
            assert reader.disputes("op2")[0].operations == ("op1", "op2")
            assert len(reader.disputes("op1")) == 1
        third = Outcome(
            key="account:K1", state={}, discrepancies=(discrepancy("PAY-TWICE", "account:K1", ("op2", "op3")),)
        )
        store.write_now(lambda writer: writer.put_outcomes(map(folded, [third])))
        with store.read() as reader:
            assert [len(reader.disputes(name)) for name in ("op1", "op2", "op3")] == [0, 1, 1]
        store.write_now(lambda writer: writer.put_outcomes(map(folded, [Outcome(key="account:K1", state={})])))
        with store.read() as reader:
            assert [len(reader.disputes(name)) for name in ("op1", "op2", "op3")] == [0, 0, 0]

    def test_only_open_discrepancies_dispute_their_operations(self, store: Store) -> None:
        """One that says no more than how things stand, and one that was decided, leave their operations alone."""
        key = "account:K1"
        opened, told = discrepancy("PAY-OVER", key), discrepancy("PAY-TWICE", key, ("op1",), "info")
        outcome = Outcome(key=key, state={}, discrepancies=(opened, told))
        store.write_now(lambda writer: writer.put_outcomes(map(folded, [outcome])))
        with store.read() as reader:
            assert reader.disputes("op1") == [opened]
        decision = Decision(operation="op9", outcome="accept", by="a", second="", note="", current=True)
        decided = structs.replace(opened, decision=decision)
        outcome = Outcome(key=key, state={}, discrepancies=(decided, told))
        store.write_now(lambda writer: writer.put_outcomes(map(folded, [outcome])))
        with store.read() as reader:
            assert reader.disputes("op1") == []
            assert reader.discrepancies() == [decided, told]
        # What it rests on has changed: it is open again.
        outcome = Outcome(key=key, state={}, discrepancies=(opened, told))
        store.write_now(lambda writer: writer.put_outcomes(map(folded, [outcome])))
        with store.read() as reader:
            assert reader.disputes("op1") == [opened]

    # -- books
    def test_what_differs_from_the_books_stays_open(self, store: Store) -> None:
        """A line that was booked is open no longer; one whose day moved on waits for that day's closing."""
        before, after = posting(1), posting(1, service_day="2026-11-24")

        def put(*outcomes: Outcome) -> None:
            store.write_now(lambda writer: writer.put_outcomes(map(folded, outcomes)))

        def book() -> list[Line]:
            with store.read() as reader:
                current, booked = reader.open_lines("B")
            day = {id_: line for id_, line in current.items() if line.service_day <= "2026-11-23"}
            lines = lines_between(booked, day)
            store.write_now(lambda writer: writer.book("B", lines))
            return lines

        put(Outcome(key="account:K1", state={}, postings=(before, posting(2))))
        assert [line.amount_minor for line in book()] == [100, 100]
        with store.read() as reader:
            assert reader.open_lines("B") == ({}, {})
        # It is corrected, and its right day is the next.
        corrected = structs.replace(after, amount_minor=70)
        put(Outcome(key="account:K1", state={}, postings=(corrected, posting(2))))
        assert [(line.amount_minor, line.correction) for line in book()] == [(100, True)]
        with store.read() as reader:
            assert reader.open_lines("B") == ({corrected.id: corrected}, {})
        # Another aggregate takes it over: it is open once.
        put(Outcome(key="account:K1", state={}, postings=(posting(2),)))
        put(Outcome(key="account:K2", state={}, postings=(corrected,)))
        with store.read() as reader:
            assert reader.open_lines("B") == ({corrected.id: corrected}, {})

    def test_the_same_outcome_writes_nothing(self, store: Store) -> None:
        """A refold that finds what is there reports no change."""
        outcome = Outcome(key="account:K1", state={"b": 1, "a": [1, 2]}, postings=(posting(1),))
        store.write_now(lambda writer: writer.put_outcomes(map(folded, [outcome])))
        again = Outcome(key="account:K1", state={"a": [1, 2], "b": 1}, postings=(posting(1),))
        assert store.write_now(lambda writer: writer.put_outcomes(map(folded, [again]))) == set()

    def test_discrepancies_are_filtered(self, store: Store) -> None:
        """By rule, subject, aggregate, openness; `info` is never open; pages go on after an id."""
        outcomes = [
            Outcome(key="account:K1", state={}, discrepancies=(discrepancy("PAY-OVER", "account:K1"),)),
            Outcome(
                key="visit:V1",
                state={},
                discrepancies=(
                    discrepancy("VISIT-PLACE", "visit:V1", ()),
                    discrepancy("VISIT-REASSIGNED", "visit:V1", (), "info"),
                ),
            ),
        ]
        store.write_now(lambda writer: writer.put_outcomes(map(folded, outcomes)))
        with store.read() as reader:
            assert [d.rule for d in reader.discrepancies(open_only=True)] == ["PAY-OVER", "VISIT-PLACE"]
            assert [d.rule for d in reader.discrepancies(rule="VISIT-PLACE", subject="visit:V1")] == ["VISIT-PLACE"]
            assert [d.rule for d in reader.discrepancies(key="visit:V1", branch="B")] == [
                "VISIT-PLACE",
                "VISIT-REASSIGNED",
            ]
            assert reader.discrepancies(branch="other") == []
            assert reader.discrepancies(branch="other", open_only=True) == []
            assert len(reader.discrepancies(branch="B", open_only=True)) == 2
            assert len(reader.discrepancies(branch="B", service_day="2026-11-23", open_only=True)) == 2
            assert [d.rule for d in reader.discrepancies(limit=1)] == ["PAY-OVER"]
            assert [d.rule for d in reader.discrepancies(after="PAY-OVER|account:K1", limit=1)] == ["VISIT-PLACE"]

    def test_a_subject_is_found_under_every_key(self, store: Store) -> None:
        """Whether the aggregate that says it is the subject itself, another one, or both."""
        outcomes = [
            Outcome(key="visit:V1", state={}, discrepancies=(discrepancy("VISIT-PLACE", "visit:V1"),)),
            Outcome(key="account:K1", state={}, discrepancies=(discrepancy("VISIT-PLACE", "visit:V1"),)),
            Outcome(key="account:K2", state={}, discrepancies=(discrepancy("PAY-OVER", "visit:V1"),)),
            Outcome(key="visit:V2", state={}, discrepancies=(discrepancy("PAY-OVER", "account:K2"),)),
        ]
        store.write_now(lambda writer: writer.put_outcomes(map(folded, outcomes)))
        with store.read() as reader:
            found = [item.rule for item in reader.discrepancies(subject="visit:V1")]
            assert found == ["PAY-OVER", "VISIT-PLACE", "VISIT-PLACE"]
            assert len(reader.discrepancies(subject="visit:V1", key="account:K1")) == 1
            assert reader.discrepancies(subject="visit:V1", key="visit:V2") == []
            assert len(reader.discrepancies(subject="account:K2", after="PAY-OVER|")) == 1

    def test_postings_are_found_by_either_place(self, store: Store) -> None:
        """Debit and credit alike."""
        outcome = Outcome(
            key="account:K1", state={}, postings=(posting(1), posting(2, debit="bank", credit="cash:A01"))
        )
        store.write_now(lambda writer: writer.put_outcomes(map(folded, [outcome])))
        with store.read() as reader:
            assert sorted(p.id for p in reader.postings_at("cash:A01")) == ["op1/paid", "op2/paid"]
            assert [p.id for p in reader.postings_at("bank")] == ["op2/paid"]
            assert sorted(p.id for p in reader.every_posting()) == ["op1/paid", "op2/paid"]
            assert list(reader.every_posting("elsewhere")) == []
            with pytest.raises(ValueError, match="one account's own"):
                list(reader.postings_at("debt:K1"))

    # -- documents
    def test_documents_are_numbered_per_agent(self, store: Store) -> None:
        """A change takes the next number, equal bytes none, and another agent counts by itself."""

        def put(writer: Writer) -> list[int]:
            return [
                writer.put_document("A01", "visit/1", b'{"a":1}'),
                writer.put_document("A01", "visit/2", b'{"b":1}', personal=False),
                writer.put_document("A02", "visit/1", b'{"a":1}'),
                writer.put_document("A01", "visit/1", b'{"a":1}'),
                writer.put_document("A01", "visit/1", b'{"a":2}'),
                writer.remove_document("A01", "visit/2"),
                writer.remove_document("A01", "visit/2"),
                writer.remove_document("A01", "never"),
            ]

        assert store.write_now(put) == [1, 2, 1, 1, 3, 4, 4, 4]
        with store.read() as reader:
            assert reader.document_state("A01") == (4, 1)
            rows = reader.documents_after("A01", 0, 10, 10**6)
            assert [(row.n, row.name, row.data) for row in rows] == [(3, "visit/1", b'{"a":2}'), (4, "visit/2", None)]
            assert reader.document("A01", "visit/1") == b'{"a":2}'
            assert reader.document("A01", "visit/2") is None
            assert reader.document_names("A01", "visit/") == ["visit/1"]
            assert reader.document_state("A09") == (0, 0)
        store.write_now(lambda writer: writer.put_document("A01", "visit/2", b"{}"))
        with store.read() as reader:
            assert reader.document_state("A01") == (5, 2)

    def test_a_page_keeps_both_bounds_and_always_moves(self, store: Store) -> None:
        """At most so many rows and bytes, but never none while there is one."""

        def put(writer: Writer) -> None:
            for number in range(10):
                writer.put_document("A01", f"visit/{number}", b'"' + b"x" * 100 + b'"')

        store.write_now(put)
        with store.read() as reader:
            assert [row.n for row in reader.documents_after("A01", 0, 4, 10**6)] == [1, 2, 3, 4]
            assert [row.n for row in reader.documents_after("A01", 4, 100, 400)] == [5, 6, 7]
            assert [row.n for row in reader.documents_after("A01", 9, 100, 1)] == [10]
            assert reader.documents_after("A01", 10, 100, 1) == []

    # -- side records
    def test_side_records_are_kept_once_and_erased_for_good(self, store: Store) -> None:
        """Erased bytes are gone, and the same upload does not bring them back."""
        record = make_side_record("笔记".encode(), b"s" * 16)
        other = make_side_record(b"other", b"s" * 16)
        store.write_now(lambda writer: writer.want_side_records("aa" * 8, [record.sha256, other.sha256]))
        with store.read() as reader:
            assert set(reader.side_records_wanted("aa" * 8, 10)) == {record.sha256, other.sha256}
        assert store.write_now(lambda writer: writer.put_side_record(record.sha256, record.data))
        assert not store.write_now(lambda writer: writer.put_side_record(record.sha256, record.data))
        with store.read() as reader:
            assert reader.side_record(record.sha256) == record.data
            assert reader.side_records_wanted("aa" * 8, 10) == [other.sha256]
            assert reader.side_records_held([record.sha256, other.sha256]) == {record.sha256}
        assert store.write_now(lambda writer: writer.erase_side_record(record.sha256))
        assert not store.write_now(lambda writer: writer.put_side_record(record.sha256, record.data))
        with store.read() as reader:
            assert reader.side_record(record.sha256) is None

    # -- personal rows and blobs
    def test_personal_rows_are_found_by_blind_indexes(self, store: Store) -> None:
        """Under the values of the last put only; another field or kind does not match."""

        def put(writer: Writer) -> None:
            writer.put_personal("customer", "C1", b"one", {"phone": "138", "name": "王芳"})
            writer.put_personal("customer", "C2", b"two", {"phone": "138"})
            writer.put_personal("agent", "C1", b"agent")
            writer.put_personal("customer", "C1", b"one again", {"phone": "139"})

        store.write_now(put)
        with store.read() as reader:
            assert reader.personal_find("customer", "phone", "138") == ["C2"]
            assert reader.personal_find("customer", "phone", "139") == ["C1"]
            assert reader.personal_find("customer", "name", "王芳") == []
            assert reader.personal("customer", "C1") == b"one again"
            assert reader.personal_many("customer", ["C1", "C2", "C3"]) == {"C1": b"one again", "C2": b"two"}
            assert reader.personal_all("customer", after="C1") == [("C2", b"two")]
        assert store.write_now(lambda writer: writer.remove_personal("customer", "C1"))
        assert not store.write_now(lambda writer: writer.remove_personal("customer", "C1"))
        with store.read() as reader:
            assert reader.personal("customer", "C1") is None
            assert reader.personal_find("customer", "phone", "139") == []
            assert reader.personal("agent", "C1") == b"agent"

    def test_blobs_are_named_by_their_hash(self, store: Store) -> None:
        """Putting one twice is once."""
        names = {store.write_now(lambda writer: writer.put_blob(b"lines")) for _ in range(2)}
        with store.read() as reader:
            assert [reader.blob(name) for name in names] == [b"lines"]
            assert reader.blob("0" * 64) is None

    def test_jobs_and_settings_are_replaced(self, store: Store) -> None:
        """The last state counts."""
        for result in ("a", "b"):
            state = JobState(name="sweep", started_ms=1, ended_ms=2, result=result, runs=1)
            store.write_now(partial(_put_job, state=state))
        with store.read() as reader:
            assert [job.result for job in reader.jobs()] == ["b"]
            assert reader.setting("none") == ""

    def test_a_new_incarnation_is_seen_at_once(self, store: Store) -> None:
        """It stands in the store's own property after the commit."""
        store.write_now(lambda writer: writer.put_setting("incarnation", "another"))
        assert store.incarnation == "another"
