"""The console behind its doors: who sees what, and what its forms do and refuse."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx
import pytest

from sync.reconcile.catalogue import CATALOGUE
from sync.reconcile.rules.planned import PLANNED
from tests.web.branch import BRANCH, DAY, PASSWORD, TestBranch
from tests.web.conftest import SignIn, form_token

DAY_PATH = f"/console/day/{BRANCH}/{DAY}"
PAGES = (
    "/console",
    "/console/rules",
    "/console/phones",
    DAY_PATH,
    f"{DAY_PATH}/discrepancy?id=PAY-OVER%7Caccount:AC00004",
)


def fields_of(branch: TestBranch, id_: str) -> dict[str, str]:
    """The hidden fields of a discrepancy's form, as a browser would send them."""
    page = branch.client.get(f"{DAY_PATH}/discrepancy", params={"id": id_})
    assert page.status_code == 200, page.text
    form = page.text.split(f'action="{DAY_PATH}/decide"')[1].split("</form>")[0]
    pairs = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in pairs}


def post(branch: TestBranch, path: str, **fields: Any) -> httpx.Response:
    """Send a form of the day's page without following the redirect."""
    return branch.client.post(f"{DAY_PATH}/{path}", data=fields, follow_redirects=False)


def code_of(answer: httpx.Response) -> str:
    """The code on an error page; empty when it went well."""
    found = re.search(r"(?:Code|代码) <code>([A-Z-]+)</code>", answer.text)
    return found[1] if found else ""


def token(branch: TestBranch) -> str:
    """The session's form token."""
    return form_token(branch.client.get("/console").text)


