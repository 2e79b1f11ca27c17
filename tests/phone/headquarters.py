"""A real office for a phone: `doorstep serve` in a process of its own, worked by the commands that a branch would type.

Its day is today, its clocks are this machine's, and its nine customers live around one street corner, so that one agent
can see them all. A test knows what each customer knows: the visit code and the void code of the confirmation.
"""

from __future__ import annotations

import csv
import hashlib
import json
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx
import msgspec

from server.demo.demonstration.processes import Children, tail
from server.keys import load_keys
from server.services.voids import void_code
from server.settings import Settings

__all__ = ["AGENT", "BRANCH", "CUSTOMERS", "OFFICE_PHONE", "OTHER", "Customer", "Headquarters", "today"]

AGENT, OTHER, BRANCH = "AG-YC-1", "AG-YC-2", "YC"
OFFICE_PHONE: Final = "+86 515 0000 0000"
_ZONE = ZoneInfo("Asia/Shanghai")
_COMMAND_S, _READY_S, _FOLD_S, _TICK_S = 120.0, 60.0, 90.0, 0.1


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the agent meets at a stop, and why; amounts in fen."""

    name: str
    tasks: str
    overdue_minor: int
    visit_code: str = ""
    booked_minor: int = 0
    language: str = "zh"
    address: str
    phone: str
    latitude: float
    number: int

    @property
    def visit(self) -> str:
        """The visit's id."""
        return f"DAY-{self.number}"

    @property
    def account(self) -> str:
        """The account's id."""
        return f"AC{self.number:05d}"


def _customer(number: int, name: str, tasks: str, overdue_minor: int, **more: Any) -> Customer:
    return Customer(
        number=number,
        name=name,
        tasks=tasks,
        overdue_minor=overdue_minor,
        address=f"江苏省盐城市亭湖区示范街道样板路{number}号{number}室",
        phone=f"+861110000{number:04d}",
        latitude=33.35 + number / 1000,
        **more,
    )


CUSTOMERS: Final = (
    _customer(1, "王一帆", "collect;identity", 137_931, visit_code="482913", booked_minor=137_931),
    _customer(2, "李二梅", "collect;identity;notice", 98_765),
    _customer(3, "Clara Baker", "collect;identity;notice", 45_678, visit_code="730562", language="en"),
    _customer(4, "赵四海", "collect;identity;negotiate", 240_000),
    _customer(5, "钱五福", "collect;notice", 61_234),
    _customer(6, "孙六顺", "identity;negotiate;update_details", 350_000, visit_code="915274"),
    _customer(7, "周七巧", "collect;notice", 77_777),
    _customer(8, "吴八达", "collect;identity", 88_888),
    _customer(9, "郑九歌", "notice", 30_303),
)


def today() -> str:
    """The day at the branch."""
    return datetime.now(_ZONE).date().isoformat()


