"""What travels: signed over exact bytes, readable by older and newer readers."""

from __future__ import annotations

import json

import msgspec
import pytest

from sync import messages
from sync.encoding import b64
from sync.errors import NotAllowed
from sync.messages import (
    Acknowledgement,
    Claims,
    ClockClaim,
    Cursor,
    ExchangeAnswer,
    ExchangeRequest,
    Signed,
    read_acknowledgement,
    sign_acknowledgement,
    sign_claims,
    verify_claims,
)
from sync.signing import TAG_ACKNOWLEDGEMENT, TAG_EXCHANGE, sign
from tests.core.writing import DEVICE, fixed_key, journal, sample

CLAIMS = Claims(
    device=DEVICE,
    epoch=1,
    seq=2,
    hash="a" * 64,
    clock=ClockClaim(at="2026-11-22T09:00:00.000+08:00", boot="b", mono_ms=1),
    nonce="0" * 32,
    cursor=Cursor(incarnation="i", n=3),
)
ACKNOWLEDGEMENT = Acknowledgement(device=DEVICE, epoch=1, seq=2, hash="a" * 64, nonce="0" * 32, server_ms=5)
STRUCTS = sorted(
    name
    for name in messages.__all__
    if isinstance(found := getattr(messages, name), type) and issubclass(found, msgspec.Struct)
)
RAW = {"DocumentChange", "ExchangeAnswer", "ExchangeRequest", "Signed"}
"""They carry exact bytes of others; their round trips are tested by themselves."""


def request(**changes: object) -> ExchangeRequest:
    """A signed request with two operations, and some members changed."""
    claims, signature = sign_claims(fixed_key(1), CLAIMS)
    members: dict[str, object] = {
        "protocol": 1,
        "claims": claims,
        "signature": signature,
        "operations": [msgspec.Raw(entry.data) for entry in journal(2)],
        **changes,
    }
    return ExchangeRequest(**members)  # type: ignore[arg-type]  # some are wrong on purpose


def test_operations_in_a_request_keep_their_exact_bytes() -> None:
    """What is cut out between the commas is what was written, spaces inside an operation included."""
    lines = [journal(1)[0].data, b'{ "device" : "d","x":"\xe7\x94\xb2" }']
    text = msgspec.json.encode(request(operations=[msgspec.Raw(line) for line in lines]))
    spaced = text.replace(b'"operations":[', b'"operations": [ \n')
    for encoded in (text, spaced):
        decoded = msgspec.json.decode(encoded, type=ExchangeRequest)
        assert [bytes(line) for line in decoded.operations] == lines


def test_claims_verify_over_their_exact_bytes() -> None:
    """The device's signature holds for the claims as sent, also when they were spelled loosely."""
    key = fixed_key(1)
    verify_claims(key.public_key(), request())
    loose = json.dumps(json.loads(msgspec.json.encode(CLAIMS)), indent=2).encode()
    signed = request(claims=msgspec.Raw(loose), signature=b64(sign(key, TAG_EXCHANGE, loose)))
    verify_claims(key.public_key(), msgspec.json.decode(msgspec.json.encode(signed), type=ExchangeRequest))


@pytest.mark.parametrize("signature", ["", "AA", "=", "not base64!", b64(bytes(64)), b64(bytes(65))])
def test_claims_without_a_signature_are_refused(signature: str) -> None:
    """Whatever stands in the signature's place, the answer is that it is wrong."""
    with pytest.raises(NotAllowed) as caught:
        verify_claims(fixed_key(1).public_key(), request(signature=signature))
    assert caught.value.code == "SIGNATURE-WRONG"


def test_claims_of_others_are_refused() -> None:
    """Another key, other claims or a signature made for another purpose do not verify."""
    key = fixed_key(1)
    other = msgspec.Raw(msgspec.json.encode(CLAIMS).replace(b'"seq":2', b'"seq":3'))
    payload = msgspec.json.encode(CLAIMS)
    wrong_purpose = b64(sign(key, TAG_ACKNOWLEDGEMENT, payload))
    for public, broken in (
        (fixed_key(2).public_key(), request()),
        (key.public_key(), request(claims=other)),
        (key.public_key(), request(signature=wrong_purpose)),
    ):
        with pytest.raises(NotAllowed):
            verify_claims(public, broken)


