"""All generated files: name → text."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from agent_client.pwa_types.declarations import types_file
from agent_client.pwa_types.rules import rules_file
from agent_client.pwa_types.shapes import kinds_file, messages_file
from agent_client.pwa_types.tables import errors_file, limits_file, texts_file

__all__ = ["FOLDER", "generate"]

FOLDER: Final = Path(__file__).parents[1] / "pwa" / "src" / "core" / "generated"

_HEADER: Final = "/** {} Written by `python -m agent_client.pwa_types`; never edited by hand. */\n"


def generate() -> dict[str, str]:
    """Every file that belongs into `FOLDER`, from the Python sources alone."""
    bodies = {
        "errors.ts": ("Every stable error code: status, title and remedy.", errors_file()),
        "kinds.ts": ("What each kind of operation consists of, in the order of writing.", kinds_file()),
        "limits.ts": ("Every bound, each with its reason.", limits_file()),
        "messages.ts": ("What each message and document consists of.", messages_file()),
        "rules.ts": ("The packaged rules of conduct of which a phone knows enough.", rules_file()),
        "texts.ts": ("Refusals and advice of the steps: key → English, Chinese.", texts_file()),
        "types.ts": ("Types of operations, messages and documents, and the words that they may hold.", types_file()),
    }
    return {name: _HEADER.format(what) + "\n" + text for name, (what, text) in bodies.items()}
