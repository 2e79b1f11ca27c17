"""What anybody is told about a receipt, and what a scan leaves behind."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
import pytest

from server.limits import RECEIPT_CHECKS_PER_WINDOW, RECEIPT_GUESSES_PER_WINDOW, WITNESSES_PER_SERIES_MAX
from server.ports import OfficeWork, Writer
from server.services.cash import count_cash
from server.services.closing import close_day
from server.services.devices import revoke
from server.services.imports.known import known_bodies
from server.services.money.deposits import deposit_branch_cash
from server.services.money.remittance import number_batch
from server.services.office import SYSTEM, Person
from server.services.receipt_answers import witness
from sync.operations.envelope import Actor
from sync.operations.money import PaymentRemitted, SettlementLineImported
from sync.operations.office import AccountImported
from sync.receipt import Receipt, ReceiptBody, short_number, sign_receipt, to_digits
from tests.core.writing import fixed_key
from tests.web.branch import BRANCH, DAY, NINE_MS, TestBranch

NEXT = "2026-03-03"
BAI = Person(user="bai", roles=("cashier",))


def ask(branch: TestBranch, **question: str) -> dict[str, Any]:
    """The JSON answer."""
    answer = branch.client.post("/api/v1/receipts/check", json=question)
    found: dict[str, Any] = answer.json()
    return found


def witnesses(branch: TestBranch) -> int:
    """How many scans are journaled."""
    with branch.parts.store.read() as reader:
        return sum(b'"ReceiptWitnessed"' in line for line in reader.export())


@pytest.mark.parametrize(
    ("name", "verdict", "where"),
    [
        ("cash", "genuine", "with_agent"),
        ("wallet", "genuine", "shown_not_confirmed"),
        ("voided", "void_pending", "with_agent"),
        ("void", "void_pending", ""),
        ("unreported", "not_yet_reported", ""),
    ],
)
def test_each_receipt_has_its_standing(branch: TestBranch, name: str, verdict: str, where: str) -> None:
    """What is recorded is genuine with its place; what is not yet reported says so; voids wait."""
    answer = ask(branch, digits=branch.digits(name))
    assert (answer["verdict"], answer["where"], answer["signature"]) == (verdict, where, "valid")
    assert answer["short"] == short_number(branch.receipts[name])
    assert answer["official_address"] == "http://testserver.local/r"


def test_the_answer_tells_nothing_about_the_customer(branch: TestBranch) -> None:
    """No name, account, customer or amount owed: only the receipt's own content and the agent's number."""
    answer = branch.client.post("/api/v1/receipts/check", json={"digits": branch.digits("cash")}).text
    for secret in ("AC00001", "CU00001", "王", "payoff", "V1"):
        assert secret not in answer


def test_a_forged_receipt_is_not_genuine_and_repeats_nothing(branch: TestBranch) -> None:
    """Another key, a changed amount, an unknown phone: not ours, and what they claim is not repeated."""
    body = branch.receipts["cash"].body
    other_key = sign_receipt(fixed_key(1), body)
    data = bytearray(branch.receipts["cash"].data)
    data[40] ^= 1
    unknown = sign_receipt(fixed_key(1), _changed(body, key_id="ffffffffffffffff"))
    for digits in (to_digits(other_key.data), to_digits(bytes(data)), to_digits(unknown.data)):
        answer = ask(branch, digits=digits)
        assert (answer["verdict"], answer["signature"]) == ("not_genuine", "invalid")
        assert (answer["amount_minor"], answer["agent"], answer["short"]) == (0, "", "")
    assert witnesses(branch) == 0


def _changed(body: ReceiptBody, **changes: Any) -> ReceiptBody:
    values = {name: getattr(body, name) for name in body.__struct_fields__}
    return ReceiptBody(**(values | changes))


@pytest.mark.parametrize(
    "question",
    [{}, {"digits": "1"}, {"digits": "9" * 292}, {"digits": "abc"}, {"short": "hello"}, {"short": " "}],
)
def test_what_is_no_receipt_is_refused(office: TestBranch, question: dict[str, str]) -> None:
    """A problem document with its code, not an answer."""
    answer = ask(office, **question)
    assert (answer["code"], answer["status"]) == ("RECEIPT-MALFORMED", 400)


def test_what_a_scanner_appends_is_ignored(branch: TestBranch) -> None:
    """Tracking behind the digits changes nothing."""
    assert ask(branch, digits=branch.digits("cash") + "&utm_source=app")["verdict"] == "genuine"


def test_a_first_scan_is_journaled_and_never_another(branch: TestBranch) -> None:
    """Scans of reported and unreported receipts are witnesses, each body once, before and after it was folded."""
    for _ in range(3):
        ask(branch, digits=branch.digits("cash"))
        ask(branch, digits=branch.digits("unreported"))
    assert witnesses(branch) == 2
    branch.reconcile()
    ask(branch, digits=branch.digits("cash"))
    assert witnesses(branch) == 2
    with branch.parts.store.read() as reader:
        state = reader.aggregate(f"payment:{branch.receipts['unreported'].body.series}")
    assert state is not None
    assert state["witnesses"] == [branch.receipts["unreported"].identity]


def test_a_witness_that_is_later_reported_becomes_genuine(branch: TestBranch) -> None:
    """The phone's evening sync turns "not yet reported" into "genuine"."""
    assert ask(branch, digits=branch.digits("unreported"))["verdict"] == "not_yet_reported"
    branch.sync(branch.second)
    assert ask(branch, digits=branch.digits("unreported"))["verdict"] == "genuine"