@pytest.mark.parametrize("path", PAGES)
def test_nobody_enters_unsigned(branch: TestBranch, path: str) -> None:
    """Pages lead to signing in, and back; forms do nothing."""
    answer = branch.client.get(path, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=/console")
    assert post(branch, "close").headers["location"] == "/login"


@pytest.mark.parametrize("path", ["/r", "/agent", "/login", *PAGES])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_pages_are_strict(branch: TestBranch, sign_in: SignIn, path: str, language: str) -> None:
    """No inline script, style or handler, nothing from elsewhere, no word left open, and headers that forbid it."""
    if path.startswith("/console"):
        sign_in("qian")
    answer = branch.client.get(path, headers={"accept-language": language})
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    page = answer.text
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    for address in re.findall(r'(?:src|href|action)="([^"]*)"', page):
        assert address.startswith(("/", "#", "?", "tel:")), address
    assert not re.search(r"\{[a-z_]+\}", page)
    assert f'lang="{"zh-CN" if language == "zh" else "en"}"' in page


def test_signing_in_and_out(branch: TestBranch, sign_in: SignIn) -> None:
    """The cookie is HttpOnly and SameSite=Strict; signing out ends the session at the office."""
    page = branch.client.get("/login?next=/console/rules")
    fields = {"name": "qian", "password": PASSWORD, "form_token": form_token(page.text), "next": "/console/rules"}
    answer = branch.client.post("/login", data=fields, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/rules")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    held = dict(branch.client.cookies)
    assert branch.client.post("/logout", data={"form_token": token(branch)}).status_code == 200
    branch.client.cookies.update(held)
    assert branch.client.get("/console", follow_redirects=False).status_code == 303


def test_signing_in_wrongly(branch: TestBranch) -> None:
    """A wrong password, a sign-in from another site, and too many tries say so in words."""
    page = branch.client.get("/login")
    fields = {"name": "qian", "password": "wrong", "form_token": form_token(page.text)}
    answer = branch.client.post("/login", data=fields)
    assert (answer.status_code, "Name or password is wrong." in answer.text) == (401, True)
    assert 'value="qian"' in answer.text
    assert "wrong password" not in answer.text
    foreign = branch.client.post("/login", data={**fields, "form_token": "0" * 64})
    assert foreign.status_code == 403
    for _ in range(5):
        answer = branch.client.post("/login", data=fields)
    assert answer.status_code == 429
    assert "Too many tries. Wait" in answer.text


def test_signing_in_leads_nowhere_else(branch: TestBranch) -> None:
    """An address that leaves the console is not followed."""
    for next_ in ("https://evil.example", "//evil.example", "/consoleevil", "/r"):
        page = branch.client.get("/login", params={"next": next_})
        assert 'name="next" value="/console"' in page.text


def test_the_day_shows_names_and_escapes_them(branch: TestBranch, sign_in: SignIn) -> None:
    """Agents by name, discrepancies with sentences, obstacles by name."""
    sign_in("qian")
    page = branch.client.get(DAY_PATH).text
    for words in (
        "周甲",
        "吴乙",
        "Clara Baker",
        "¥200.00",
        "Paid more than is owed",
        "DAY-UNREPORTED",
        "CASH-UNCOUNTED",
    ):
        assert words in page
    filtered = branch.client.get(f"{DAY_PATH}?show=undone").text
    assert 'id="agents" data-show="undone"' in filtered


def test_a_decision_is_journaled_once(branch: TestBranch, sign_in: SignIn) -> None:
    """On the ground that was seen; a second one from the same page is told that it changed."""
    sign_in("qian")
    fields = fields_of(branch, "PAY-UNIDENTIFIED|visit:V2")
    answer = post(branch, "decide", **fields, outcome="excuse", note="seen on photo")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{DAY_PATH}?done=decided")
    assert code_of(post(branch, "decide", **fields, outcome="accept")) in {"STATE-STALE", "STATE-FORBIDS"}
    branch.reconcile()
    page = branch.client.get(f"{DAY_PATH}?done=decided").text
    assert "The decision is journaled." in page
    assert "seen on photo" in page


@pytest.mark.parametrize(
    ("name", "changes", "code"),
    [
        ("bai", {}, "ROLE-MISSING"),
        ("qian", {"form_token": "0" * 64}, "CSRF-WRONG"),
        ("qian", {"ground": "0" * 64}, "STATE-STALE"),
        ("qian", {"outcome": "void"}, "ARGUMENT-WRONG"),
        ("qian", {"id": "NO-RULE|x"}, "NOT-FOUND"),
        ("qian", {"id": "PAY-OVER|account:none"}, "NOT-FOUND"),
        ("qian", {"basis": "0" * 64}, "STATE-STALE"),
    ],
)
def test_bad_decisions_are_refused(
    branch: TestBranch, sign_in: SignIn, name: str, changes: dict[str, str], code: str
) -> None:
    """The wrong role, a foreign form, another ground, an outcome or a rule that is none: a page says which."""
    sign_in("qian")
    fields = fields_of(branch, "PAY-UNIDENTIFIED|visit:V2")
    sign_in(name)
    fields["form_token"] = token(branch)
    answer = post(branch, "decide", **{**fields, "outcome": "accept", **changes})
    assert code_of(answer) == code
    assert answer.status_code >= 400
    assert "<html" in answer.text


def test_an_alarm_about_money_needs_two_persons(branch: TestBranch, sign_in: SignIn) -> None:
    """Alone, with oneself, with a wrong password or another role it is refused; with a second supervisor it stands."""
    branch.client.post("/api/v1/receipts/check", json={"digits": branch.digits("voided")})
    branch.reconcile()
    series = branch.receipts["voided"].body.series
    sign_in("qian")
    fields = {**fields_of(branch, f"VOID-CONTESTED|payment:{series}"), "outcome": "accept"}
    for second, password, code in (
        ("", "", "TWO-PERSONS"),
        ("qian", PASSWORD, "TWO-PERSONS"),
        ("song", "wrong password", "LOGIN-WRONG"),
        ("bai", PASSWORD, "ROLE-MISSING"),
    ):
        assert code_of(post(branch, "decide", **fields, second=second, second_password=password)) == code
    assert post(branch, "decide", **fields, second="song", second_password=PASSWORD).status_code == 303


def test_a_cashier_counts_and_then_sees_the_equation(branch: TestBranch, sign_in: SignIn) -> None:
    """Before: no declared amount anywhere on the page. After: counted, declared and the difference."""
    sign_in("bai")
    page = branch.client.get(DAY_PATH).text
    assert "¥200.00" not in page
    assert "hidden until counted" in page
    form = page.split(f'action="{DAY_PATH}/count"')[1].split("</form>")[0]
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    assert code_of(post(branch, "count", **fields)) == "ARGUMENT-WRONG"
    assert code_of(post(branch, "count", **fields, face_10000="many")) == "ARGUMENT-WRONG"
    answer = post(branch, "count", **fields, face_10000="1", face_5000="1")
    assert answer.headers["location"] == f"{DAY_PATH}?done=counted#agent-AG-YC-1"
    branch.reconcile()
    page = branch.client.get(DAY_PATH).text
    assert "¥150.00" in page
    assert "−¥50.00" in page
    assert "CASH-VARIANCE" in page


def test_only_a_cashier_counts(branch: TestBranch, sign_in: SignIn) -> None:
    """A supervisor sees no count form, and none is taken from them."""
    sign_in("qian")
    page = branch.client.get(DAY_PATH).text
    assert "Count the cash" not in page
    answer = post(branch, "count", form_token=token(branch), agent="AG-YC-1", currency="CNY", face_100="1")
    assert code_of(answer) == "ROLE-MISSING"


def test_closing_names_what_is_in_the_way(branch: TestBranch, sign_in: SignIn) -> None:
    """Refused with each obstacle in words; carrying forward needs a second person; then it is closed for good."""
    sign_in("qian")
    fields: dict[str, Any] = {"form_token": token(branch)}
    refused = post(branch, "close", **fields)
    assert (refused.status_code, code_of(refused)) == (409, "CLOSING-REFUSED")
    assert "The cash that AG-YC-1 handed over has not been counted." in refused.text
    names = [html.unescape(n) for n in re.findall(r'name="carry" value="([^"]+)"', branch.client.get(DAY_PATH).text)]
    assert len(names) == 3
    assert code_of(post(branch, "close", **fields, carry=names)) == "TWO-PERSONS"
    second = {"second": "song", "second_password": PASSWORD}
    closed = post(branch, "close", **fields, **second, carry=names)
    assert closed.headers["location"] == f"{DAY_PATH}?done=closed#close"
    branch.reconcile()
    page = branch.client.get(f"{DAY_PATH}?done=closed").text
    assert "This day is closed." in page
    assert f'action="{DAY_PATH}/close"' not in page
    assert "Closed" in branch.client.get("/console").text


def test_an_auditor_reads_and_closes_nothing(branch: TestBranch, sign_in: SignIn) -> None:
    """Everything is shown, no form that acts is."""
    sign_in("lu")
    page = branch.client.get(DAY_PATH).text
    assert "¥200.00" in page
    assert f'action="{DAY_PATH}/close"' not in page
    assert "A supervisor or cashier closes the day." in page
    assert code_of(post(branch, "close", form_token=token(branch))) == "ROLE-MISSING"


def test_empty_states(office: TestBranch, sign_in: SignIn) -> None:
    """An office without branches, a day without routes, a discrepancy or day that is none."""
    sign_in("qian")
    assert "No branch has agents yet." in office.client.get("/console").text
    assert "No agent has a route on this day." in office.client.get(DAY_PATH).text
    assert office.client.get(f"{DAY_PATH}/discrepancy?id=x").status_code == 404
    assert office.client.get(f"/console/day/{BRANCH}/tomorrow").status_code == 404


def test_the_rules_page_prints_the_whole_catalogue(office: TestBranch, sign_in: SignIn) -> None:
    """Every rule with its code, and the codes that are only reserved."""

    sign_in("lu")
    page = office.client.get("/console/rules").text
    for code in (*CATALOGUE, *PLANNED):
        assert f"{code}</code>" in page
