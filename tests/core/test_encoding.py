"""Hashes, base64url, canonical JSON and the strict look at hostile JSON."""

from __future__ import annotations

import hashlib
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.encoding import b64, canonical_json, is_hash, json_fault, sha256_hex, unb64, without_surrogates
from sync.errors import Refused

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(st.binary(max_size=200))
def test_base64url_round_trips(data: bytes) -> None:
    """Any bytes come back from their text, which has no padding and only URL-safe characters."""
    text = b64(data)
    assert unb64(text, len(data)) == data
    assert "=" not in text
    assert "+" not in text
    assert "/" not in text


@pytest.mark.parametrize("text", ["=", "AA==", "AA=", "A", "AB", "+/+/", "AA AA", "AA\n", "é", "\ud800", "AAA\0"])
def test_other_forms_of_base64_are_refused(text: str) -> None:
    """Padding, other alphabets, spaces, loose bits at the end and broken lengths are all refused."""
    with pytest.raises(Refused) as caught:
        unb64(text)
    assert caught.value.code == "ARGUMENT-WRONG"


@given(st.text(max_size=12))
def test_each_bytes_have_one_text(text: str) -> None:
    """A text that is accepted is the very text that its bytes are written as."""
    try:
        data = unb64(text)
    except Refused:
        return
    assert b64(data) == text


def test_a_wrong_length_is_refused() -> None:
    """Where a length is asked for, other lengths are refused."""
    assert unb64("AAAA", 3) == b"\0\0\0"
    with pytest.raises(Refused):
        unb64("AAAA", 4)


@given(st.binary())
def test_hashes_are_recognised(data: bytes) -> None:
    """A hash is 64 lower-case digits, the digest of the standard library."""
    text = sha256_hex(data)
    assert text == hashlib.sha256(data).hexdigest()
    assert is_hash(text)


@pytest.mark.parametrize("text", ["", "0" * 63, "0" * 65, "A" * 64, "g" * 64, "０" * 64, " " + "0" * 63])
def test_other_texts_are_no_hashes(text: str) -> None:
    """Upper case, other lengths and digits of other scripts are not hashes."""
    assert not is_hash(text)


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), st.integers(-(2**53), 2**53), max_size=6))
def test_canonical_json_does_not_depend_on_insertion(values: dict[str, int]) -> None:
    """The same members put in another order give the same bytes, sorted by code point."""
    turned = dict(reversed(values.items()))
    assert canonical_json(values) == canonical_json(turned)
    assert list(json.loads(canonical_json(values))) == sorted(values)


def test_canonical_json_sorts_the_members_of_structs() -> None:
    """A struct gives the same bytes as the dictionary of its members."""

    class Pair(msgspec.Struct):
        b: int = 1
        a: int = 2

    assert canonical_json(Pair()) == canonical_json({"a": 2, "b": 1}) == b'{"a":2,"b":1}'


@given(JSON)
def test_plain_json_has_no_fault(value: object) -> None:
    """JSON of texts, whole numbers, lists and objects has no fault, escaped or not."""
    assert json_fault(json.dumps(value).encode()) is None
    assert json_fault(json.dumps(value, ensure_ascii=False).encode()) is None


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"a":1,"a":1}', "stands twice"),
        (b'{"x":{"a":1,"b":2,"a":3}}', "stands twice"),
        (b'{"a":1,"\\u0061":2}', "stands twice"),
        (b"[9007199254740992]", "beyond"),
        (b"[-9007199254740992]", "beyond"),
        (b"[" + b"9" * 5000 + b"]", "beyond"),
        (b"[1.0]", "fraction"),
        (b"[1e3]", "exponent"),
        (b"[-0.0]", "fraction"),
        (b"[1e999]", "exponent"),
        (b"[NaN]", "not JSON"),
        (b"[-Infinity]", "not JSON"),
        (b"[01]", "not JSON"),
        (b"[1,]", "not JSON"),
        (b"", "not JSON"),
        (b"{} {}", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"a":' * 100_000, "not JSON"),
        (b'["\t"]', "not JSON"),
        (b'["\xff"]', "not JSON"),
        (b'["\xed\xa0\x80"]', "not JSON"),
        (b'["\\ud800"]', "not JSON"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        ("{}".encode("utf-16"), "not JSON"),
        ("{}".encode("utf-32-le"), "not JSON"),
    ],
)
def test_hostile_json_has_a_fault(data: bytes, why: str) -> None:
    """Duplicate keys, odd numbers, depth, other encodings and lone surrogates are each named."""
    fault = json_fault(data)
    assert fault is not None
    assert why in fault


def test_the_largest_safe_integers_have_no_fault() -> None:
    """2^53 - 1 is the last integer that every JSON reader keeps."""
    assert json_fault(b"[9007199254740991,-9007199254740991,-0]") is None


@given(st.binary(max_size=60) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    """Whatever the bytes are, there is an answer and no exception."""
    fault = json_fault(data)
    assert fault is None or fault


@pytest.mark.parametrize(
    ("data", "alike"),
    [
        (rb'"\ud800"', rb'"\u0020"'),
        (rb'"\uD83D\uDE00"', rb'"\u0020\u0020"'),
        (rb'"\\ud800"', rb'"\\ud800"'),
        (rb'"\\\udfff\u0041"', rb'"\\\u0020\u0041"'),
        (rb'"\ud7ff\ue000\n"', rb'"\ud7ff\ue000\n"'),
        (rb'"\ud8"', rb'"\ud8"'),
    ],
)
def test_escaped_surrogates_become_spaces_of_the_same_length(data: bytes, alike: bytes) -> None:
    """Only what is an escape, only surrogates, and nothing moves."""
    assert without_surrogates(data) == alike
