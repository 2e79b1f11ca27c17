"""The phone against the real office: the tiny world, one agent, a day from enrolment to verdicts."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import msgspec
import pytest
from litestar.testing import TestClient

from agent_client.badge import present_badge
from agent_client.enrolment import enrol, open_desk, parse_enrolment_code, vault_folder
from agent_client.exchange import apply_answer, build_request
from agent_client.recording import Desk
from agent_client.route import day_route
from agent_client.simulation import hand_over_everything, play_day, read_codes
from agent_client.status import phone_status
from agent_client.syncing import SyncReport, Waiting, request_epoch, synchronise
from agent_client.transport import HttpOffice
from agent_client.vault import Passphrase, finish_recovery, make_recovery_request
from agent_client.work.drawer import end_day
from agent_client.work.payments import collect
from agent_client.work.sealed import personal_record
from agent_client.work.visits import check_identity, start_visit
from server.app import Parts, build_app, open_parts
from server.keys import make_keys
from server.ports import Writer
from server.services.device_locks import lock_device, unlock_device
from server.services.devices import issue_code, revoke
from server.services.imports import IMPORT_KINDS, import_file
from server.services.office import SYSTEM, Frame, Office, Person
from server.services.reconcile import Reconciler
from server.services.visits import assign_visit
from server.settings import Settings
from sync.clock import Reading
from sync.errors import DoorstepError
from tests.agent.conftest import CHEAP, PASSPHRASE

TINY = Path(__file__).parents[2] / "fixtures" / "worlds" / "tiny"
AGENT = "AG-YC-1"
DAY = "2026-03-02"
NINE_MS = 1_772_413_200_000
"""2026-03-02T09:00:00+08:00."""
ADMIN = Person(user="wen", roles=("admin", "supervisor"))


class Branch:
    """A running office in this process, and what tests need of it."""

    def __init__(self, parts: Parts, client: TestClient) -> None:  # type: ignore[type-arg]  # any application
        self.parts, self.client = parts, client
        frame = Frame(public_url="https://pay.example", office_phone="+8611000000000", creditor_name="示例银行")
        self.office = Office(store=parts.store, keys=parts.keys, clock=parts.clock, frame=frame)

    def reconcile(self) -> None:
        """Fold everything that is pending."""
        reconciler = Reconciler(self.parts.store)
        while reconciler.run_pending(1000):
            pass

    def sync(self, desk: Desk, *, pull: bool = True) -> SyncReport:
        """One whole sync over HTTP."""
        return synchronise(desk, HttpOffice(self.client), WAITING, pull=pull)


WAITING = Waiting(sleep=lambda _: None, draw=lambda: 0.0)


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[Branch]:
    """The tiny world, with four of its visits assigned."""
    settings = Settings(
        data=tmp_path / "office",
        public_url="https://pay.example",
        clock=f"start={DAY}T09:00:00+08:00;rate=0",
        jobs=False,
    )
    settings.data.mkdir()
    make_keys(settings.keys, NINE_MS)
    parts = open_parts(settings)
    with TestClient(build_app(settings, parts), base_url="http://127.0.0.1") as client:
        branch = Branch(parts, client)
        letters = {path.stem: path.read_bytes() for path in (TINY / "notices").glob("*.txt")}
        for kind in IMPORT_KINDS:
            data = (TINY / f"{kind}.csv").read_bytes()
            import_file(branch.office, ADMIN, kind, f"{kind}.csv", data, letters=letters)
        branch.reconcile()
        for visit in ("V1", "V2", "V3", "V4"):
            parts.store.write_now(partial(_assign, branch.office, visit))
        yield branch


def _assign(office: Office, visit: str, writer: Writer) -> None:
    assign_visit(writer, office, ADMIN, visit, AGENT)


@pytest.fixture
def desk(branch: Branch, tmp_path: Path) -> Iterator[Desk]:
    """An enrolled phone with the route."""
    made = branch.parts.store.write_now(
        lambda writer: issue_code(writer, AGENT, b"0123456789abcdef", NINE_MS, "https://pay.example")
    )
    code = parse_enrolment_code(made.qr)
    desk = enrol(
        tmp_path / "phone",
        code.code,
        HttpOffice(branch.client),
        office_url=code.url,
        secret=Passphrase(PASSPHRASE),
        keystore=None,
        clock=lambda: Reading(NINE_MS, 480, "phone", 5_000),
        random=secrets.token_bytes,
        waiting=WAITING,
        kdf=CHEAP,
    )
    assert branch.sync(desk).complete
    yield desk
    desk.store.close()


def _states(desk: Desk) -> dict[str, str]:
    return {record.kind: record.state for record in phone_status(desk, everything=True).records}


def test_a_day_goes_from_the_route_to_applied_records(branch: Branch, desk: Desk) -> None:
    """Every stop is worked, everything arrives byte for byte, and the office's verdicts come back."""
    assert [stop.document.visit for stop in day_route(desk).stops] == ["V1", "V2", "V3", "V4"]
    play_day(desk, 11, codes=read_codes(TINY / "visits.csv"))
    end_day(desk)
    hand_over_everything(desk)
    report = branch.sync(desk)
    assert (report.unsent, report.complete) == (0, True)
    with branch.parts.store.read() as reader:
        lines = list(reader.export(desk.device, None))
    assert lines == [stored.data for stored in desk.store.journal.all()]
    assert set(_states(desk).values()) == {"at_office"}
    branch.reconcile()
    assert branch.sync(desk).complete
    states = {record.state for record in phone_status(desk, everything=True).records}
    assert "at_office" not in states
    assert "applied" in states


