"""The phone app itself, in node, against the real office over real sockets: from enrolment to verdicts, and its end."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec

from server.app import Parts, build_app, open_parts
from server.keys import make_keys
from server.ports import Writer
from server.services.device_locks import lock_device, unlock_device
from server.services.devices import issue_code
from server.services.imports import IMPORT_KINDS, import_file
from server.services.office import Frame, Office, Person
from server.services.reconcile import Reconciler
from server.services.recovery import answer_recovery
from server.services.verify import verify
from server.services.visits import assign_visit
from server.settings import Settings
from tests.phone.node import bundle, start

TINY = Path(__file__).parents[2] / "fixtures" / "worlds" / "tiny"
AGENT = "AG-YC-1"
DAY = "2026-03-02"
NINE_MS = 1_772_413_200_000
"""2026-03-02T09:00:00+08:00."""
ADMIN = Person(user="wen", roles=("admin", "supervisor"))
PIN = "740261"
_START_S = 20.0
_JPEG = {"bytes": {"$bytes": 300_000}, "mime": "image/jpeg"}

pytestmark = pytest.mark.timeout(600)


class Refused(Exception):
    """The phone's answer to a call that it refused."""

    def __init__(self, code: str, key: str, cause: str) -> None:
        super().__init__(f"{code} {key}: {cause}")
        self.code, self.key = code, key


class NodePhone:
    """The app in a node process of its own; `phone("start", "V1")` calls a method of its interface."""

    def __init__(self, program: Path, url: str) -> None:
        self.process: subprocess.Popen[str] = start(str(program), url, str(NINE_MS))

    def __call__(self, call: str, *arguments: object) -> Any:
        """The value that the method resolved with; raises `Refused`."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"call": call, "with": arguments}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the phone's process ended"
        said = json.loads(line)
        if "refused" in said:
            raise Refused(**said["refused"])
        return said["value"]

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


class Branch:
    """The tiny world behind uvicorn on a free port of 127.0.0.1."""

    def __init__(self, parts: Parts, url: str) -> None:
        self.parts, self.url = parts, url
        frame = Frame(public_url=url, office_phone="+8611000000000", creditor_name="示例银行")
        self.office = Office(store=parts.store, keys=parts.keys, clock=parts.clock, frame=frame)

    def reconcile(self) -> None:
        """Fold everything that is pending."""
        reconciler = Reconciler(self.parts.store)
        while reconciler.run_pending(1000):
            pass

    def code(self) -> str:
        """A one-time code's QR text."""
        return self.parts.store.write_now(
            lambda writer: issue_code(writer, AGENT, b"0123456789abcdef", NINE_MS, self.url)
        ).qr

    def ask(self, path: str, **question: str) -> Any:
        """What a customer's browser is told."""
        return httpx.post(self.url + path, json=question).raise_for_status().json()


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[Branch]:
    """A running office with four visits assigned."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = Settings(
        data=tmp_path / "office", public_url=url, clock=f"start={DAY}T09:00:00+08:00;rate=0", jobs=False
    )
    settings.data.mkdir()
    make_keys(settings.keys, NINE_MS)
    parts = open_parts(settings)
    server = uvicorn.Server(uvicorn.Config(build_app(settings, parts), log_level="error", lifespan="on", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    with httpx.Client(base_url=url, transport=httpx.HTTPTransport(retries=20), timeout=_START_S) as client:
        client.get("/r").raise_for_status()
    branch = Branch(parts, url)
    letters = {path.stem: path.read_bytes() for path in (TINY / "notices").glob("*.txt")}
    for kind in IMPORT_KINDS:
        import_file(branch.office, ADMIN, kind, f"{kind}.csv", (TINY / f"{kind}.csv").read_bytes(), letters=letters)
    branch.reconcile()
    for visit in ("V1", "V2", "V3", "V4"):
        parts.store.write_now(partial(_assign, branch.office, visit))
    yield branch
    server.should_exit = True
    thread.join(_START_S)
    listener.close()


def _assign(office: Office, visit: str, writer: Writer) -> None:
    assign_visit(writer, office, ADMIN, visit, AGENT)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The driver with the whole app in it."""
    return bundle("tests/phone/driver.ts", tmp_path_factory.mktemp("driver") / "driver.mjs")


@pytest.fixture
def phone(branch: Branch, program: Path) -> Iterator[NodePhone]:
    """An enrolled phone with the route."""
    phone = NodePhone(program, branch.url)
    phone("enrol", branch.code(), PIN, "node")
    assert phone("synchronise")["complete"]
    yield phone
    phone.close()


