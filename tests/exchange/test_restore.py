"""What phones get from an office that was set back: their records are taken, documents wait for its people."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.office import Office, code_of
from tests.exchange.phone import NOON_MS, Phone


class Backup:
    """An office that can be set back to the copies that were made of it."""

    def __init__(self, folder: Path) -> None:
        self.office = Office(folder / "data")
        self._copies = folder

    def take(self, name: str) -> None:
        """Copy the database while nothing is written."""
        self.office.close()
        shutil.copy(self.office.folder / "doorstep.db", self._copies / name)
        self.office = Office(self.office.folder)

    def put(self, name: str) -> Office:
        """The copy takes the database's place."""
        self.office.close()
        for path in self.office.folder.glob("doorstep.db*"):
            path.unlink()
        shutil.copy(self._copies / name, self.office.folder / "doorstep.db")
        self.office = Office(self.office.folder)
        return self.office


@pytest.fixture
def backup(tmp_path: Path) -> Iterator[Backup]:
    """An office with room for copies."""
    found = Backup(tmp_path)
    yield found
    found.office.close()


def ready(office: Office) -> dict[str, Any]:
    """What the office says of its own state."""
    found: dict[str, Any] = office.client.get("/readyz").json()
    return found


def confirm(office: Office, *, books: bool = True) -> None:
    """Revocations by one person, and what is missing by two."""
    revoked = len(office.command("GET", "restore").json()["revoked"])
    answer = office.command("POST", "restore/revocations", {"revoked": revoked})
    assert answer.status_code == 200, answer.text
    if books:
        found = {"missing": "an hour", "second": {"user": "lan"}}
        answer = office.command("POST", "restore/confirmations", found)
        assert answer.status_code == 200, answer.text


def documents(office: Office, phone: Phone) -> tuple[int, bool]:
    """How many documents an exchange brings, and whether the answer says that they wait."""
    answer = office.sync(phone, phone.request(), honour=False)
    assert answer.acknowledgement is not None
    return len(answer.documents), answer.documents_wait


def test_one_phones_proof_makes_documents_wait_for_all(backup: Backup) -> None:
    """Another phone, perhaps one whose revocation was forgotten, gets none either; its records are taken."""
    office = backup.office
    phone, other = office.phone(), office.phone(2, "A02")
    office.put_documents("A01", 2)
    office.put_documents("A02", 1)
    office.sync(phone, phone.upload(phone.write(1)))
    backup.take("early")
    backup.office.sync(phone, phone.upload(phone.write(2)))
    office = backup.put("early")
    assert documents(office, other) == (1, False)
    assert ready(office)["books_wait"] is False
    office.sync(phone, phone.upload(phone.entries), honour=False)
    assert (ready(office)["downloads_wait"], ready(office)["books_wait"]) == (True, True)
    assert ready(office)["rolled_back_ms"] == NOON_MS
    assert documents(office, other) == (0, True)
    answer = office.sync(other, other.upload(other.write(1)), honour=False)
    assert office.acknowledged(answer.acknowledgement).seq == 1
    confirm(office, books=False)
    assert documents(office, other)[1] is False
    assert (ready(office)["downloads_wait"], ready(office)["books_wait"]) == (False, True)
    confirm_books = office.command("POST", "restore/confirmations", {"missing": "x", "second": {"user": "lan"}})
    assert confirm_books.status_code == 200
    assert ready(office)["books_wait"] is False


def test_a_side_record_waits_like_a_document(backup: Backup) -> None:
    """A stolen phone whose revocation was forgotten fetches no photo."""
    office = backup.office
    phone = office.phone()
    assert office.command("POST", "restore/rollbacks", {"reason": "disk"}).status_code == 200
    path = f"/api/v1/side-records/{'a' * 64}"
    refused = office.client.get(path, headers=phone.side_record_headers("GET", "a" * 64))
    assert (refused.status_code, code_of(refused)) == (409, "RESTORE-UNCONFIRMED")
    confirm(office, books=False)
    unknown = office.client.get(path, headers=phone.side_record_headers("GET", "a" * 64))
    assert code_of(unknown) == "SIDE-RECORD-UNKNOWN"


def test_a_person_can_say_it_before_any_phone_does(backup: Backup) -> None:
    """Documents wait at once, and afterwards every phone fetches its whole pack anew."""
    office = backup.office
    phone = office.phone()
    office.put_documents("A01", 3)
    office.sync(phone, phone.request())
    before = office.parts.store.incarnation
    answer = office.command("POST", "restore/rollbacks", {"reason": "the disk died, backup of 11:00"})
    assert answer.status_code == 200, answer.text
    assert office.parts.store.incarnation != before
    assert documents(office, phone) == (0, True)
    confirm(office)
    assert documents(office, phone) == (3, False)


