"""Whole syncs against an office in memory, well behaved and not."""

from __future__ import annotations

import httpx
import msgspec
import pytest

from agent_client.exchange import apply_answer, build_request
from agent_client.limits import SYNC_TRIES_MAX
from agent_client.route import day_route
from agent_client.syncing import pause_before, request_epoch
from agent_client.vault import vault_status
from agent_client.work.agreements import take_note
from agent_client.work.payments import collect
from agent_client.work.sealed import personal_record
from agent_client.work.visits import check_identity, conclude, start_visit
from sync.errors import Conflict, DoorstepError, NotAllowed, Unavailable
from sync.limits import EXCHANGE_OPERATIONS_MAX_WRITER
from sync.messages import EpochGrant, Resend
from sync.sealing import unseal
from sync.side_records import content_of
from sync.visit_code import answer_binding
from tests.agent.conftest import Phone, connect
from tests.agent.documents import DEVICE, SERVER_MS, a_visit
from tests.agent.fake_office import key_of, problem


def _work(phone: Phone, count: int) -> None:
    start_visit(phone.desk, "V1")
    for _ in range(count - 1):
        collect(phone.desk, "V1", 100, "cash")


def test_everything_recorded_arrives_and_is_acknowledged(phone: Phone) -> None:
    """The office holds the phone's exact bytes; nothing is unsent; the branch's slot is closed again."""
    _work(phone, 5)
    assert vault_status(phone.desk.vault.folder).has_recovery
    report = phone.sync()
    assert (report.acknowledged, report.unsent, report.complete) == (5, 0, True)
    own = [stored.data for stored in phone.desk.store.journal.all()]
    assert [placed.data for placed in phone.office.chain()] == own
    assert not vault_status(phone.desk.vault.folder).has_recovery
    take_note(phone.desk, "V1", "later")
    assert vault_status(phone.desk.vault.folder).has_recovery


def test_upload_needs_nothing_else(phone: Phone) -> None:
    """Without pull the records go and no document comes."""
    _work(phone, 2)
    phone.office.put("visit/V4", a_visit("V4", 4))
    report = phone.sync(pull=False)
    assert (report.acknowledged, report.documents) == (2, 0)
    assert phone.sync().documents == 1


def test_operations_are_paged(phone: Phone) -> None:
    """More operations than one request may carry go in several, each signed over its own last one."""
    _work(phone, EXCHANGE_OPERATIONS_MAX_WRITER + 5)
    before = len(phone.office.requests)
    report = phone.sync()
    assert report.unsent == 0
    sizes = [len(request.operations) for request in phone.office.requests[before:]]
    assert sizes[:2] == [EXCHANGE_OPERATIONS_MAX_WRITER, 5]


def test_documents_are_paged_and_counted(phone: Phone) -> None:
    """The phone pages until nothing more comes, and can then say: complete, n of n."""
    phone.office.page = 3
    for number in range(10, 21):
        phone.office.put(f"visit/V{number}", a_visit(f"V{number}", number))
    report = phone.sync()
    assert (report.documents, report.held, report.total, report.complete) == (11, 15, 15, True)


def test_a_lost_answer_changes_nothing(phone: Phone) -> None:
    """What had arrived is recognised by its hash, each try with a fresh nonce, and all is acknowledged once."""
    _work(phone, 4)
    phone.office.lose_answers = 2
    report = phone.sync()
    assert (report.acknowledged, report.unsent) == (4, 0)
    assert phone.office.again == 8
    assert len(phone.office.chain()) == 4
    nonces = [claims.nonce for claims in phone.office.claims]
    assert len(set(nonces)) == len(nonces)


def test_tries_are_bounded_and_paused(phone: Phone) -> None:
    """Without signal the sync ends with one error after a few pauses, each at most twice the one before."""
    _work(phone, 2)
    phone.office.fail = [httpx.ConnectError("no route") for _ in range(SYNC_TRIES_MAX)]
    with pytest.raises(Unavailable) as caught:
        phone.sync()
    assert caught.value.code == "NETWORK-DOWN"
    assert phone.slept == [0.5, 1.0, 2.0, 4.0]
    assert phone.desk.store.journal.unsent_count() == 2


def test_retry_after_is_honoured_within_bounds(phone: Phone) -> None:
    """The office's own pause counts; one that is longer than a sync may last ends the sync."""
    phone.office.fail = [problem(503, "STORE-LOCKED", "busy", {"Retry-After": "7"})]
    phone.sync()
    assert phone.slept == [7.0]
    phone.office.fail = [problem(429, "RATE-LIMITED", "slow down", {"Retry-After": "3600"})]
    with pytest.raises(Unavailable, match="slow down"):
        phone.sync()
    assert phone.slept == [7.0]


