"""The rules of conduct that come with the package, read once and the same for everybody who judges.

The files ``sync/policy/packaged/NAME.json`` are the only source; `sync` itself opens none and gets them as an argument.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from sync.policy import PACKAGED, Policy, decode_policy, join_policies

__all__ = ["judging_policy", "packaged_policies"]


@cache
def packaged_policies() -> tuple[Policy, ...]:
    """Each packaged policy, in the order of `PACKAGED`; raises ARGUMENT-WRONG for a file that is none."""
    folder = files("sync.policy").joinpath("packaged")
    return tuple(decode_policy(folder.joinpath(f"{name}.json").read_bytes()) for name in PACKAGED)


@cache
def judging_policy() -> Policy:
    """All packaged rules together: what reconciliation, replay and explanations judge by."""
    return join_policies("packaged", 1, packaged_policies())
