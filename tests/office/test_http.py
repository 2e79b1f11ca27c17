"""The office's routes: who comes in, what is taken, and problems with stable codes."""

from __future__ import annotations

import asyncio
import os
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from argon2 import PasswordHasher
from litestar.testing import TestClient

from server.app import Parts, build_app, open_parts
from server.clock import real_ms
from server.http.office_access import FORM_HEADER, SESSION_COOKIE
from server.keys import make_keys
from server.services.users import Users, add_user, hash_password
from server.settings import Settings
from tests.office.conftest import MORNING_MS, TINY

BASE = "/api/v1/office"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
CLOCK = "start=2026-03-02T07:00:00+08:00"


class Caller:
    """Calls routes as a user in a role, with the data folder's token."""

    def __init__(self, client: TestClient[Any], parts: Parts) -> None:
        self.client = client
        self.parts = parts
        self.token = parts.token

    def __call__(self, method: str, path: str, body: object = None, *, role: str = "admin", **more: Any) -> Any:
        """Send JSON, or bytes as they are."""
        headers = {"authorization": f"Bearer {self.token}", "doorstep-actor": f"wen/{role}"}
        content: bytes | None = body if isinstance(body, bytes) else msgspec.json.encode(body)
        headers["content-type"] = "text/csv" if isinstance(body, bytes) else "application/json"
        if method == "GET":
            content = None
        return self.client.request(method, f"{BASE}/{path}", content=content, headers=headers, **more)


@pytest.fixture
def call(tmp_path: Path) -> Iterator[Caller]:
    """A running application with the tiny world imported, without background work."""
    settings = Settings(data=tmp_path, public_url="http://testserver", clock=CLOCK, jobs=False)
    make_keys(settings.keys, MORNING_MS)
    parts = open_parts(settings)
    with TestClient(build_app(settings, parts)) as client:
        caller = Caller(client, parts)
        for letter in sorted((TINY / "notices").glob("*.txt")):
            assert caller("PUT", "letters", letter.read_bytes()).status_code == 200
        for kind in ("agents", "accounts", "notices", "visits"):
            answer = caller("PUT", f"imports/{kind}", (TINY / f"{kind}.csv").read_bytes())
            assert answer.json()["letters_missing"] == 0, answer.text
        parts.worker.catch_up()
        yield caller


def _problem(answer: Any, status: int, code: str) -> str:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    problem = answer.json()
    assert problem["code"] == code
    return str(problem["detail"])


def test_nobody_comes_in_without_token_or_session(call: Caller) -> None:
    """Every route of the office answers a stranger with NOT-SIGNED-IN."""
    for method, path in (
        ("GET", "agents"),
        ("GET", "visits?branch=YC&service_day=2026-03-02"),
        ("GET", "accounts"),
        ("GET", "discrepancies"),
        ("GET", "drawers?branch=YC&service_day=2026-03-02"),
        ("GET", "devices"),
        ("GET", "plans/YC/2026-03-02"),
        ("GET", "letters/N1/1"),
        ("PUT", "imports/agents"),
        ("PUT", "letters"),
        ("POST", "plans"),
        ("POST", "packs"),
        ("POST", "visits/V1/assign"),
        ("POST", "visits/V1/reassign"),
        ("POST", "visits/V1/cancel"),
        ("POST", "visits/V1/move"),
        ("POST", "visits/V1/judge-identity"),
        ("POST", "notices/N1/supersede"),
        ("POST", "notices/N1/withdraw"),
        ("POST", "external-payments"),
        ("POST", "customers/CU00001/details"),
        ("POST", "decisions"),
        ("POST", "counts"),
        ("POST", "voids/confirm"),
        ("POST", "devices/x/journal-lost"),
        ("GET", "restore"),
        ("POST", "restore/rollbacks"),
        ("POST", "restore/revocations"),
        ("POST", "restore/confirmations"),
        ("POST", "restore/refunds"),
        ("PUT", "restore/closings"),
        ("PUT", "restore/batches"),
        ("POST", "closings"),
    ):
        answer = call.client.request(method, f"{BASE}/{path}", content=b"{}")
        _problem(answer, 401, "NOT-SIGNED-IN")
        wrong = call.client.request(method, f"{BASE}/{path}", headers={"authorization": "Bearer x"}, content=b"{}")
        _problem(wrong, 401, "NOT-SIGNED-IN")