def test_pauses_have_full_jitter_under_a_doubling_bound() -> None:
    """The pause is drawn from zero up, doubles with each try, and stops growing."""
    assert pause_before(1, 0.0, None) == 0.0
    assert [pause_before(attempt, 1.0, None) for attempt in (1, 2, 7)] == [0.5, 1.0, 20.0]
    assert pause_before(3, 0.5, 30.0) == 30.0


def test_an_answer_with_a_wrong_signature_changes_nothing(phone: Phone) -> None:
    """Only the enrolled office key counts."""
    _work(phone, 2)
    phone.office.signing_key = key_of(99)
    with pytest.raises(NotAllowed) as caught:
        phone.sync()
    assert caught.value.code == "ANSWER-UNTRUSTED"
    assert phone.desk.store.journal.unsent_count() == 2


def test_an_acknowledgement_of_another_request_is_refused(phone: Phone) -> None:
    """An answer recorded earlier and played again has another nonce."""
    phone.office.wrong_nonce = True
    with pytest.raises(NotAllowed, match="another request"):
        phone.sync()


def test_an_acknowledgement_of_another_hash_is_not_honoured(phone: Phone) -> None:
    """When the office names a hash that the phone does not have there, everything stays unsent."""
    _work(phone, 2)
    phone.office.acknowledge_hash = "f" * 64
    with pytest.raises(NotAllowed, match="did not write"):
        phone.sync()
    assert phone.desk.store.journal.unsent_count() == 2


def test_documents_land_only_on_the_cursor_that_was_asked_with(phone: Phone) -> None:
    """Two syncs that interleave cannot overwrite each other: the later answer's documents are left alone."""
    phone.office.put("visit/V5", a_visit("V5", 5))
    first, second = build_request(phone.desk), build_request(phone.desk)
    with connect(phone.office) as office:
        answers = [office.sync(asked.data) for asked in (first, second)]
    phone.office.put("visit/V5", a_visit("V5", 5, payoff_minor=1))
    assert not apply_answer(phone.desk, first, answers[0]).interleaved
    applied = apply_answer(phone.desk, second, answers[1])
    assert applied.interleaved
    assert applied.documents == 0


def test_an_answer_is_applied_whole_or_not_at_all(phone: Phone) -> None:
    """A document that cannot be read takes the whole answer with it; the cursor stays."""
    before = phone.desk.store.state.sync()
    phone.office.put("visit/V6", a_visit("V6", 6))
    phone.office.put("pack/broken", {"no": "pack"})
    with pytest.raises((msgspec.DecodeError, DoorstepError)):
        phone.sync()
    assert phone.desk.store.state.sync() == before
    assert phone.desk.store.documents.visit("V6") is None


def test_operations_are_offered_again_from_where_the_office_lacks_them(phone: Phone) -> None:
    """`resend_from` makes acknowledged operations unsent again, and the next page brings them."""
    _work(phone, 6)
    phone.sync()
    for seq in range(3, 7):
        del phone.office.held[(1, seq)]
    phone.office.resend = Resend(epoch=1, seq=3)
    report = phone.sync()
    assert (report.resent, report.unsent, len(phone.office.chain())) == (4, 0, 6)


def test_an_office_that_keeps_nothing_is_given_up(phone: Phone) -> None:
    """Asked for the same operations again and again, the phone stops with an error and keeps them."""
    _work(phone, 2)
    phone.sync()

    original = phone.office.handle

    def forgetful(request: httpx.Request) -> httpx.Response:
        phone.office.held.clear()
        phone.office.resend = Resend(epoch=1, seq=1)
        response = original(request)
        phone.office.held.clear()
        return response

    phone.office.handle = forgetful  # type: ignore[method-assign]  # this office misbehaves
    with pytest.raises(DoorstepError):
        phone.sync()
    assert phone.desk.store.journal.unsent_count() == 2


def test_a_granted_epoch_goes_on_by_hash_and_counts_receipts_anew(phone: Phone) -> None:
    """The first operation names the head that it continues; receipt numbers start at 1; both epochs arrive."""
    _work(phone, 3)
    head = phone.desk.store.journal.writer(DEVICE).head
    phone.office.grant = EpochGrant(epoch=2, continues=head.hash, reason="fork")
    assert phone.sync().epoch == 2
    recorded = collect(phone.desk, "V1", 700, "cash")
    assert recorded.receipt is not None
    body = recorded.receipt.body
    assert (recorded.epoch, recorded.seq, body.epoch, body.number) == (2, 1, 2, 1)
    assert body.before == head.hash[:32]
    assert phone.sync().unsent == 0
    last = phone.office.chain()[-1]
    assert (last.header.epoch, last.header.seq, last.header.prev) == (2, 1, head.hash)


