"""Large side records travel apart, each request proven by the phone's signature."""

from __future__ import annotations

from sync.limits import SIDE_RECORD_BYTES_MAX
from sync.side_records import make_side_record
from tests.exchange.office import Office, code_of
from tests.exchange.phone import Phone

PHOTO = make_side_record(b"\x89PNG" + b"p" * 300_000, b"s" * 16)
PATH = f"/api/v1/side-records/{PHOTO.sha256}"


def test_a_photo_comes_back_as_it_was_sent(office: Office) -> None:
    """Sending it twice is once, and it is no longer missed."""
    phone = office.phone()
    office.parts.store.write_now(lambda writer: writer.want_side_records(phone.device, [PHOTO.sha256]))
    for _ in range(2):
        headers = phone.side_record_headers("PUT", PHOTO.sha256)
        assert office.client.put(PATH, content=PHOTO.data, headers=headers).status_code == 204
    answer = office.client.get(PATH, headers=phone.side_record_headers("GET", PHOTO.sha256))
    assert answer.content == PHOTO.data
    assert answer.headers["cache-control"] == "no-store"
    assert office.sync(phone, phone.request()).missing_side_records == []


def test_bytes_under_another_name_are_refused(office: Office) -> None:
    """SIDE-RECORD-MISMATCH, for other bytes and for a name that is no hash."""
    phone = office.phone()
    headers = phone.side_record_headers("PUT", PHOTO.sha256)
    assert code_of(office.client.put(PATH, content=PHOTO.data[:-1], headers=headers)) == "SIDE-RECORD-MISMATCH"
    bad = "/api/v1/side-records/" + "Z" * 64
    assert code_of(office.client.put(bad, content=b"x", headers=headers)) == "SIDE-RECORD-MISMATCH"


def test_a_record_beyond_the_limit_is_refused(office: Office) -> None:
    """EXCHANGE-TOO-LARGE before it is looked at."""
    phone = office.phone()
    headers = phone.side_record_headers("PUT", PHOTO.sha256)
    response = office.client.put(PATH, content=b"x" * (SIDE_RECORD_BYTES_MAX + 1), headers=headers)
    assert code_of(response) == "EXCHANGE-TOO-LARGE"


def test_requests_prove_themselves(office: Office) -> None:
    """No signature, another's, or one made to upload does not download."""
    phone = office.phone()
    put, get = office.client.put, office.client.get
    good = phone.side_record_headers("PUT", PHOTO.sha256)
    assert code_of(put(PATH, content=PHOTO.data)) == "DEVICE-UNKNOWN"
    assert code_of(put(PATH, content=PHOTO.data, headers=good | {"doorstep-signature": ""})) == "SIGNATURE-WRONG"
    stranger = Phone(8, phone.device).side_record_headers("PUT", PHOTO.sha256)
    assert code_of(put(PATH, content=PHOTO.data, headers=stranger)) == "SIGNATURE-WRONG"
    assert put(PATH, content=PHOTO.data, headers=good).status_code == 204
    assert code_of(get(PATH, headers=good)) == "SIGNATURE-WRONG"


def test_what_is_not_held_and_who_was_revoked(office: Office) -> None:
    """SIDE-RECORD-UNKNOWN; a revoked phone still uploads, and gets nothing."""
    phone = office.phone()
    headers = phone.side_record_headers("GET", PHOTO.sha256)
    assert code_of(office.client.get(PATH, headers=headers)) == "SIDE-RECORD-UNKNOWN"
    office.command("POST", f"devices/{phone.device}/revoke", {"reason": "lost"})
    upload = phone.side_record_headers("PUT", PHOTO.sha256)
    assert office.client.put(PATH, content=PHOTO.data, headers=upload).status_code == 204
    assert code_of(office.client.get(PATH, headers=headers)) == "DEVICE-REVOKED"
