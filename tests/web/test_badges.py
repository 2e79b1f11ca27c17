"""What anybody is told about a badge that they scanned, and what nobody is told."""

from __future__ import annotations

import base64
from typing import Any

import msgspec
import pytest

from server.limits import AGENT_PHOTO_BYTES_MAX, BADGE_CHECKS_PER_WINDOW, BADGE_GUESSES_PER_AGENT
from server.services.agents import agent_details
from server.services.device_locks import lock_device, unlock_device
from server.services.devices import revoke
from server.services.imports import import_file
from server.services.office import SYSTEM
from server.services.packs import issue_pack
from sync.badge import badge_digits, read_badge_digits, show_badge, sign_certificate
from tests.core.writing import fixed_key
from tests.web.branch import ADMIN, DAY, NINE_MS, TINY, TestBranch

PICTURE = b"\xff\xd8\xff\xe0" + bytes(200)
_MINUTE_MS = 60_000


def ask(branch: TestBranch, digits: str, code: str = "") -> dict[str, Any]:
    """The JSON answer."""
    answer = branch.client.post("/api/v1/badges/check", json={"digits": digits, "code": code})
    found: dict[str, Any] = answer.json()
    return found


def put_photo(branch: TestBranch, agent: str, picture: bytes, role: str = "supervisor") -> Any:
    """Whatever comes of it."""
    headers = {"authorization": f"Bearer {branch.parts.token}", "doorstep-actor": f"qian/{role}"}
    return branch.client.put(f"/api/v1/office/agents/{agent}/photo", content=picture, headers=headers)


def test_a_genuine_badge_says_who_it_is(branch: TestBranch) -> None:
    """Name, number, on whose behalf, and that the office sent them; nothing of any customer."""
    answer = ask(branch, branch.badge(branch.first))
    assert answer == {
        "verdict": "genuine",
        "signature": "valid",
        "minutes": 0,
        "agent": "AG-YC-1",
        "name": "周甲",
        "creditor": "示例银行",
        "service_day": DAY,
        "visits_today": True,
        "visit": "",
        "photo_type": "",
        "photo": "",
        "official_address": "http://testserver.local/agent",
        "office_phone": "+86 515 0000 0000",
    }


def test_an_agent_whom_nobody_sent_out_is_told_apart(branch: TestBranch) -> None:
    """The person is genuine, and has no visits today."""
    phone = branch.second
    certificate = branch.certificate(phone)
    branch.parts.store.write_now(lambda writer: writer.remove_document(phone.agent, f"pack/{DAY}/{phone.agent}"))
    answer = ask(branch, badge_digits(show_badge(phone.private, certificate, NINE_MS)))
    assert (answer["verdict"], answer["name"], answer["visits_today"]) == ("genuine", "吴乙", False)


@pytest.mark.parametrize("minutes", [-5, -1, 1, 5])
def test_a_badge_is_good_for_five_minutes(branch: TestBranch, minutes: int) -> None:
    """Shown so many minutes ago, or on a clock so far ahead."""
    answer = ask(branch, branch.badge(branch.first, NINE_MS - minutes * _MINUTE_MS))
    assert (answer["verdict"], answer["minutes"]) == ("genuine", minutes)


@pytest.mark.parametrize("minutes", [-6, 6, 1_440, -1_440])
def test_a_kept_picture_of_a_badge_is_stale_and_names_nobody(branch: TestBranch, minutes: int) -> None:
    """Too old or too far ahead: neither a name nor a face, whatever the code."""
    put_photo(branch, "AG-YC-1", PICTURE)
    answer = ask(branch, branch.badge(branch.first, NINE_MS - minutes * _MINUTE_MS), code="100001")
    assert (answer["verdict"], answer["signature"], answer["minutes"]) == ("stale", "valid", minutes)
    assert not any(answer[name] for name in ("agent", "name", "creditor", "service_day", "photo", "visit"))


def test_a_badge_of_another_day_is_stale(branch: TestBranch) -> None:
    """Tomorrow's certificate is not yet good, though the minute is the present one."""
    phone = branch.first
    tomorrow = "2026-03-03"
    branch.parts.store.write_now(lambda writer: issue_pack(writer, branch.parts.office, phone.agent, tomorrow))
    with branch.parts.store.read() as reader:
        names = reader.document_names(phone.agent, "badge/")
    assert names == [f"badge/AG-YC-1/{DAY}", f"badge/AG-YC-1/{tomorrow}"]
    early = badge_digits(show_badge(phone.private, branch.certificate(phone, tomorrow), NINE_MS))
    assert ask(branch, early)["verdict"] == "stale"