def test_the_offices_copy_of_the_code_catches_a_typing_error(branch: Branch, desk: Desk) -> None:
    """The bits in the pack are those of the customer's code."""
    start_visit(desk, "V1")
    with pytest.raises(DoorstepError):
        check_identity(desk, "V1", "visit_code", "answered", answer="100002")
    check_identity(desk, "V1", "visit_code", "answered", answer="100001")
    branch.sync(desk)
    assert desk.store.side_records.unsent_count() == 0


def test_a_large_side_record_is_put_with_the_devices_signature(branch: Branch, desk: Desk) -> None:
    """The office takes it and hands it out again by its hash."""
    recorded = start_visit(desk, "V1")
    record = personal_record(desk, b"\xff\xd8" * 4000)
    with desk.store.transaction():
        desk.store.side_records.add(record, recorded.hash)
    assert branch.sync(desk).side_records_apart == 1
    with branch.parts.store.read() as reader:
        assert reader.side_record(record.sha256) == record.data


def test_a_new_epoch_is_granted_and_used(branch: Branch, desk: Desk) -> None:
    """The phone goes on in it, and the office follows the chain across."""
    start_visit(desk, "V1")
    branch.sync(desk)
    assert request_epoch(desk, HttpOffice(branch.client), WAITING) == 2
    recorded = collect(desk, "V1", 1_000, "cash")
    assert recorded.receipt is not None
    assert (recorded.epoch, recorded.receipt.body.number) == (2, 1)
    assert branch.sync(desk).unsent == 0


def test_a_phone_restored_from_a_backup_goes_on_in_a_new_epoch(branch: Branch, desk: Desk, tmp_path: Path) -> None:
    """Its branch is kept beside the other, and what it records afterwards has no double."""
    start_visit(desk, "V1")
    branch.sync(desk)
    backup = tmp_path / "backup"
    shutil.copytree(desk.home, backup)
    collect(desk, "V1", 1_000, "cash")
    branch.sync(desk)
    clone = open_desk(backup, PASSPHRASE, keystore=None, clock=desk.clock, random=secrets.token_bytes, kdf=CHEAP)
    collect(clone, "V1", 2_000, "cash")
    report = branch.sync(clone)
    assert (report.epoch, report.unsent) == (2, 0)
    assert branch.sync(clone).epoch == 0
    assert collect(clone, "V1", 3_000, "cash").epoch == 2
    assert branch.sync(clone).unsent == 0
    with branch.parts.store.read() as reader:
        assert len(list(reader.export(clone.device, None))) == 4
    clone.store.close()


def test_a_revoked_phone_sends_is_locked_and_wiped(branch: Branch, desk: Desk) -> None:
    """What it had recorded arrives; documents go; nothing new is recorded."""
    start_visit(desk, "V1")
    branch.parts.store.write_now(lambda writer: revoke(writer, desk.device, SYSTEM, "lost", NINE_MS))
    report = branch.sync(desk)
    assert (report.locked, report.wiped, report.unsent) == (True, True, 0)
    assert desk.store.documents.visit("V1") is None
    with pytest.raises(DoorstepError, match="locked"):
        start_visit(desk, "V2")


