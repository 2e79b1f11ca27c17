"""What the agent types: a PIN, or a passphrase where there is no key store."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import Literal, TypeAlias

import msgspec

from agent_client.vault.errors import SecretWeak
from agent_client.vault.limits import (
    PASSPHRASE_CHARACTERS_MAX,
    PASSPHRASE_CHARACTERS_MIN,
    PASSPHRASE_DISTINCT_MIN,
    PIN_DIGITS_MAX,
    PIN_DIGITS_MIN,
)

__all__ = ["NewSecret", "Passphrase", "Pin", "SecretKind", "normal_form"]

SecretKind: TypeAlias = Literal["pin", "passphrase"]
"""Which of the two a vault opens with."""


class Pin(msgspec.Struct, frozen=True):
    """A new PIN, refused at construction (SECRET-WEAK) when short, not digits, or a plain sequence."""

    text: str

    def __post_init__(self) -> None:
        digits = normal_form(self.text)
        if not (digits.isascii() and digits.isdigit()):
            raise SecretWeak("a PIN has digits only")
        if not PIN_DIGITS_MIN <= len(digits) <= PIN_DIGITS_MAX:
            raise SecretWeak(f"a PIN has {PIN_DIGITS_MIN} to {PIN_DIGITS_MAX} digits, this one {len(digits)}")
        steps = {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}
        if steps in ({0}, {1}, {9}):
            raise SecretWeak("the PIN's digits all repeat, or count up or down")

    @property
    def kind(self) -> SecretKind:
        """`pin`."""
        return "pin"

    def __repr__(self) -> str:
        return "Pin(…)"


class Passphrase(msgspec.Struct, frozen=True):
    """A new passphrase, refused at construction (SECRET-WEAK) when short or of few different characters."""

    text: str

    def __post_init__(self) -> None:
        text = normal_form(self.text)
        if not PASSPHRASE_CHARACTERS_MIN <= len(text) <= PASSPHRASE_CHARACTERS_MAX:
            raise SecretWeak(
                f"a passphrase has {PASSPHRASE_CHARACTERS_MIN} to {PASSPHRASE_CHARACTERS_MAX} characters,"
                f" this one {len(text)}"
            )
        if len(set(text)) < PASSPHRASE_DISTINCT_MIN:
            raise SecretWeak(f"a passphrase has at least {PASSPHRASE_DISTINCT_MIN} different characters")

    @property
    def kind(self) -> SecretKind:
        """`passphrase`."""
        return "passphrase"

    def __repr__(self) -> str:
        return "Passphrase(…)"


NewSecret: TypeAlias = Pin | Passphrase
"""Which kind of slot to set, and with what."""


def normal_form(text: str) -> str:
    """The same text from every keyboard: full-width digits and composed letters become one form (NFKC)."""
    return unicodedata.normalize("NFKC", text.strip())