def test_a_lost_or_locked_phone_says_call_us(branch: TestBranch) -> None:
    """Its certificate still verifies; the office knows better, and takes a lock back when it is lifted."""
    write, first, second = branch.parts.store.write_now, branch.first, branch.second
    lost, locked = branch.badge(second), branch.badge(first)
    write(lambda writer: revoke(writer, second.device, SYSTEM, "lost", NINE_MS))
    write(lambda writer: lock_device(writer, ADMIN, first.device, "mislaid", NINE_MS, wipe=False))
    for digits in (lost, locked):
        answer = ask(branch, digits)
        assert (answer["verdict"], answer["signature"], answer["name"]) == ("key_reported_lost", "valid", "")
    write(lambda writer: unlock_device(writer, branch.parts.keys, ADMIN, first.device, "found"))
    assert ask(branch, locked)["verdict"] == "genuine"


def test_locked_and_revoked_phones_are_certified_no_more(branch: TestBranch) -> None:
    """The next issue leaves them out; an unlocking brings the certificate back; other issues change nothing."""
    write, phone, keys = branch.parts.store.write_now, branch.first, branch.parts.keys
    before = branch.certificate(phone)

    def issue() -> int:
        return write(lambda writer: issue_pack(writer, branch.parts.office, phone.agent, DAY))[1]

    assert issue() == 0
    assert branch.certificate(phone) == before
    write(lambda writer: lock_device(writer, ADMIN, phone.device, "mislaid", NINE_MS, wipe=False))
    assert issue() == 1
    with branch.parts.store.read() as reader:
        assert reader.document_names(phone.agent, "badge/") == []
    write(lambda writer: unlock_device(writer, keys, ADMIN, phone.device, "found"))
    assert branch.certificate(phone).body == before.body
    write(lambda writer: revoke(writer, phone.device, SYSTEM, "lost", NINE_MS))
    assert issue() == 1


def test_badges_that_are_not_ours(branch: TestBranch) -> None:
    """A stranger's certificate, another phone's minute, an unknown office key, and another agent's hash."""
    first, second = branch.first, branch.second
    certificate, office = branch.certificate(first), branch.parts.keys.office[-1].private
    bodies = [
        msgspec.structs.replace(certificate.body, office_key="0" * 16),
        msgspec.structs.replace(certificate.body, device="0" * 16),
        msgspec.structs.replace(certificate.body, agent_hash=branch.certificate(second).body.agent_hash),
    ]
    badges = [
        show_badge(first.private, sign_certificate(fixed_key(9), certificate.body), NINE_MS),
        show_badge(second.private, certificate, NINE_MS),
        *(show_badge(first.private, sign_certificate(office, body), NINE_MS) for body in bodies),
    ]
    for badge in badges:
        answer = ask(branch, badge_digits(badge))
        assert (answer["verdict"], answer["signature"], answer["name"]) == ("not_genuine", "invalid", "")


def test_what_is_no_badge_is_refused_with_a_code(branch: TestBranch) -> None:
    """Digits of another length, a receipt's, and none."""
    for digits in ("", "12345", branch.digits("cash"), "9" * 406):
        assert ask(branch, digits)["code"] == "BADGE-MALFORMED"
    assert ask(branch, branch.badge(branch.first) + "?utm_source=scanner")["verdict"] == "genuine"


# -- the visit code


def test_the_visit_code_tells_whether_this_agent_is_expected(branch: TestBranch) -> None:
    """The code of a stop of this agent's day, however it is spaced; another agent's stop is none."""
    digits = branch.badge(branch.first)
    assert ask(branch, digits, "100 001")["visit"] == "expected"
    assert ask(branch, digits, "１００００１")["visit"] == "expected"
    assert ask(branch, digits, "999999")["visit"] == "not_expected"
    assert ask(branch, digits, " -- ")["visit"] == "not_expected"
    assert ask(branch, branch.badge(branch.second), "100001")["visit"] == "not_expected"