def test_bodies_under_one_number_are_bounded(branch: TestBranch) -> None:
    """Even the holder of a phone's key cannot fill the journal under one receipt number."""
    body = branch.receipts["unreported"].body
    for amount in range(1, WITNESSES_PER_SERIES_MAX + 3):
        receipt = sign_receipt(branch.second.private, _changed(body, amount_minor=amount))
        branch.parts.store.write_now(partial(_witness, receipt))
    assert witnesses(branch) == WITNESSES_PER_SERIES_MAX


def _witness(receipt: Receipt, writer: Writer) -> bool:
    return witness(writer, receipt, NINE_MS)


def test_another_body_under_a_recorded_number_differs(branch: TestBranch) -> None:
    """Signed by our phone, recorded otherwise: the customer is asked to call, and the scan is journaled."""
    body = branch.receipts["cash"].body
    other = sign_receipt(branch.first.private, _changed(body, amount_minor=99_900))
    assert ask(branch, digits=to_digits(other.data))["verdict"] == "differs"
    assert witnesses(branch) == 1


def test_a_revoked_phone_says_call_us_but_recorded_receipts_stay_genuine(branch: TestBranch) -> None:
    """Before the revocation genuine, after it "call us"."""
    branch.parts.store.write_now(lambda writer: revoke(writer, branch.second.device, SYSTEM, "lost", NINE_MS))
    branch.reconcile()
    assert ask(branch, digits=branch.digits("over"))["verdict"] == "genuine"
    assert ask(branch, digits=branch.digits("unreported"))["verdict"] == "key_reported_lost"


def test_cash_moves_from_the_agent_to_the_branch_to_the_creditor_to_the_account(branch: TestBranch) -> None:
    """A count brings it to the branch, a batch to the creditor, the creditor's own statement to the account."""
    branch.parts.store.write_now(lambda writer: count_cash(writer, BAI, "AG-YC-1", DAY, "CNY", amount_minor=20_000))
    branch.reconcile()
    assert ask(branch, digits=branch.digits("cash"))["where"] == "at_branch"
    branch.reconcile()
    carried = [f"DAY-UNREPORTED|drawer:AG-YC-2/{DAY}", f"VOID-PENDING|drawer:AG-YC-2/{DAY}"]
    close_day(branch.parts.store, BRANCH, DAY, Actor("qian", "supervisor"), "song", carried)
    branch.reconcile()
    assert ask(branch, digits=branch.digits("cash"))["where"] == "at_branch"
    assert ask(branch, digits=branch.digits("wallet"))["where"] == "shown_not_confirmed"
    bank(branch)
    creditor = remit(branch)
    assert ask(branch, digits=branch.digits("cash"))["where"] == "with_creditor"
    absorb(branch, creditor)
    assert ask(branch, digits=branch.digits("cash"))["where"] == "on_your_account"


def bank(branch: TestBranch) -> None:
    """The branch pays everything in, and the bank's statement shows it."""
    store = branch.parts.store
    made = store.write_now(lambda w: deposit_branch_cash(w, BAI, BRANCH, NEXT, 20_000, "CNY", "S77"))
    branch.reconcile()
    line = SettlementLineImported(
        statement="B1", line=1, provider="deposit", order="S77", amount_minor=made.amount_minor, currency="CNY", at_ms=1
    )
    store.write_now(lambda w: w.append_office([OfficeWork(body=line, by=Actor("bai", "cashier"))]))
    branch.reconcile()


def remit(branch: TestBranch) -> str:
    """Everything cleared goes to the creditor; whose it is."""
    with branch.parts.store.read() as reader:
        creditor = next(state["creditor"] for _, state in reader.aggregates_of("account") if state["unremitted"])
    number_batch(branch.parts.store, BAI, creditor, "CNY", NEXT)
    branch.reconcile()
    return str(creditor)


