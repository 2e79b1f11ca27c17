"""What the phone app takes from Python's sources is what they say now, and what the server's own schema says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from agent_client.pwa_types import FOLDER, generate
from agent_client.pwa_types.__main__ import main, stale_files
from agent_client.pwa_types.shapes import members_of
from agent_client.pwa_types.sources import FIELD_BODIES, MESSAGES
from sync import messages
from tests.exchange.office import Office


def test_generated_sources_are_fresh() -> None:
    """Each file is what the generator writes, and no other lies there: `python -m agent_client.pwa_types`."""
    assert stale_files(FOLDER, generate()) == []
    assert main(["--check"]) == 0


def test_generating_is_repeatable() -> None:
    """Twice the same, in any order of dictionaries."""
    assert generate() == generate()


def test_a_file_that_differs_is_named(tmp_path: Path) -> None:
    """Missing, altered and foreign files are told apart from those that are as they should be."""
    wanted = {"a.ts": "1", "b.ts": "2", "c.ts": "3"}
    (tmp_path / "a.ts").write_text("1")
    (tmp_path / "b.ts").write_text("another")
    (tmp_path / "old.ts").write_text("")
    assert stale_files(tmp_path, wanted) == ["b.ts", "c.ts", "old.ts"]


def test_every_body_and_message_has_its_declaration() -> None:
    """An interface with every member, in the order of the wire."""
    declared = _interfaces(generate()["types.ts"])
    for source in (*FIELD_BODIES, *MESSAGES):
        names = [member.encode_name for member in members_of(source)]
        found = declared[source.__name__]
        assert [name for name in found if name != "kind"] == names, source.__name__


def test_texts_name_no_option_of_the_command_line() -> None:
    """Nobody types an option into a phone."""
    assert "--" not in generate()["texts.ts"].split("*/", 1)[1]


@pytest.fixture
def schemas(tmp_path: Path) -> dict[str, Any]:
    """The components of the server's OpenAPI document."""
    office = Office(tmp_path)
    try:
        document = office.client.get("/api/openapi/openapi.json").json()
    finally:
        office.close()
    found: dict[str, Any] = {}
    for name, schema in document["components"]["schemas"].items():
        found[str(name).rsplit("_", maxsplit=1)[-1]] = schema
    return found


def test_answers_are_what_the_server_declares(schemas: dict[str, Any]) -> None:
    """Every message of the OpenAPI document has the members of the phone's type: same names, same obligations."""
    answers = {
        messages.Cursor,
        messages.EnrolAnswer,
        messages.EpochGrant,
        messages.ExchangeAnswer,
        messages.PublishedKey,
        messages.PublishedKeys,
        messages.Resend,
        messages.Signed,
    }
    shapes = _shapes(generate()["messages.ts"])
    for answer in answers:
        schema = schemas[answer.__name__]
        members = shapes[answer.__name__]
        assert [member[0] for member in members] == list(schema["properties"]), answer.__name__
        required = sorted(member[0] for member in members if len(member) == 2)
        assert required == sorted(schema.get("required", [])), answer.__name__
        for name, shape, *_ in members:
            assert _fits(shape, schema["properties"][name]), f"{answer.__name__}.{name}: {schema['properties'][name]}"
    assert set(shapes) & set(schemas) >= {answer.__name__ for answer in answers}


def test_problems_are_what_the_phone_reads(schemas: dict[str, Any]) -> None:
    """An RFC 9457 problem carries the code, the cause and the remedy that the phone shows."""
    wanted = {"code", "detail", "expected_offset", "reference", "remedy", "status", "title", "type"}
    assert set(schemas["Problem"]["properties"]) == wanted


_SCALARS = {"text": "string", "integer": "integer", "boolean": "boolean"}


def _fits(shape: Any, schema: dict[str, Any]) -> bool:
    """Whether a shape says what a schema says, as far as JSON Schema goes."""
    if isinstance(shape, str):
        return shape == "raw" or schema.get("type") == _SCALARS[shape]
    if "words" in shape:
        return sorted(schema["enum"]) == sorted(shape["words"])
    if "list" in shape:
        return schema["type"] == "array" and _fits(shape["list"], schema["items"])
    if "maybe" in shape:
        options = [one for one in schema["oneOf"] if one.get("type") != "null"]
        return len(options) == 1 < len(schema["oneOf"]) and _fits(shape["maybe"], options[0])
    reference = schema.get("$ref") or schema.get("title", "")
    return str(reference).endswith(shape["part"])


def _shapes(text: str) -> dict[str, list[Any]]:
    """The table of structs, read as data: its rows are JSON but for the keys of shapes."""
    rows = re.findall(r"^  (\w+): (\[.*\]),$", text, re.MULTILINE)
    return {name: json.loads(re.sub(r"\{ (\w+):", r'{"\1":', row)) for name, row in rows}


def _interfaces(text: str) -> dict[str, list[str]]:
    found = re.findall(r"^export interface (\w+) \{\n(.*?)^\}", text, re.MULTILINE | re.DOTALL)
    return {name: re.findall(r"^  (\w+):", body, re.MULTILINE) for name, body in found}
