"""Side records that come in part: over as many requests as it takes, and never under a hash that they do not have."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pytest
from httpx import Response

from server.limits import SIDE_RECORD_UPLOAD_BYTES_MAX, SIDE_RECORD_UPLOAD_LIFE_MS, SIDE_RECORD_UPLOADS_MAX
from sync.limits import SIDE_RECORD_BYTES_MAX
from sync.side_records import SideRecord, make_side_record
from tests.exchange.office import Office, code_of
from tests.exchange.phone import Phone

PHOTO = make_side_record(b"\x89PNG" + bytes(range(256)) * 1_200, b"s" * 16)


def _path(record: SideRecord) -> str:
    return f"/api/v1/side-records/{record.sha256}"


def ask(office: Office, phone: Phone, record: SideRecord = PHOTO) -> tuple[int, bool]:
    """Offset and whether it is complete."""
    answer = office.client.head(_path(record), headers=phone.side_record_headers("HEAD", record.sha256))
    assert answer.status_code == 204
    assert answer.headers["cache-control"] == "no-store"
    return _state(answer)


def send(
    office: Office,
    phone: Phone,
    offset: int,
    data: bytes,
    record: SideRecord = PHOTO,
    *,
    last: bool = False,
    changed: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    """A part of a record, with some headers changed."""
    headers = {
        **phone.side_record_headers("PATCH", record.sha256),
        "content-type": "application/partial-upload",
        "upload-offset": str(offset),
        "upload-complete": "?1" if last else "?0",
        **changed,
    }
    return office.client.patch(_path(record), content=data, headers=headers)


def _state(answer: Response) -> tuple[int, bool]:
    return int(answer.headers["upload-offset"]), {"?0": False, "?1": True}[answer.headers["upload-complete"]]


def test_a_photo_comes_in_three_parts(office: Office) -> None:
    """Each answer says how far it came; after the last one the record is held and no longer missed."""
    phone = office.phone()
    office.parts.store.write_now(lambda writer: writer.want_side_records(phone.device, [PHOTO.sha256]))
    assert ask(office, phone) == (0, False)
    assert _state(send(office, phone, 0, PHOTO.data[:100_000])) == (100_000, False)
    assert office.sync(phone, phone.request()).missing_side_records == [PHOTO.sha256]
    assert _state(send(office, phone, 100_000, PHOTO.data[100_000:250_000])) == (250_000, False)
    assert ask(office, phone) == (250_000, False)
    assert _state(send(office, phone, 250_000, PHOTO.data[250_000:], last=True)) == (len(PHOTO.data), True)
    assert ask(office, phone) == (len(PHOTO.data), True)
    answer = office.client.get(_path(PHOTO), headers=phone.side_record_headers("GET", PHOTO.sha256))
    assert answer.content == PHOTO.data
    assert office.sync(phone, phone.request()).missing_side_records == []
    with office.parts.store.read() as reader:
        assert reader.side_record_uploads(phone.device) == []


def test_the_last_part_may_be_empty(office: Office) -> None:
    """A phone that sent everything without saying so completes it without sending a byte again."""
    phone = office.phone()
    send(office, phone, 0, PHOTO.data)
    assert _state(send(office, phone, len(PHOTO.data), b"", last=True)) == (len(PHOTO.data), True)


def test_what_is_held_takes_no_bytes(office: Office) -> None:
    """A last part whose answer was lost is repeated in peace, also when the record came whole or was erased."""
    phone = office.phone()
    for _ in range(2):
        assert _state(send(office, phone, 0, PHOTO.data, last=True)) == (len(PHOTO.data), True)
    whole = make_side_record(b"whole", b"s" * 16)
    send(office, phone, 0, whole.data[:7], whole)
    office.client.put(_path(whole), content=whole.data, headers=phone.side_record_headers("PUT", whole.sha256))
    assert ask(office, phone, whole) == (len(whole.data), True)
    office.parts.store.write_now(lambda writer: writer.erase_side_record(whole.sha256))
    assert ask(office, phone, whole) == (0, True)
    assert _state(send(office, phone, 7, whole.data[7:], whole, last=True)) == (0, True)


@pytest.mark.parametrize("offset", [0, 9, 11, SIDE_RECORD_BYTES_MAX * 2])
def test_it_goes_on_from_where_it_ended_only(office: Office, offset: int) -> None:
    """UPLOAD-OFFSET-WRONG names the right place in a header and in the problem, and stores nothing."""
    phone = office.phone()
    send(office, phone, 0, PHOTO.data[:10])
    answer = send(office, phone, offset, b"other bytes")
    assert (answer.status_code, code_of(answer)) == (409, "UPLOAD-OFFSET-WRONG")
    assert (answer.headers["upload-offset"], answer.json()["expected_offset"]) == ("10", 10)
    assert ask(office, phone) == (10, False)


def test_other_bytes_are_thrown_away(office: Office) -> None:
    """SIDE-RECORD-MISMATCH at the end, and the upload begins anew."""
    phone = office.phone()
    send(office, phone, 0, PHOTO.data[:-1])
    assert code_of(send(office, phone, len(PHOTO.data) - 1, b"!", last=True)) == "SIDE-RECORD-MISMATCH"
    assert ask(office, phone) == (0, False)
    assert _state(send(office, phone, 0, PHOTO.data, last=True)) == (len(PHOTO.data), True)


def test_a_record_that_grows_too_large_is_refused(office: Office) -> None:
    """EXCHANGE-TOO-LARGE, in one request or over several."""
    phone = office.phone()
    assert code_of(send(office, phone, 0, bytes(SIDE_RECORD_BYTES_MAX + 1))) == "EXCHANGE-TOO-LARGE"
    assert send(office, phone, ask(office, phone)[0], bytes(SIDE_RECORD_BYTES_MAX - 10)).status_code == 204
    assert code_of(send(office, phone, SIDE_RECORD_BYTES_MAX - 10, bytes(11))) == "EXCHANGE-TOO-LARGE"


@pytest.mark.parametrize(
    ("header", "text", "code"),
    [
        ("content-type", "application/octet-stream", "ARGUMENT-WRONG"),
        ("content-encoding", "gzip", "EXCHANGE-ENCODING"),
        ("upload-offset", "-1", "ARGUMENT-WRONG"),
        ("upload-offset", "1.5", "ARGUMENT-WRONG"),
        ("upload-offset", "", "ARGUMENT-WRONG"),
        ("upload-offset", "9" * 16, "ARGUMENT-WRONG"),
        ("upload-complete", "true", "ARGUMENT-WRONG"),
        ("upload-complete", "", "ARGUMENT-WRONG"),
    ],
)
def test_parts_say_what_they_are(office: Office, header: str, text: str, code: str) -> None:
    """Media type, place and whether it is the last: nothing is guessed."""
    phone = office.phone()
    answer = send(office, phone, 0, b"part", changed={header: text})
    assert code_of(answer) == code, answer.text
    assert ask(office, phone) == (0, False)


def test_requests_prove_themselves(office: Office) -> None:
    """A signature made to ask or to send whole does not send in part, and a stranger's does nothing."""
    phone = office.phone()
    for wrong in ("HEAD", "PUT", "GET"):
        signature = phone.side_record_headers(wrong, PHOTO.sha256)["doorstep-signature"]
        assert code_of(send(office, phone, 0, b"part", changed={"doorstep-signature": signature})) == "SIGNATURE-WRONG"
    stranger = Phone(8, phone.device)
    assert code_of(send(office, stranger, 0, b"part")) == "SIGNATURE-WRONG"
    assert code_of(send(office, phone, 0, b"part", changed={"doorstep-device": ""})) == "DEVICE-UNKNOWN"
    headers = phone.side_record_headers("GET", PHOTO.sha256)
    assert office.client.head(_path(PHOTO), headers=headers).status_code == 401
    bad = SideRecord("Z" * 64, b"")
    assert office.client.head(_path(bad), headers=phone.side_record_headers("HEAD", bad.sha256)).status_code == 400


