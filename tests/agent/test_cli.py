"""The command as an agent uses it, over the library and an office in memory."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import agent_client.cli.app as cli_app
import agent_client.cli.setup as cli_setup
from agent_client import enrolment
from agent_client.cli import main
from agent_client.texts import LANGUAGES, TEXTS, language_of
from agent_client.texts_errors import CHINESE
from sync.errors import ERROR_CODES
from sync.operations.kinds import FIELD_KINDS
from tests.agent.conftest import CHEAP, PASSPHRASE, HandClock, connect
from tests.agent.documents import CODE
from tests.agent.fake_office import FakeOffice
from tests.agent.test_badge import certify

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    tmp_path: Path,
    office: FakeOffice,
    clock: HandClock,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run one command: exit status, output, errors. The network leads to the office in memory."""
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
    for name in ("DOORSTEP_AGENT_HOME", "DOORSTEP_PASSPHRASE_FILE", "DOORSTEP_CLOCK", "DOORSTEP_AGENT_CLOCK_OFFSET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setattr("agent_client.vault.keystore.find_keystore", lambda: None)
    monkeypatch.setattr(cli_setup, "find_keystore", lambda: None)
    monkeypatch.setattr("agent_client.transport.open_office", lambda *_args, **_kwargs: connect(office))
    monkeypatch.setattr(cli_app, "device_clock", lambda *_: clock)
    monkeypatch.setattr(cli_setup, "STANDARD_COST", CHEAP)
    monkeypatch.setitem(enrolment.enrol.__kwdefaults__ or {}, "kdf", CHEAP)
    monkeypatch.setitem(enrolment.open_desk.__kwdefaults__ or {}, "kdf", CHEAP)

    def call(*arguments: str, lang: str = "en") -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(["--home", str(tmp_path / "home"), "--passphrase-file", str(secret), "--lang", lang, *arguments])
        captured = capsys.readouterr()
        return int(left.value.code or 0), captured.out, captured.err

    return call


@pytest.fixture
def ready(run: Run) -> Run:
    """An enrolled phone with the day's route."""
    assert run("enrol", f"doorstep:ENROL?url=https://office.example&code={CODE}")[0] == 0
    assert run("pull")[0] == 0
    return run


def _json(result: tuple[int, str, str]) -> object:
    assert result[0] == 0, result[2]
    return json.loads(result[1])


def test_a_day_at_the_door(ready: Run, tmp_path: Path) -> None:
    """Route, arrival, check, payment, receipt, conclusion, end, hand-over, sync: each command does its part."""
    status, out, _ = ready("route")
    assert status == 0
    assert "人民路128号3幢502室" in out.replace("\n", "")
    assert ready("start", "V1", "--position", "33.351,120.161,12")[0] == 0
    assert ready("check-id", "V1", "--answer", "482107")[0] == 0
    status, out, _ = ready("collect", "V1", "200.00", "--method", "cash")
    assert status == 0
    assert "Receipt 1: 200.00 CNY cash" in out
    status, out, _ = ready("receipt", "1", "--png", str(tmp_path / "r.png"), "--share", str(tmp_path / "s.png"))
    assert status == 0
    assert (tmp_path / "r.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "s.png").read_bytes().startswith(b"\x89PNG")
    assert "█" in ready("receipt")[1]
    assert ready("note", "V1", "paid at once")[0] == 0
    assert ready("conclude", "V1", "part_paid")[0] == 0
    status, out, _ = ready("end-day")
    assert "400.00 CNY" in out
    assert ready("hand-over", "--denomination", "10000x4")[0] == 0
    assert "7 durable at the office, 0 still here" in ready("sync")[1]
    rows = _json(ready("status", "--json", "--all"))
    assert isinstance(rows, dict)
    assert {row["state"] for row in rows["records"]} == {"at_office"}


def test_every_reading_command_speaks_json(ready: Run) -> None:
    """Route, status, receipt, sync and every record give JSON on request."""
    assert isinstance(_json(ready("route", "--json")), dict)
    recorded = _json(ready("start", "V1", "--json"))
    assert isinstance(recorded, dict)
    assert recorded["kind"] == "VisitStarted"
    collected = _json(ready("collect", "V1", "1.00", "--json"))
    assert isinstance(collected, dict)
    shown = _json(ready("receipt", "--json"))
    assert isinstance(shown, dict)
    assert shown["url"] == collected["receipt"]["url"]
    assert shown["url"].startswith("https://pay.example/r#")
    assert isinstance(_json(ready("sync", "--json")), dict)


def test_export_is_the_exact_journal(ready: Run, tmp_path: Path, office: FakeOffice) -> None:
    """One line an operation, the bytes that the office holds too."""
    ready("start", "V1")
    ready("collect", "V1", "1.00")
    ready("sync")
    assert ready("export", str(tmp_path / "j.ndjson"))[0] == 0
    assert (tmp_path / "j.ndjson").read_bytes().splitlines() == [placed.data for placed in office.chain()]


def test_an_error_is_one_line_and_a_status(ready: Run) -> None:
    """With code, title and cause, in the agent's language; nothing on standard output."""
    status, out, err = ready("collect", "V1", "10.00")
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("WORK-REFUSED")
    status, _, err = ready("collect", "V1", "10.00", lang="zh")
    assert "尚未开始" in err
    assert ready("collect", "V1", "ten")[0] == 1
    assert ready("collect", "V1", "-5")[0] != 0
    assert ready("collect", "V1", "1", "--method", "gold")[0] == 2
    assert ready("start", "V1", "--position", "91,0")[0] == 1


def test_without_signal_everything_but_the_network_works(ready: Run, office: FakeOffice) -> None:
    """Recording and looking never touch the office."""
    office.handle = None  # type: ignore[assignment]  # nobody is there
    for arguments in (("start", "V1"), ("collect", "V1", "5"), ("route",), ("status",), ("receipt",), ("end-day",)):
        assert ready(*arguments)[0] == 0, arguments


def test_a_changed_secret_opens_and_the_old_does_not(ready: Run, tmp_path: Path) -> None:
    """`change-pin` with files; then only the new file opens."""
    other = tmp_path / "new"
    other.write_text("another passphrase entirely\n", encoding="utf-8")
    assert ready("change-pin", "--new-passphrase-file", str(other))[0] == 0
    status, _, err = ready("status")
    assert (status, err.split()[0]) == (1, "PIN-WRONG")
    (tmp_path / "secret").write_text("another passphrase entirely\n", encoding="utf-8")
    assert ready("status")[0] == 0


def test_a_forgotten_secret_is_recovered_through_the_office(ready: Run, tmp_path: Path, office: FakeOffice) -> None:
    """Request, the branch's answer, a new secret; what was unsent is still there."""
    from sync.recovery import open_recovery_request
    from tests.agent.fake_office import key_of

    ready("start", "V1")
    request, answer, new = tmp_path / "request", tmp_path / "answer", tmp_path / "new"
    assert ready("forgot-pin", "request", str(request))[0] == 0
    answer.write_bytes(open_recovery_request(request.read_bytes().strip(), office.recovery_key, key_of(77)))
    new.write_text("a third passphrase now\n", encoding="utf-8")
    assert ready("forgot-pin", "finish", str(answer), "--new-passphrase-file", str(new))[0] == 0
    (tmp_path / "secret").write_text("a third passphrase now\n", encoding="utf-8")
    rows = _json(ready("status", "--json"))
    assert isinstance(rows, dict)
    assert rows["unsent"] == 1


@pytest.mark.parametrize(("lang", "words"), [("en", "stale after five minutes"), ("zh", "五分钟后失效")])
def test_a_badge_is_shown_as_a_code(ready: Run, office: FakeOffice, lang: str, words: str) -> None:
    """A code on the terminal with who it is, its text as JSON, and one readable line where there is none."""
    status, _, err = ready("badge", lang=lang)
    assert (status, err.split()[0]) == (1, "BADGE-MISSING")
    certify(office)
    ready("pull")
    status, out, _ = ready("badge", lang=lang)
    assert status == 0
    assert words in out
    assert "王秀英 AG01" in out
    lines = [line for line in out.splitlines() if set(line) <= set("█▀▄ ")]
    assert {len(line) for line in lines} == {57 + 8}
    found = _json(ready("badge", "--json"))
    assert isinstance(found, dict)
    assert found["url"].startswith("https://pay.example/agent#")


def test_a_simulated_day_prints_a_line_for_each_stop(ready: Run) -> None:
    """In the order of the route, then the day's figures."""
    status, out, _ = ready("simulate-day", "--seed", "5")
    assert status == 0
    assert [f"  {number}. V{number}" in out for number in (1, 2, 3)] == [True, True, True]
    assert "Day 2026-11-23" in out


def test_no_vault_is_told_as_such(run: Run) -> None:
    """A command before enrolment names what is missing."""
    status, _, err = run("route")
    assert (status, err.split()[0]) == (1, "VAULT-MISSING")


def test_texts_are_complete_in_both_languages() -> None:
    """Each text has both languages with the same values; every kind has a name; Chinese errors are real codes."""
    import string

    assert LANGUAGES == ("en", "zh")
    for key, (english, chinese) in TEXTS.items():
        fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (english, chinese)]
        assert fields[0] == fields[1], key
    assert {f"kind-{kind}" for kind in FIELD_KINDS} <= set(TEXTS)
    assert set(CHINESE) <= set(ERROR_CODES)
    assert [language_of(text) for text in ("zh_CN.UTF-8", "en_US", "C", "")] == ["zh", "en", "en", "en"]


@pytest.mark.parametrize(("lang", "words"), [("en", "waits for the office"), ("zh", "需办公室批准")])
def test_plans_are_calculated_and_drawn_up_offline(ready: Run, lang: str, words: str) -> None:
    """Two plans side by side with every instalment, then one is proposed; nothing needs the office."""
    asked = ("--periods", "12", "--periods", "36", "--rate-bp", "600", "--first-due", "2026-12-31")
    status, out, _ = ready("plan-calculate", "V1", *asked, "--schedule", lang=lang)
    assert status == 0
    assert words in out.replace("\n", "")
    assert "2027-02-28" in out
    found = _json(ready("plan-calculate", "V1", *asked, "--json"))
    assert isinstance(found, dict)
    assert [column["instalments"] for column in found["columns"]] == [12, 36]
    assert found["columns"][1]["authority"]["excess"][0]["limit"] == "periods_max"
    assert ready("start", "V1")[0] == 0
    status, out, err = ready("plan-propose", "V1", "--periods", "12", "--first-due", "2026-12-31", lang=lang)
    assert status == 0
    assert ("the plan is agreed" if lang == "en" else "还款计划已达成") in out + err


def test_a_plan_that_makes_no_sense_is_one_readable_line(ready: Run) -> None:
    """Cause and remedy, and a status that scripts see."""
    status, _, err = ready("plan-calculate", "V1", "--scheme", "deferral", "--first-due", "2026-12-31")
    assert status != 0
    assert "deferral_months" in err
