"""Key files, encryption of fields, and the documented clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.clock import make_clock
from server.keys import load_keys, make_keys
from sync.errors import Conflict, Corrupt, Refused
from sync.simulated import SimulatedClock, parse_clock, shown_mono_ms, shown_ms
from tests.exchange.phone import NOON_MS

NAMES = ("blind", "field", "identity", "office", "recovery", "session", "tag")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with fresh keys."""
    make_keys(tmp_path / "keys", NOON_MS)
    return tmp_path / "keys"


def test_key_files_are_for_their_owner_only(folder: Path) -> None:
    """Mode 0600 in a folder of mode 0700, and never overwritten."""
    assert sorted(path.stem for path in folder.iterdir()) == list(NAMES)
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(Conflict, match="STATE-FORBIDS"):
        make_keys(folder, NOON_MS)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fault", ["missing", "a folder", "too open", "empty", "another's", "spoilt"])
def test_a_key_file_that_is_not_as_it_should_be(folder: Path, name: str, fault: str) -> None:
    """KEY-FILE-WRONG with the path, whatever is wrong with which file."""
    path = folder / f"{name}.json"
    content = path.read_bytes()
    if fault in {"missing", "a folder"}:
        path.unlink()
    if fault == "a folder":
        path.mkdir(mode=0o700)
    elif fault == "too open":
        path.chmod(0o640)
    elif fault == "empty":
        path.write_bytes(b"")
    elif fault == "another's":
        path.write_bytes((folder / ("tag.json" if name != "tag" else "blind.json")).read_bytes())
    elif fault == "spoilt":
        start = content.index(b'"secret"') + 60
        path.write_bytes(content[:start] + b"!!!" + content[start + 3 :])
    with pytest.raises(Refused, match=f"KEY-FILE-WRONG.*{name}"):
        load_keys(folder)


def test_an_envelope_opens_only_in_its_place(folder: Path) -> None:
    """Another context, another key or one altered bit is STORE-CORRUPT."""
    keys = load_keys(folder)
    envelope = keys.encrypt("王芳".encode(), b"customer/C1")
    assert keys.decrypt(envelope, b"customer/C1") == "王芳".encode()
    assert "王芳".encode() not in envelope
    assert keys.encrypt(b"x", b"c") != keys.encrypt(b"x", b"c")
    for bad, context in (
        (envelope, b"customer/C2"),
        (envelope[:-1] + bytes([envelope[-1] ^ 1]), b"customer/C1"),
        (envelope[:1] + b"\0\0\0\0" + envelope[5:], b"customer/C1"),
        (b"", b"customer/C1"),
        (envelope[:20], b"customer/C1"),
    ):
        with pytest.raises(Corrupt, match="STORE-CORRUPT"):
            keys.decrypt(bad, context)


def test_blind_indexes_find_equal_values_and_tell_nothing_else(folder: Path, tmp_path: Path) -> None:
    """Bound to field and key."""
    keys = load_keys(folder)
    make_keys(tmp_path / "other", NOON_MS)
    assert keys.blind("phone", "138") == keys.blind("phone", "138")
    assert len({keys.blind("phone", "138"), keys.blind("name", "138"), keys.blind("phone", "139")}) == 3
    assert keys.blind("phone", "138") != load_keys(tmp_path / "other").blind("phone", "138")


# -- the clock
def test_a_documented_clock_shows_its_start_and_runs_at_its_rate() -> None:
    """Four hundred times as fast, wall and monotonic alike."""
    clock = parse_clock("start=2026-11-23T07:30:00+08:00;real=1790000000;rate=400", 0)
    assert clock == SimulatedClock(
        start_ms=NOON_MS - 4 * 3_600_000 - 1_800_000,
        offset_minutes=480,
        real_ms=1_790_000_000_000,
        rate_permille=400_000,
    )
    assert shown_ms(clock, clock.real_ms) == clock.start_ms
    assert shown_ms(clock, clock.real_ms + 1_000) == clock.start_ms + 400_000
    assert shown_mono_ms(clock, 10) == 4_000
    assert parse_clock(clock.text, 0) == clock


def test_what_a_clock_leaves_out_has_a_plain_meaning() -> None:
    """Rate 1, and from now on."""
    clock = parse_clock("start=2026-11-23T07:30:00.250Z", 5_000)
    assert (clock.real_ms, clock.rate_permille, clock.offset_minutes) == (5_000, 1_000, 0)
    assert parse_clock("start=2026-11-23T07:30:00Z;rate=0.5", 0).rate_permille == 500
    assert parse_clock(" start=2026-11-23T07:30:00Z ; rate=0 ", 0).rate_permille == 0


@pytest.mark.parametrize(
    "text",
    [
        "rate=3",
        "start=today",
        "start=2026-13-01T00:00:00Z",
        "start=2026-11-23T07:30:00",
        "start=2026-11-23T07:30:00Z;rate=-1",
        "start=2026-11-23T07:30:00Z;rate=fast",
        "start=2026-11-23T07:30:00Z;rate=1000001",
        "start=2026-11-23T07:30:00Z;real=soon",
        "start=2026-11-23T07:30:00Z;start=2026-11-23T07:30:00Z",
        "start=2026-11-23T07:30:00Z;speed=4",
        "2026",
    ],
)
def test_a_clock_that_cannot_be_read(text: str) -> None:
    """CLOCK-WRONG says which part."""
    with pytest.raises(Refused, match="CLOCK-WRONG"):
        parse_clock(text, 0)


def test_the_offices_clock() -> None:
    """A reading carries the shown time, its offset and one boot identity; empty means the machine's own."""
    clock = make_clock("start=2026-11-23T12:00:00+08:00;real=0;rate=0", "boot")
    reading = clock.reading()
    assert (reading.wall_ms, reading.offset_minutes) == (NOON_MS, 480)
    assert reading.boot == clock.reading().boot
    own = make_clock("", "boot")
    first, second = own.reading(), own.reading()
    assert first.mono_ms <= second.mono_ms
    assert own.simulated is None
