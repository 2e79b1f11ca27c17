"""The badge on the agent's phone: today's certificate, this minute, by the best clock that the phone has."""

from __future__ import annotations

import pytest

from agent_client.badge import present_badge
from sync.badge import Badge, Certificate, agent_hash, is_fresh, read_badge_digits, sign_certificate, verify_badge
from sync.errors import DoorstepError
from sync.messages import BadgeCertificate, BadgeDocument
from tests.agent.conftest import HandClock, Phone
from tests.agent.documents import AGENT, DAY, DEVICE
from tests.agent.fake_office import FakeOffice

MIDNIGHT_S = 1_795_363_200
"""2026-11-23T00:00:00+08:00."""


def certify(office: FakeOffice, *, day: str = DAY, from_s: int = MIDNIGHT_S, device: str = DEVICE) -> None:
    """Put the day's badge beside its pack, for this phone or another."""
    body = Certificate(
        office_key="0f1e2d3c4b5a6978",
        device=device,
        agent_hash=agent_hash(AGENT),
        service_day=day,
        from_s=from_s,
        until_s=from_s + 86_400,
    )
    certificate = BadgeCertificate(device=device, certificate=sign_certificate(office.office_key, body).text)
    document = BadgeDocument(agent=AGENT, service_day=day, certificates=[certificate])
    office.put(f"badge/{AGENT}/{day}", document)


def shown(phone: Phone) -> Badge:
    """What the phone shows now, with both signatures checked."""
    found = present_badge(phone.desk)
    prefix, digits = found.url.split("#")
    assert prefix == "https://pay.example/agent"
    badge = read_badge_digits(digits)
    assert phone.office.device_key is not None
    verify_badge(badge, phone.office.office_key.public_key(), phone.office.device_key)
    assert (found.agent, found.service_day, found.minute) == (AGENT, DAY, badge.minute)
    return badge


def code_of(phone: Phone) -> str:
    """Why there is no badge."""
    with pytest.raises(DoorstepError) as caught:
        present_badge(phone.desk)
    return caught.value.code


def test_a_badge_is_of_this_minute(phone: Phone, office: FakeOffice, clock: HandClock) -> None:
    """Without any network, and another one a minute later."""
    certify(office)
    phone.sync()
    first = shown(phone)
    clock.move(1)
    second = shown(phone)
    assert second.minute == first.minute + 1
    assert second.certificate == first.certificate


def test_a_wrong_wall_clock_shows_a_fresh_badge_all_the_same(
    phone: Phone, office: FakeOffice, clock: HandClock
) -> None:
    """Since the phone started it has seen signed time; its wall clock is three hours off."""
    certify(office)
    phone.sync()
    clock.move(10)
    clock.wall_ms += 3 * 3_600_000
    assert is_fresh(shown(phone), office.server_ms + 10 * 60_000)


def test_after_a_restart_the_wall_clock_must_do(phone: Phone, office: FakeOffice, clock: HandClock) -> None:
    """What was seen before says nothing about how long the phone was off."""
    certify(office)
    phone.sync()
    clock.boot, clock.mono_ms = "other" * 3, 1_000
    assert shown(phone).minute == clock.wall_ms // 60_000


def test_no_badge_without_a_certificate_for_now(phone: Phone, office: FakeOffice, clock: HandClock) -> None:
    """None at all, another phone's, another day's, and one that the office took back."""
    assert code_of(phone) == "BADGE-MISSING"
    certify(office, device="00000000000000b2")
    certify(office, day="2026-11-24", from_s=MIDNIGHT_S + 86_400)
    phone.sync()
    assert code_of(phone) == "BADGE-MISSING"
    certify(office)
    phone.sync()
    shown(phone)
    office.put(f"badge/{AGENT}/{DAY}", None)
    phone.sync()
    assert code_of(phone) == "BADGE-MISSING"


def test_a_locked_phone_shows_no_badge(phone: Phone, office: FakeOffice) -> None:
    """Until the office unlocks it."""
    certify(office)
    phone.sync()
    office.lock = True
    phone.sync()
    assert code_of(phone) == "WORK-REFUSED"
    office.lock = False
    phone.sync()
    shown(phone)
