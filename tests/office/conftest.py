"""An office in a fresh folder: the real store and keys, a clock that stands, and the tiny world."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.clock import FixedClock
from server.keys import load_keys, make_keys
from server.services.imports import IMPORT_KINDS, import_file
from server.services.office import Frame, Office, Person
from server.services.reconcile import Reconciler
from server.store.sqlite import SqliteStore

MORNING_MS = 1_772_406_000_000
"""2026-03-02T07:00:00+08:00."""
TINY = Path(__file__).parents[2] / "fixtures" / "worlds" / "tiny"
ADMIN = Person(user="wen", roles=("admin",))
SUPERVISOR = Person(user="qian", roles=("supervisor",))
CASHIER = Person(user="bai", roles=("cashier",))
COMPLIANCE = Person(user="lu", roles=("compliance",))


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key files, made once."""
    folder = tmp_path_factory.mktemp("keys") / "keys"
    make_keys(folder, MORNING_MS)
    return folder


@pytest.fixture
def office(tmp_path: Path, key_folder: Path) -> Iterator[Office]:
    """An empty office whose journal is open."""
    keys = load_keys(key_folder)
    clock = FixedClock(MORNING_MS)
    store = SqliteStore(tmp_path / "doorstep.db", keys, clock)
    store.open_office("test", keys.office[-1].public, keys.office[-1].id)
    frame = Frame(public_url="https://doorstep.example", office_phone="+8611000000000", creditor_name="示例银行")
    yield Office(store=store, keys=keys, clock=clock, frame=frame)
    store.close()


@pytest.fixture
def tiny(office: Office) -> Office:
    """The office after the tiny world's five files, reconciled."""
    for kind in IMPORT_KINDS:
        if kind != "payments":
            letters = {path.stem: path.read_bytes() for path in (TINY / "notices").glob("*.txt")}
            import_file(office, ADMIN, kind, f"{kind}.csv", (TINY / f"{kind}.csv").read_bytes(), letters=letters)
    reconcile(office)
    return office


def reconcile(office: Office) -> None:
    """Fold everything that is pending."""
    reconciler = Reconciler(office.store)
    while reconciler.run_pending(1000):
        pass
