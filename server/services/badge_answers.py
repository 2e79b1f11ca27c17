"""What the office says about a badge to whoever scanned it at their door.

Both signatures may hold and the badge still be worth nothing: a picture of yesterday's, a phone that was reported lost.
Only a fresh badge of a phone in good standing is answered with a name and a face. Nothing is said of any customer or
debt: neither how many stops there are, nor where. Whoever was given a visit code may ask whether it is this agent who
is expected with it; answers are counted, because the likeliest guesser is the phone's owner.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import unicodedata
from collections.abc import Callable, Collection
from typing import Literal

import msgspec

from server.keys import OfficeKeys
from server.limits import (
    BADGE_CHECKS_PER_WINDOW,
    BADGE_GUESSES_PER_AGENT,
    BADGE_GUESSES_WINDOW_MS,
    RECEIPT_GUESSES_PER_WINDOW,
    RECEIPT_TEXT_MAX,
    RECEIPT_WINDOW_MS,
)
from server.ports import Clock, Device, Reader, Store
from server.services.agents import agent_details, agent_photo, photo_type
from server.services.rate_limit import RateLimit
from server.services.visit_rows import VisitRecord, records
from sync.badge import Badge, agent_hash, badge_minute, is_fresh, read_badge_digits, verify_badge
from sync.encoding import unb64
from sync.errors import NotAllowed, Refused
from sync.messages import Pack
from sync.signing import load_public_key
from sync.visit_code import normal_code

__all__ = ["BadgeAnswer", "BadgeDesk", "BadgeQuestion", "BadgeVerdict"]

BadgeVerdict = Literal["genuine", "stale", "key_reported_lost", "not_genuine"]
Visit = Literal["", "expected", "not_expected"]


class BadgeQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Digits from a badge's code; `code` is the visit code that the customer was given, if they want to know."""

    digits: str
    code: str = ""


class BadgeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """All that anybody is told; who it is only if `genuine`.

    `minutes` is how old the badge is by the office's clock, negative for a phone whose clock is ahead. `photo` is
    base64 of `photo_type`, both empty without a picture. `visits_today`: whether the office sent this agent out with
    visits on the badge's day. `visit`: whether the visit code given is of one of them.
    """

    verdict: BadgeVerdict
    signature: Literal["valid", "invalid"]
    minutes: int = 0
    agent: str = ""
    name: str = ""
    creditor: str = ""
    service_day: str = ""
    visits_today: bool = False
    visit: Visit = ""
    photo_type: str = ""
    photo: str = ""
    official_address: str = ""
    office_phone: str = ""


_FORGED = BadgeAnswer(verdict="not_genuine", signature="invalid")


class BadgeDesk:
    """Answers questions, and counts them by address and by agent. `real_ms` is the machine's clock."""

    def __init__(
        self,
        store: Store,
        keys: OfficeKeys,
        clock: Clock,
        real_ms: Callable[[], int],
        *,
        official_address: str,
        office_phone: str,
    ) -> None:
        self._store = store
        self._office = {key.id: key.private.public_key() for key in keys.office}
        self._clock = clock
        self._official_address = official_address
        self._office_phone = office_phone
        self._checks = RateLimit(BADGE_CHECKS_PER_WINDOW, RECEIPT_WINDOW_MS, real_ms)
        self._guesses = RateLimit(RECEIPT_GUESSES_PER_WINDOW, RECEIPT_WINDOW_MS, real_ms)
        self._guesses_of_agent = RateLimit(BADGE_GUESSES_PER_AGENT, BADGE_GUESSES_WINDOW_MS, real_ms)

    async def ask(self, question: BadgeQuestion, address: str) -> BadgeAnswer:
        """The answer; raises BADGE-MALFORMED or RATE-LIMITED."""
        self._checks.spend(address)
        if question.code.strip():
            self._guesses.spend(address)
        answer = await asyncio.to_thread(self._answer, question)
        return msgspec.structs.replace(answer, official_address=self._official_address, office_phone=self._office_phone)

    def _answer(self, question: BadgeQuestion) -> BadgeAnswer:
        badge = read_badge_digits(question.digits[:RECEIPT_TEXT_MAX].strip())
        now_ms = self._clock.now_ms()
        with self._store.read() as reader:
            device = self._signed_by(reader, badge)
            if device is None:
                return _FORGED
            answer = BadgeAnswer(verdict="genuine", signature="valid", minutes=badge_minute(now_ms) - badge.minute)
            if device.gives_nothing:
                return msgspec.structs.replace(answer, verdict="key_reported_lost")
            if not is_fresh(badge, now_ms):
                return msgspec.structs.replace(answer, verdict="stale")
            return self._introduced(reader, answer, device, badge.certificate.body.service_day, question.code)

    def _signed_by(self, reader: Reader, badge: Badge) -> Device | None:
        """The phone that shows it, if both signatures hold and the phone is that agent's."""
        body = badge.certificate.body
        office, device = self._office.get(body.office_key), reader.device(body.device)
        if office is None or device is None or not device.agent or agent_hash(device.agent) != body.agent_hash:
            return None
        try:
            verify_badge(badge, office, load_public_key(unb64(device.public_key, 65)))
        except NotAllowed:
            return None
        return device

    def _introduced(
        self, reader: Reader, answer: BadgeAnswer, device: Device, service_day: str, code: str
    ) -> BadgeAnswer:
        details = agent_details(reader, device.agent)
        picture = agent_photo(reader, details) if details else b""
        data = reader.document(device.agent, f"pack/{service_day}/{device.agent}")
        pack = msgspec.json.decode(data, type=Pack) if data is not None else None
        visits = pack.visits if pack else []
        return msgspec.structs.replace(
            answer,
            agent=device.agent,
            name=details.name if details else "",
            creditor=pack.creditor_name if pack else "",
            service_day=service_day,
            visits_today=bool(visits),
            visit=self._expected(reader, device.agent, visits, code),
            photo_type=photo_type(picture),
            photo=base64.b64encode(picture).decode("ascii"),
        )

    def _expected(self, reader: Reader, agent: str, visits: list[str], code: str) -> Visit:
        typed = unicodedata.normalize("NFKC", code).strip()
        if not typed:
            return ""
        # Counted before it is compared: guesses made at once must not slip through together.
        self._guesses_of_agent.spend(agent)
        if _is_of(typed, records(reader, visits).values()):
            self._guesses_of_agent.give_back(agent)
            return "expected"
        return "not_expected"


def _is_of(typed: str, rows: Collection[VisitRecord]) -> bool:
    """Whether it is the visit code of one of these."""
    try:
        wanted = normal_code(typed).encode()
    except Refused:
        return False
    return any(bool(row.code) and hmac.compare_digest(row.code.encode(), wanted) for row in rows)
