"""Making a folder into a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from agent_client.enrolment import enrol, open_desk, parse_enrolment_code, vault_folder
from agent_client.recording import Desk
from agent_client.syncing import Waiting
from agent_client.vault import Passphrase
from agent_client.work.visits import start_visit
from sync.errors import DoorstepError, Refused
from tests.agent.conftest import CHEAP, PASSPHRASE, HandClock, Phone, connect
from tests.agent.documents import CODE, DEVICE
from tests.agent.fake_office import FakeOffice, counted_bytes


def _enrol(home: Path, office: FakeOffice, clock: HandClock, code: str = CODE) -> Desk:
    with connect(office) as transport:
        return enrol(
            home,
            code,
            transport,
            office_url="https://office.example",
            secret=Passphrase(PASSPHRASE),
            keystore=None,
            clock=clock,
            random=counted_bytes("x"),
            waiting=Waiting(sleep=lambda _: None, draw=lambda: 0.0),
            kdf=CHEAP,
        )


def test_the_text_of_a_qr_code_is_read() -> None:
    """Address and code come from the text, percent-encoded or not; a bare code is a code."""
    text = "doorstep:ENROL?url=https%3A%2F%2Foffice.example%3A8443&code=7KQ2-9XWD"
    parsed = parse_enrolment_code(text)
    assert (parsed.url, parsed.code) == ("https://office.example:8443", "7KQ2-9XWD")
    assert parse_enrolment_code(" 7KQ2-9XWD ").code == "7KQ2-9XWD"


@pytest.mark.parametrize("text", ["", "  ", "doorstep:ENROL?code=X", "doorstep:ENROL?url=https://x"])
def test_incomplete_codes_are_refused(text: str) -> None:
    """Nothing, and a QR text without its address or its code."""
    with pytest.raises(Refused):
        parse_enrolment_code(text)


def test_an_enrolled_phone_opens_again(phone: Phone) -> None:
    """The same head, key and route are there after closing; the signing key lives only inside the vault."""
    start_visit(phone.desk, "V1")
    phone.desk.store.close()
    desk = open_desk(
        phone.desk.home, PASSPHRASE, keystore=None, clock=phone.clock, random=counted_bytes("y"), kdf=CHEAP
    )
    assert desk.device == DEVICE
    assert desk.store.journal.writer(DEVICE).head.seq == 1
    key = phone.desk.enrolment.signing_key
    for path in phone.desk.home.rglob("*"):
        assert not path.is_file() or key not in path.read_bytes()
    desk.store.close()


def test_a_wrong_code_leaves_no_phone(tmp_path: Path, office: FakeOffice, clock: HandClock) -> None:
    """The office's refusal is the agent's, and the folder can be used with the right code."""
    with pytest.raises(DoorstepError) as caught:
        _enrol(tmp_path / "p", office, clock, "WRONG")
    assert caught.value.code == "ENROL-CODE-WRONG"
    assert not vault_folder(tmp_path / "p").exists()
    _enrol(tmp_path / "p", office, clock).store.close()


def test_a_phone_is_never_enrolled_over(tmp_path: Path, office: FakeOffice, clock: HandClock) -> None:
    """The code is not even sent."""
    _enrol(tmp_path / "p", office, clock).store.close()
    office.used_codes.clear()
    with pytest.raises(DoorstepError) as caught:
        _enrol(tmp_path / "p", office, clock)
    assert caught.value.code == "VAULT-EXISTS"
    assert office.used_codes == set()


def test_what_an_interrupted_enrolment_left_is_made_anew(tmp_path: Path, office: FakeOffice, clock: HandClock) -> None:
    """A half-made vault beside its place holds no record and is replaced."""
    leftover = tmp_path / "p" / "vault.unfinished"
    leftover.mkdir(parents=True)
    (leftover / "agent.db").write_bytes(b"half")
    desk = _enrol(tmp_path / "p", office, clock)
    assert not leftover.exists()
    assert vault_folder(tmp_path / "p").is_dir()
    desk.store.close()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"device":"00000000000000a1"', '"device":"short"'),
        ('"epoch":1', '"epoch":0'),
        ('"public_key":"B', '"public_key":"A'),
    ],
)
def test_an_answer_that_makes_no_sense_is_not_kept(
    tmp_path: Path, office: FakeOffice, clock: HandClock, old: str, new: str
) -> None:
    """A device id that fits no receipt, epoch 0, or keys that are none: no phone comes of it."""
    original = office.handle

    def broken(request: httpx.Request) -> httpx.Response:
        text = original(request).text
        assert old in text
        return httpx.Response(200, text=text.replace(old, new))

    office.handle = broken  # type: ignore[method-assign]  # this office misbehaves
    with pytest.raises(DoorstepError) as caught:
        _enrol(tmp_path / "p", office, clock)
    assert caught.value.code == "ANSWER-UNTRUSTED"
    assert not vault_folder(tmp_path / "p").exists()


def test_an_interruption_before_the_last_step_leaves_no_phone(
    tmp_path: Path, office: FakeOffice, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The vault is moved to its place only when it is complete."""

    def stop(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", stop)
    with pytest.raises(KeyboardInterrupt):
        _enrol(tmp_path / "p", office, clock)
    assert not vault_folder(tmp_path / "p").exists()


def test_the_first_operation_continues_nothing(make_phone: Callable[[], Phone]) -> None:
    """A new journal starts at epoch 1 with the number 1."""
    phone = make_phone()
    phone.sync()
    recorded = start_visit(phone.desk, "V1")
    assert (recorded.epoch, recorded.seq) == (1, 1)
    stored = phone.desk.store.journal.last()
    assert stored is not None
    assert b'"prev":"' + b"0" * 64 in stored.data
