"""Visit codes: what catches a typing error at the door, and how the answer is bound when it is sealed.

The customer gets a visit code with the confirmation of the visit. Only the office can say whether a code
*matches*; the phone must not be able to, because the likeliest attacker is its owner. So a visit document
carries a random salt and **eight bits** of a slow salted digest of the code: of 255 typing errors in 256 the
phone says "that is not the code, ask again", and of a million six-digit codes about 3,900 pass, so that
nobody can work a code out from it.

::

    digest = scrypt(password = the code's digits, salt = the text `code_salt`, N = 4096, r = 8, p = 1, 1 byte)
    code_bits = that byte, 0 to 255; -1 in a document means that there is nothing to compare with

The code's digits are what is left of the typed text after NFKC and without spaces and hyphens, so that
full-width digits and ``48 21 07`` are the same code. Both sides use UTF-8. scrypt: RFC 7914.

The answer itself is sealed to the office's identity key (`sync.sealing`); `answer_binding` is the associated
data: device, visit and the hash before the operation, so that an answer moved elsewhere does not open.
"""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Final

from sync.errors import Refused

__all__ = ["CODE_BITS_NONE", "answer_binding", "code_digest", "code_fits", "normal_code"]

CODE_BITS_NONE: Final = -1
"""What a visit document carries when the customer has no code."""

_N: Final = 4_096
"""4 MiB and about ten milliseconds on a phone; the secrecy lies in how few bits are kept, not in the cost."""
_R: Final = 8
_P: Final = 1
_CODE_CHARACTERS_MAX: Final = 64


def normal_code(code: str) -> str:
    """The same text from every keyboard: NFKC, without spaces and hyphens; refuses nothing and too much."""
    text = "".join(character for character in unicodedata.normalize("NFKC", code) if character not in " -\t")
    if not 0 < len(text) <= _CODE_CHARACTERS_MAX:
        raise Refused("ARGUMENT-WRONG", f"a code has 1 to {_CODE_CHARACTERS_MAX} characters, this one {len(text)}")
    return text


def code_digest(code: str, salt: str) -> int:
    """Eight bits (0 to 255) of the slow digest of a code under the salt of its visit document."""
    if not salt:
        raise Refused("ARGUMENT-WRONG", "a visit code needs a salt")
    return hashlib.scrypt(normal_code(code).encode(), salt=salt.encode(), n=_N, r=_R, p=_P, dklen=1)[0]


def code_fits(code: str, salt: str, bits: int) -> bool:
    """Whether a typed code may be the right one; True where there is nothing to compare with."""
    return bits == CODE_BITS_NONE or not salt or code_digest(code, salt) == bits


def answer_binding(device: str, visit: str, prev: str) -> bytes:
    """Associated data of a sealed answer: which phone, which visit, and the hash before its operation."""
    return b"\0".join((b"doorstep/answer/1", device.encode(), visit.encode(), prev.encode()))