def test_wrong_visit_codes_are_counted_by_agent(branch: TestBranch) -> None:
    """The phone's owner cannot try codes out from many addresses; right ones cost nothing."""
    digits = branch.badge(branch.first)
    desk_asks = [ask(branch, digits, "100001")["visit"] for _ in range(3)]
    assert desk_asks == ["expected"] * 3
    codes = [ask(branch, digits, f"9{n:05d}").get("visit", "refused") for n in range(7)]
    assert codes == ["not_expected"] * 7
    assert BADGE_GUESSES_PER_AGENT == 8
    # Ten a minute from one address are allowed: what follows is refused by that, or by the agent's own count.
    assert ask(branch, digits, "999998")["code"] == "RATE-LIMITED"
    assert ask(branch, branch.badge(branch.second))["verdict"] == "genuine"


def test_checks_are_counted_by_address(branch: TestBranch) -> None:
    """A flood from one address is told to wait."""
    digits = branch.badge(branch.first)
    codes = {ask(branch, digits).get("code", "") for _ in range(BADGE_CHECKS_PER_WINDOW)}
    assert codes == {""}
    answer = branch.client.post("/api/v1/badges/check", json={"digits": digits})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


# -- the face


def test_a_picture_is_shown_with_a_genuine_badge(branch: TestBranch) -> None:
    """As the office keeps it; a later import of agents does not lose it, nor finds a change in it."""
    assert put_photo(branch, "AG-YC-1", PICTURE).status_code == 200
    data = (TINY / "agents.csv").read_bytes()
    assert import_file(branch.parts.office, ADMIN, "agents", "agents.csv", data).new == 0
    renamed = data.replace("周甲".encode(), "周佳".encode())
    assert import_file(branch.parts.office, ADMIN, "agents", "agents.csv", renamed).new == 1
    answer = ask(branch, branch.badge(branch.first))
    assert (answer["name"], answer["photo_type"]) == ("周佳", "image/jpeg")
    assert base64.b64decode(answer["photo"]) == PICTURE
    with branch.parts.store.read() as reader:
        details = agent_details(reader, "AG-YC-1")
        assert details is not None
        assert details.registered is not None
        record = reader.side_record(details.registered.photo)
    assert record is not None
    assert record[16:] == PICTURE


def test_an_erased_picture_is_none(branch: TestBranch) -> None:
    """Personal data may be erased; the badge stays genuine."""
    put_photo(branch, "AG-YC-1", PICTURE)
    with branch.parts.store.read() as reader:
        details = agent_details(reader, "AG-YC-1")
    assert details is not None
    assert details.registered is not None
    photo = details.registered.photo
    branch.parts.store.write_now(lambda writer: writer.erase_side_record(photo))
    answer = ask(branch, branch.badge(branch.first))
    assert (answer["verdict"], answer["photo"], answer["photo_type"]) == ("genuine", "", "")


@pytest.mark.parametrize(
    ("agent", "picture", "role", "code"),
    [
        ("AG-9", PICTURE, "admin", "NOT-FOUND"),
        ("AG-YC-1", b"GIF89a", "admin", "ARGUMENT-WRONG"),
        ("AG-YC-1", b"", "admin", "ARGUMENT-WRONG"),
        ("AG-YC-1", PICTURE + bytes(AGENT_PHOTO_BYTES_MAX), "admin", "EXCHANGE-TOO-LARGE"),
        ("AG-YC-1", PICTURE, "cashier", "ROLE-MISSING"),
    ],
)
def test_pictures_that_are_refused(branch: TestBranch, agent: str, picture: bytes, role: str, code: str) -> None:
    """Nobody's, no picture, too large a one, and by somebody who may not."""
    assert put_photo(branch, agent, picture, role).json()["code"] == code


# -- the page


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_loads_nothing_from_elsewhere(branch: TestBranch, language: str) -> None:
    """Only its own style and scripts; pictures may also come out of an answer."""
    page = branch.client.get(f"/agent?lang={language}")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "img-src 'self' data:" in policy
    assert "data:" not in branch.client.get("/r").headers["content-security-policy"]
    assert "http://testserver.local/agent" in page.text
    assert "https://" not in page.text


def test_digits_are_read_back_as_shown(branch: TestBranch) -> None:
    """What the phone shows is what the office reads."""
    badge = read_badge_digits(branch.badge(branch.first))
    assert badge.certificate == branch.certificate(branch.first)
    assert badge.minute == NINE_MS // _MINUTE_MS
