"""The console's page of phones: who may lock, unlock and answer, and what the forms refuse."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx
import pytest

from server.services.devices import revoke
from server.services.office import SYSTEM
from server.services.phones import PHONES_PAGE, phones_page
from sync.encoding import b64, canonical_json, unb64
from sync.operations.kinds import roles_allowed
from sync.recovery import RecoveryRequest, make_recovery_slot, open_recovery_answer
from sync.signing import load_public_key, public_bytes
from tests.core.writing import fixed_key
from tests.web.branch import NINE_MS, TestBranch
from tests.web.conftest import SignIn
from tests.web.test_pages import code_of

PHONES = "/console/phones"
KEY = bytes(range(32))
ONE_TIME = fixed_key(41)


def page(branch: TestBranch, **query: str) -> str:
    """The page's text."""
    answer = branch.client.get(PHONES, params=query)
    assert answer.status_code == 200
    return answer.text


def card(branch: TestBranch, device: str) -> str:
    """What the page says about one phone."""
    return page(branch).partition(f'id="phone-{device}"')[2].partition("</article>")[0]


def post(branch: TestBranch, path: str, **fields: Any) -> httpx.Response:
    """Send a form of the page, with the form token and the basis that stand on it."""
    text = page(branch)
    found = dict(re.findall(r'type="hidden" name="(form_token)" value="([^"]*)"', text))
    device = path.partition("/")[0]
    shown = text.partition(f'action="{PHONES}/{device}/')[2].partition("</form>")[0]
    found |= dict(re.findall(r'type="hidden" name="(basis)" value="([^"]*)"', shown))
    return branch.client.post(f"{PHONES}/{path}", data={**found, **fields}, follow_redirects=False)


def request_of(branch: TestBranch, device: str) -> str:
    """What a phone whose PIN was forgotten shows."""
    keys = branch.client.get("/api/v1/keys").json()["keys"]
    recovery = load_public_key(unb64(next(key["public_key"] for key in keys if key["use"] == "recovery"), 65))
    slot = make_recovery_slot(KEY, device, recovery, fixed_key(42))
    asked = RecoveryRequest(
        device=device, one_time_public=b64(public_bytes(ONE_TIME.public_key())), recovery_slot=b64(slot)
    )
    return canonical_json(asked).decode()


def test_a_supervisor_locks_wipes_and_unlocks(branch: TestBranch, sign_in: SignIn) -> None:
    """Each form leads back to the page, which says how the phone stands; the operation names the person."""
    sign_in("qian")
    device = branch.first.device
    assert "Works" in card(branch, device)
    answer = post(branch, f"{device}/lock", reason="left in a taxi")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PHONES}?done=locked")
    assert "is locked from its next exchange on" in page(branch, done="locked")
    assert ">Locked<" in re.sub(r"<svg.*?</svg>", "", card(branch, device))
    assert post(branch, f"{device}/lock", reason="still gone", wipe="yes").status_code == 303
    assert "wipes after upload" in card(branch, device)
    assert post(branch, f"{device}/unlock", reason="found").headers["location"] == f"{PHONES}?done=unlocked"
    assert "Works" in card(branch, device)
    with branch.parts.store.read() as reader:
        lines = [line for line in reader.export() if b'"DeviceLocked"' in line or b'"DeviceUnlocked"' in line]
    assert len(lines) == 3
    assert all(b'"by":{"user":"qian","role":"supervisor"}' in line for line in lines)


def test_a_supervisor_revokes_a_phone_for_good(branch: TestBranch, sign_in: SignIn) -> None:
    """Only with a reason and a tick; afterwards the card has no form, and saying it twice is refused."""
    sign_in("qian")
    device = branch.first.device
    assert post(branch, f"{device}/revoke", reason="stolen").status_code == 400
    assert post(branch, f"{device}/revoke", reason=" ", sure="yes").status_code == 400
    assert "Works" in card(branch, device)
    answer = post(branch, f"{device}/revoke", reason="stolen", sure="yes")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PHONES}?done=revoked")
    assert "The phone is revoked for good." in page(branch, done="revoked")
    assert "Revoked for good" in card(branch, device)
    assert "<form" not in card(branch, device)
    assert post(branch, f"{device}/revoke", reason="again", sure="yes").status_code == 409
    assert code_of(post(branch, "0123456789abcdef/revoke", reason="x", sure="yes")) == "DEVICE-UNKNOWN"
    with branch.parts.store.read() as reader:
        (line,) = (line for line in reader.export() if b'"DeviceRevoked"' in line)
    assert b'"by":{"user":"qian","role":"supervisor"}' in line
    assert b'"reason":"stolen"' in line


