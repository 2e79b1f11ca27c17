"""Steps that do not fit what was recorded (WORK-REFUSED), and advice that goes with steps that do.

Both carry a key of `agent_client.texts` and its values, so that the agent reads them in their own language.
"""

from __future__ import annotations

import msgspec

from agent_client.texts import one_language, text
from sync.errors import Conflict

__all__ = ["Advice", "refuse"]


class Advice(msgspec.Struct, frozen=True):
    """Something to know about a step that was recorded all the same; conduct never blocks a payment."""

    key: str
    values: dict[str, object] = {}

    def sentence(self, language: str) -> str:
        """In `en` or `zh`; values in both languages are cut to it."""
        values = {
            name: one_language(value, language) if isinstance(value, str) else value
            for name, value in self.values.items()
        }
        return text(f"advice-{self.key}", language, **values)


def refuse(key: str, **values: object) -> Conflict:
    """The WORK-REFUSED error of a key; the caller raises it."""
    return Conflict("WORK-REFUSED", text(f"refused-{key}", "en", **values), key=f"refused-{key}", values=values)
