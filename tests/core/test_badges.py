"""Badges: the office's certificate for a day, the phone's minute under it, and how long a picture of it is of use."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.badge import (
    Certificate,
    agent_hash,
    badge_digits,
    is_fresh,
    pack_certificate,
    read_badge_digits,
    read_certificate,
    show_badge,
    sign_certificate,
    unpack_certificate,
    verify_badge,
)
from sync.limits import BADGE_MINUTES_MAX
from tests.core.writing import code_of, fixed_key

DAY_S = 1_795_276_800
BODY = Certificate(
    office_key="0f1e2d3c4b5a6978",
    device="00a1b2c3d4e5f607",
    agent_hash=agent_hash("agent-1"),
    service_day="2026-11-22",
    from_s=DAY_S,
    until_s=DAY_S + 86_400,
)
OFFICE, DEVICE, STRANGER = fixed_key(1), fixed_key(2), fixed_key(3)
EIGHT_BYTES = st.binary(min_size=8, max_size=8).map(bytes.hex)


@given(EIGHT_BYTES, EIGHT_BYTES, EIGHT_BYTES, st.dates(), st.integers(0, 2**32 - 2), st.integers(1, 2**32 - 1))
def test_certificates_round_trip_or_are_refused(
    office: str, device: str, agent: str, day: object, from_s: int, life_s: int
) -> None:
    """What can be packed is read back as it was; a day or time beyond its bytes is refused, never cut."""
    body = Certificate(
        office_key=office,
        device=device,
        agent_hash=agent,
        service_day=str(day),
        from_s=from_s,
        until_s=from_s + life_s,
    )
    if "1970-01-01" <= body.service_day <= "2149-06-06" and body.until_s < 2**32:
        assert unpack_certificate(pack_certificate(body)) == body
    else:
        assert code_of(pack_certificate, body) == "BADGE-MALFORMED"


@pytest.mark.parametrize(
    "change",
    [
        {"device": "00a1b2c3d4e5f6"},
        {"device": "00a1b2c3d4e5f60700"},
        {"device": "00A1B2C3D4E5F607"},
        {"office_key": "office"},
        {"service_day": "today"},
        {"service_day": "20261122"},
        {"from_s": -1},
        {"until_s": DAY_S},
    ],
)
def test_what_is_no_certificate_is_not_written(change: dict[str, object]) -> None:
    """Ids of other lengths or cases, other days, and times that never are, are refused with their code."""
    assert code_of(pack_certificate, msgspec.structs.replace(BODY, **change)) == "BADGE-MALFORMED"


@settings(max_examples=20)
@given(st.integers(0, 2**32 * 60_000 - 1))
def test_any_minute_goes_to_digits_and_back(now_ms: int) -> None:
    """Whatever the clock says, the badge is read from its digits again and verifies."""
    badge = show_badge(DEVICE, sign_certificate(OFFICE, BODY), now_ms)
    again = read_badge_digits(badge_digits(badge) + "?from=scanner")
    assert again == badge
    assert again.minute == now_ms // 60_000
    verify_badge(again, OFFICE.public_key(), DEVICE.public_key())


@pytest.mark.parametrize("now_ms", [-1, 2**32 * 60_000])
def test_a_clock_beyond_the_minutes_shows_no_badge(now_ms: int) -> None:
    """A clock before 1970 or far beyond is refused instead of signed."""
    assert code_of(show_badge, DEVICE, sign_certificate(OFFICE, BODY), now_ms) == "BADGE-MALFORMED"


def test_a_phone_cannot_certify_itself() -> None:
    """Neither a phone's own certificate nor another phone's minute under a genuine one is taken."""
    now_ms = (DAY_S + 60) * 1000
    own = show_badge(DEVICE, sign_certificate(DEVICE, BODY), now_ms)
    borrowed = show_badge(STRANGER, sign_certificate(OFFICE, BODY), now_ms)
    for badge in (own, borrowed):
        assert code_of(verify_badge, badge, OFFICE.public_key(), DEVICE.public_key()) == "BADGE-FORGED"


def test_a_badge_is_stale_after_five_minutes() -> None:
    """Six minutes later, or on a clock six minutes ahead, a picture of it is worth nothing."""
    shown_ms = (DAY_S + 36_000) * 1000
    badge = show_badge(DEVICE, sign_certificate(OFFICE, BODY), shown_ms)
    for minutes in range(-8, 9):
        assert is_fresh(badge, shown_ms + minutes * 60_000) is (abs(minutes) <= BADGE_MINUTES_MAX)


@pytest.mark.parametrize("text", ["", "AAAA", "!" * 132, "A" * 132, "A" * 131])
def test_a_certificate_of_another_length_is_refused(text: str) -> None:
    """Other base64url, lengths and zeros are no certificate."""
    assert code_of(read_certificate, text) == "BADGE-MALFORMED"