def test_an_acknowledgement_round_trips_through_an_answer() -> None:
    """The office's signature holds for the exact bytes inside the answer."""
    key = fixed_key(3)
    answer = ExchangeAnswer(acknowledgement=sign_acknowledgement(key, "office-1", ACKNOWLEDGEMENT))
    decoded = msgspec.json.decode(msgspec.json.encode(answer), type=ExchangeAnswer)
    assert decoded.acknowledgement.key == "office-1"
    assert read_acknowledgement(key.public_key(), decoded.acknowledgement) == ACKNOWLEDGEMENT


def test_an_acknowledgement_of_others_is_refused() -> None:
    """Another key, another text or no signature at all is not honoured."""
    key = fixed_key(3)
    signed = sign_acknowledgement(key, "k", ACKNOWLEDGEMENT)
    altered = Signed(
        payload=msgspec.Raw(bytes(signed.payload).replace(b'"seq":2', b'"seq":9')), signature=signed.signature
    )
    for public, broken in (
        (fixed_key(4).public_key(), signed),
        (key.public_key(), altered),
        (key.public_key(), Signed(payload=signed.payload, signature="")),
    ):
        with pytest.raises(NotAllowed):
            read_acknowledgement(public, broken)


def test_a_signed_text_of_another_form_is_no_acknowledgement() -> None:
    """Rightly signed nonsense is refused as such."""
    key = fixed_key(3)
    for payload in (b"[]", b'{"device":"d"}', b'{"device":7}'):
        signed = Signed(payload=msgspec.Raw(payload), signature=b64(sign(key, TAG_ACKNOWLEDGEMENT, payload)))
        with pytest.raises(msgspec.ValidationError):
            read_acknowledgement(key.public_key(), signed)


@pytest.mark.parametrize("name", [name for name in STRUCTS if name not in RAW])
def test_readers_ignore_members_that_they_do_not_know(name: str) -> None:
    """A newer writer's members do not stop an older reader."""
    kind = getattr(messages, name)
    value = sample(kind)
    encoded = msgspec.json.encode(value)
    newer = encoded[:-1] + b',"member_of_a_later_version":{"x":[1]}}'
    assert msgspec.json.decode(newer, type=kind) == value


@pytest.mark.parametrize("name", STRUCTS)
def test_members_that_came_later_have_defaults(name: str) -> None:
    """What is required today is the first version's list: a later member needs a default."""
    required = [field.encode_name for field in msgspec.structs.fields(getattr(messages, name)) if field.required]
    assert required == FIRST_VERSION[name]


FIRST_VERSION = {
    "Acknowledgement": ["device", "epoch", "seq", "hash", "nonce", "server_ms"],
    "Claims": ["device", "epoch", "seq", "hash", "clock", "nonce"],
    "ClockClaim": ["at", "boot", "mono_ms"],
    "Cursor": ["incarnation", "n"],
    "DocumentChange": ["n", "name"],
    "EnrolRequest": ["code", "public_key"],
    "EpochGrant": ["epoch", "continues", "reason"],
    "EpochRequest": ["device", "epoch", "seq", "hash", "request"],
    "ExchangeAnswer": ["acknowledgement"],
    "ExchangeRequest": ["protocol", "claims", "signature"],
    "JournalDocument": ["device", "epoch", "reconciled_seq"],
    "PublishedKeys": ["keys"],
    "Resend": ["epoch", "seq"],
    "SideRecordMessage": ["sha256", "data"],
    "Signed": ["payload", "signature"],
}
"""Required members of the exchange's own messages; documents of a pack are listed below by their code."""
for _name in STRUCTS:
    FIRST_VERSION.setdefault(
        _name, [field.encode_name for field in msgspec.structs.fields(getattr(messages, _name)) if field.required]
    )