def test_what_was_lost_before_a_confirmation_is_not_noticed_twice(backup: Backup) -> None:
    """A phone that was away proves nothing new: its acknowledgement is of the time that was accounted for."""
    office = backup.office
    phone, away = office.phone(), office.phone(2, "A02")
    office.sync(phone, phone.upload(phone.write(1)))
    office.sync(away, away.upload(away.write(1)))
    backup.take("early")
    backup.office.sync(phone, phone.upload(phone.write(1)))
    backup.office.sync(away, away.upload(away.write(2)))
    office = backup.put("early")
    office.move_clock(60_000)
    office.sync(phone, phone.upload(phone.entries), honour=False)
    confirm(office)
    office.move_clock(60_000)
    answer = office.sync(away, away.upload(away.write(1)), honour=False)
    assert answer.resend_from is not None
    assert (answer.documents, answer.documents_wait) == ([], False)
    assert ready(office)["books_wait"] is False
    office.sync(away, away.upload(away.entries))
    assert len(office.stored(away)) == 4


def test_a_second_rollback_is_noticed_again(backup: Backup) -> None:
    """What was acknowledged after the confirmation and is not known proves another one, though it was confirmed."""
    office = backup.office
    phone = office.phone()
    office.sync(phone, phone.upload(phone.write(1)))
    backup.take("early")
    backup.office.sync(phone, phone.upload(phone.write(1)))
    office = backup.put("early")
    office.move_clock(60_000)
    office.sync(phone, phone.upload(phone.entries))
    confirm(office)
    backup.take("late")
    office = backup.office
    office.move_clock(120_000)
    office.sync(phone, phone.upload(phone.write(2)))
    assert ready(office)["books_wait"] is False
    office = backup.put("late")
    office.move_clock(180_000)
    office.sync(phone, phone.request(), honour=False)
    assert (ready(office)["downloads_wait"], ready(office)["books_wait"]) == (True, True)
    assert ready(office)["rolled_back_ms"] == NOON_MS + 180_000
    confirm(office)
    assert ready(office)["books_wait"] is False


def test_the_same_proof_again_says_nothing_new(backup: Backup) -> None:
    """While it waits, each phone's proof leaves one notice, and an epoch of the lost time is let in all the same."""
    office = backup.office
    phone = office.phone()
    office.sync(phone, phone.upload(phone.write(1)))
    backup.take("early")
    backup.office.sync(phone, phone.upload(phone.write(1)))
    office = backup.put("early")
    for _ in range(3):
        office.sync(phone, phone.request(), honour=False)
    assert len(office.command("GET", "restore").json()["rollbacks"]) == 1


def test_a_clock_that_runs_back_hides_no_notice(backup: Backup) -> None:
    """A declaration after a confirmation counts, though the office's clock was set back in between."""
    office = backup.office
    office.phone()
    assert office.command("POST", "restore/rollbacks", {"reason": "one"}).status_code == 200
    office.move_clock(3_600_000)
    confirm(office)
    office.move_clock(-3_600_000)
    assert office.command("POST", "restore/rollbacks", {"reason": "two"}).status_code == 200
    assert (ready(office)["downloads_wait"], ready(office)["books_wait"]) == (True, True)
    confirm(office)
    assert (ready(office)["downloads_wait"], ready(office)["books_wait"]) == (False, False)


def test_confirmations_are_refused_out_of_turn(backup: Backup) -> None:
    """Where nothing waits, before revocations, with another number of revoked phones, by one person or another role."""
    office = backup.office
    phone = office.phone()
    found = {"missing": "x", "second": {"user": "lan"}}

    def code(path: str, body: object, role: str = "admin") -> str:
        return code_of(office.command("POST", f"restore/{path}", body, role))

    assert code("revocations", {"revoked": 0}) == "STATE-FORBIDS"
    assert code("confirmations", found) == "STATE-FORBIDS"
    assert code("rollbacks", {"reason": " "}) == "ARGUMENT-WRONG"
    assert code("rollbacks", {"reason": "x"}, "cashier") == "ROLE-MISSING"
    office.command("POST", "restore/rollbacks", {"reason": "x"})
    assert code("confirmations", found) == "STATE-FORBIDS"
    office.command("POST", f"devices/{phone.device}/revoke", {"reason": "stolen"})
    assert office.command("GET", "restore").json()["revoked"] == [phone.device]
    assert code("revocations", {"revoked": 0}) == "STATE-STALE"
    assert code("revocations", {"revoked": 1, "basis": "0" * 64}) == "STATE-STALE"
    assert code("revocations", {"revoked": 1}, "cashier") == "ROLE-MISSING"
    assert office.command("POST", "restore/revocations", {"revoked": 1}).status_code == 200
    assert code("confirmations", {"missing": "x"}) == "TWO-PERSONS"
    assert code("confirmations", {"missing": "x", "second": {"user": "boss"}}) == "TWO-PERSONS"
    assert code("confirmations", {"missing": "", "second": {"user": "lan"}}) == "ARGUMENT-WRONG"
    assert code("confirmations", found | {"batches": {"nobody": 1}}) == "ARGUMENT-WRONG"
    assert code("confirmations", found, "cashier") == "ROLE-MISSING"
    assert office.command("POST", "restore/confirmations", found).status_code == 200
    assert code("confirmations", found) == "STATE-FORBIDS"
