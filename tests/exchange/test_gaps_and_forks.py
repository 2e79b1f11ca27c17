"""Gaps are asked for, forks go on in a new epoch, and an office that was set back asks for everything again."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec

from sync.messages import Cursor, EpochGrant, Resend
from sync.operations.envelope import GENESIS
from tests.exchange.office import Office, code_of
from tests.exchange.phone import Phone


# -- gaps
def test_what_lies_behind_a_gap_is_stored_but_not_acknowledged(office: Office) -> None:
    """The answer says from where to send again; when the gap is filled everything is acknowledged."""
    phone = office.phone()
    phone.write(9)
    office.sync(phone, phone.upload(phone.entries[:3]))
    answer = office.sync(phone, phone.upload(phone.entries[6:]))
    found = office.acknowledged(answer.acknowledgement)
    assert (found.seq, found.hash) == (3, phone.entries[2].hash)
    assert answer.resend_from == Resend(epoch=1, seq=4)
    assert len(office.stored(phone)) == 6
    answer = office.sync(phone, phone.upload(phone.entries[3:]))
    assert office.acknowledged(answer.acknowledgement).seq == 9
    assert answer.resend_from is None
    assert office.stored(phone) == [entry.data for entry in phone.entries]


def test_a_head_that_the_office_lacks_is_asked_for(office: Office) -> None:
    """A phone that asks for documents with operations unsent is told what is missing."""
    phone = office.phone()
    office.sync(phone, phone.upload(phone.write(2)))
    phone.write(1)
    answer = office.sync(phone, phone.request())
    assert office.acknowledged(answer.acknowledgement).seq == 2
    assert answer.resend_from == Resend(epoch=1, seq=3)


def test_an_earlier_epoch_that_is_incomplete_is_asked_for(office: Office) -> None:
    """A new epoch continues a head that must be held too."""
    phone = office.phone()
    phone.write(4)
    office.sync(phone, phone.upload(phone.entries[:2]))
    grant = _epoch(office, phone, "r1")
    phone.go_on_in(grant.epoch, grant.continues)
    answer = office.sync(phone, phone.upload(phone.write(1)))
    assert answer.resend_from == Resend(epoch=1, seq=3)
    office.sync(phone, phone.upload(phone.entries[2:4]))
    answer = office.sync(phone, phone.upload(phone.entries[4:]))
    assert answer.resend_from is None


# -- epochs
def _epoch(office: Office, phone: Phone, request: str) -> EpochGrant:
    response = office.client.post("/api/v1/epoch", content=phone.epoch_request(request))
    assert response.status_code == 200, response.text
    return msgspec.json.decode(response.content, type=EpochGrant)


def test_the_same_request_gets_the_same_epoch_and_another_one_another(office: Office) -> None:
    """Never the same number twice, whatever was lost on the way."""
    phone = office.phone()
    office.sync(phone, phone.upload(phone.write(2)))
    first = _epoch(office, phone, "r1")
    assert (first.epoch, first.continues) == (2, phone.head.hash)
    assert _epoch(office, phone, "r1") == first
    assert _epoch(office, phone, "r2").epoch == 3
    phone.write(1)
    assert _epoch(office, phone, "r1").epoch == 4


def test_an_epoch_is_given_only_to_the_device_itself(office: Office) -> None:
    """SIGNATURE-WRONG, DEVICE-UNKNOWN and EXCHANGE-MALFORMED."""
    phone = office.phone()
    thief = phone.twin()
    thief.private = Phone(9).private
    post = office.client.post
    assert code_of(post("/api/v1/epoch", content=thief.epoch_request("r"))) == "SIGNATURE-WRONG"
    assert code_of(post("/api/v1/epoch", content=Phone(9, "f" * 16).epoch_request("r"))) == "DEVICE-UNKNOWN"
    assert code_of(post("/api/v1/epoch", content=phone.epoch_request(""))) == "EXCHANGE-MALFORMED"
    assert code_of(post("/api/v1/epoch", content=b"{}")) == "EXCHANGE-MALFORMED"


def test_an_epoch_of_a_journal_that_never_began(office: Office) -> None:
    """It continues nothing."""
    assert _epoch(office, office.phone(), "r1").continues == GENESIS


# -- forks
def test_the_branch_that_comes_second_goes_on_in_a_new_epoch(office: Office) -> None:
    """All branches are kept; the phone that came first is not bothered."""
    phone = office.phone()
    office.sync(phone, phone.upload(phone.write(3)))
    clone = phone.twin()
    clone.mono_ms += 5
    office.sync(phone, phone.upload(phone.write(2)))
    answer = office.sync(clone, clone.upload(clone.write(1)))
    assert answer.epoch is not None
    assert (answer.epoch.epoch, answer.epoch.continues, answer.epoch.reason) == (2, clone.head.hash, "fork")
    assert office.acknowledged(answer.acknowledgement).hash == clone.head.hash
    assert len(office.stored(phone)) == 6
    clone.go_on_in(answer.epoch.epoch, answer.epoch.continues)
    answer = office.sync(clone, clone.upload(clone.write(1)))
    assert (answer.epoch, answer.resend_from) == (None, None)
    assert office.acknowledged(answer.acknowledgement).epoch == 2
    assert office.sync(phone, phone.upload(phone.write(1))).epoch is None


def test_a_fork_whose_answer_was_lost_is_told_again(office: Office) -> None:
    """A branch that wrote on in the old epoch is given a new one; one whose head stayed is given the same again."""
    phone = office.phone()
    office.sync(phone, phone.upload(phone.write(3)))
    clone = phone.twin()
    clone.mono_ms += 5
    office.sync(phone, phone.upload(phone.write(1)))
    given = [office.sync(clone, clone.upload(clone.write(1)), honour=False).epoch for _ in range(3)]
    assert [grant.epoch for grant in given if grant] == [2, 3, 4]
    again = office.sync(clone, clone.upload(clone.entries[-1:])).epoch
    assert again is not None
    assert again.epoch == 4


def test_a_phone_restored_from_a_backup(office: Office) -> None:
    """It writes again from an earlier number: both are kept and it goes on in a new epoch."""
    phone = office.phone()
    office.sync(phone, phone.upload(phone.write(3)))
    backup = phone.twin()
    office.sync(phone, phone.upload(phone.write(5)))
    backup.mono_ms += 7
    answer = office.sync(backup, backup.upload(backup.write(2)))
    assert answer.epoch is not None
    with office.parts.store.read() as reader:
        summary = reader.summary(phone.device, 1)
    assert summary.forked
    assert {end.seq for end in summary.ends} == {5, 8}


# -- an office that was set back
def _set_back(office: Office, copy: Path) -> Office:
    """The database as it was when `copy` was made."""
    office.close()
    for path in office.folder.glob("doorstep.db*"):
        path.unlink()
    shutil.copy(copy, office.folder / "doorstep.db")
    return Office(office.folder)


def _backup(office: Office, copy: Path) -> Office:
    office = office.again()
    office.close()
    shutil.copy(office.folder / "doorstep.db", copy)
    return Office(office.folder)


def test_an_office_that_was_set_back_asks_again_and_gives_no_documents(tmp_path: Path) -> None:
    """An acknowledgement that it once signed and does not know proves it; afterwards the whole pack is given anew."""
    office = Office(tmp_path / "data")
    phone = office.phone()
    office.put_documents("A01", 2)
    office.sync(phone, phone.upload(phone.write(2)))
    office = _backup(office, tmp_path / "copy.db")
    office.sync(phone, phone.upload(phone.write(3)))
    office.put_documents("A01", 4)
    office.sync(phone, phone.request())
    before = office.parts.store.incarnation
    kept = phone.acknowledged
    office = _set_back(office, tmp_path / "copy.db")
    try:
        assert office.parts.store.incarnation == before
        answer = office.sync(phone, phone.upload(phone.write(1)), honour=False)
        assert answer.resend_from == Resend(epoch=1, seq=3)
        assert (answer.documents, answer.cursor) == ([], None)
        assert office.acknowledged(answer.acknowledgement).seq == 2
        assert office.parts.store.incarnation != before
        assert office.client.get("/readyz").json()["rolled_back_ms"] > 0
        phone.acknowledged = kept
        answer = office.sync(phone, phone.upload(phone.entries[2:]))
        assert office.acknowledged(answer.acknowledgement).seq == 6
        assert answer.resend_from is None
        # It has offered everything again; documents still wait until somebody looked at who is revoked.
        assert (answer.documents, answer.cursor, answer.documents_wait) == ([], None, True)
        assert office.command("POST", "restore/revocations", {"revoked": 0}).status_code == 200
        answer = office.sync(phone, phone.request())
        assert (len(answer.documents), answer.documents_wait) == (2, False)
        assert phone.cursor == Cursor(incarnation=office.parts.store.incarnation, n=2)
        assert office.stored(phone) == [entry.data for entry in phone.entries]
    finally:
        office.close()


def test_an_epoch_given_in_the_lost_time_is_taken_back_in(tmp_path: Path) -> None:
    """Facts are never lost: the phone's proof that we knew more lets its newer epoch in."""
    office = Office(tmp_path / "data")
    phone = office.phone()
    office.sync(phone, phone.upload(phone.write(2)))
    office = _backup(office, tmp_path / "copy.db")
    grant = _epoch(office, phone, "r1")
    phone.go_on_in(grant.epoch, grant.continues)
    office.sync(phone, phone.upload(phone.write(1)))
    office = _set_back(office, tmp_path / "copy.db")
    try:
        answer = office.sync(phone, phone.upload(phone.write(1)), honour=False)
        assert answer.resend_from == Resend(epoch=2, seq=1)
        answer = office.sync(phone, phone.upload(phone.entries[2:]))
        assert office.acknowledged(answer.acknowledgement).seq == 2
        assert len(office.stored(phone)) == 4
        assert _epoch(office, phone, "r9").epoch == 3
    finally:
        office.close()


def test_an_acknowledgement_that_we_never_signed_proves_nothing(office: Office) -> None:
    """A forged one neither hides documents nor changes the incarnation."""
    phone, other = office.phone(), office.phone(2, "A02")
    office.put_documents("A01", 1)
    office.sync(other, other.upload(other.write(1)))
    before = office.parts.store.incarnation
    signed = office.sync(phone, phone.upload(phone.write(1)), honour=False).acknowledgement
    for forged in (
        msgspec.structs.replace(signed, payload=msgspec.Raw(bytes(signed.payload).replace(b'"seq":1', b'"seq":9'))),
        msgspec.structs.replace(signed, key="f" * 16),
        msgspec.structs.replace(signed, signature="x"),
        other.acknowledged,
    ):
        phone.acknowledged = forged
        assert len(office.sync(phone, phone.request(), honour=False).documents) == 1
    assert office.parts.store.incarnation == before