def _work(phone: NodePhone) -> list[dict[str, Any]]:
    """A day at three doors; the receipts that were shown."""
    phone("start", "V1", {"position": {"lat_e7": 333500000, "lon_e7": 1201600000, "accuracy_m": 9}})
    with pytest.raises(Refused, match="code-mistyped"):
        phone("checkIdentity", "V1", {"method": "visit_code", "result": "answered", "answer": "100002"})
    phone("checkIdentity", "V1", {"method": "visit_code", "result": "answered", "answer": "100001"})
    paid = [phone("collect", "V1", {"amountMinor": 20_000, "method": "cash"})]
    phone("note", "V1", "rang twice")
    phone("conclude", "V1", "part_paid")
    phone("start", "V2")
    paid.append(phone("collect", "V2", {"amountMinor": 5_000, "method": "alipay", "providerOrder": "2026030222"}))
    paid.append(phone("void", paid[-1]["receipt"]["series"], {"reason": "typing_error"}))
    phone("promise", "V2", 5_000, "2026-03-09")
    phone("conclude", "V2", "promised")
    phone("start", "V3")
    phone("conclude", "V3", "nobody_home")
    phone("deposit", 10_000, "Bank", {"slip": _JPEG, "slipNumber": "S-1"})
    phone("endDay")
    return [recorded["receipt"] for recorded in paid]


def test_a_day_goes_from_enrolment_to_verdicts_and_verifies(branch: Branch, phone: NodePhone) -> None:
    """Every line arrives byte for byte, receipts are genuine, photos are held, verdicts come back, the books replay."""
    assert [stop["document"]["visit"] for stop in phone("route")["stops"]] == ["V1", "V2", "V3", "V4"]
    receipts = _work(phone)
    assert branch.ask("/api/v1/receipts/check", digits=receipts[0]["digits"])["verdict"] == "not_yet_reported"
    report = phone("synchronise")
    assert (report["unsent"], report["complete"], report["photos"]) == (0, True, 1)
    journal = phone("exportJournal")
    device = phone("state")["device"]
    with branch.parts.store.read() as reader:
        lines = list(reader.export(device, None))
        slip = next(json.loads(line)["body"]["slip"] for line in lines if b"CashDeposited" in line)
        photo = reader.side_record(slip)
    assert b"".join(line + b"\n" for line in lines) == journal.encode()
    assert photo is not None
    assert photo[16:] == b"\x07" * 300_000
    branch.reconcile()
    assert phone("synchronise")["complete"]
    states = {record["state"] for record in phone("status", True)["records"]}
    assert "applied" in states
    assert not states & {"on_phone", "at_office"}
    answer = branch.ask("/api/v1/receipts/check", digits=receipts[0]["digits"], check=receipts[0]["lastFour"])
    assert (answer["verdict"], answer["amount_minor"], answer["check"]) == ("genuine", 20_000, "matches")
    assert branch.ask("/api/v1/receipts/check", short=receipts[1]["short"])["verdict"] in ("voided", "void_pending")
    with branch.parts.store.read() as reader:
        found = verify(reader, shuffle=7)
    assert found.sound, found.faults


def test_the_badge_is_genuine_for_whoever_scans_it(branch: Branch, phone: NodePhone) -> None:
    """The office's own page says so."""
    badge = phone("badge")
    assert badge["prefix"] == branch.url + "/agent#"
    assert branch.ask("/api/v1/badges/check", digits=badge["digits"])["verdict"] == "genuine"


def test_a_phone_locked_from_afar_sends_shows_nothing_and_is_wiped(branch: Branch, phone: NodePhone) -> None:
    """What it had recorded arrives; its documents go; unlocked, it works again."""
    phone("start", "V1")
    device = phone("state")["device"]
    branch.parts.store.write_now(lambda writer: lock_device(writer, ADMIN, device, "mislaid", NINE_MS, wipe=True))
    report = phone("synchronise")
    assert (report["locked"], report["wiped"], report["unsent"]) == (True, True, 0)
    with pytest.raises(Refused, match="refused-locked"):
        phone("note", "V1", "nothing is written")
    branch.parts.store.write_now(lambda writer: unlock_device(writer, branch.parts.keys, ADMIN, device, "found again"))
    assert phone("synchronise")["complete"]
    assert phone("collect", "V1", {"amountMinor": 100, "method": "cash"})["receipt"]["number"] == 1


def test_a_forgotten_pin_is_answered_by_the_office_and_loses_nothing(branch: Branch, phone: NodePhone) -> None:
    """The request and the answer are texts; the phone opens under a new PIN with what it had not sent."""
    phone("start", "V1")
    assert phone("reload")["at"] == "locked"
    request = phone("recoveryRequest")
    given = branch.parts.store.write_now(
        lambda writer: answer_recovery(
            writer, branch.parts.keys, ADMIN, request, "in_person", lambda: ec.generate_private_key(ec.SECP256R1())
        )
    )
    phone("recoveryFinish", given.answer, "550912")
    assert phone("status")["unsent"] == 1
    assert phone("synchronise")["unsent"] == 0
    assert phone("reload")["at"] == "locked"
    phone("unlock", "550912")
    assert phone("state")["agent"] == AGENT
