"""What the office says about a receipt to whoever holds it, and the witness that a scan leaves.

A valid signature says that one of our phones wrote the receipt; only the office says *genuine*. The answer states
the receipt's own content, what became of the payment and where the money is, and nothing else: no name, no account,
no debt. A receipt that is not ours is answered without repeating what it claims.

The first scan of each receipt body is journaled (`ReceiptWitnessed`): so the office learns of payments that a phone
never reported. Repeated scans read and write nothing further. A check value that is another account's, visited by the
same agent that day, is journaled too (`ReceiptCheckAnswered`): one receipt may have been shown to two customers.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import msgspec

from server.limits import (
    RECEIPT_CHECKS_PER_WINDOW,
    RECEIPT_GUESSES_PER_WINDOW,
    RECEIPT_TEXT_MAX,
    RECEIPT_WINDOW_MS,
)
from server.ports import Clock, Reader, Store
from server.services.rate_limit import RateLimit
from server.services.receipt_answers import ReceiptAnswer, is_witnessed, receipt_answer, receipts_of, witness
from server.services.receipt_shared import note_shared, shared_with
from sync.errors import DoorstepError, Refused, Unavailable
from sync.operations.office import ReceiptCheckAnswered
from sync.receipt import Receipt, from_digits, parse_short, read_receipt, short_number
from sync.receipt.short import ShortNumber, key_characters
from sync.reconcile.facts import Registry

__all__ = ["ReceiptAnswer", "ReceiptDesk", "ReceiptQuestion", "receipt_answer", "witness"]


class ReceiptQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Digits from a QR code, or a short number as printed; `check` is the last four digits or the visit code."""

    digits: str = ""
    short: str = ""
    check: str = ""


class ReceiptDesk:
    """Answers questions, counts them by address, and journals first scans. `real_ms` is the machine's clock."""

    def __init__(
        self, store: Store, clock: Clock, real_ms: Callable[[], int], *, official_address: str, office_phone: str
    ) -> None:
        self._store = store
        self._clock = clock
        self._official_address = official_address
        self._office_phone = office_phone
        self._checks = RateLimit(RECEIPT_CHECKS_PER_WINDOW, RECEIPT_WINDOW_MS, real_ms)
        self._guesses = RateLimit(RECEIPT_GUESSES_PER_WINDOW, RECEIPT_WINDOW_MS, real_ms)
        self._by_characters: tuple[Registry | None, dict[str, tuple[str, ...]]] = (None, {})

    async def ask(self, question: ReceiptQuestion, address: str) -> ReceiptAnswer:
        """The answer; raises RECEIPT-MALFORMED or RATE-LIMITED. The witness is on disk before it is given."""
        self._checks.spend(address)
        if question.check.strip():
            self._guesses.spend(address)
        answer, receipt, shared = await asyncio.to_thread(self._answer, question)
        # A store that is full or busy must not keep a customer from the answer: another scan will be journaled.
        with contextlib.suppress(Unavailable):
            if receipt is not None:
                await self._store.write(lambda writer: witness(writer, receipt, self._clock.now_ms()))
            if shared is not None:
                await self._store.write(lambda writer: note_shared(writer, shared))
        return msgspec.structs.replace(answer, official_address=self._official_address, office_phone=self._office_phone)

    def _answer(self, question: ReceiptQuestion) -> tuple[ReceiptAnswer, Receipt | None, ReceiptCheckAnswered | None]:
        """The answer; the receipt if its first scan is still to be journaled; whose check value was given instead."""
        if question.digits:
            receipt = read_receipt(from_digits(question.digits[:RECEIPT_TEXT_MAX].strip()))
            with self._store.read() as reader:
                answer = receipt_answer(reader, receipt, question.check)
                known = answer.signature != "valid" or is_witnessed(reader, receipt)
                shared = _shared(reader, answer, receipt, question.check)
            return answer, None if known else receipt, shared
        if not question.short.strip():
            raise Refused("RECEIPT-MALFORMED", "neither digits nor a short receipt number were given")
        short = parse_short(question.short)
        with self._store.read() as reader:
            answer, receipt_known = self._short_answer(reader, short, question.check)
            return answer, None, _shared(reader, answer, receipt_known, question.check)

    def _short_answer(self, reader: Reader, short: ShortNumber, check: str) -> tuple[ReceiptAnswer, Receipt | None]:
        devices = self._devices(reader).get(short.key, ())
        carried = False
        for device in devices:
            series = f"{device}/{short.epoch}/{short.number}"
            texts, recorded = receipts_of(reader, series)
            carried = carried or recorded
            for text in texts:
                receipt = _readable(text)
                if receipt is not None and short_number(receipt).endswith(f"-{short.check}"):
                    return receipt_answer(reader, receipt, check), receipt
        if carried or not devices:
            return ReceiptAnswer(verdict="not_genuine", signature="unchecked"), None
        return ReceiptAnswer(verdict="unknown_number", signature="unchecked"), None

    def _devices(self, reader: Reader) -> dict[str, tuple[str, ...]]:
        """Five characters → devices; made anew only when the registry is another one."""
        registry = reader.registry()
        if self._by_characters[0] is not registry:
            found: dict[str, tuple[str, ...]] = {}
            for device, author in registry.items():
                if not author.is_office and len(device) == 16:
                    key = key_characters(device)
                    found[key] = (*found.get(key, ()), device)
            self._by_characters = (registry, found)
        return self._by_characters[1]


def _shared(reader: Reader, answer: ReceiptAnswer, receipt: Receipt | None, check: str) -> ReceiptCheckAnswered | None:
    if receipt is None or answer.check != "does_not_match":
        return None
    return shared_with(reader, receipt, check)


def _readable(text: str) -> Receipt | None:
    try:
        return read_receipt(text)
    except DoorstepError:
        return None