def test_a_locked_phone_works_again_once_it_is_unlocked(branch: Branch, desk: Desk) -> None:
    """Nothing is recorded meanwhile; after a wipe everything is fetched anew, and what was written stays."""
    start_visit(desk, "V1")
    write = branch.parts.store.write_now
    write(lambda writer: lock_device(writer, ADMIN, desk.device, "mislaid", NINE_MS, wipe=True))
    report = branch.sync(desk)
    assert (report.locked, report.wiped, report.unsent) == (True, True, 0)
    with pytest.raises(DoorstepError, match="locked"):
        start_visit(desk, "V2")
    write(lambda writer: unlock_device(writer, branch.parts.keys, ADMIN, desk.device, "found"))
    report = branch.sync(desk)
    assert (report.locked, report.wiped, report.complete) == (False, False, True)
    assert desk.store.documents.visit("V2") is not None
    start_visit(desk, "V2")
    assert branch.sync(desk).unsent == 0


def test_an_unlocking_takes_back_a_wipe_that_is_not_done(branch: Branch, desk: Desk) -> None:
    """A phone that still had something to send when it was told keeps its route."""
    lock = partial(lock_device, person=ADMIN, device=desk.device, reason="mislaid", now_ms=NINE_MS, wipe=True)
    branch.parts.store.write_now(lock)
    recorded = start_visit(desk, "V1")
    with desk.store.transaction():
        desk.store.side_records.add(personal_record(desk, b"\xff\xd8" * 4000), recorded.hash)
    asked = build_request(desk, pull=True)
    apply_answer(desk, asked, HttpOffice(branch.client).sync(asked.data))
    assert desk.store.state.sync().wipe
    branch.parts.store.write_now(lambda writer: unlock_device(writer, branch.parts.keys, ADMIN, desk.device, "found"))
    report = branch.sync(desk)
    assert (report.locked, report.wiped, report.complete) == (False, False, True)


def test_a_customer_who_scans_the_badge_learns_who_it_is(branch: Branch, desk: Desk) -> None:
    """The code on the phone, checked by the office as the page does; a phone that was locked has none."""
    url = present_badge(desk).url
    assert url.startswith("https://pay.example/agent#")

    def ask(digits: str) -> tuple[str, str]:
        answer = branch.client.post("/api/v1/badges/check", json={"digits": digits}).json()
        return answer["verdict"], answer["name"]

    digits = url.partition("#")[2]
    assert ask(digits) == ("genuine", "周甲")
    branch.parts.store.write_now(lambda writer: lock_device(writer, ADMIN, desk.device, "mislaid", NINE_MS, wipe=False))
    assert ask(digits) == ("key_reported_lost", "")
    branch.sync(desk)
    with pytest.raises(DoorstepError, match="locked"):
        present_badge(desk)


def test_a_forgotten_pin_is_answered_by_the_office(branch: Branch, desk: Desk, tmp_path: Path) -> None:
    """Request and answer are texts; the phone opens with another passphrase, and the office's step is on record."""
    start_visit(desk, "V1")
    home, device = desk.home, desk.device
    desk.store.close()
    request = make_recovery_request(vault_folder(home), secrets.token_bytes)
    headers = {"authorization": f"Bearer {branch.parts.token}", "doorstep-actor": "qian/supervisor"}
    asked = {"request": f"\n {request.decode()} \n", "identified": "in_person"}
    answer = branch.client.post("/api/v1/office/recovery", json=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    given = answer.json()
    assert (given["device"], given["agent"]) == (device, AGENT)
    fresh = "another battery staple of horses"
    finish_recovery(
        vault_folder(home),
        given["answer"].encode(),
        Passphrase(fresh),
        keystore=None,
        kdf=CHEAP,
        random=secrets.token_bytes,
    )
    again = open_desk(home, fresh, keystore=None, clock=desk.clock, random=secrets.token_bytes, kdf=CHEAP)
    assert branch.sync(again).unsent == 0
    again.store.close()
    with branch.parts.store.read() as reader:
        stored = reader.operation(given["operation"])
    assert stored is not None
    operation = msgspec.json.decode(stored.data)
    assert operation["by"] == {"user": "qian", "role": "supervisor"}
    assert operation["body"]["identified"] == "in_person"
    assert given["answer"] not in stored.data.decode()


def test_codes_are_used_once(branch: Branch, desk: Desk, tmp_path: Path) -> None:
    """A second phone with the same code is refused by name."""
    make: Callable[[], Desk] = lambda: enrol(  # noqa: E731  # called once, below
        tmp_path / "second",
        "GAYTEMZUGU3DOOBZMFRGGZDFMY",
        HttpOffice(branch.client),
        office_url="https://pay.example",
        secret=Passphrase(PASSPHRASE),
        keystore=None,
        clock=desk.clock,
        random=secrets.token_bytes,
        waiting=WAITING,
        kdf=CHEAP,
    )
    with pytest.raises(DoorstepError) as caught:
        make()
    assert caught.value.code == "ENROL-CODE-USED"
    assert msgspec.json.encode(desk.enrolment.answer.device)
