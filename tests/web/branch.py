"""A branch's day for tests of pages: the tiny world, two phones, and everything that may stand on a page.

周甲 (AG-YC-1) worked the whole route, handed over 200 yuan in cash and ended the day; one wallet payment was taken
without an identity check. 吴乙 (AG-YC-2) collected from a customer who had paid online as well, voided a second
payment, left a stop undone and has not ended the day. One more receipt was shown and never uploaded.
"""

from __future__ import annotations

import itertools
from functools import partial
from pathlib import Path

import httpx
import msgspec
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric import ec

from server.app import Parts
from server.ports import Writer
from server.services.devices import enrol, issue_code
from server.services.imports import IMPORT_KINDS, import_file
from server.services.office import Person
from server.services.packs import issue_pack, refresh_badges
from server.services.reconcile import Reconciler
from server.services.users import add_user, hash_password
from server.services.visits import assign_visit
from server.settings import Settings
from sync.badge import SignedCertificate, badge_digits, read_certificate, show_badge
from sync.clock import Reading, Seen, format_wall
from sync.encoding import b64
from sync.journal import Entry, JournalHead, append
from sync.messages import BadgeDocument, Claims, ClockClaim, ExchangeRequest, sign_claims
from sync.operations.envelope import GENESIS, Body
from sync.operations.field import (
    CashHandedOver,
    DayEnded,
    IdentityChecked,
    NoticeDelivered,
    PaymentCollected,
    PaymentVoided,
    VisitConcluded,
    VisitStarted,
)
from sync.receipt import FLAG_CLOCK, FLAG_PAYER, FLAG_VOID, Receipt, ReceiptBody, sign_receipt, to_digits
from sync.signing import public_bytes

__all__ = ["BRANCH", "DAY", "NINE_MS", "PASSWORD", "TestBranch", "TestPhone", "settings_for"]

TINY = Path(__file__).parents[2] / "fixtures" / "worlds" / "tiny"
BRANCH, DAY = "YC", "2026-03-02"
NINE_MS = 1_772_413_200_000
"""2026-03-02T09:00:00+08:00."""
_EARLIER_MS = NINE_MS - 40 * 60_000
PASSWORD = "correct horse battery"
PEOPLE = {"qian": ("supervisor",), "song": ("supervisor",), "bai": ("cashier",), "lu": ("compliance", "auditor")}
ADMIN = Person(user="wen", roles=("admin", "supervisor"))
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
_nonces = itertools.count(1)


def settings_for(folder: Path, public_url: str = "https://pay.example") -> Settings:
    """A clock that stands at nine in the morning, and no background work."""
    return Settings(
        data=folder,
        public_url=public_url,
        office_phone="+86 515 0000 0000",
        creditor_name="示例银行",
        clock=f"start={DAY}T09:00:00+08:00;rate=0",
        jobs=False,
    )


