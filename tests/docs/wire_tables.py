"""The tables of PROTOCOL.md that follow from the code: run ``python -m tests.docs.wire_tables`` to write them anew.

Each table stands between two marks, ``<!-- table NAME -->`` and ``<!-- end NAME -->``; a test compares.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
import types
import typing
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from server.services.badge_answers import BadgeAnswer, BadgeQuestion
from server.services.receipts import ReceiptAnswer, ReceiptQuestion
from sync import limits, messages, signing
from sync.errors import ERROR_CODES
from sync.operations.envelope import Operation
from sync.operations.field import FieldBody
from sync.operations.kinds import roles_allowed
from sync.operations.office import OfficeBody
from sync.recovery import RecoveryAnswer, RecoveryRequest

__all__ = ["PROTOCOL", "TABLES", "written"]

PROTOCOL = Path(__file__).parents[2] / "sync" / "PROTOCOL.md"

_MESSAGES = (
    "Signed", "ExchangeRequest", "Claims", "ClockClaim", "Cursor", "SideRecordMessage", "ExchangeAnswer",
    "Acknowledgement", "DocumentChange", "Resend", "EpochGrant",
)  # fmt: skip
_ENROLMENT = ("EnrolRequest", "EnrolAnswer", "EpochRequest", "PublishedKey", "PublishedKeys")
_DOCUMENTS = (
    "Pack", "VisitDocument", "NoticeDocument", "BadgeDocument", "BadgeCertificate", "JournalDocument",
    "VerdictDocument",
)  # fmt: skip


def _type(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in {typing.Union, types.UnionType}:
        return _type(next(argument for argument in arguments if argument is not type(None)))
    if origin is Literal:
        return " / ".join(f"`{argument}`" if argument else '`""`' for argument in arguments)
    if origin in {tuple, list}:
        return f"list of {_type(arguments[0])}"
    return {str: "text", int: "integer", bool: "boolean", msgspec.Raw: "JSON"}.get(annotation) or annotation.__name__


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return ""
    value = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
    if isinstance(value, msgspec.Raw):
        value = None
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "none"
    return "[]" if value in ((), []) else f'"{value}"' if isinstance(value, str) else str(value)


def _members(kind: Any) -> list[str]:
    hints = get_type_hints(kind)
    found = []
    for field in msgspec.structs.fields(kind):
        default = _default(field)
        found.append(f"`{field.encode_name}` {_type(hints[field.name])}" + (f" (default {default})" if default else ""))
    return found


def _sentence(kind: Any) -> str:
    """The docstring of a struct, then those of its members."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(tree, ast.ClassDef)
    texts = [str(kind.__doc__)]
    for member, said in pairwise(tree.body):
        if isinstance(member, ast.AnnAssign) and isinstance(said, ast.Expr) and isinstance(said.value, ast.Constant):
            texts.append(f"`{ast.unparse(member.target)}`: {said.value.value!s}")
    return " ".join(" ".join(texts).split()).replace("``", "`").replace("|", "\\|")


def _kinds(union: Any, *, roles: bool) -> str:
    head = "| kind | members of `body`, after `kind` | says |" + (" roles |" if roles else "")
    lines = [head, "|---|---|---|" + ("---|" if roles else "")]
    for kind in get_args(union):
        row = f"| `{kind.__name__}` | {'; '.join(_members(kind))} | {_sentence(kind)} |"
        lines.append(row + (f" {', '.join(sorted(roles_allowed(kind.__name__)))} |" if roles else ""))
    return "\n".join(lines)


def _structs(kinds: list[Any]) -> str:
    lines = ["| message | members | is |", "|---|---|---|"]
    lines += [f"| `{kind.__name__}` | {'; '.join(_members(kind))} | {_sentence(kind)} |" for kind in kinds]
    return "\n".join(lines)


def _named(names: tuple[str, ...]) -> str:
    return _structs([getattr(messages, name) for name in names])


def _envelope() -> str:
    hints = get_type_hints(Operation)
    lines = ["| member | type | default |", "|---|---|---|"]
    for field in msgspec.structs.fields(Operation):
        kind = "object with `kind`" if field.name == "body" else _type(hints[field.name])
        lines.append(f"| `{field.encode_name}` | {kind} | {_default(field) or 'required'} |")
    return "\n".join(lines)


def _parts() -> str:
    found: dict[str, Any] = {}

    def visit(annotation: Any) -> None:
        for argument in get_args(annotation):
            visit(argument)
        if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct) and annotation not in whole:
            found[annotation.__name__] = annotation

    whole = set(get_args(FieldBody)) | set(get_args(OfficeBody)) | {Operation}
    for kind in (Operation, *get_args(FieldBody), *get_args(OfficeBody)):
        for annotation in get_type_hints(kind).values():
            visit(annotation)
    return _structs([found[name] for name in sorted(found)])


def _errors() -> str:
    lines = ["| code | status | title | remedy |", "|---|---|---|---|"]
    lines += [f"| `{code}` | {entry.status} | {entry.title} | {entry.remedy} |" for code, entry in ERROR_CODES.items()]
    return "\n".join(lines)


def _limits() -> str:
    source = Path(limits.__file__).read_text(encoding="utf-8")
    lines = ["| limit | value | reason |", "|---|---|---|"]
    for name, reason in re.findall(r'^([A-Z][A-Z0-9_]+) = [^\n]*\n"""([^"]*)"""', source, re.MULTILINE):
        lines.append(f"| `{name}` | {getattr(limits, name):,} | {' '.join(reason.split())} |")
    return "\n".join(lines)


def _tags() -> str:
    tags = sorted(getattr(signing, name).decode() for name in signing.__all__ if name.startswith("TAG_"))
    return "\n".join(f"- `{tag}`" for tag in tags)


TABLES: dict[str, Callable[[], str]] = {
    "envelope": _envelope,
    "field kinds": lambda: _kinds(FieldBody, roles=False),
    "office kinds": lambda: _kinds(OfficeBody, roles=True),
    "parts": _parts,
    "tags": _tags,
    "exchange": lambda: _named(_MESSAGES),
    "enrolment": lambda: _named(_ENROLMENT),
    "documents": lambda: _named(_DOCUMENTS),
    "receipt check": lambda: _structs([ReceiptQuestion, ReceiptAnswer]),
    "badge check": lambda: _structs([BadgeQuestion, BadgeAnswer]),
    "recovery": lambda: _structs([RecoveryRequest, RecoveryAnswer]),
    "errors": _errors,
    "limits": _limits,
}
"""Name of a mark → its table."""


def written(text: str) -> str:
    """The document with every table made anew."""
    for name, table in TABLES.items():
        begin, end = f"<!-- table {name} -->", f"<!-- end {name} -->"
        before, found, rest = text.partition(begin)
        if not found:
            raise ValueError(f"PROTOCOL.md has no mark {begin}")
        text = f"{before}{begin}\n{table()}\n{end}{rest.partition(end)[2]}"
    return text


if __name__ == "__main__":
    PROTOCOL.write_text(written(PROTOCOL.read_text(encoding="utf-8")), encoding="utf-8")