def test_an_epoch_that_continues_something_else_is_not_entered(phone: Phone) -> None:
    """A grant made for an earlier head would break the chain, so the phone stays where it is."""
    _work(phone, 2)
    phone.office.grant = EpochGrant(epoch=2, continues="a" * 64, reason="fork")
    assert phone.sync().epoch == 0
    assert start_visit(phone.desk, "V3").epoch == 1


def test_unsent_operations_of_two_epochs_go_in_order(phone: Phone) -> None:
    """What was written before the new epoch is sent before what was written after."""
    _work(phone, 2)
    with connect(phone.office) as office:
        assert request_epoch(phone.desk, office, phone.waiting()) == 2
    collect(phone.desk, "V1", 700, "cash")
    phone.office.requests.clear()
    assert phone.sync().unsent == 0
    assert [len(request.operations) for request in phone.office.requests] == [2, 1]


def test_a_repeated_request_for_an_epoch_gets_the_same(phone: Phone) -> None:
    """When the answer is lost the request is repeated with the same id, and no number is wasted."""
    _work(phone, 1)
    original = phone.office.handle
    lost = iter([True])

    def losing(request: httpx.Request) -> httpx.Response:
        response = original(request)
        if request.url.path.endswith("/epoch") and next(lost, False):
            raise httpx.ReadTimeout("gone")
        return response

    phone.office.handle = losing  # type: ignore[method-assign]  # loses one answer
    with connect(phone.office) as office:
        assert request_epoch(phone.desk, office, phone.waiting()) == 2
    assert phone.office.epoch_last == 2


def test_an_unknown_epoch_is_answered_by_asking_for_a_new_one(phone: Phone) -> None:
    """EPOCH-UNKNOWN leads to a request for an epoch and another exchange."""
    phone.office.fail = [problem(409, "EPOCH-UNKNOWN", "epoch 1 was not assigned")]
    _work(phone, 1)
    report = phone.sync()
    assert (report.epoch, report.unsent) == (2, 0)


def test_too_large_requests_are_halved(phone: Phone) -> None:
    """An office with tighter bounds gets smaller pages."""
    _work(phone, 8)
    phone.office.fail = [problem(413, "EXCHANGE-TOO-MANY", "fewer please")]
    before = len(phone.office.requests)
    phone.sync()
    assert len(phone.office.requests[before].operations) == 8
    assert phone.desk.store.journal.unsent_count() == 0


def test_another_incarnation_means_everything_anew(phone: Phone) -> None:
    """A restored office sends a full pack; what it does not know any more disappears when that is complete."""
    phone.office.put("visit/V8", a_visit("V8", 8))
    phone.sync()
    phone.office.incarnation = "two"
    del phone.office.documents["visit/V8"]
    report = phone.sync()
    assert report.complete
    assert phone.desk.store.documents.visit("V8") is None
    assert phone.desk.store.documents.visit("V1") is not None


def test_a_restored_office_takes_records_and_gives_nothing_yet(phone: Phone) -> None:
    """The phone keeps what it has, says that it waits and not that it is complete, and is complete afterwards."""
    phone.sync()
    phone.office.incarnation, phone.office.restored = "two", True
    _work(phone, 2)
    report = phone.sync()
    assert (report.documents_wait, report.complete, report.unsent, report.documents) == (True, False, 0, 0)
    assert phone.desk.store.documents.visit("V1") is not None
    phone.office.restored = False
    report = phone.sync()
    assert (report.documents_wait, report.complete) == (False, True)


def test_a_visit_that_leaves_the_scope_stays_while_it_is_open(phone: Phone) -> None:
    """What was begun can be finished; afterwards the document goes."""
    start_visit(phone.desk, "V1")
    phone.office.put("visit/V1", None)
    phone.office.put("visit/V3", None)
    phone.sync()
    assert phone.desk.store.documents.visit("V3") is None
    assert phone.desk.store.documents.is_removed("V1")
    assert [stop.removed for stop in day_route(phone.desk).stops if stop.document.visit == "V1"] == [True]
    recorded = conclude(phone.desk, "V1", "nobody_home")
    assert "removed" in {advice.key for advice in recorded.advice}
    phone.sync()
    assert phone.desk.store.documents.visit("V1") is None


def test_a_locked_phone_still_sends(phone: Phone) -> None:
    """Nothing new is recorded on it, what was recorded goes, and unlocking lets work go on."""
    _work(phone, 2)
    phone.office.lock = True
    report = phone.sync()
    assert (report.locked, report.unsent) == (True, 0)
    with pytest.raises(Conflict, match="locked"):
        collect(phone.desk, "V1", 100, "cash")
    phone.office.lock = False
    phone.sync()
    assert collect(phone.desk, "V1", 100, "cash").seq == 3


