"""The search for words on a phone: what it must find, and what is mere chance."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.phone_day.at_rest import found_in_files, found_in_text

IDENTIFIER = "3a788888-c110-4141-a7bd-d4a9331fd7e8"


@pytest.mark.parametrize(
    "text", ['{"minor":88888,"x":1}', "amount=88888", "88888", "¥88888 元", "CNY88888", "a1-88888b"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_a_number_is_found(tmp_path: Path, text: str, encoding: str) -> None:
    """An amount in JSON, in an address or in a sentence is a find."""
    (tmp_path / "kept").write_bytes(b"\x00\xff" + text.encode(encoding))
    assert found_in_files(tmp_path, ["88888", "98765"]) == {"88888": ["kept"]}
    assert found_in_text(text, ["88888", "98765"]) == ["88888"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_figures_inside_an_identifier_are_chance(tmp_path: Path, encoding: str) -> None:
    """A UUID holds five given figures now and then."""
    (tmp_path / "kept").write_bytes(f'"{IDENTIFIER}"'.encode(encoding))
    assert found_in_files(tmp_path, ["88888"]) == {}
    assert found_in_text(IDENTIFIER, ["88888"]) == []


@pytest.mark.parametrize("word", ["13900001234", "CHQ-0045", "987.65", "愿意分期"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_words_are_found_inside_others(tmp_path: Path, word: str, encoding: str) -> None:
    """Wherever it stands, beside an identifier too."""
    (tmp_path / "kept").write_bytes(f"{IDENTIFIER}{word}b".encode(encoding))
    assert found_in_files(tmp_path, [word]) == {word: ["kept"]}
    assert found_in_text(f"{IDENTIFIER}{word}b", [word]) == [word]
