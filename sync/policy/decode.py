"""Reading and writing a policy's bytes. Where they lie is for the office and the phone; nothing here opens a file."""

from __future__ import annotations

import msgspec

from sync.encoding import canonical_json, json_fault, sha256_hex
from sync.errors import Refused
from sync.policy.limits import POLICY_BYTES_MAX
from sync.policy.model import Policy

__all__ = ["PACKAGED", "decode_policy", "encode_policy", "join_policies", "policy_digest"]

PACKAGED: tuple[str, ...] = ("china", "house")
"""Policies that come with the package: resources ``packaged/NAME.json`` of `sync.policy`."""


def decode_policy(data: bytes) -> Policy:
    """The policy in these bytes (JSON, UTF-8); raises ARGUMENT-WRONG for anything else, naming the member."""
    if len(data) > POLICY_BYTES_MAX:
        raise Refused("ARGUMENT-WRONG", f"a policy of {len(data)} bytes is beyond {POLICY_BYTES_MAX}")
    fault = json_fault(data)
    if fault:
        raise Refused("ARGUMENT-WRONG", f"not a policy: {fault}")
    try:
        return msgspec.json.decode(data, type=Policy)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused("ARGUMENT-WRONG", f"not a policy: {error}") from error


def encode_policy(policy: Policy) -> bytes:
    """Canonical JSON: the same bytes for the same policy."""
    return canonical_json(policy)


def policy_digest(policy: Policy) -> str:
    """SHA-256 of the canonical bytes: whether phone and office judge by the same rules."""
    return sha256_hex(encode_policy(policy))


def join_policies(policy_id: str, version: int, policies: tuple[Policy, ...]) -> Policy:
    """One policy with all rules in the order given; raises ARGUMENT-WRONG when a rule's id stands in two of them."""
    return Policy(
        id=policy_id,
        version=version,
        title_en=" + ".join(policy.title_en for policy in policies),
        title_zh="＋".join(policy.title_zh for policy in policies),
        rules=tuple(rule for policy in policies for rule in policy.rules),
    )