class Headquarters:
    """A fresh office until it is left; `command` is what somebody types there."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "office"
        self._intake = folder / "intake"
        self._log = folder / "office.log"
        self._children = Children()
        self.url = ""
        self.day = today()

    def __enter__(self) -> Headquarters:
        """Made, serving, planned: ready for a phone."""
        self._children.__enter__()
        try:
            self._open()
        except BaseException as error:
            self.__exit__(type(error), error, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The server is stopped."""
        self._children.__exit__(kind, error, trace)

    def command(self, *words: str) -> str:
        """What `doorstep` prints; raises Failed with its log when it ends with an error."""
        return self._children.run("server", ["--data", str(self.data), *words], {}, self._log, _COMMAND_S)

    def asked(self, *words: str) -> Any:
        """The same with `--json`, decoded."""
        return json.loads(self.command(*words, "--json"))

    def enrol_text(self) -> str:
        """What stands in the QR code that the office shows to a new phone."""
        return self.command("enrol-code", "--agent", AGENT, "--text-only").splitlines()[0]

    def void_code(self, visit: str) -> str:
        """What the customer of a visit has in their confirmation and the phone never learns."""
        return void_code(load_keys(Settings(data=self.data).keys), visit)

    def settle(self) -> None:
        """Wait until everything that arrived is folded."""
        until = time.monotonic() + _FOLD_S
        state: Any = {}
        while time.monotonic() < until:
            state = httpx.get(f"{self.url}/readyz", timeout=_READY_S, trust_env=False).json()
            if not state["reconciler"] and not state["backlog"]:
                return
            time.sleep(_TICK_S)
        raise AssertionError(f"the office does not settle: {state}\n{tail(self._log)}")

    def journal(self, device: str) -> bytes:
        """Every line that the office holds of a device."""
        return self.command("export", "--device", device).encode()

    def _open(self) -> None:
        self.command("init")
        secret = self.data.parent / "password"
        secret.write_text("correct horse battery staple\n")
        server = self._children.start(
            "server",
            ["--data", str(self.data), "serve", "--port", "0", "--fold-processes", "0"],
            {"DOORSTEP_PHONE": OFFICE_PHONE, "DOORSTEP_CREDITOR_NAME": "示例银行"},
            self._log,
        )
        until = time.monotonic() + _READY_S
        running = Settings(data=self.data).token_file
        while not self._ready(running) and server.poll() is None and time.monotonic() < until:
            time.sleep(_TICK_S)
        assert self.url, tail(self._log)
        self.command("user-add", "lin", "--role", "supervisor", "--password-file", str(secret))
        _write_intake(self._intake, self.day)
        self.command("import", str(self._intake))
        self.settle()
        self.plan()

    def plan(self) -> None:
        """Today's route; everybody is on it."""
        said = self.command("plan", BRANCH, self.day, "--iterations", "200", "--float", "20000")
        assert f"{AGENT}: {len(CUSTOMERS)} stops" in said, said
        self.settle()

    def _ready(self, file: Path) -> bool:
        try:
            url = str(json.loads(file.read_text())["url"])
            if httpx.get(f"{url}/readyz", timeout=_READY_S, trust_env=False).is_success:
                self.url = url
        except (OSError, ValueError, httpx.TransportError):
            return False
        return bool(self.url)


def _write_intake(folder: Path, day: str) -> None:
    letters = folder / "notices"
    letters.mkdir(parents=True)
    _table(
        folder / "agents.csv",
        "agent_id,name,branch_id,home_latitude,home_longitude,shift_start,shift_end,visits_max,cash_limit_minor",
        [
            (AGENT, "周甲", BRANCH, "33.350000", "120.150000", "00:05", "23:55", 12, 300_000),
            (OTHER, "吴乙", BRANCH, "33.350000", "120.150000", "00:05", "23:55", 0, 300_000),
        ],
    )
    _table(
        folder / "accounts.csv",
        "account_id,customer_id,creditor_id,product,currency,as_of,minimum_due_minor,overdue_minor,statement_minor,"
        "payoff_minor,due_date,months_late,status,name,phone,address,latitude,longitude,datum,last_four,language",
        [
            (
                one.account, f"CU{one.number:05d}", "CR01", "card", "CNY", f"{day}T00:00:10+08:00", one.overdue_minor,
                one.overdue_minor, one.overdue_minor * 4, one.overdue_minor * 4, f"{day[:7]}-01", 2, "open", one.name,
                one.phone, one.address, f"{one.latitude:.6f}", "120.150000", "wgs84", f"{4100 + one.number}",
                one.language,
            )
            for one in CUSTOMERS
        ],
    )  # fmt: skip
    notices = []
    for one in CUSTOMERS:
        if "notice" in one.tasks:
            letter = f"逾期还款通知书 {one.account}\n".encode()
            (letters / f"NO-{one.number}-v1.txt").write_bytes(letter)
            digest = hashlib.sha256(letter).hexdigest()
            notice = (f"NO-{one.number}", 1, one.account, f"CU{one.number:05d}", "逾期还款通知书", day, digest)
            notices.append((*notice, one.overdue_minor))
    _table(
        folder / "notices.csv",
        "notice_id,version,account_id,customer_id,title,issued_on,content_sha256,amount_minor",
        notices,
    )
    _table(
        folder / "visits.csv",
        "visit_id,account_id,service_day,branch_id,tasks,window_start,window_end,service_minutes,mandatory,prize,"
        "booked_amount_minor,kind,visit_code",
        [
            (
                one.visit, one.account, day, BRANCH, one.tasks, "00:05", "23:30", 8, "yes", 0,
                one.booked_minor or "", "booking" if one.booked_minor else "planned", one.visit_code,
            )
            for one in CUSTOMERS
        ],
    )  # fmt: skip


def _table(path: Path, header: str, rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)
