"""A day by a seed, written by Python: every kind of a device's operation, receipts, and texts hard to write."""

from __future__ import annotations

import random
import types
import typing
from datetime import date
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from sync.clock import Reading, Seen
from sync.journal import Entry, JournalHead, append
from sync.limits import AMOUNT_MINOR_MAX, SEQ_MAX, TEXT_LENGTH_MAX
from sync.money import CURRENCIES
from sync.operations import GENESIS, Position
from sync.operations import field as f
from sync.receipt import FLAG_VOID, METHODS, ReceiptBody, sign_receipt
from tests.protocol.vector_keys import private_key

__all__ = ["DEVICE", "START_MS", "random_day", "random_text"]

DEVICE = "00a1b2c3d4e5f607"
START_MS = 1_795_309_200_000
_KINDS: tuple[type[Any], ...] = get_args(f.FieldBody)
_PIECES = (*'abcXYZ 019-_/.\x01\b\t\f\x1f\x7f\x80"\\/甲乙é\u2028\u2029\ufeff😀𠮷﷽', "</script>")


def random_text(dice: random.Random) -> str:
    """Up to as many characters as an operation's text may have; no CR, LF or NUL, which no line holds unescaped."""
    length = TEXT_LENGTH_MAX if dice.random() < 0.05 else dice.randrange(12)
    return "".join(dice.choice(_PIECES) for _ in range(length))[:TEXT_LENGTH_MAX]


def random_day(dice: random.Random, count: int) -> list[Entry]:
    """So many operations, each kind in turn, over two epochs and several boots; receipts are signed by the device."""
    entries: list[Entry] = []
    head = JournalHead(DEVICE, 1, 0, GENESIS)
    number = 0
    for step in range(count):
        if step == count // 2:
            head = JournalHead(DEVICE, 2, 0, head.hash, head.hlc)
        kind = _KINDS[step % len(_KINDS)]
        body = _value(kind, "", dice)
        if isinstance(body, f.PaymentCollected | f.PaymentVoided):
            number += 1
            receipt = _receipt(dice, head, number, isinstance(body, f.PaymentVoided))
            body = msgspec.structs.replace(body, receipt=receipt)
        wall_ms = START_MS + step * 60_000 - (86_400_000 if dice.random() < 0.1 else 0)
        reading = Reading(wall_ms, dice.randrange(-840, 841), f"boot-{step // 30}", 1_000 + step * 60_000)
        entry = append(
            head,
            body,
            reading,
            seen=None if dice.random() < 0.3 else Seen(START_MS + step, "boot-0", dice.randrange(10**9)),
            pack="" if dice.random() < 0.1 else "2026-11-22/agent-1",
            policy=random_text(dice),
            position=None if dice.random() < 0.5 else Position(dice.randrange(-9 * 10**8, 9 * 10**8), 5, 12),
        )
        entries.append(entry)
        head = entry.head
    return entries


def _receipt(dice: random.Random, head: JournalHead, number: int, void: bool) -> str:
    body = ReceiptBody(
        key_id=head.device,
        epoch=head.epoch,
        seq=head.seq + 1,
        number=number,
        before=head.hash[:32],
        amount_minor=dice.randrange(1, AMOUNT_MINOR_MAX + 1),
        currency=dice.choice(sorted(CURRENCIES)),
        method=dice.choice(sorted(METHODS)),
        kind="void" if void else "payment",
        at_s=dice.randrange(2**32),
        offset_minutes=dice.randrange(-56, 57) * 15,
        flags=dice.randrange(8) | (FLAG_VOID if void else 0),
        last_four=dice.randrange(10_000),
        tag=f"{dice.randrange(2**32):08x}",
    )
    return sign_receipt(private_key("device"), body).text


def _value(annotation: Any, name: str, dice: random.Random) -> Any:
    origin = get_origin(annotation)
    if name == "currency":
        return dice.choice(sorted(CURRENCIES))
    if name in {"due", "first_due"}:
        return date.fromordinal(dice.randrange(719_163, 800_000)).isoformat()
    if annotation is str:
        return random_text(dice)
    if annotation is bool:
        return dice.random() < 0.5
    if annotation is int:
        return dice.choice((1, 7, dice.randrange(1, 10**6), AMOUNT_MINOR_MAX if name.endswith("_minor") else SEQ_MAX))
    if origin is Literal:
        return dice.choice(get_args(annotation))
    if origin is tuple:
        return tuple(_value(get_args(annotation)[0], "", dice) for _ in range(dice.randrange(4)))
    if origin in {typing.Union, types.UnionType}:
        return None if dice.random() < 0.3 else _value(get_args(annotation)[0], name, dice)
    hints = get_type_hints(annotation)
    given = {
        member.name: _value(hints[member.name], member.name, dice)
        for member in msgspec.structs.fields(annotation)
        if member.required or dice.random() > 0.4
    }
    return annotation(**given)
