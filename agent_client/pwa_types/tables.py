"""Limits, errors and texts as TypeScript tables."""

from __future__ import annotations

import ast
import inspect
import json
import re
from itertools import pairwise
from types import ModuleType
from typing import Final

import agent_client.limits
import agent_client.vault.limits
import sync.limits
import sync.policy.limits
import sync.repayment.limits
from agent_client.texts_errors import CHINESE
from agent_client.texts_phone import PHONE, PHONE_CHINESE
from agent_client.texts_work import WORK
from sync.errors import ERROR_CODES

__all__ = ["errors_file", "limits_file", "texts_file"]

_LIMITS: Final[tuple[tuple[ModuleType, tuple[str, ...]], ...]] = (
    (sync.limits, ()),
    (agent_client.limits, ("SECRET_FILE_BYTES_MAX", "PROGRESS_AFTER_S")),
    (
        agent_client.vault.limits,
        (
            "ARGON2_LANES",
            "ARGON2_LANES_MAX",
            "ARGON2_MEMORY_KIB",
            "ARGON2_MEMORY_KIB_MAX",
            "ARGON2_TIME",
            "ARGON2_TIME_MAX",
            "BUSY_TIMEOUT_MS",
            "KEYSLOTS_BYTES_MAX",
            "KEYSTORE_SECRET_BYTES",
        ),
    ),
    (sync.policy.limits, ("COMPILED_KEPT", "POLICY_BYTES_MAX", "ZONE_DAYS_KEPT")),
    (sync.repayment.limits, ("SCHEDULES_KEPT",)),
)
"""Modules of bounds, and which of them concern files, Argon2 or caches that the phone app does not have."""

_COMMAND: Final = re.compile("（[a-z-]+）")
"""A command that a Chinese remedy names in brackets; the phone app has none."""


def limits_file() -> str:
    """Every bound that applies to the phone app, its reason as the comment."""
    found: dict[str, str] = {}
    for module, left_out in _LIMITS:
        for name, reason in _documented(module).items():
            if name in left_out:
                continue
            if name in found:
                raise ValueError(f"{name} stands in two modules of limits")
            value = json.dumps(getattr(module, name))
            found[name] = f"/** {reason} */\nexport const {name} = {value}{_constness(value)};\n"
    return "\n".join(found.values())


def _constness(value: str) -> str:
    return " as const" if value.startswith("[") else ""


def _documented(module: ModuleType) -> dict[str, str]:
    """Constant → the sentence under it."""
    body = ast.parse(inspect.getsource(module)).body
    found = {}
    for statement, after in pairwise(body):
        names = [statement.target] if isinstance(statement, ast.AnnAssign) else getattr(statement, "targets", [])
        if not isinstance(after, ast.Expr) or not isinstance(after.value, ast.Constant):
            continue
        for name in names:
            if isinstance(name, ast.Name) and name.id.isupper():
                found[name.id] = " ".join(str(after.value.value).split())
    return found


def errors_file() -> str:
    """Code → status, title and remedy in English, and in Chinese where there is one."""
    rows = []
    for code, entry in ERROR_CODES.items():
        title_zh, remedy_zh = ({**PHONE_CHINESE, **CHINESE}).get(code, ("", ""))
        values = [entry.status, entry.title, entry.remedy, title_zh, _COMMAND.sub("", remedy_zh)]
        rows.append(f"  {json.dumps(code)}: {json.dumps(values, ensure_ascii=False)},\n")
    return (
        "/** Status; title and remedy in English; title and remedy in Chinese, empty where there is none. */\n"
        "export type ErrorEntry = readonly [number, string, string, string, string];\n\n"
        f"export const ERRORS = {{\n{''.join(rows)}}} as const satisfies Record<string, ErrorEntry>;\n\n"
        "export type ErrorCode = keyof typeof ERRORS;\n"
    )


def texts_file() -> str:
    """The steps' texts; where one names an option of the command line, the phone has its own wording."""
    rows = []
    for key, both in {**WORK, **PHONE}.items():
        if any("--" in one for one in both):
            raise ValueError(f"{key} names an option of the command line; give its wording in texts_phone")
        rows.append(f"  {json.dumps(key)}: {json.dumps(list(both), ensure_ascii=False)},\n")
    return f"export const TEXTS = {{\n{''.join(rows)}}} as const;\n\nexport type TextKey = keyof typeof TEXTS;\n"
