"""Writes the phone app's generated sources from the Python ones, so that two languages never drift apart.

``python -m agent_client.pwa_types`` writes ``agent_client/pwa/src/core/generated``; with ``--check`` it only says which
files differ. What is generated is data and declarations: types of operations, messages and documents with their
defaults, limits with their reasons, error codes, texts in both languages, and the packaged rules that a phone can ask.
"""

from __future__ import annotations

from agent_client.pwa_types.files import FOLDER, generate

__all__ = ["FOLDER", "generate"]
