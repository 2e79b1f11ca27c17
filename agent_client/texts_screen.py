"""What the commands print: English, Chinese."""

from __future__ import annotations

from typing import Final

__all__ = ["SCREEN"]

SCREEN: Final[dict[str, tuple[str, str]]] = {}