def test_roles_are_checked_before_anything_else(call: Caller) -> None:
    """A role that may not do it is told which ones may."""
    for method, path, role in (
        ("POST", "plans", "cashier"),
        ("POST", "counts", "supervisor"),
        ("POST", "decisions", "auditor"),
        ("POST", "voids/confirm", "admin"),
        ("POST", "closings", "admin"),
        ("GET", "accounts", "cashier"),
        ("PUT", "imports/agents", "auditor"),
    ):
        assert role in _problem(call(method, path, {}, role=role), 403, "ROLE-MISSING")


def test_a_day_from_plan_to_letters(call: Caller) -> None:
    """Plan, look, reassign, call off, move, supersede, withdraw, verify: each step answers what phones will see."""
    planned = call("POST", "plans", {"branch": "YC", "service_day": "2026-03-02", "iterations": 30})
    assert planned.status_code == 200, planned.text
    assert call("GET", "plans/YC/2026-03-02").json()["document"] == planned.json()["document"]
    visits = {line["visit"]: line for line in call("GET", "visits?branch=YC&service_day=2026-03-02").json()}
    other = {"AG-YC-1": "AG-YC-2", "AG-YC-2": "AG-YC-1"}[visits["V2"]["agent"]]
    moved = call("POST", "visits/V2/reassign", {"agent": other, "basis": visits["V2"]["basis"]})
    assert moved.json()["documents_changed"] >= 4
    stale = call("POST", "visits/V2/cancel", {"reason": "office", "basis": visits["V2"]["basis"]})
    _problem(stale, 409, "STATE-STALE")
    assert call("POST", "visits/V3/cancel", {"reason": "customer"}).status_code == 200
    _problem(call("POST", "visits/V3/cancel", {"reason": "customer"}), 409, "STATE-FORBIDS")
    wanted = {"service_day": "2026-03-03", "window_starts_s": 32400, "window_ends_s": 36000}
    assert call("POST", "visits/V5/move", wanted).status_code == 200
    assert [v["visit"] for v in call("GET", "visits?branch=YC&service_day=2026-03-03").json()] == ["V5"]
    assert call("POST", "visits/V5/assign", {"agent": "AG-YC-1"}).status_code == 200
    content = b64encode(b"third").decode()
    made = call("POST", "notices/N2/supersede", {"content": content, "amount_minor": 1, "issued_on": "2026-03-02"})
    assert made.json()["version"] == 3
    assert call("GET", "letters/N2/3").content == b"third"
    assert call("POST", "notices/N1/withdraw", {"reason": "error"}).json()["documents_changed"] == 1
    verified = call("POST", "customers/CU00001/details", {"field": "phone", "value": "+8611100000098"})
    assert verified.json()["documents_changed"] >= 1
    assert call("POST", "packs", {"agent": "AG-YC-1", "service_day": "2026-03-03"}).json()["documents_changed"] == 0


def test_an_import_with_faults_lists_them_and_imports_nothing(call: Caller) -> None:
    """The problem's detail names file, rows, columns and values."""
    data = (TINY / "payments.csv").read_bytes().replace(b"50000", b"x")
    detail = _problem(call("PUT", "imports/payments?file=mine.csv", data), 422, "IMPORT-MALFORMED")
    assert "mine.csv row 2, amount_minor 'x'" in detail
    assert call("PUT", "imports/payments?dry_run=true", (TINY / "payments.csv").read_bytes()).json()["new"] == 1
    assert call("PUT", "imports/payments", (TINY / "payments.csv").read_bytes()).json()["new"] == 1
    _problem(call("PUT", "imports/loans", b"x"), 400, "ARGUMENT-WRONG")


