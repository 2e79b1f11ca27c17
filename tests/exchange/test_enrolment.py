"""One-time codes, enrolment and revocation."""

from __future__ import annotations

import json

import pytest

from server.limits import ENROL_CODE_LIFE_MS
from server.services.devices import format_code, parse_code
from sync.errors import NotAllowed
from sync.messages import EnrolRequest
from sync.signing import TAG_ENROLMENT, TAG_EPOCH
from tests.exchange.office import Office, code_of
from tests.exchange.phone import NOON_MS, Phone


def test_a_code_makes_a_device_for_its_agent(office: Office) -> None:
    """The answer carries id, agent, first epoch and the office's public keys; both operations are journaled."""
    office.register("A01", "B7")
    phone = Phone(1)
    made = office.enrol(phone, office.code("A01"))
    assert (made.agent, made.agent_name, made.branch, made.epoch) == ("A01", "Agent A01", "B7", 1)
    assert (len(made.device), made.server_ms, made.public_url) == (16, NOON_MS, "https://office.example")
    assert [key.use for key in (made.office_key, made.identity_key, made.recovery_key)] == [
        "acknowledgement",
        "identity",
        "recovery",
    ]
    with office.parts.store.read() as reader:
        device = reader.device(made.device)
        assert reader.registry()[made.device].agent == "A01"
        assert [epoch.reason for epoch in reader.epochs(made.device)] == ["enrolled"]
        kinds = [json.loads(line)["body"]["kind"] for line in reader.export()]
    assert device is not None
    assert (device.public_key, device.model) == (phone.public_key, "test")
    assert kinds == ["OfficeOpened", "AgentRegistered", "DeviceEnrolled", "EpochOpened"]


def test_a_code_is_typed_as_it_is_read(office: Office) -> None:
    """Small letters, spaces and the digits that look like letters are forgiven; the QR text carries the address,
    and the app's address stands beside it."""
    office.register("A01")
    answer = office.command("POST", "enrol-codes", {"agent": "A01"}).json()
    assert answer["qr"] == f"doorstep:ENROL?url=https%3A%2F%2Foffice.example&code={answer['code']}"
    assert answer["app"] == "https://office.example/app/"
    assert answer["expires_ms"] == NOON_MS + ENROL_CODE_LIFE_MS
    typed = answer["code"].lower().replace("-", " ").replace("o", "0").replace("i", "1").replace("b", "8")
    assert office.enrol(Phone(1), typed).agent == "A01"


def test_codes_are_wrong_used_or_expired(office: Office) -> None:
    """Each is told apart, and none makes a device."""
    office.register("A01")

    def tried(number: int, code: str) -> str:
        return code_of(office.client.post("/api/v1/enrol", content=Phone(number).enrol_request(code)))

    used, late = office.code("A01"), office.code("A01")
    office.enrol(Phone(1), used)
    assert tried(2, used) == "ENROL-CODE-USED"
    assert tried(2, format_code(b"w" * 16)) == "ENROL-CODE-WRONG"
    assert tried(2, "ABCD") == "ENROL-CODE-WRONG"
    office.move_clock(ENROL_CODE_LIFE_MS)
    assert tried(2, late) == "ENROL-CODE-EXPIRED"
    with office.parts.store.read() as reader:
        assert len([device for device in reader.devices() if device.agent]) == 1


def test_an_enrolment_whose_answer_was_lost_is_repeated(office: Office) -> None:
    """The same key with the same code finds the same device."""
    office.register("A01")
    phone, code = Phone(1), office.code("A01")
    assert office.enrol(phone, code).device == office.enrol(phone, code).device


def test_enrolment_is_proven_by_the_new_key_itself(office: Office) -> None:
    """A signature by another key, for another purpose, or a key that is no point, is refused; the code stays good."""
    office.register("A01")
    code, phone, other = office.code("A01"), Phone(1), Phone(2)
    request = EnrolRequest(code=code, public_key=other.public_key)
    nonsense = EnrolRequest(code=code, public_key="A" * 87)

    def refused(body: bytes) -> str:
        return code_of(office.client.post("/api/v1/enrol", content=body))

    assert refused(phone.signed(TAG_ENROLMENT, request)) == "SIGNATURE-WRONG"
    assert refused(other.signed(TAG_EPOCH, request)) == "SIGNATURE-WRONG"
    assert refused(phone.signed(TAG_ENROLMENT, nonsense)) == "EXCHANGE-MALFORMED"
    assert refused(b"[]") == "EXCHANGE-MALFORMED"
    assert office.enrol(other, code).agent == "A01"


def test_the_database_keeps_no_code(office: Office) -> None:
    """Only its hash: who reads the database cannot enrol."""
    office.register("A01")
    code = office.code("A01")
    stored = b"".join(path.read_bytes() for path in office.folder.glob("doorstep.db*"))
    assert parse_code(code) not in stored
    assert code.encode() not in stored


