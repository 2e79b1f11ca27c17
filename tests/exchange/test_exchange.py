"""One round trip does both directions: uploads are acknowledged after the commit, documents come after the cursor."""

from __future__ import annotations

import gzip

import msgspec

from sync.encoding import b64
from sync.messages import Cursor, ExchangeAnswer, SideRecordMessage
from sync.side_records import make_side_record
from tests.exchange.office import Office, zipped
from tests.exchange.phone import NOON_MS


def test_operations_are_stored_byte_for_byte_and_acknowledged(office: Office) -> None:
    """The acknowledgement names the last operation by hash, is signed, and carries the nonce and the office's time."""
    phone = office.phone()
    entries = phone.write(5)
    claims = phone.claims()
    answer = office.sync(phone, phone.request([entry.data for entry in entries], claims=claims))
    found = office.acknowledged(answer.acknowledgement)
    assert (found.device, found.epoch, found.seq, found.hash) == (phone.device, 1, 5, entries[-1].hash)
    assert (found.nonce, found.server_ms) == (claims.nonce, NOON_MS)
    assert answer.resend_from is None
    assert answer.epoch is None
    assert not answer.lock
    assert office.stored(phone) == [entry.data for entry in entries]


def test_odd_but_valid_json_is_kept_as_it_was_written(office: Office) -> None:
    """Spaces, key order and escapes inside an operation survive: nobody re-encodes it."""
    phone = office.phone()
    (entry,) = phone.write(1)
    odd = entry.data.replace(b'"seq":1', b'"seq" :\t1').replace(b'"visit":"V0"', b'"visit":"\\u0056\\u0030"')
    assert odd != entry.data
    from sync.encoding import sha256_hex

    answer = office.sync(phone, phone.request([odd], claims=phone.claims(hash=sha256_hex(odd))))
    assert office.acknowledged(answer.acknowledgement).hash == sha256_hex(odd)
    assert office.stored(phone) == [odd]


def test_a_lost_answer_and_its_repetition_have_one_effect(office: Office) -> None:
    """The retry with a fresh nonce finds everything known, is counted, and is acknowledged like the first."""
    phone = office.phone()
    entries = phone.write(3)
    office.sync(phone, phone.upload(entries), honour=False)
    answer = office.sync(phone, phone.upload(entries))
    assert office.acknowledged(answer.acknowledgement).seq == 3
    assert office.stored(phone) == [entry.data for entry in entries]
    assert [(body["new"], body["again"]) for body in office.received()] == [(3, 0), (0, 3)]


def test_a_retry_that_carries_more_stores_only_the_rest(office: Office) -> None:
    """Known operations are skipped by hash, and the arrival says which were new."""
    phone = office.phone()
    office.sync(phone, phone.upload(phone.write(3)), honour=False)
    phone.write(2)
    answer = office.sync(phone, phone.upload(phone.entries))
    assert office.acknowledged(answer.acknowledgement).seq == 5
    last = office.received()[-1]
    assert (last["first_seq"], last["last_seq"], last["new"], last["again"]) == (4, 5, 2, 3)
    assert last["last_hash"] == phone.head.hash


def test_an_arrival_is_journaled_with_the_phones_clocks(office: Office) -> None:
    """Receive time, boot and monotonic clock, and whose day it belongs to."""
    phone = office.phone()
    office.sync(phone, phone.upload(phone.write(1)))
    (body,) = office.received()
    assert body["received_ms"] == NOON_MS
    assert (body["device"], body["boot"], body["pack"]) == (phone.device, "boot-1", "2026-11-23/A01")
    assert body["mono_ms"] == phone.mono_ms + 5


def test_asking_for_documents_only_is_not_journaled(office: Office) -> None:
    """An exchange that brings nothing leaves no arrival."""
    phone = office.phone()
    answer = office.sync(phone, phone.request())
    assert office.received() == []
    assert office.acknowledged(answer.acknowledgement).seq == 0
    assert answer.resend_from is None