def test_wiping_waits_until_everything_is_acknowledged(phone: Phone) -> None:
    """Customers' documents go, operations never, and nothing goes while something is unsent."""
    start_visit(phone.desk, "V1")
    take_note(phone.desk, "V1", "a note")
    asked = build_request(phone.desk)
    phone.office.wipe = True
    take_note(phone.desk, "V1", "written while the request was under way")
    with connect(phone.office) as office:
        apply_answer(phone.desk, asked, office.sync(asked.data))
    assert phone.desk.store.documents.visit("V1") is not None
    report = phone.sync(pull=False)
    assert report.wiped
    assert phone.desk.store.documents.visit("V1") is None
    assert phone.desk.store.side_records.unsent_count() == 0
    assert len(list(phone.desk.store.journal.all())) == 3


def test_a_revoked_phone_sends_without_asking_for_documents(phone: Phone) -> None:
    """DEVICE-REVOKED ends downloads and not uploads."""
    _work(phone, 2)
    phone.office.fail = [problem(403, "DEVICE-REVOKED", "reported lost")]
    report = phone.sync()
    assert (report.downloads_refused, report.unsent) == (True, 0)
    assert phone.office.claims[-1].pull is False


def test_side_records_travel_with_their_operations(phone: Phone) -> None:
    """A note arrives in the same exchange as the operation that names it."""
    start_visit(phone.desk, "V1")
    take_note(phone.desk, "V1", "Dog in the yard")
    phone.sync()
    (data,) = phone.office.side_records.values()
    assert content_of(data) == b"Dog in the yard"
    assert phone.desk.store.side_records.unsent_count() == 0


def test_the_sealed_answer_opens_at_the_office_only_for_its_place(phone: Phone) -> None:
    """The identity key opens it with device, visit and previous hash, and nothing else does."""
    start = start_visit(phone.desk, "V1")
    check_identity(phone.desk, "V1", "visit_code", "answered", answer="482-107")
    phone.sync()
    (data,) = phone.office.side_records.values()
    sealed = content_of(data)
    binding = answer_binding(DEVICE, "V1", start.hash)
    assert unseal(phone.office.identity_key, sealed, binding) == b"482107"
    with pytest.raises(DoorstepError):
        unseal(phone.office.identity_key, sealed, answer_binding(DEVICE, "V2", start.hash))


def test_missing_side_records_are_sent_again(phone: Phone) -> None:
    """What the office says it lacks goes with the next exchange."""
    start_visit(phone.desk, "V1")
    take_note(phone.desk, "V1", "once more")
    phone.office.drop_side_records = True
    phone.sync()
    phone.office.drop_side_records = False
    (sha256,) = [record.sha256 for record in phone.office.requests[-1].side_records]
    with phone.desk.store.transaction():
        phone.desk.store.side_records.mark([sha256], uploaded=False)
    phone.sync()
    assert sha256 in phone.office.side_records


def test_large_side_records_travel_apart(phone: Phone) -> None:
    """A photo is put by its hash after the operation that names it."""
    recorded = start_visit(phone.desk, "V1")
    record = personal_record(phone.desk, b"\x89PNG" * 5000)
    with phone.desk.store.transaction():
        phone.desk.store.side_records.add(record, recorded.hash)
    report = phone.sync()
    assert report.side_records_apart == 1
    assert phone.office.side_records[record.sha256] == record.data


def test_signed_server_time_is_remembered_in_operations(phone: Phone) -> None:
    """The next operation carries the last signed time with the phone's own clock at that moment."""
    phone.office.server_ms = SERVER_MS + 60_000
    phone.sync()
    start_visit(phone.desk, "V1")
    seen = phone.desk.store.state.sync().seen
    assert seen is not None
    assert (seen.at_ms, seen.boot) == (SERVER_MS + 60_000, phone.clock.boot)
    stored = phone.desk.store.journal.last()
    assert stored is not None
    assert f'"at_ms":{SERVER_MS + 60_000}'.encode() in stored.data


def test_the_last_acknowledgement_is_shown_to_the_office(phone: Phone) -> None:
    """So that an office that was rolled back notices what it had signed; an earlier one never replaces it."""
    _work(phone, 2)
    phone.sync()
    phone.sync()
    shown = phone.office.requests[-1].acknowledged
    assert shown is not None
    assert b'"seq":2' in bytes(shown.payload)


def test_an_answer_that_is_not_one_is_a_network_error(phone: Phone) -> None:
    """A captive portal's page is no answer and changes nothing."""
    phone.office.fail = [httpx.Response(200, text="<html>Welcome to the hotel</html>") for _ in range(SYNC_TRIES_MAX)]
    with pytest.raises(Unavailable, match="not the office's answer"):
        phone.sync()
