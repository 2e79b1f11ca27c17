"""Signing, reading and checking the 120 bytes."""

from __future__ import annotations

import hashlib
import hmac

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from sync.encoding import b64, sha256_hex, unb64
from sync.errors import DoorstepError, NotAllowed, Refused
from sync.receipt.body import BODY_BYTES, ReceiptBody, pack_body, unpack_body
from sync.signing import TAG_RECEIPT, sign, verify

__all__ = ["Receipt", "account_tag", "read_receipt", "sign_receipt", "verify_receipt"]

RECEIPT_BYTES = 120


class Receipt(msgspec.Struct, frozen=True):
    """A receipt's bytes, taken apart; `identity` is the SHA-256 of its body."""

    data: bytes
    body: ReceiptBody
    identity: str

    @property
    def text(self) -> str:
        """As operations carry it: base64url without padding."""
        return b64(self.data)


def sign_receipt(private_key: ec.EllipticCurvePrivateKey, body: ReceiptBody) -> Receipt:
    """Pack and sign; the caller commits the operation that carries it before it is shown."""
    packed = pack_body(body)
    return Receipt(packed + sign(private_key, TAG_RECEIPT, packed), body, sha256_hex(packed))


def read_receipt(data: bytes | str) -> Receipt:
    """Take 120 bytes (or their base64url) apart without checking the signature."""
    if isinstance(data, str):
        try:
            data = unb64(data, RECEIPT_BYTES)
        except DoorstepError as error:
            raise Refused("RECEIPT-MALFORMED", error.cause) from error
    if len(data) != RECEIPT_BYTES:
        raise Refused("RECEIPT-MALFORMED", f"a receipt has {RECEIPT_BYTES} bytes, not {len(data)}")
    packed = data[:BODY_BYTES]
    return Receipt(data, unpack_body(packed), sha256_hex(packed))


def verify_receipt(receipt: Receipt, public_key: ec.EllipticCurvePublicKey) -> None:
    """Return if the device's key signed it, else raise RECEIPT-FORGED."""
    try:
        verify(public_key, TAG_RECEIPT, receipt.data[:BODY_BYTES], receipt.data[BODY_BYTES:])
    except NotAllowed as error:
        raise NotAllowed("RECEIPT-FORGED", f"receipt {receipt.body.series} is not signed by its key") from error


def account_tag(tag_key: bytes, account: str) -> str:
    """The keyed tag of an account: the first 4 bytes of HMAC-SHA-256, in hexadecimal. The key stays at the office."""
    return hmac.new(tag_key, account.encode(), hashlib.sha256).digest()[:4].hex()
