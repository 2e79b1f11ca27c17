"""A client written from PROTOCOL.md alone works against a real office."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.app import open_parts
from server.cli import main
from server.services.agents import register_agent
from server.settings import read_settings
from sync.operations.envelope import Actor
from sync.operations.office import AgentRegistered
from tests.protocol import plain_client, plain_formats
from tests.protocol.plain_client import PlainDevice, Problem
from tests.protocol.plain_formats import GENESIS, check_receipt, follow_export, write_digits

PACK = "2026-11-22/agent-1"
START_S = 60.0
"""How long a cold start may take on a slow machine before the test gives up."""


def test_the_client_imports_nothing_of_ours() -> None:
    """Only the standard library and `cryptography`: by its source, not by what happens to be loaded."""
    for module in (plain_client, plain_formats):
        roots = set()
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                roots |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                roots.add(str(node.module))
        names = {root.split(".")[0] for root in roots - {"tests.protocol.plain_formats"}}
        assert names <= set(sys.stdlib_module_names) | {"cryptography"}
        assert "importlib" not in names


class Office:
    """A running server process and how its operator makes codes."""

    def __init__(self, url: str, data: Path) -> None:
        self.url = url
        self.data = data

    def command(self, *words: str) -> str:
        """What a command of the office's program prints."""
        result = CliRunner().invoke(main, ["--data", str(self.data), *words])
        assert result.exit_code == 0, result.output
        return result.output

    def code(self) -> str:
        """A fresh enrolment code for the one agent."""
        output = self.command("enrol-code", "--agent", "agent-1", "--text-only")
        return output.strip().rsplit(" ", 1)[1]

    def device(self) -> PlainDevice:
        """An enrolled device."""
        device = PlainDevice(self.url, lambda: time.time_ns() // 1_000_000)
        device.enrol(self.code())
        device.pack = PACK
        return device


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """`doorstep serve` on a free port of this machine, with one agent."""
    data = tmp_path_factory.mktemp("office") / "data"
    assert CliRunner().invoke(main, ["--data", str(data), "init"]).exit_code == 0
    parts = open_parts(read_settings({}, data))
    agent = AgentRegistered(
        agent="agent-1",
        branch="yancheng",
        home_lat_e7=333_456_789,
        home_lon_e7=1_201_234_567,
        shift_starts_s=32_400,
        shift_ends_s=64_800,
        visits_max=30,
        cash_limit_minor=5_000_000,
        currency="CNY",
        details="",
    )
    by = Actor("operator", "admin")
    asyncio.run(parts.store.write(lambda writer: register_agent(writer, agent, "李明", "", by, bytes(16))))
    parts.close()
    program = "from server.cli import main; main()"
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    server = subprocess.Popen(
        [sys.executable, "-c", program, "--data", str(data), "serve", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Office(_address(server, data), data)
    finally:
        server.terminate()
        server.communicate(timeout=START_S)


def _address(server: subprocess.Popen[str], data: Path) -> str:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError, ValueError):
            url = str(json.loads((data / "server.json").read_text())["url"])
            PlainDevice(url, lambda: 0).call("GET", "/api/v1/keys")
            return url
        time.sleep(0.05)
    server.kill()
    raise AssertionError(f"the office did not start: {server.communicate()[0]}")


def test_it_enrols_and_exchanges(office: Office) -> None:
    """A morning's operations with Chinese text are uploaded, acknowledged by hash, and not sent again."""
    device = office.device()
    device.write("VisitStarted", visit="V-1")
    note = device.side_record("门铃坏了，请敲门。".encode())
    device.write("NoteTaken", visit="V-1", note=note)
    device.write(
        "VisitConcluded", visit="V-1", account="A-1", customer="C-1", reason="nobody_home", sub_reason="明天再来"
    )
    assert device.exchange() == 3
    acknowledged = device.answer["acknowledgement"]["payload"]
    assert (acknowledged["epoch"], acknowledged["seq"], acknowledged["hash"]) == (1, 3, device.prev)
    assert note not in device.answer.get("missing_side_records", [])
    assert device.exchange(packed=False) == 0
    assert device.answer["acknowledgement"]["payload"]["hash"] == device.prev


def test_the_first_exchange_without_operations_is_answered(office: Office) -> None:
    """A device that has written nothing gets its documents and an acknowledgement of nothing."""
    device = office.device()
    assert device.exchange() == 0
    acknowledged = device.answer["acknowledgement"]["payload"]
    assert (acknowledged["seq"], acknowledged["hash"]) == (0, "")
    assert "resend_from" not in device.answer
    assert device.cursor is not None


def test_a_lost_answer_changes_nothing(office: Office) -> None:
    """Sent again after a lost answer, everything is acknowledged just the same."""
    device = office.device()
    device.write("VisitStarted", visit="V-1")
    device.exchange()
    device.unsent, device.acknowledged = 0, b""
    device.write("NoteTaken", visit="V-1", note="0" * 64)
    assert device.exchange() == 2


def test_a_gap_is_asked_for(office: Office) -> None:
    """What was skipped is named in `resend_from`, and nothing above it is acknowledged before it came."""
    device = office.device()
    for number in range(5):
        device.write("VisitStarted", visit=f"V-{number}")
    device.unsent = 3
    assert device.exchange() == 0
    assert device.answer["resend_from"] == {"epoch": 1, "seq": 1}
    assert device.answer["acknowledgement"]["payload"]["seq"] == 0
    assert device.unsent == 0
    assert device.exchange() == 5


def test_what_nobody_understands_is_acknowledged_and_blocks_nothing(office: Office) -> None:
    """Unknown kinds and malformed bodies are stored like any other."""
    device = office.device()
    device.write("TeleportUsed", to="V-9", how=[1, 2])
    device.write("VisitStarted", visit=7)
    device.write("NoteTaken", visit="V-1", note="n", mood=1.5)
    device.write("VisitStarted", visit="V-1")
    assert device.exchange() == 4


def test_a_fork_goes_on_in_a_new_epoch(office: Office) -> None:
    """A device restored from a backup is told to open an epoch; both branches are kept and acknowledged."""
    device = office.device()
    for number in range(4):
        device.write("VisitStarted", visit=f"V-{number}")
    device.exchange()
    device.lines, device.seq, device.prev = device.lines[:2], 2, device.lines[1][2]
    device.unsent = 2
    device.write("NoteTaken", visit="V-1", note="0" * 64)
    forked = device.prev
    assert device.exchange() == 1
    assert device.answer["epoch"]["continues"] == forked
    assert (device.epoch, device.seq) == (device.answer["epoch"]["epoch"], 0)
    device.write("VisitStarted", visit="V-1")
    assert device.exchange() == 1
    assert device.answer["acknowledgement"]["payload"]["epoch"] == device.epoch


def test_an_epoch_is_granted_when_asked_for(office: Office) -> None:
    """The next epoch continues the head that was named, and goes on from seq 1."""
    device = office.device()
    device.write("VisitStarted", visit="V-1")
    before = device.prev
    grant = device.ask_epoch()
    assert (grant["epoch"], grant["continues"]) == (2, before)
    device.write("VisitStarted", visit="V-2")
    assert device.exchange() == 2


def test_large_side_records_travel_apart(office: Office) -> None:
    """A photo is named by an operation, asked for, and uploaded by itself under the device's signature."""
    device = office.device()
    photo = device.side_record(bytes(50_000))
    device.write("CashDeposited", amount_minor=100, currency="CNY", bank="ICBC", slip=photo)
    device.exchange()
    device.upload_side_record(photo)
    device.upload_side_record(photo)
    device.exchange()
    assert photo not in device.answer.get("missing_side_records", [])


def test_a_side_record_is_sent_in_part(office: Office) -> None:
    """From where the office says, until the office says that it is held; then there is nothing left to send."""
    device = office.device()
    photo = device.side_record(bytes(50_000))
    assert device.upload_in_parts(photo, 20_000) == 3
    assert device.upload_in_parts(photo, 20_000) == 0


def test_refusals_are_problem_documents(office: Office) -> None:
    """Each refusal names its code, with title, status, detail and remedy, and nothing was stored."""
    device = office.device()
    with pytest.raises(Problem) as used:
        PlainDevice(office.url, device.clock_ms).enrol("AAAA-AAAA")
    assert used.value.code == "ENROL-CODE-WRONG"
    assert {"type", "title", "status", "detail", "code", "remedy"} <= set(used.value.document)
    device.write("VisitStarted", visit="V-1")
    good_key, device.key = device.key, PlainDevice(office.url, device.clock_ms).key
    with pytest.raises(Problem) as stranger:
        device.exchange()
    assert stranger.value.code == "SIGNATURE-WRONG"
    device.key = good_key
    device.epoch = 9
    device.write("VisitStarted", visit="V-1")
    device.lines[1] = (9, 1, *device.lines[1][2:])
    with pytest.raises(Problem) as chain:
        device.exchange()
    assert chain.value.code == "CHAIN-BROKEN"
    for path, code in (("/api/v1/keys/none", "NOT-FOUND"), ("/api/v1/nothing", "NOT-FOUND")):
        with pytest.raises(Problem) as missing:
            device.call("GET", path)
        assert missing.value.code == code
    with pytest.raises(Problem) as malformed:
        device.call("POST", "/api/v1/sync", b"[]")
    assert malformed.value.code == "EXCHANGE-MALFORMED"


def test_a_receipt_is_answered_before_and_after_it_was_reported(office: Office) -> None:
    """A scan before any sync finds a valid signature; after the exchange the office calls it genuine."""
    device = office.device()
    receipt = device.collect(50_000, visit="V-7", account="A-7", customer="C-7")
    digits = write_digits(receipt)
    fields = check_receipt(digits, lambda _: device.public_key)
    assert fields is not None
    assert (fields["amount_minor"], fields["number"], fields["before"]) == (50_000, 1, GENESIS[:32])
    before = device.ask_receipt(digits=digits + "?utm_source=x")
    assert (before["verdict"], before["signature"]) == ("not_yet_reported", "valid")
    assert (before["amount_minor"], before["currency"]) == (50_000, "CNY")
    short = before["short"]
    assert short.split("-")[1:3] == ["1", "1"]
    assert device.exchange() == 1
    deadline = time.monotonic() + START_S
    after = device.ask_receipt(digits=digits)
    while after["verdict"] != "genuine" and time.monotonic() < deadline:
        time.sleep(0.05)
        after = device.ask_receipt(digits=digits)
    assert after["verdict"] == "genuine"
    assert device.ask_receipt(short=short.lower())["verdict"] == "genuine"
    assert device.ask_receipt(digits=digits, check="1234")["check"] == "matches"
    assert device.ask_receipt(digits=digits, check="4321")["check"] == "does_not_match"


def test_receipts_of_nobody_are_not_genuine(office: Office) -> None:
    """A forged signature and a wrong check code are not genuine; what is no receipt is refused."""
    device = office.device()
    receipt = device.collect(100, visit="V-8", account="A-8", customer="C-8")
    forged = device.ask_receipt(digits=write_digits(receipt[:119] + bytes([receipt[119] ^ 1])))
    assert (forged["verdict"], forged["signature"]) == ("not_genuine", "invalid")
    assert forged["amount_minor"] == 0
    for question in ({"digits": "123"}, {"short": "no number"}, {}):
        with pytest.raises(Problem) as refused:
            device.ask_receipt(**question)
        assert refused.value.code == "RECEIPT-MALFORMED"


def test_published_keys_check_receipts(office: Office) -> None:
    """The device's receipt key is published under its id, beside the office's own keys."""
    device = office.device()
    key = json.loads(device.call("GET", f"/api/v1/keys/{device.device}"))
    assert (key["use"], key["public_key"]) == ("receipt", device.public_key)
    listed = json.loads(device.call("GET", "/api/v1/keys"))["keys"]
    assert {"acknowledgement", "identity", "recovery", "receipt"} <= {entry["use"] for entry in listed}


def test_the_export_of_the_office_is_followed(office: Office) -> None:
    """What the office exports for a device is the very lines that it wrote."""
    device = office.device()
    for number in range(3):
        device.write("VisitStarted", visit=f"站点{number}")
    device.exchange()
    content = b"".join(line + b"\n" for _, _, _, line in device.lines)
    assert follow_export(content)[-1] == device.prev == hashlib.sha256(device.lines[-1][3]).hexdigest()
    output = office.data / "export.ndjson"
    office.command("export", "--device", device.device, "--output", str(output))
    assert output.read_bytes() == content
