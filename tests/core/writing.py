"""Helpers for the tests of the core: fixed test keys, hand-made journals, and strategies for every kind of body."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import strategies as st

from sync.clock import Reading
from sync.encoding import b64
from sync.errors import DoorstepError
from sync.journal import Entry, JournalHead, Placed, append, place
from sync.limits import AMOUNT_MINOR_MAX
from sync.money import CURRENCIES
from sync.operations import GENESIS, Body
from sync.operations.field import FieldBody, NoteTaken
from sync.operations.office import OfficeBody

BODY_TYPES: dict[str, type[Body]] = {kind.__name__: kind for kind in (*get_args(FieldBody), *get_args(OfficeBody))}
START_MS = 1_795_309_200_000
"""2026-11-22T09:00:00+08:00."""
DEVICE = "00a1b2c3d4e5f607"


def fixed_key(number: int) -> ec.EllipticCurvePrivateKey:
    """A private key with a known scalar: for tests only."""
    return ec.derive_private_key(0xD00257E9 + number, ec.SECP256R1())


def reading(step: int = 0) -> Reading:
    """Clocks that agree, one minute on for each step."""
    return Reading(START_MS + step * 60_000, 480, "b00t", 1_000 + step * 60_000)


def journal(
    length: int, *, device: str = DEVICE, epoch: int = 1, prev: str = GENESIS, first: int = 1, branch: str = ""
) -> list[Entry]:
    """A chain of notes; `branch` makes other bytes under the same numbers."""
    head = JournalHead(device, epoch, first - 1, prev)
    entries = []
    for step in range(length):
        entry = append(head, NoteTaken(visit="V1", note=f"n{branch}{first + step}"), reading(step))
        entries.append(entry)
        head = entry.head
    return entries


def code_of(call: Callable[..., object], *arguments: object) -> str:
    """The code with which a call refuses; empty when it does not."""
    try:
        call(*arguments)
    except DoorstepError as error:
        return error.code
    return ""


def placed(entries: Sequence[Entry]) -> list[Placed]:
    """The entries as the office sees them before it understands them."""
    return [place(entry.data) for entry in entries]


_TEXT = st.text(st.characters(codec="utf-8"), max_size=24)
_DAY = st.dates(date(1970, 1, 1), date(2199, 12, 31)).map(date.isoformat)


def _of_type(annotation: Any, name: str) -> st.SearchStrategy[Any]:
    origin = get_origin(annotation)
    if name == "currency":
        return st.sampled_from(sorted(CURRENCIES))
    if name in {"due", "first_due"}:
        return _DAY
    if annotation is str:
        return _TEXT
    if annotation is bool:
        return st.booleans()
    if annotation is int:
        return st.integers(1, AMOUNT_MINOR_MAX if name.endswith("_minor") else 2**32 - 1)
    if origin is Literal:
        return st.sampled_from(get_args(annotation))
    if origin is tuple:
        return st.lists(_of_type(get_args(annotation)[0], ""), max_size=3).map(tuple)
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return structs(annotation)
    raise AssertionError(f"no strategy for {annotation} {name}")


def structs(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Any value of a struct whose fields are of the types that bodies use."""
    hints = get_type_hints(kind)
    fields = {field.name: _of_type(hints[field.encode_name], field.name) for field in msgspec.structs.fields(kind)}
    return st.builds(kind, **fields)


def bodies() -> st.SearchStrategy[Body]:
    """Any acceptable body of any kind."""
    return st.sampled_from(sorted(BODY_TYPES)).flatmap(lambda name: structs(BODY_TYPES[name]))


def sample(kind: type[Any]) -> Any:
    """One fixed value of a struct, made from its field names: the same in every run."""
    hints = get_type_hints(kind)
    values = {field.name: _sample(hints[field.name], field.name) for field in msgspec.structs.fields(kind)}
    return kind(**values)


def _sample(annotation: Any, name: str) -> Any:
    origin = get_origin(annotation)
    if origin in {typing.Union, types.UnionType}:
        annotation = get_args(annotation)[0]
        origin = get_origin(annotation)
    special = {
        "currency": "CNY",
        "pack": "2026-11-22/agent-1",
        "receipt": b64(bytes(120)),
        "due": "2026-11-25",
        "first_due": "2026-12-01",
        "service_day": "2026-11-22",
    }
    if name in special:
        return special[name]
    if annotation is str:
        return f"{name}-甲"
    if annotation is bool:
        return True
    if annotation is int:
        return 12_345 if name.endswith("_minor") else 7
    if origin is Literal:
        return get_args(annotation)[0]
    if origin is list:
        return [_sample(get_args(annotation)[0], f"{name}_item")]
    if origin is tuple:
        return (_sample(get_args(annotation)[0], f"{name}_item"),)
    return sample(annotation)
