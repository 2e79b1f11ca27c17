"""Values on pages: money, times, languages, drawings."""

from __future__ import annotations

import pytest

from server.services.day_views import StopView
from server.web.render import Renderer, anchor, chosen_language, clock, day, initials, moment, money, signed
from server.web.route import HEIGHT, WIDTH, draw_route


@pytest.mark.parametrize(
    ("query", "cookie", "accept", "expected"),
    [
        ("", "", "", "en"),
        ("", "", "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("", "", "en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("", "", "de,zh;q=0.3,en;q=0.2", "zh"),
        ("", "", "zh;q=0,en", "en"),
        ("", "", "zh;q=x,en", "en"),
        ("", "en", "zh", "en"),
        ("zh", "en", "en", "zh"),
        ("<script>", "", "zh", "zh"),
    ],
)
def test_language_is_negotiated(query: str, cookie: str, accept: str, expected: str) -> None:
    """The address beats the cookie, the cookie the browser; anything odd is ignored."""
    assert chosen_language(query, cookie, accept) == expected


def test_money_reads_well() -> None:
    """Minor units with separators and a sign; another currency keeps its letters."""
    assert money(123_456, "CNY") == "¥1,234.56"
    assert money(-5, "CNY") == "−¥0.05"
    assert money(100, "JPY") == "100 JPY"
    assert signed(5_000, "CNY") == "+¥50.00"
    assert signed(-5_000, "CNY") == "−¥50.00"


def test_times_and_days_read_well() -> None:
    """Plan times from midnight, days in either language, moments where the office is."""
    assert clock(9 * 3600 + 5 * 60) == "09:05"
    assert day("2026-03-02", "en") == "Mon 2 Mar 2026"
    assert day("2026-03-02", "zh") == "2026年3月2日 周一"
    assert day("never", "en") == "never"
    assert moment(1_772_413_200_000, 480) == "2026-03-02 09:00"


def test_initials_of_names_in_both_scripts() -> None:
    """A Chinese surname, first letters of two words, something for nothing."""
    assert [initials(name) for name in ("周甲", "Clara Baker", "Clara", "")] == ["周", "CB", "C", "·"]


def test_anchor_is_an_identifier() -> None:
    """Bars, colons and slashes do not survive."""
    assert anchor("PAY-OVER|account:A/1") == "d-PAY-OVER-account-A-1"


def test_everything_is_escaped() -> None:
    """A name that contains markup is shown, not run."""
    page = Renderer().page(
        "error.html",
        "en",
        session=None,
        here="",
        key="error.other",
        code="<b>",
        details=["<script>x</script>"],
        back="/",
    )
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def _stop(position: int, lat_e7: int | None, lon_e7: int | None) -> StopView:
    return StopView(
        visit=f"V{position}",
        position=position,
        planned=True,
        account="A",
        customer="C",
        name="",
        address="",
        tasks=(),
        origin="planned",
        window_starts_s=0,
        window_ends_s=0,
        eta_s=0,
        leg_m=0,
        state="open",
        outcome="",
        concluded_at="",
        concluded_by=(),
        identity="none",
        delivered=0,
        lat_e7=lat_e7,
        lon_e7=lon_e7,
    )


def test_a_route_is_drawn_in_order_inside_its_box() -> None:
    """Three places keep their order and their directions: north is up."""
    drawing = draw_route(
        [_stop(1, 333_500_000, 1_201_500_000), _stop(2, 333_600_000, 1_201_600_000), _stop(3, None, None)]
    )
    assert drawing is not None
    first, second = drawing.marks
    assert (first.label, second.label) == (1, 2)
    assert second.y < first.y
    assert second.x > first.x
    assert all(0 <= mark.x <= WIDTH and 0 <= mark.y <= HEIGHT for mark in drawing.marks)
    assert drawing.points == f"{first.x},{first.y} {second.x},{second.y}"


def test_no_route_without_places() -> None:
    """One place is no route; two at one spot are drawn without dividing by zero."""
    assert draw_route([_stop(1, 1, 1), _stop(2, None, None)]) is None
    same = draw_route([_stop(1, 1, 1), _stop(2, 1, 1)])
    assert same is not None
    assert same.marks[0].x == same.marks[1].x
