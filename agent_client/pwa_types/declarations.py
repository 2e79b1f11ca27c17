"""TypeScript declarations: an interface for each body, part, message and document, and their coded words.

Members that may be left out on the wire stand in the interface all the same, because a reader fills in their
defaults; `Draft` is what a writer gives, where they may be missing.
"""

from __future__ import annotations

import re

from msgspec import inspect

from agent_client.pwa_types.shapes import members_of
from agent_client.pwa_types.sources import FIELD_BODIES, MESSAGES, PARTS, WORDS, named_words
from sync.money import CURRENCIES
from sync.operations.envelope import Operation

__all__ = ["types_file"]


def types_file() -> str:
    """Words, parts, bodies, the operation, messages."""
    blocks = [_words(name, words) for name, words in sorted({**named_words(), "Currency": tuple(CURRENCIES)}.items())]
    blocks += [_interface(part) for part in PARTS]
    blocks += [_interface(body, kind=True) for body in FIELD_BODIES]
    bodies = "".join(f"\n  | {body.__name__}" for body in FIELD_BODIES)
    blocks.append(f"/** Every body that a device may author, for its own agent. */\nexport type FieldBody ={bodies};\n")
    blocks.append(
        "/** A body of the office; the phone never writes one and reads no member of it. */\n"
        "export interface OfficeBody { kind: string }\n"
    )
    blocks.append(_interface(Operation, replaced={"body": "FieldBody | OfficeBody"}))
    blocks.append(
        "/** JSON as its author wrote it: the exact text, because signatures and hashes are over its bytes. */\n"
        "export type RawText = string;\n"
    )
    blocks += [_interface(message) for message in MESSAGES]
    blocks.append(_defaulted((*FIELD_BODIES, *MESSAGES)))
    return "\n".join(blocks)


def _words(name: str, words: tuple[str, ...]) -> str:
    constant = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()
    plural = f"{constant[:-1]}IES" if constant.endswith("Y") else f"{constant}S"
    values = ", ".join(f'"{word}"' for word in words)
    return f"export const {plural} = [{values}] as const;\nexport type {name} = (typeof {plural})[number];\n"


def _interface(source: type, *, kind: bool = False, replaced: dict[str, str] | None = None) -> str:
    name = source.__name__
    rows = [f'  kind: "{name}";\n'] if kind else []
    for member in members_of(source):
        expression = (replaced or {}).get(member.name) or _expression(member.type, WORDS.get((name, member.name)))
        if kind and member.name == "currency":
            expression = "Currency"
        rows.append(f"  {member.encode_name}: {expression};\n")
    return f"{_comment(source)}export interface {name} {{\n{''.join(rows)}}}\n"


def _comment(source: type) -> str:
    text = " ".join((source.__doc__ or "").split()).replace("*/", "* /")
    return f"/** {text} */\n" if text else ""


def _defaulted(sources: tuple[type, ...]) -> str:
    rows = []
    for source in sources:
        names = [f'"{member.encode_name}"' for member in members_of(source) if not member.required]
        rows.append(f"  {source.__name__}: {' | '.join(names) or 'never'};\n")
    return (
        "/** Members that a writer may leave out, because they have a default. */\n"
        f"export interface Defaulted {{\n{''.join(rows)}}}\n\n"
        "/** What a writer gives: members with a default may be missing. */\n"
        "export type Draft<Whole, Optional extends PropertyKey> =\n"
        "  & Omit<Whole, Optional>\n"
        "  & Partial<Pick<Whole, Extract<keyof Whole, Optional>>>;\n\n"
        "/** A body as a step gives it. */\n"
        'export type BodyDraft = { [Kind in FieldBody["kind"]]:\n'
        '  Draft<Extract<FieldBody, { kind: Kind }>, Defaulted[Kind]> }[FieldBody["kind"]];\n'
    )


def _expression(kind: inspect.Type, words: str | None) -> str:
    plain = {
        inspect.StrType: "string",
        inspect.IntType: "number",
        inspect.BoolType: "boolean",
        inspect.RawType: "RawText",
    }
    if type(kind) in plain:
        return plain[type(kind)]
    match kind:
        case inspect.LiteralType():
            if words is None:
                raise TypeError(f"these words have no name in TypeScript: {kind.values}")
            return words
        case inspect.ListType() | inspect.VarTupleType():
            return f"{_expression(kind.item_type, words)}[]"
        case inspect.UnionType():
            inner = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
            return f"{_expression(inner[0], words)} | null"
        case inspect.StructType():
            return kind.cls.__name__
        case _:
            raise TypeError(f"no type for {kind}")