def test_documents_come_in_pages_until_nothing_more(office: Office) -> None:
    """Each page continues the cursor; the manifest's count says when all is there."""
    phone = office.phone()
    office.put_documents("A01", 450)
    names: list[str] = []
    more = True
    while more:
        answer = office.sync(phone, phone.request())
        assert len(answer.documents) <= 200
        assert answer.total == 450
        names += [change.name for change in answer.documents]
        more = answer.more
    assert sorted(names) == sorted(f"visit/{number}" for number in range(450))
    assert phone.cursor == Cursor(incarnation=office.parts.store.incarnation, n=450)
    assert office.sync(phone, phone.request()).documents == []


def test_pages_are_bounded_in_bytes(office: Office) -> None:
    """Large documents make shorter pages."""
    phone = office.phone()
    office.put_documents("A01", 20, size=100_000)
    answer = office.sync(phone, phone.request())
    assert 0 < len(answer.documents) <= 5
    assert answer.more


def test_a_document_that_left_the_scope_is_told_as_removed(office: Office) -> None:
    """The change has a number and no content."""
    phone = office.phone()
    office.put_documents("A01", 2)
    office.sync(phone, phone.request())
    office.parts.store.write_now(lambda writer: writer.remove_document("A01", "visit/0"))
    (change,) = office.sync(phone, phone.request()).documents
    assert (change.n, change.name, change.removed) == (3, "visit/0", True)


def test_nobody_gets_another_agents_documents(office: Office) -> None:
    """The pack is scoped to the agent for whom the device was enrolled."""
    office.phone(1, "A01")
    other = office.phone(2, "A02")
    office.put_documents("A01", 3)
    assert office.sync(other, other.request()).documents == []


def test_a_cursor_of_another_incarnation_means_everything(office: Office) -> None:
    """So does a cursor ahead of what this store ever numbered."""
    phone = office.phone()
    office.put_documents("A01", 3)
    office.sync(phone, phone.request())
    for cursor in (Cursor(incarnation="other", n=3), Cursor(incarnation=office.parts.store.incarnation, n=99)):
        phone.cursor = cursor
        assert len(office.sync(phone, phone.request()).documents) == 3


def test_an_upload_that_does_not_pull_gets_no_documents(office: Office) -> None:
    """Neither documents nor a cursor."""
    phone = office.phone()
    office.put_documents("A01", 3)
    answer = office.sync(phone, phone.upload(phone.write(1), pull=False))
    assert answer.documents == []
    assert answer.cursor is None


def test_a_reused_nonce_uploads_but_gets_no_documents(office: Office) -> None:
    """What was recorded is acknowledged whatever the nonce; a pack is given to a fresh one only."""
    phone = office.phone()
    office.put_documents("A01", 3)
    request = phone.upload(phone.write(2))
    assert len(office.sync(phone, request, honour=False).documents) == 3
    answer = office.sync(phone, request, honour=False)
    assert answer.documents == []
    assert answer.cursor is None
    assert office.acknowledged(answer.acknowledgement).seq == 2


def test_small_side_records_travel_along(office: Office) -> None:
    """They are stored with the operations, and those still missing are named."""
    phone = office.phone()
    note, photo = make_side_record(b"note", b"s" * 16), make_side_record(b"photo", b"s" * 16)
    office.parts.store.write_now(lambda writer: writer.want_side_records(phone.device, [note.sha256, photo.sha256]))
    phone.write(1)
    message = SideRecordMessage(sha256=note.sha256, data=b64(note.data))
    answer = office.sync(phone, phone.request([phone.entries[0].data], side_records=[message]))
    assert answer.missing_side_records == [photo.sha256]
    with office.parts.store.read() as reader:
        assert reader.side_record(note.sha256) == note.data


def test_gzip_both_ways(office: Office) -> None:
    """A compressed request is understood, and a large answer compressed for whoever takes it."""
    phone = office.phone()
    office.put_documents("A01", 100)
    body = phone.upload(phone.write(20))
    response = office.post(zipped(body), content_encoding="gzip", accept_encoding="gzip")
    assert response.status_code == 200
    assert response.headers["content-encoding"] == "gzip"
    assert len(msgspec.json.decode(response.content, type=ExchangeAnswer).documents) == 100
    plain = office.post(phone.upload(phone.write(1)), accept_encoding="identity")
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(zipped(body)) == body


def test_unknown_members_are_ignored(office: Office) -> None:
    """A newer client may send more."""
    phone = office.phone()
    body = phone.upload(phone.write(1))
    assert office.post(body[:-1] + b',"invented":{"later":1}}').status_code == 200