class TestPhone:
    """Writes a journal and signs receipts; a minute passes with each operation."""

    __test__ = False

    def __init__(self, number: int, agent: str) -> None:
        self.private = ec.derive_private_key(10**40 + number, ec.SECP256R1())
        self.agent, self.device = agent, f"{number * 0x3C9D5E17A2B4F681 % 2**64:016x}"
        self.head = JournalHead(self.device, 1, 0, GENESIS)
        self.entries: list[Entry] = []
        self.sent = 0
        self.receipts = 0
        self.minutes = 0

    def write(self, body: Body) -> Entry:
        """The next operation of the journal."""
        self.minutes += 1
        entry = append(
            self.head,
            body,
            self.reading(),
            pack=f"{DAY}/{self.agent}",
            seen=Seen(_EARLIER_MS, "boot", 1_000),
        )
        self.head = entry.head
        self.entries.append(entry)
        return entry

    def reading(self) -> Reading:
        """Forty minutes before nine, and as many minutes later as operations were written."""
        return Reading(_EARLIER_MS + self.minutes * 60_000, 480, "boot", 1_000 + self.minutes * 60_000)

    def sign(self, amount_minor: int, method: str = "cash", *, last_four: int = 1, void: bool = False) -> Receipt:
        """The receipt of the operation that is written next."""
        self.receipts += 1
        body = ReceiptBody(
            key_id=self.device,
            epoch=1,
            seq=self.head.seq + 1,
            number=self.receipts,
            before=self.head.hash[:32],
            amount_minor=amount_minor,
            currency="CNY",
            method=method,
            kind="void" if void else "payment",
            at_s=_EARLIER_MS // 1000 + self.minutes * 60,
            offset_minutes=480,
            flags=FLAG_CLOCK | (FLAG_VOID if void else FLAG_PAYER),
            last_four=last_four,
            tag="00000000",
        )
        return sign_receipt(self.private, body)

    def collect(
        self, visit: str, account: str, amount_minor: int, method: str = "cash", last_four: int = 1
    ) -> tuple[Entry, Receipt]:
        """Money taken, and the receipt shown for it."""
        receipt = self.sign(amount_minor, method, last_four=last_four)
        body = PaymentCollected(
            visit=visit,
            account=account,
            customer=account.replace("AC", "CU"),
            amount_minor=amount_minor,
            currency="CNY",
            method=method,  # type: ignore[arg-type]  # one of the methods
            receipt=receipt.text,
        )
        return self.write(body), receipt

    def void(self, visit: str, account: str, payment: Entry, receipt: Receipt) -> Receipt:
        """The payment taken back, with a receipt of its own."""
        own = self.sign(receipt.body.amount_minor, receipt.body.method, void=True)
        body = PaymentVoided(
            visit=visit,
            account=account,
            payment=payment.hash,
            voided=receipt.body.series,
            reason="typing_error",
            receipt=own.text,
        )
        self.write(body)
        return own

    def arrive(self, visit: str, account: str, *, check: bool = True) -> None:
        """At the door, with an identity check unless left out."""
        self.write(VisitStarted(visit=visit))
        if check:
            customer = account.replace("AC", "CU")
            self.write(
                IdentityChecked(visit=visit, account=account, customer=customer, method="visit_code", result="answered")
            )

    def leave(self, visit: str, account: str, reason: str) -> None:
        """The visit is over."""
        customer = account.replace("AC", "CU")
        self.write(VisitConcluded(visit=visit, account=account, customer=customer, reason=reason))  # type: ignore[arg-type]  # one of the reasons

    def request(self) -> bytes:
        """An exchange with everything that was not sent yet."""
        entries = self.entries[self.sent :]
        self.sent = len(self.entries)
        reading = self.reading()
        claims = Claims(
            device=self.device,
            epoch=1,
            seq=self.head.seq,
            hash=self.head.hash,
            clock=ClockClaim(at=format_wall(reading.wall_ms, 480), boot="boot", mono_ms=reading.mono_ms),
            nonce=f"{next(_nonces):032x}",
            pull=False,
        )
        payload, signature = sign_claims(self.private, claims)
        operations = [msgspec.Raw(entry.data) for entry in entries]
        return msgspec.json.encode(
            ExchangeRequest(protocol=1, claims=payload, signature=signature, operations=operations)
        )