def test_one_external_payment_is_recorded_once(call: Caller) -> None:
    """Repeating the same is harmless; nonsense is refused by field."""
    paid = {
        "external": "X7",
        "account": "AC00001",
        "amount_minor": 100,
        "currency": "CNY",
        "paid_at": "2026-03-02T09:00:00+08:00",
        "channel": "alipay",
    }
    assert [call("POST", "external-payments", paid).json()["new"] for _ in range(2)] == [1, 0]
    for field, value in (("amount_minor", 0), ("currency", "XX"), ("paid_at", "today"), ("external", "a b")):
        assert field in _problem(call("POST", "external-payments", paid | {field: value}), 400, "ARGUMENT-WRONG")
    _problem(call("POST", "external-payments", paid | {"account": "AC9"}), 422, "IMPORT-MALFORMED")


def test_bodies_that_do_not_fit_are_problems(call: Caller) -> None:
    """Unknown words, missing members and broken JSON are ARGUMENT-WRONG."""
    for path, body in (
        ("visits/V1/cancel", {"reason": "bored"}),
        ("visits/V1/assign", {}),
        ("plans", {"branch": "YC", "service_day": "2026-02-30"}),
        ("notices/N2/supersede", {"content": "%", "amount_minor": 1, "issued_on": "2026-03-02"}),
        ("customers/CU00001/details", {"field": "shoe", "value": "44"}),
    ):
        _problem(call("POST", path, body), 400, "ARGUMENT-WRONG")
    broken = call("POST", "plans", b"{")
    _problem(broken, 400, "ARGUMENT-WRONG")


def test_lists_are_paged(call: Caller) -> None:
    """A page of accounts says where the next one begins."""
    first = call("GET", "accounts?limit=4").json()
    rest = call("GET", f"accounts?limit=4&after={first['next']}").json()
    assert [line["account"] for line in first["items"] + rest["items"]] == [f"AC0000{n}" for n in range(1, 7)]
    assert rest["next"] == ""
    assert [line["agent"] for line in call("GET", "agents?branch=YC").json()] == ["AG-YC-1", "AG-YC-2"]
    assert call("GET", "agents?branch=XX").json() == []
    assert call("GET", "devices").json() == []
    assert call("GET", "discrepancies?open_only=true&language=zh").json() == {"items": [], "next": ""}


def test_a_count_is_blind_over_http(call: Caller) -> None:
    """The cashier gets back what they said; the drawer stays blind until it is counted."""
    assert call("POST", "packs", {"agent": "AG-YC-1", "service_day": "2026-03-02", "float_minor": 5000}).is_success
    answer = call(
        "POST",
        "counts",
        {"agent": "AG-YC-1", "service_day": "2026-03-02", "denominations": [{"face_minor": 100, "count": 3}]},
        role="cashier",
    )
    assert answer.json()["amount_minor"] == 300
    _problem(call("POST", "counts", {"agent": "AG-9", "service_day": "2026-03-02", "amount_minor": 1}, role="cashier"),
             404, "NOT-FOUND")  # fmt: skip


def test_judgements_answer_with_their_codes(call: Caller) -> None:
    """Unknown discrepancies, receipts, devices, visits and days are refused each in its own way."""
    decision = {"rule": "PAY-OVER", "subject": "account:AC00001", "ground": "", "outcome": "carry"}
    _problem(call("POST", "decisions", decision, role="supervisor"), 404, "NOT-FOUND")
    twice = decision | {"second": {"user": "wen"}}
    _problem(call("POST", "decisions", twice, role="supervisor"), 403, "TWO-PERSONS")
    void = {"series": "ff/1/1", "means": "registered_contact"}
    _problem(call("POST", "voids/confirm", void, role="supervisor"), 404, "NOT-FOUND")
    lost = {"epoch": 1, "from_seq": 1, "reason": "stolen", "second": {"user": "sun"}}
    _problem(call("POST", "devices/ff/journal-lost", lost, role="supervisor"), 401, "DEVICE-UNKNOWN")
    assert call("POST", "visits/V1/judge-identity", role="supervisor").json() == []
    _problem(call("POST", "visits/V99/judge-identity", role="supervisor"), 404, "NOT-FOUND")
    closing = {"branch": "ZZ", "service_day": "2026-03-02"}
    _problem(call("POST", "closings", closing, role="supervisor"), 404, "NOT-FOUND")