@pytest.mark.parametrize("text", ["", "!!!!", "A" * 25, "A" * 40, "中文"])
def test_what_is_no_code_is_said_to_be_wrong(text: str) -> None:
    """ENROL-CODE-WRONG, whatever was typed."""
    with pytest.raises(NotAllowed, match="ENROL-CODE-WRONG"):
        parse_code(text)


def test_a_code_needs_an_agent_and_the_token(office: Office) -> None:
    """NOT-FOUND for an unknown agent; NOT-SIGNED-IN without the data folder's token."""
    assert code_of(office.command("POST", "enrol-codes", {"agent": "A99"})) == "NOT-FOUND"
    assert code_of(office.command("POST", "enrol-codes", {"agent": 7})) == "ARGUMENT-WRONG"
    for headers in ({}, {"authorization": "Bearer wrong"}):
        answer = office.client.post("/api/v1/office/enrol-codes", content=b'{"agent":"A01"}', headers=headers)
        assert answer.status_code in {401, 403}
        assert code_of(answer) in {"NOT-SIGNED-IN", "ROLE-MISSING"}


# -- revocation
def _revoke(office: Office, phone: Phone) -> None:
    answer = office.command("POST", f"devices/{phone.device}/revoke", {"reason": "lost"}, role="supervisor")
    assert answer.status_code == 200, answer.text


def test_a_revoked_phone_uploads_and_no_longer_downloads(office: Office) -> None:
    """It is locked and wiped after its upload; what came late is kept, held, and without effect."""
    phone = office.phone()
    office.put_documents("A01", 3)
    before = phone.write(2)
    office.sync(phone, phone.upload(before, pull=False))
    _revoke(office, phone)
    late = phone.write(1)
    answer = office.sync(phone, phone.upload(late))
    assert answer.lock
    assert answer.wipe_after_upload
    assert (answer.documents, answer.cursor) == ([], None)
    assert office.acknowledged(answer.acknowledgement).seq == 3
    office.parts.worker.catch_up()
    with office.parts.store.read() as reader:
        held = {item.hash: item.held for item in reader.operations_of(phone.device, 1, 1, 10)}
    assert [held[entry.hash] for entry in (*before, *late)] == ["", "", "DEVICE-REVOKED"]


def test_a_revocation_names_every_head_that_was_held(office: Office) -> None:
    """Branches of a fork included; a second revocation is refused, and so is one of nobody's phone."""
    phone = office.phone()
    office.sync(phone, phone.upload(phone.write(2)))
    clone = phone.twin()
    clone.mono_ms += 5
    office.sync(phone, phone.upload(phone.write(1)))
    office.sync(clone, clone.upload(clone.write(1)))
    _revoke(office, phone)
    with office.parts.store.read() as reader:
        bodies = [json.loads(line) for line in reader.export()]
    (revoked,) = [item for item in bodies if item["body"]["kind"] == "DeviceRevoked"]
    assert {head["hash"] for head in revoked["body"]["heads"]} == {phone.head.hash, clone.head.hash}
    assert revoked["by"] == {"user": "boss", "role": "supervisor"}
    again = office.command("POST", f"devices/{phone.device}/revoke", {"reason": ""}, role="supervisor")
    assert code_of(again) == "STATE-FORBIDS"
    assert code_of(office.command("POST", "devices/nobody/revoke", {"reason": ""})) == "DEVICE-UNKNOWN"
    assert code_of(office.command("POST", f"devices/{phone.device}/revoke", {}, role="emperor")) == "ROLE-MISSING"


def test_keys_are_published_with_their_validity(office: Office) -> None:
    """Office keys first, then phones by pages; a revoked phone's key says so and stays published."""
    phones = [office.phone(number, f"A0{number}") for number in range(1, 4)]
    _revoke(office, phones[0])
    get = office.client.get
    page = get("/api/v1/keys?limit=2").json()["keys"]
    assert [key["use"] for key in page] == ["acknowledgement", "identity", "recovery", "receipt", "receipt"]
    rest = get(f"/api/v1/keys?after={page[-1]['key']}").json()["keys"]
    assert sorted(key["key"] for key in (*page[3:], *rest)) == sorted(phone.device for phone in phones)
    one = get(f"/api/v1/keys/{phones[0].device}").json()
    assert (one["revoked"], one["not_before_ms"], one["not_after_ms"]) == (True, NOON_MS, NOON_MS)
    assert one["public_key"] == phones[0].public_key
    assert code_of(get("/api/v1/keys/unknown")) == "NOT-FOUND"
    assert code_of(get("/api/v1/keys?limit=0")) == "ARGUMENT-WRONG"
    with office.parts.store.read() as reader:
        head = reader.office_head()
    assert head is not None
    assert code_of(get(f"/api/v1/keys/{head.device}")) == "NOT-FOUND"
