"""Turning values into pages: the template environment, its filters, and which language a reader wants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from server.web.texts import LANGUAGES, text
from sync.money import format_amount

__all__ = ["INLINE_PICTURES", "SECURITY_HEADERS", "STATIC", "Renderer", "chosen_language"]

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
"""Styles, scripts and icons: served as they are."""

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""On every page: nothing from elsewhere, nothing inline, no frame around it."""

INLINE_PICTURES = {
    **SECURITY_HEADERS,
    "Content-Security-Policy": SECURITY_HEADERS["Content-Security-Policy"].replace(
        "img-src 'self'", "img-src 'self' data:"
    ),
}
"""The same for a page that shows pictures out of an answer's own bytes."""

_WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")
_SIGNS = {"CNY": "¥"}


def chosen_language(query: str, cookie: str, accept: str) -> str:
    """`en` or `zh`: what was asked for in the address, else in the cookie, else by the browser (RFC 9110, 12.5.4)."""
    for wish in (query, cookie):
        if wish in LANGUAGES:
            return wish
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept[:400].split(",")):
        name, _, quality = part.strip().partition(";q=")
        language = name.strip().lower()[:2]
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        if language in LANGUAGES and weight > 0:
            ranked.append((-weight, place, language))
    return min(ranked)[2] if ranked else "en"


class Renderer:
    """Templates with autoescape; a name that a template does not get is an error, not an empty place."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(
            money=money,
            signed=signed,
            clock=clock,
            wall=wall,
            initials=initials,
            short=lambda hash_: hash_[:12],
            anchor=anchor,
        )

    def text(self, key: str, language: str, **values: object) -> str:
        """The words of a key."""
        return text(key, language, **values)

    def page(self, template: str, language: str, **values: Any) -> str:
        """The page's HTML. Templates get `t` (words of a key), `day` and `moment` (dates) and `language`."""
        words: Callable[..., str] = lambda key, **inside: text(key, language, **inside)  # noqa: E731  # bound per page
        return self._environment.get_template(template).render(
            t=words,
            language=language,
            other="en" if language == "zh" else "zh",
            day=lambda iso: day(iso, language),
            moment=moment,
            pick=lambda pair: getattr(pair, language),
            **values,
        )


def money(amount_minor: int, currency: str) -> str:
    """`123456, "CNY"` → `¥1,234.56`; other currencies keep their letters behind."""
    written = format_amount(amount_minor, currency)
    sign = _SIGNS.get(currency)
    if sign is None:
        return written
    number = written.removesuffix(f" {currency}")
    return f"−{sign}{number[1:]}" if number.startswith("-") else f"{sign}{number}"


def signed(amount_minor: int, currency: str) -> str:
    """The same with a sign in front in any case."""
    return ("+" if amount_minor > 0 else "") + money(amount_minor, currency)


def clock(seconds: int) -> str:
    """Seconds since midnight → `09:15`."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"


def wall(at: str) -> str:
    """RFC 3339 → the `09:15` that stands in it."""
    return at[11:16]


def initials(name: str) -> str:
    """One or two characters for a round badge: a Chinese surname, or the first letters of two words."""
    words = name.replace("-", " ").split()
    if not words:
        return "·"
    if ord(words[0][0]) > 0x2E80:
        return words[0][0]
    return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper()


def anchor(id_: str) -> str:
    """A discrepancy's id as an element's: no spaces or bars."""
    return "d-" + "".join(c if c.isalnum() or c in "-_." else "-" for c in id_)


def day(iso: str, language: str) -> str:
    """`2026-11-23` → `Mon 23 Nov 2026` or `2026年11月23日 周一`; anything else as it is."""
    try:
        value = date.fromisoformat(iso)
    except ValueError:
        return iso
    if language == "zh":
        return f"{value.year}年{value.month}月{value.day}日 周{_WEEKDAYS[value.weekday()]}"
    return f"{value:%a} {value.day} {value:%b} {value.year}"


def moment(ms: int, offset_minutes: int) -> str:
    """Milliseconds since 1970 UTC → `2026-11-23 18:05` where the office is."""
    local = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms, minutes=offset_minutes)
    return f"{local:%Y-%m-%d %H:%M}"