def absorb(branch: TestBranch, creditor: str) -> None:
    """The creditor's next statement has the batch."""
    with branch.parts.store.read() as reader:
        line = next(body for _, body in known_bodies(reader, [f"remittance:{creditor}/1"], PaymentRemitted))
        key = f"account:{line.account}"
        last = max((body for _, body in known_bodies(reader, [key], AccountImported)), key=lambda body: body.as_of_ms)
    body = msgspec.structs.replace(last, as_of_ms=last.as_of_ms + 1, absorbs_through=1)
    branch.parts.store.write_now(lambda w: w.append_office([OfficeWork(body=body, by=Actor("li", "creditor"))]))
    branch.reconcile()


@pytest.mark.parametrize(
    ("name", "typed", "expected"),
    [
        ("cash", "0001", "matches"),
        ("cash", "０００１", "matches"),
        ("cash", "0002", "does_not_match"),
        ("cash", "100 001", "matches"),
        ("cash", "100002", "does_not_match"),
        ("wallet", "100001", "cannot_be_checked"),
        ("cash", "", ""),
        ("cash", "x" * 70, "does_not_match"),
    ],
)
def test_the_optional_check_answers_only_yes_or_no(branch: TestBranch, name: str, typed: str, expected: str) -> None:
    """Last four digits or the visit code; a visit without a code cannot be checked by one."""
    assert ask(branch, digits=branch.digits(name), check=typed)["check"] == expected


@pytest.mark.parametrize("name", ["cash", "voided", "void", "over"])
def test_the_short_number_finds_the_same_receipt(branch: TestBranch, name: str) -> None:
    """Typed in any case and spacing it says what the code says."""
    short = short_number(branch.receipts[name])
    by_code, by_number = ask(branch, digits=branch.digits(name)), ask(branch, short=f" {short.lower()} ")
    assert by_number == by_code
    branch.reconcile()


def test_short_numbers_that_nobody_issued(branch: TestBranch) -> None:
    """A wrong check code or phone is not genuine; a number that no record carries yet is unknown."""
    short = short_number(branch.receipts["cash"])
    wrong_check = short[:-1] + ("0" if short[-1] != "0" else "1")
    assert ask(branch, short=wrong_check)["verdict"] == "not_genuine"
    assert ask(branch, short="ZZZZZ-1-1-000000")["verdict"] == "not_genuine"
    unreported = short_number(branch.receipts["unreported"])
    assert ask(branch, short=unreported)["verdict"] == "unknown_number"
    ask(branch, digits=branch.digits("unreported"))
    assert ask(branch, short=unreported)["verdict"] == "not_yet_reported"


def test_mass_scans_are_limited_by_address(office: TestBranch) -> None:
    """Beyond the bound an address is asked to wait, with the seconds in Retry-After; guesses sooner."""
    codes = [
        ask(office, short="ZZZZZ-1-1-000000", check="0001").get("code") for _ in range(RECEIPT_GUESSES_PER_WINDOW + 1)
    ]
    assert codes[-2:] == [None, "RATE-LIMITED"]
    for _ in range(RECEIPT_CHECKS_PER_WINDOW):
        ask(office, short="ZZZZZ-1-1-000000")
    answer = office.client.post("/api/v1/receipts/check", json={"short": "ZZZZZ-1-1-000000"})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


def test_the_page_answers_without_scripts(branch: TestBranch) -> None:
    """The form with the short number gives the same verdict as a page, in the reader's language."""
    short = short_number(branch.receipts["cash"])
    page = branch.client.post("/r", data={"short": short, "check": "0001"}, headers={"accept-language": "zh-CN"})
    assert page.status_code == 200
    for words in ("收据真实有效", "¥200.00", "由业务员保管", "相符。", 'lang="zh-CN"', 'data-tone="ok"'):
        assert words in page.text
    assert branch.client.post("/r", data={"short": "nonsense"}).status_code == 400


def test_the_page_is_small_and_strict(office: TestBranch) -> None:
    """Under 30 kB with style and script, nothing inline, nothing from elsewhere, a policy that says so."""
    page = office.client.get("/r", headers={"accept-language": "zh"})
    total = len(page.content)
    for path in ("/static/receipt.css", "/static/receipt.js", "/static/icon.svg"):
        answer = office.client.get(path)
        assert answer.status_code == 200
        assert answer.headers["x-content-type-options"] == "nosniff"
        total += len(answer.content)
    assert total < 30_000
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["referrer-policy"] == "no-referrer"


def test_the_language_can_be_switched_and_is_remembered(office: TestBranch) -> None:
    """The address decides once, a cookie afterwards."""
    assert "核验收据" in office.client.get("/r?lang=zh", headers={"accept-language": "en"}).text
    assert "核验收据" in office.client.get("/r", headers={"accept-language": "en"}).text
    assert "Check a receipt" in office.client.get("/r?lang=en").text
