"""The packaged rules that a phone can ask, as `agent_client.conduct` asks them, and the words of their sentences."""

from __future__ import annotations

import json

import msgspec

from agent_client.conduct import door_policy
from sync.policy.decode import encode_policy, policy_digest
from sync.policy.words import CHANNEL_WORDS

__all__ = ["rules_file"]


def rules_file() -> str:
    """The policy as data with its digest, so that a test can say that both sides judge by the same rules."""
    policy = door_policy()
    data = json.dumps(msgspec.json.decode(encode_policy(policy)), ensure_ascii=False, indent=1)
    words = json.dumps({channel: list(both) for channel, both in CHANNEL_WORDS.items()}, ensure_ascii=False)
    return (
        'import type { Policy } from "../policy/model";\n\n'
        f'export const DOOR_POLICY_SHA256 = "{policy_digest(policy)}";\n\n'
        f"export const DOOR_POLICY: Policy = {data};\n\n"
        "/** Channel → English, Chinese. */\n"
        f"export const CHANNEL_WORDS = {words} as const;\n"
    )