def test_others_see_the_phones_and_no_forms(branch: TestBranch, sign_in: SignIn) -> None:
    """A cashier reads; what they would send is refused."""
    sign_in("bai")
    text = page(branch)
    assert branch.first.device in text
    assert f'action="{PHONES}/' not in text
    token = re.search(r'name="form_token" value="([0-9a-f]{64})"', text)
    assert token is not None
    for path in (
        f"{branch.first.device}/lock",
        f"{branch.first.device}/unlock",
        f"{branch.first.device}/revoke",
        "recovery",
    ):
        answer = branch.client.post(f"{PHONES}/{path}", data={"form_token": token[1], "reason": "x"})
        assert code_of(answer) == "ROLE-MISSING"


def test_forms_need_their_token_and_the_present_state(branch: TestBranch, sign_in: SignIn) -> None:
    """From elsewhere, without a reason, on what somebody else changed meanwhile, and of nobody's phone."""
    sign_in("qian")
    device = branch.first.device
    assert code_of(post(branch, f"{device}/lock", reason="x", form_token="0" * 64)) == "CSRF-WRONG"
    assert code_of(post(branch, f"{device}/lock", reason=" ")) == "ARGUMENT-WRONG"
    assert code_of(post(branch, f"{device}/lock", reason="x", basis="0" * 64)) == "STATE-STALE"
    assert code_of(post(branch, f"{device}/unlock", reason="x")) == "STATE-FORBIDS"
    answer = post(branch, "nobody/lock", reason="x")
    assert code_of(answer) == "DEVICE-UNKNOWN"
    assert f'href="{PHONES}"' in answer.text


def test_a_revoked_phone_has_no_forms(branch: TestBranch, sign_in: SignIn) -> None:
    """It is gone for good."""
    sign_in("qian")
    device = branch.first.device
    branch.parts.store.write_now(lambda writer: revoke(writer, device, SYSTEM, "lost", NINE_MS))
    assert "Revoked for good" in card(branch, device)
    assert "<form" not in card(branch, device)


@pytest.mark.parametrize(("language", "words"), [("en", "Answer for the phone"), ("zh", "给手机的答复")])
def test_a_forgotten_pin_is_answered_once(branch: TestBranch, sign_in: SignIn, language: str, words: str) -> None:
    """The answer stands on the page that the form gives, and on no other."""
    sign_in("qian")
    branch.client.get(PHONES, params={"lang": language})
    device = branch.first.device
    asked = f"\n{request_of(branch, device)}\n"
    answer = post(branch, "recovery", request=asked, identified="in_person")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert words in answer.text
    assert "周甲" in answer.text
    shown = re.search(r'<textarea id="answer"[^>]*>(.*?)</textarea>', answer.text, re.DOTALL)
    assert shown is not None
    assert open_recovery_answer(html.unescape(shown[1]).encode(), device, ONE_TIME) == KEY
    assert 'id="answer"' not in page(branch)
    branch.reconcile()
    with branch.parts.store.read() as reader:
        (view,) = (item for item in phones_page(reader).items if item.device == device)
    assert view.recoveries == 1


def test_recovery_forms_that_are_refused(branch: TestBranch, sign_in: SignIn) -> None:
    """No request, one that is too long, and no way of identifying."""
    sign_in("qian")
    for request, way, code in (
        ("hello", "in_person", "RECOVERY-WRONG"),
        ("x" * 9_000, "call_back", "RECOVERY-WRONG"),
        (request_of(branch, branch.first.device), "guess", "ARGUMENT-WRONG"),
    ):
        assert code_of(post(branch, "recovery", request=request, identified=way)) == code


def test_many_phones_come_page_by_page(branch: TestBranch, sign_in: SignIn) -> None:
    """Each phone stands on one page, and an agent's are found by the agent."""
    sign_in("qian")
    with branch.parts.store.read() as reader:
        known = reader.device(branch.first.device)
    assert known is not None

    def add(writer: Any) -> None:
        for number in range(2 * PHONES_PAGE):
            device = known.__class__(
                device=f"{number:016x}", agent="AG-YC-2", branch="YC", public_key=known.public_key, enrolled_ms=1
            )
            writer.put_device(device)

    branch.parts.store.write_now(add)
    seen: list[str] = []
    after = ""
    for _ in range(5):
        text = page(branch, after=after)
        seen += re.findall(r'id="phone-([0-9a-f]{16})"', text)
        following = re.search(r"/console/phones\?after=([0-9a-f]{16})", text)
        if following is None:
            break
        after = following[1]
    assert len(seen) == len(set(seen)) == 2 * PHONES_PAGE + 2
    only = re.findall(r'id="phone-([0-9a-f]{16})"', page(branch, agent="AG-YC-1"))
    assert only == [branch.first.device]


def test_the_forms_are_for_whoever_may_write_the_operations() -> None:
    """The roles that see the forms are those that the operations allow."""
    for kind in ("DeviceLocked", "DeviceUnlocked", "RecoveryAnswered"):
        assert roles_allowed(kind) == {"admin", "supervisor"}
