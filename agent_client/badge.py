"""The agent's badge: the office's certificate for today, with this phone's signature over the present minute.

Nothing is written and nothing needs the office. The minute is by the last signed server time where that was seen since
this phone started, because customers' phones compare it with the office's clock; else by the phone's own.
"""

from __future__ import annotations

import msgspec

from agent_client.receipts import official_address
from agent_client.recording import Desk
from agent_client.refusals import refuse
from sync.badge import SignedCertificate, badge_digits, read_certificate, show_badge
from sync.clock import Reading, Seen, format_wall
from sync.errors import Conflict

__all__ = ["ShownBadge", "present_badge"]


class ShownBadge(msgspec.Struct, frozen=True, kw_only=True):
    """What `--json` says about a badge; `url` is the code's text, `minute` counts from 1970 UTC."""

    agent: str
    agent_name: str
    service_day: str
    minute: int
    url: str


def present_badge(desk: Desk) -> ShownBadge:
    """Sign the present minute; raises WORK-REFUSED on a phone that the office locked, BADGE-MISSING without a badge."""
    state = desk.store.state.sync()
    if state.locked:
        raise refuse("locked")
    reading = desk.clock()
    now_ms = _present_ms(state.seen, reading)
    certificate = _valid_at(desk, now_ms)
    if certificate is None:
        at = format_wall(now_ms, reading.offset_minutes)
        raise Conflict("BADGE-MISSING", f"the office certified no badge of this phone for {at}")
    badge = show_badge(desk.signing_key, certificate, now_ms)
    day = certificate.body.service_day
    return ShownBadge(
        agent=desk.agent,
        agent_name=desk.enrolment.answer.agent_name,
        service_day=day,
        minute=badge.minute,
        url=f"{official_address(desk, f'{day}/{desk.agent}')}/agent#{badge_digits(badge)}",
    )


def _present_ms(seen: Seen | None, reading: Reading) -> int:
    """The office's time as well as this phone can know it."""
    if seen is not None and seen.boot == reading.boot and reading.mono_ms >= seen.mono_ms:
        return seen.at_ms + reading.mono_ms - seen.mono_ms
    return reading.wall_ms


def _valid_at(desk: Desk, now_ms: int) -> SignedCertificate | None:
    """This phone's own certificate that is valid now."""
    for document in desk.store.documents.badges():
        for item in document.certificates:
            if item.device == desk.device:
                certificate = read_certificate(item.certificate)
                if certificate.body.from_s * 1000 <= now_ms < certificate.body.until_s * 1000:
                    return certificate
    return None