class TestBranch:
    """The office's parts and a way to speak to it; `client` has the office's address as its base."""

    __test__ = False

    def __init__(self, parts: Parts, client: httpx.Client) -> None:
        self.parts, self.client = parts, client
        self.first = TestPhone(1, "AG-YC-1")
        self.second = TestPhone(2, "AG-YC-2")
        self.receipts: dict[str, Receipt] = {}

    def digits(self, name: str) -> str:
        """The 292 digits of one of the day's receipts."""
        return to_digits(self.receipts[name].data)

    def reconcile(self) -> None:
        """Fold everything that is pending."""
        reconciler = Reconciler(self.parts.store)
        while reconciler.run_pending(1000):
            pass

    def add_people(self) -> None:
        """Two supervisors, a cashier, and somebody with two roles; all have the same password."""
        hashed = hash_password(CHEAP, PASSWORD)
        for name, roles in PEOPLE.items():
            self.parts.store.write_now(partial(_add, name=name, roles=roles, hashed=hashed))

    def prepare(self) -> None:
        """Import the tiny world, assign its visits, issue both packs, enrol both phones."""
        letters = {path.stem: path.read_bytes() for path in (TINY / "notices").glob("*.txt")}
        for kind in IMPORT_KINDS:
            data = (TINY / f"{kind}.csv").read_bytes()
            import_file(self.parts.office, ADMIN, kind, f"{kind}.csv", data, letters=letters)
        self.reconcile()
        for phone, visits in ((self.first, ("V1", "V2", "V3")), (self.second, ("V4", "V6"))):
            self.parts.store.write_now(partial(self._route, phone, visits))
        self.reconcile()

    def _route(self, phone: TestPhone, visits: tuple[str, ...], writer: Writer) -> None:
        for visit in visits:
            assign_visit(writer, self.parts.office, ADMIN, visit, phone.agent)
        issue_pack(writer, self.parts.office, phone.agent, DAY, float_minor=5_000)
        made = issue_code(writer, phone.agent, phone.device.encode(), NINE_MS, "https://pay.example")
        public = b64(public_bytes(phone.private.public_key()))
        enrol(writer, made.code, public, "test", phone.device, NINE_MS)
        refresh_badges(writer, self.parts.keys, phone.agent)

    def certificate(self, phone: TestPhone, service_day: str = DAY) -> SignedCertificate:
        """What the office gave the phone for a day."""
        with self.parts.store.read() as reader:
            data = reader.document(phone.agent, f"badge/{phone.agent}/{service_day}")
        assert data is not None
        document = msgspec.json.decode(data, type=BadgeDocument)
        return read_certificate(next(c.certificate for c in document.certificates if c.device == phone.device))

    def badge(self, phone: TestPhone, now_ms: int = NINE_MS) -> str:
        """The digits that the phone shows when its clock says `now_ms`."""
        return badge_digits(show_badge(phone.private, self.certificate(phone), now_ms))

    def sync(self, phone: TestPhone) -> None:
        """One exchange of a phone, and what it means."""
        answer = self.client.post("/api/v1/sync", content=phone.request())
        assert answer.status_code == 200, answer.text
        self.reconcile()

    def work(self) -> None:
        """The day of the module's lesson."""
        phone = self.first
        phone.arrive("V1", "AC00001")
        _, self.receipts["cash"] = phone.collect("V1", "AC00001", 20_000, last_four=1)
        phone.leave("V1", "AC00001", "paid")
        phone.arrive("V2", "AC00002", check=False)
        _, self.receipts["wallet"] = phone.collect("V2", "AC00002", 30_000, "alipay", last_four=2)
        phone.write(
            NoticeDelivered(
                visit="V2",
                account="AC00002",
                notice="N1",
                version=1,
                manner="handed_sealed",
                recipient="customer",
            )
        )
        phone.leave("V2", "AC00002", "part_paid")
        phone.arrive("V3", "AC00003", check=False)
        phone.leave("V3", "AC00003", "nobody_home")
        phone.write(CashHandedOver(amount_minor=20_000, currency="CNY"))
        phone.write(
            DayEnded(seq=phone.head.seq + 1, receipt_last=2, receipts=2, cash_minor=5_000, currency="CNY", concluded=3)
        )
        self.sync(phone)
        phone = self.second
        phone.arrive("V4", "AC00004")
        _, self.receipts["over"] = phone.collect("V4", "AC00004", 50_000, last_four=4)
        payment, self.receipts["voided"] = phone.collect("V4", "AC00004", 10_000, last_four=4)
        self.receipts["void"] = phone.void("V4", "AC00004", payment, self.receipts["voided"])
        phone.leave("V4", "AC00004", "paid")
        self.sync(phone)
        _, self.receipts["unreported"] = phone.collect("", "AC00004", 8_800, last_four=4)


def _add(writer: Writer, *, name: str, roles: tuple[str, ...], hashed: str) -> None:
    add_user(writer, name, roles, hashed, NINE_MS)
