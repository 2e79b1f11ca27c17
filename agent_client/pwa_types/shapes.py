"""Shapes: what a JSON object must hold, as data that the phone app checks and writes by.

A struct is a list of members ``[name, shape]``, or ``[name, shape, default]`` where it may be left out. A shape is
``"text"``, ``"integer"``, ``"boolean"``, ``"raw"`` (any JSON, kept as its exact text), ``{words: […]}``,
``{list: shape}``, ``{maybe: shape}`` (or null) or ``{part: name}``.
"""

from __future__ import annotations

import json

import msgspec
from msgspec import inspect

from agent_client.pwa_types.sources import FIELD_BODIES, MESSAGES, OFFICE_BODIES
from sync.operations.envelope import GENESIS, SCHEMA_VERSION, Operation

__all__ = ["kinds_file", "members_of", "messages_file"]

_TYPES = 'import type { Struct } from "../shape";\n\n'


def members_of(source: type) -> tuple[inspect.Field, ...]:
    """The members of a struct as they stand on the wire."""
    info = inspect.type_info(source)
    if not isinstance(info, inspect.StructType):
        raise TypeError(f"{source.__name__} is no struct")
    return info.fields


def kinds_file() -> str:
    """Envelope, kinds and parts."""
    parts: dict[str, str] = {}
    kinds = {source.__name__: _struct(source, parts) for source in (*FIELD_BODIES, *OFFICE_BODIES)}
    envelope = [
        _member(member, '"raw"' if member.name == "body" else _shape(member.type, parts))
        for member in members_of(Operation)
    ]
    names = json.dumps([source.__name__ for source in FIELD_BODIES])
    return (
        _TYPES
        + f"export const SCHEMA_VERSION = {SCHEMA_VERSION};\n"
        + f"export const GENESIS = {json.dumps(GENESIS)};\n\n"
        + f"export const ENVELOPE: Struct = [{', '.join(envelope)}];\n\n"
        + f"/** Kinds that a device may author. */\nexport const FIELD_KINDS = {names} as const;\n\n"
        + _table("KINDS", kinds)
        + "\n"
        + _table("KIND_PARTS", parts)
    )


def messages_file() -> str:
    """Messages and documents; whatever they hold is among them."""
    parts: dict[str, str] = {}
    found = {source.__name__: _struct(source, parts) for source in MESSAGES}
    return _TYPES + _table("MESSAGES", {**parts, **found})


def _table(name: str, structs: dict[str, str]) -> str:
    rows = "".join(f"  {key}: {value},\n" for key, value in sorted(structs.items()))
    return f"export const {name}: Readonly<Record<string, Struct>> = {{\n{rows}}};\n"


def _struct(source: type, parts: dict[str, str]) -> str:
    return "[" + ", ".join(_member(member, _shape(member.type, parts)) for member in members_of(source)) + "]"


def _member(member: inspect.Field, shape: str) -> str:
    name = json.dumps(member.encode_name)
    if member.required:
        return f"[{name}, {shape}]"
    return f"[{name}, {shape}, {_default(member)}]"


def _default(member: inspect.Field) -> str:
    value = member.default
    if member.default_factory is not msgspec.NODEFAULT:
        value = member.default_factory()
    if isinstance(value, msgspec.Raw):
        return json.dumps(bytes(value).decode())
    return json.dumps(msgspec.to_builtins(value), ensure_ascii=False)


def _shape(kind: inspect.Type, parts: dict[str, str]) -> str:
    plain = {inspect.StrType: "text", inspect.IntType: "integer", inspect.BoolType: "boolean", inspect.RawType: "raw"}
    if type(kind) in plain:
        return json.dumps(plain[type(kind)])
    match kind:
        case inspect.LiteralType():
            return f"{{ words: {json.dumps(list(kind.values))} }}"
        case inspect.ListType() | inspect.VarTupleType():
            return f"{{ list: {_shape(kind.item_type, parts)} }}"
        case inspect.UnionType():
            inner = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
            if len(inner) != 1:
                raise TypeError(f"no shape for {kind}")
            return f"{{ maybe: {_shape(inner[0], parts)} }}"
        case inspect.StructType():
            name = kind.cls.__name__
            parts.setdefault(name, "")
            parts[name] = _struct(kind.cls, parts)
            return f"{{ part: {json.dumps(name)} }}"
        case _:
            raise TypeError(f"no shape for {kind}")
