"""The office's answer to a forgotten PIN: to the phone's own agent, by somebody who may, and on record."""

from __future__ import annotations

import json

import pytest

from server.keys import SigningKey
from sync.encoding import b64, unb64
from sync.recovery import RecoveryRequest, make_recovery_slot, open_recovery_answer
from sync.signing import load_public_key, public_bytes
from tests.exchange.office import Office, code_of
from tests.exchange.phone import Phone, private_key

DATABASE_KEY = bytes(range(32))
ONE_TIME = private_key(71)


def request_of(office: Office, phone: Phone, *, slot_of: str = "") -> str:
    """What the phone shows: its database key sealed to the office's recovery key, for `slot_of` or itself."""
    keys = office.client.get("/api/v1/keys").json()["keys"]
    recovery = load_public_key(unb64(next(key["public_key"] for key in keys if key["use"] == "recovery"), 65))
    slot = make_recovery_slot(DATABASE_KEY, slot_of or phone.device, recovery, private_key(72))
    asked = RecoveryRequest(
        device=phone.device, one_time_public=b64(public_bytes(ONE_TIME.public_key())), recovery_slot=b64(slot)
    )
    return json.dumps({name: getattr(asked, name) for name in asked.__struct_fields__})


def ask(office: Office, request: str, *, role: str = "supervisor", identified: str = "call_back") -> str:
    """The code of a refusal."""
    wanted = {"request": request, "identified": identified}
    return code_of(office.command("POST", "recovery", wanted, role=role))


def test_the_answer_opens_with_the_one_time_key_alone(office: Office) -> None:
    """It is text that the phone reads; the office's operation names the request, never the key."""
    phone = office.phone()
    wanted = {"request": request_of(office, phone), "identified": "call_back"}
    answer = office.command("POST", "recovery", wanted, role="supervisor").json()
    assert open_recovery_answer(answer["answer"].encode(), phone.device, ONE_TIME) == DATABASE_KEY
    assert (answer["device"], answer["agent"], answer["agent_name"]) == (phone.device, "A01", "Agent A01")
    with office.parts.store.read() as reader:
        stored = reader.operation(answer["operation"])
    assert stored is not None
    body = json.loads(stored.data)["body"]
    assert (body["kind"], body["device"], body["identified"]) == ("RecoveryAnswered", phone.device, "call_back")
    office.parts.worker.catch_up()
    with office.parts.store.read() as reader:
        state = reader.aggregate(f"device:{phone.device}")
    assert state is not None
    assert state["recoveries"] == 1


def test_a_phone_enrolled_under_an_earlier_recovery_key_is_answered(office: Office) -> None:
    """The branch got a new recovery key meanwhile; the earlier one still opens what was sealed to it."""
    phone = office.phone()
    request = request_of(office, phone)
    office.parts.keys.recovery.append(SigningKey("0" * 16, 1, private_key(73)))
    answer = office.command("POST", "recovery", {"request": request, "identified": "in_person"}).json()
    assert open_recovery_answer(answer["answer"].encode(), phone.device, ONE_TIME) == DATABASE_KEY


@pytest.mark.parametrize("role", ["cashier", "compliance", "auditor", "creditor"])
def test_others_may_not_answer(office: Office, role: str) -> None:
    """Only a supervisor or an administrator hands a database's key out."""
    assert ask(office, request_of(office, office.phone()), role=role) == "ROLE-MISSING"


@pytest.mark.parametrize("path", ["lock", "revoke"])
def test_a_phone_that_may_be_in_other_hands_gets_no_answer(office: Office, path: str) -> None:
    """Locked or revoked, whoever holds it gets no key."""
    phone = office.phone()
    request = request_of(office, phone)
    assert office.command("POST", f"devices/{phone.device}/{path}", {"reason": "lost"}).status_code == 200
    assert ask(office, request) == "STATE-FORBIDS"


def test_requests_that_do_not_fit_are_refused(office: Office) -> None:
    """No request at all, nobody's phone, another phone's slot, and an unknown way of identifying."""
    phone, other = office.phone(), office.phone(2, "A02")
    request = request_of(office, phone)
    assert ask(office, "hello") == "RECOVERY-WRONG"
    assert ask(office, "x" * 5_000) == "RECOVERY-WRONG"
    assert ask(office, request.replace(phone.device, "f" * 16)) == "DEVICE-UNKNOWN"
    assert ask(office, request_of(office, phone, slot_of=other.device)) == "RECOVERY-WRONG"
    assert ask(office, request, identified="by_letter") == "ARGUMENT-WRONG"
