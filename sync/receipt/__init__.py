"""Receipts: the signed proof of one payment, checkable by anybody from its QR alone.

56 bytes of body and 64 of signature, written as 292 decimal digits behind ``https://HOST/r#``. The receipt's
identity is the SHA-256 of its body (ES256 signatures are not unique). PROTOCOL.md fixes each bit.
"""

from sync.receipt.body import (
    FLAG_CLOCK,
    FLAG_CONFIRMED,
    FLAG_PAYER,
    FLAG_VOID,
    METHODS,
    ReceiptBody,
    pack_body,
    unpack_body,
)
from sync.receipt.digits import from_digits, to_digits
from sync.receipt.short import parse_short, short_number
from sync.receipt.signed import Receipt, account_tag, read_receipt, sign_receipt, verify_receipt

__all__ = [
    "FLAG_CLOCK",
    "FLAG_CONFIRMED",
    "FLAG_PAYER",
    "FLAG_VOID",
    "METHODS",
    "Receipt",
    "ReceiptBody",
    "account_tag",
    "from_digits",
    "pack_body",
    "parse_short",
    "read_receipt",
    "short_number",
    "sign_receipt",
    "to_digits",
    "unpack_body",
    "verify_receipt",
]
