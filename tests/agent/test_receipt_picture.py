"""From the phone to a stranger: the picture is read by another library and checked with stock cryptography."""

from __future__ import annotations

import io

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from PIL import Image

from agent_client.printing import Language, ReceiptView, printer_png, share_png
from agent_client.receipts import receipt_view
from agent_client.work.payments import collect, find_payment
from agent_client.work.visits import start_visit
from tests.agent.conftest import Phone
from tests.scanner import qr_codes


def scanned(view: ReceiptView, form: str) -> str:
    """What a scanner reads from the picture."""
    picture = printer_png(view) if form == "strip" else share_png(view)
    found = qr_codes(Image.open(io.BytesIO(picture)))
    assert len(found) == 1
    return found[0].text


def receipt_bytes(digits: str) -> bytes:
    """292 digits as 120 bytes, by the words of PROTOCOL.md and nothing of ours."""
    groups = [int(digits[start : start + 17]).to_bytes(7, "big") for start in range(0, 289, 17)]
    return b"".join(groups) + bytes([int(digits[289:])])


@pytest.mark.parametrize("form", ["strip", "card"])
@pytest.mark.parametrize("language", ["en", "zh", "both"])
def test_a_receipts_picture_is_read_and_checked_without_us(phone: Phone, form: str, language: Language) -> None:
    """The QR of a payment's picture carries what was signed; one changed digit no longer verifies."""
    start_visit(phone.desk, "V1")
    collect(phone.desk, "V1", 123_450, "cash")
    public = phone.desk.signing_key.public_key()

    address, _, digits = scanned(receipt_view(phone.desk, find_payment(phone.desk, "last"), language), form).partition(
        "#"
    )
    data = receipt_bytes(digits)
    body, r, s = data[:56], int.from_bytes(data[56:88], "big"), int.from_bytes(data[88:], "big")

    assert address.endswith("/r")
    assert int.from_bytes(body[35:41], "big") == 123_450
    public.verify(encode_dss_signature(r, s), b"doorstep/receipt/1\0" + body, ec.ECDSA(hashes.SHA256()))
    forged = body[:40] + bytes([body[40] ^ 1]) + body[41:]
    with pytest.raises(InvalidSignature):
        public.verify(encode_dss_signature(r, s), b"doorstep/receipt/1\0" + forged, ec.ECDSA(hashes.SHA256()))