def test_phones_do_not_get_into_each_others_way(office: Office) -> None:
    """Each continues its own upload of a record; a revoked one too, for what it saw stays a fact."""
    one, two = office.phone(1, "A01"), office.phone(2, "A02")
    send(office, one, 0, PHOTO.data[:10])
    assert ask(office, two) == (0, False)
    office.command("POST", f"devices/{one.device}/revoke", {"reason": "lost"})
    assert _state(send(office, one, 10, PHOTO.data[10:], last=True)) == (len(PHOTO.data), True)


def test_one_phone_leaves_so_many_halves_and_no_more(office: Office) -> None:
    """Beyond the number the one longest untouched gives way, and answers that it begins at 0."""
    phone = office.phone()
    records = [make_side_record(bytes([number]), b"s" * 16) for number in range(SIDE_RECORD_UPLOADS_MAX + 1)]
    for record in records:
        office.move_clock(1)
        send(office, phone, 0, record.data[:4], record)
    assert [ask(office, phone, record)[0] for record in records] == [0] + [4] * SIDE_RECORD_UPLOADS_MAX
    answer = send(office, phone, 4, records[0].data[4:], records[0], last=True)
    assert (code_of(answer), answer.json()["expected_offset"]) == ("UPLOAD-OFFSET-WRONG", 0)


def test_one_phone_leaves_so_many_bytes_and_no_more(office: Office) -> None:
    """The present upload always fits; others give way to it, as many as it takes."""
    phone = office.phone()
    large = SIDE_RECORD_BYTES_MAX - 1
    count = SIDE_RECORD_UPLOAD_BYTES_MAX // large
    records = [make_side_record(bytes([number]), b"s" * 16) for number in range(count + 2)]
    for record in records[: count + 1]:
        office.move_clock(1)
        assert send(office, phone, 0, bytes(large), record).status_code == 204
    assert [ask(office, phone, record)[0] for record in records[: count + 1]] == [0] + [large] * count


def test_a_job_forgets_what_nobody_goes_on_with(office: Office) -> None:
    """After the time that Upload-Limit names, and not before."""
    phone = office.phone()
    answer = send(office, phone, 0, PHOTO.data[:10])
    assert answer.headers["upload-limit"] == (
        f"max-size={SIDE_RECORD_BYTES_MAX}, max-age={SIDE_RECORD_UPLOAD_LIFE_MS // 1_000}"
    )
    office.move_clock(SIDE_RECORD_UPLOAD_LIFE_MS)
    assert office.command("POST", "jobs/forget-uploads/run").json()["result"] == "0 uploads"
    office.move_clock(1)
    assert office.command("POST", "jobs/forget-uploads/run").json()["result"] == "1 uploads"
    assert ask(office, phone) == (0, False)


def test_an_upload_outlives_a_restart(office: Office) -> None:
    """What came is on disk before it is answered."""
    phone = office.phone()
    send(office, phone, 0, PHOTO.data[:100_000])
    again = office.again()
    try:
        assert ask(again, phone) == (100_000, False)
        assert _state(send(again, phone, 100_000, PHOTO.data[100_000:], last=True))[1]
    finally:
        again.close()
