"""What a receipt shows: everything that a printer, a screen or a chat needs, and nothing about debt."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from agent_client.printing.limits import NAME_CHARACTERS_MAX, PREFIX_CHARACTERS_MAX, RECEIPT_DIGITS
from sync.errors import Refused
from sync.money import check_amount, currency
from sync.operations.field import Method

__all__ = ["Language", "ReceiptKind", "ReceiptView", "check_payload"]

Language: TypeAlias = Literal["zh", "en", "both"]
"""Chinese, English, or each line in both."""

ReceiptKind: TypeAlias = Literal["payment", "void"]
"""A payment, or the receipt that takes one back."""


_ADDRESSES = ("https://", "http://127.0.0.1", "http://localhost", "http://[::1]")
"""What a code may lead to: only this machine's own office, in a demonstration, goes without encryption."""


class ReceiptView(msgspec.Struct, frozen=True, kw_only=True):
    """One receipt to show; refused at construction (ARGUMENT-WRONG) with the value that does not fit.

    `prefix` + `digits` is the code's text: ``https://HOST/r#`` and 292 digits. `number` is the short receipt
    number with its check code, `voided_number` that of the receipt which a void takes back. `taken_at` is
    local time with its offset. `confirmed`: the provider confirmed to the phone. `identified`: the payer
    answered a check. `clock_trusted`: a signed server time was seen since the phone was started.
    """

    prefix: str
    digits: str
    number: str
    amount_minor: int
    currency: str
    method: Method
    kind: ReceiptKind
    taken_at: datetime
    agent_name: str
    agent_number: str
    creditor_name: str
    account_last_four: str
    office_phone: str
    official_address: str
    identified: bool
    confirmed: bool
    clock_trusted: bool = True
    voided_number: str | None = None
    language: Language = "both"

    def __post_init__(self) -> None:
        check_payload(self.prefix, self.digits)
        check_amount(self.amount_minor)
        currency(self.currency)
        if self.taken_at.tzinfo is None:
            raise Refused("ARGUMENT-WRONG", f"time {self.taken_at.isoformat()} has no offset")
        last_four = self.account_last_four
        if len(last_four) != 4 or not (last_four.isascii() and last_four.isdigit()):
            raise Refused("ARGUMENT-WRONG", f"{last_four!r} is not an account's last four digits")
        if self.voided_number is not None and self.kind != "void":
            raise Refused("ARGUMENT-WRONG", f"a {self.kind} takes back no receipt {self.voided_number!r}")
        for name in ("number", "agent_name", "agent_number", "creditor_name", "office_phone", "official_address"):
            value = getattr(self, name)
            if not value.strip() or len(value) > NAME_CHARACTERS_MAX:
                raise Refused("ARGUMENT-WRONG", f"{name} {value!r} is empty or above {NAME_CHARACTERS_MAX} characters")


def check_payload(prefix: str, digits: str, counts: Collection[int] = (RECEIPT_DIGITS,)) -> None:
    """Refuse (ARGUMENT-WRONG) what is not an address and a receipt's digits, or as many as `counts` allows."""
    if not (prefix.startswith(_ADDRESSES) and prefix.endswith("#") and prefix.isascii() and prefix.isprintable()):
        raise Refused("ARGUMENT-WRONG", f"prefix {prefix!r} is not https://HOST/r#")
    if " " in prefix or len(prefix) > PREFIX_CHARACTERS_MAX:
        raise Refused("ARGUMENT-WRONG", f"prefix {prefix!r} has a space or above {PREFIX_CHARACTERS_MAX} characters")
    if len(digits) not in counts or not (digits.isascii() and digits.isdigit()):
        raise Refused("ARGUMENT-WRONG", f"a receipt has {RECEIPT_DIGITS} digits, not {len(digits)} characters")