def _signed_in(call: Caller, name: str, *roles: str) -> tuple[dict[str, str], str]:
    """Cookies and form token of a person's session, made as signing in makes them."""
    password = "correct horse battery"
    parts = call.parts
    users = Users(parts.store, secret=parts.keys.session, now_ms=real_ms, random=os.urandom, hasher=QUICK)
    parts.store.write_now(lambda w: add_user(w, name, roles, hash_password(QUICK, password), real_ms()))
    user = asyncio.run(users.authenticate(name, password, "127.0.0.1"))
    token = asyncio.run(users.open_session(user))
    return {SESSION_COOKIE: token}, users.form_token(token)


def test_a_person_acts_in_the_roles_of_their_session(call: Caller) -> None:
    """A cookie opens what its roles allow; what changes something needs the session's form token besides."""
    cookies, form = _signed_in(call, "qian", "supervisor")
    client = call.client
    client.cookies.update(cookies)
    assert client.get(f"{BASE}/agents").status_code == 200
    _problem(client.post(f"{BASE}/visits/V1/cancel", json={"reason": "office"}), 403, "CSRF-WRONG")
    right = client.post(f"{BASE}/visits/V1/cancel", json={"reason": "office"}, headers={FORM_HEADER: form})
    assert right.status_code == 200, right.text
    counted = {"agent": "AG-YC-1", "service_day": "2026-03-02", "amount_minor": 1}
    _problem(client.post(f"{BASE}/counts", json=counted, headers={FORM_HEADER: form}), 403, "ROLE-MISSING")
    client.cookies.clear()
    client.cookies.update({SESSION_COOKIE: "wrong"})
    _problem(client.get(f"{BASE}/agents"), 401, "NOT-SIGNED-IN")


def test_a_second_person_confirms_with_their_password(call: Caller) -> None:
    """In a session the second person is known by their own password and role, and is somebody else."""
    _signed_in(call, "sun", "supervisor")
    _signed_in(call, "bai", "cashier")
    cookies, form = _signed_in(call, "qian", "supervisor")
    call.client.cookies.update(cookies)

    def lose(user: str, password: str) -> Any:
        body = {"epoch": 1, "from_seq": 1, "reason": "x", "second": {"user": user, "password": password}}
        return call.client.post(f"{BASE}/devices/ff/journal-lost", json=body, headers={FORM_HEADER: form})

    _problem(lose("sun", "guess"), 401, "LOGIN-WRONG")
    _problem(lose("bai", "correct horse battery"), 403, "ROLE-MISSING")
    _problem(lose("qian", "correct horse battery"), 403, "TWO-PERSONS")
    _problem(lose("QIAN", "correct horse battery"), 403, "TWO-PERSONS")
    _problem(lose("sun", "correct horse battery"), 401, "DEVICE-UNKNOWN")


def test_a_restore_is_confirmed_with_a_second_password(call: Caller) -> None:
    """In a session the second person confirms with their own password; without the form token nothing is taken."""
    _signed_in(call, "sun", "supervisor")
    _signed_in(call, "bai", "cashier")
    cookies, form = _signed_in(call, "qian", "supervisor")
    call.client.cookies.update(cookies)

    def post(path: str, body: Any, **headers: str) -> Any:
        return call.client.post(f"{BASE}/restore/{path}", json=body, headers=headers or {FORM_HEADER: form})

    _problem(post("rollbacks", {"reason": "x"}, **{FORM_HEADER: "stale"}), 403, "CSRF-WRONG")
    assert post("rollbacks", {"reason": "backup of noon"}).is_success
    assert post("revocations", {"revoked": 0}).is_success

    def confirm(user: str, password: str) -> Any:
        second = {"user": user, "password": password}
        return post("confirmations", {"missing": "an hour", "batches": {"CR01": 0}, "second": second})

    _problem(confirm("sun", "guess"), 401, "LOGIN-WRONG")
    _problem(confirm("bai", "correct horse battery"), 403, "ROLE-MISSING")
    _problem(confirm("qian", "correct horse battery"), 403, "TWO-PERSONS")
    assert call.client.get(f"{BASE}/restore").json()["books_wait"] is True
    answer = confirm("sun", "correct horse battery")
    assert answer.is_success, answer.text
    assert call.client.get(f"{BASE}/restore").json()["books_wait"] is False
