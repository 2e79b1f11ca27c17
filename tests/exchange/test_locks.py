"""A phone that is locked from afar: it uploads and is given nothing, until somebody lifts the lock."""

from __future__ import annotations

import json

import pytest

from sync.messages import ExchangeAnswer
from tests.exchange.office import Office, code_of
from tests.exchange.phone import Phone


def lock(office: Office, phone: Phone, *, wipe: bool = False, basis: str | None = None) -> str:
    """Lock the phone as a supervisor; the operation."""
    wanted = {"reason": "left in a taxi", "wipe_after_upload": wipe, "basis": basis}
    answer = office.command("POST", f"devices/{phone.device}/lock", wanted, role="supervisor")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["operation"])


def unlock(office: Office, phone: Phone) -> str:
    """Lift the lock as a supervisor; the operation."""
    answer = office.command("POST", f"devices/{phone.device}/unlock", {"reason": "found"}, role="supervisor")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["operation"])


def exchange(office: Office, phone: Phone) -> ExchangeAnswer:
    """The phone writes something and sends it, asking for documents."""
    return office.sync(phone, phone.upload(phone.write(1)))


def state_of(office: Office, phone: Phone) -> tuple[bool, bool]:
    """What the fold says: locked, and asked to wipe."""
    office.parts.worker.catch_up()
    with office.parts.store.read() as reader:
        state = reader.aggregate(f"device:{phone.device}")
    assert state is not None
    return state["locked"], state["wipe_after_upload"]


def test_a_locked_phone_uploads_and_gets_nothing(office: Office) -> None:
    """What it wrote before and after counts; documents wait for the unlocking."""
    phone = office.phone()
    office.put_documents("A01", 3)
    assert not exchange(office, phone).lock
    lock(office, phone)
    office.put_documents("A01", 5)
    answer = exchange(office, phone)
    assert (answer.lock, answer.wipe_after_upload) == (True, False)
    assert (answer.documents, answer.cursor, answer.total) == ([], None, 0)
    assert office.acknowledged(answer.acknowledgement).seq == 2
    assert state_of(office, phone) == (True, False)
    unlock(office, phone)
    answer = exchange(office, phone)
    assert (answer.lock, answer.wipe_after_upload) == (False, False)
    assert [change.name for change in answer.documents if change.name.startswith("visit/")] == ["visit/3", "visit/4"]
    assert state_of(office, phone) == (False, False)
    with office.parts.store.read() as reader:
        assert [item.held for item in reader.operations_of(phone.device, 1, 1, 10)] == ["", "", ""]


def test_a_wipe_is_asked_for_in_every_answer_until_the_lock_is_lifted(office: Office) -> None:
    """A phone that is locked already may be asked to wipe besides; unlocking takes both back."""
    phone = office.phone()
    lock(office, phone)
    lock(office, phone, wipe=True)
    for _ in range(2):
        answer = exchange(office, phone)
        assert (answer.lock, answer.wipe_after_upload) == (True, True)
    assert state_of(office, phone) == (True, True)
    unlock(office, phone)
    answer = exchange(office, phone)
    assert (answer.lock, answer.wipe_after_upload) == (False, False)


def test_who_did_it_and_why_is_on_record(office: Office) -> None:
    """Locks and unlockings are operations by a person, each based on the one before it."""
    phone = office.phone()
    first = lock(office, phone, wipe=True)
    second = unlock(office, phone)
    with office.parts.store.read() as reader:
        found = {hash_: json.loads(item.data) for hash_, item in reader.operations([first, second]).items()}
    assert found[first]["by"] == {"user": "boss", "role": "supervisor"}
    assert found[first]["body"] | {"basis": ""} == {
        "kind": "DeviceLocked",
        "device": phone.device,
        "wipe_after_upload": True,
        "reason": "left in a taxi",
        "basis": "",
    }
    assert found[second]["body"] == {
        "kind": "DeviceUnlocked",
        "device": phone.device,
        "reason": "found",
        "basis": first,
    }


@pytest.mark.parametrize("role", ["cashier", "compliance", "auditor", "creditor"])
def test_others_may_not(office: Office, role: str) -> None:
    """Neither lock nor unlock is anybody's but a supervisor's or an administrator's."""
    phone = office.phone()
    for path in ("lock", "unlock"):
        answer = office.command("POST", f"devices/{phone.device}/{path}", {"reason": "x"}, role=role)
        assert code_of(answer) == "ROLE-MISSING"


def test_what_makes_no_sense_is_refused(office: Office) -> None:
    """Nobody's phone, the same lock again, none to lift, no reason, and a person who saw an older state."""
    phone = office.phone()

    def post(path: str, body: object) -> str:
        return code_of(office.command("POST", f"devices/{path}", body))

    assert post("nobody/lock", {"reason": "x"}) == "DEVICE-UNKNOWN"
    assert post(f"{phone.device}/unlock", {"reason": "x"}) == "STATE-FORBIDS"
    assert post(f"{phone.device}/lock", {"reason": "  "}) == "ARGUMENT-WRONG"
    assert post(f"{phone.device}/lock", {"reason": "x" * 201}) == "ARGUMENT-WRONG"
    assert post(f"{phone.device}/lock", {"reason": "x", "basis": "0" * 64}) == "STATE-STALE"
    (line,) = office.command("GET", "devices").json()
    lock(office, phone, basis=line["basis"])
    assert post(f"{phone.device}/lock", {"reason": "x"}) == "STATE-FORBIDS"
    assert post(f"{phone.device}/unlock", {"reason": "x", "basis": line["basis"]}) == "STATE-STALE"
    (line,) = office.command("GET", "devices").json()
    assert (line["locked_ms"] > 0, line["wipe_after_upload"]) == (True, False)


def test_a_revoked_phone_is_neither_locked_nor_unlocked(office: Office) -> None:
    """Revocation locks and wipes for good, also a phone that was locked before."""
    phone = office.phone()
    lock(office, phone)
    office.command("POST", f"devices/{phone.device}/revoke", {"reason": "gone"})
    for path in ("lock", "unlock"):
        assert code_of(office.command("POST", f"devices/{phone.device}/{path}", {"reason": "x"})) == "STATE-FORBIDS"
    answer = exchange(office, phone)
    assert (answer.lock, answer.wipe_after_upload) == (True, True)


def test_a_locked_phone_fetches_no_side_record(office: Office) -> None:
    """It may still upload one."""
    phone = office.phone()
    lock(office, phone)
    answer = office.client.get(f"/api/v1/side-records/{'0' * 64}", headers=phone.side_record_headers("GET", "0" * 64))
    assert code_of(answer) == "DEVICE-LOCKED"


def test_a_lock_outlives_a_restart(office: Office) -> None:
    """The next process still tells the phone."""
    phone = office.phone()
    lock(office, phone, wipe=True)
    again = office.again()
    try:
        answer = exchange(again, phone)
        assert (answer.lock, answer.wipe_after_upload) == (True, True)
    finally:
        again.close()
