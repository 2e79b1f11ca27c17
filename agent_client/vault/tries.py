"""How often and how fast somebody may guess: pure rules, no clock and no file."""

from __future__ import annotations

from agent_client.vault.limits import DELAY_MS_AFTER_WRONG, TRIES_MAX

__all__ = ["allowed_at_ms", "clock_went_back", "is_locked", "tries_left"]


def is_locked(tries: int) -> bool:
    """Whether only recovery helps after this many tries."""
    return tries >= TRIES_MAX


def tries_left(tries: int) -> int:
    """How many tries remain after this many."""
    return max(TRIES_MAX - tries, 0)


def allowed_at_ms(tries: int, last_try_ms: int) -> int:
    """When the next try is allowed after `tries` wrong ones, the last at `last_try_ms`."""
    return last_try_ms + DELAY_MS_AFTER_WRONG[min(tries, len(DELAY_MS_AFTER_WRONG) - 1)]


def clock_went_back(last_try_ms: int, now_ms: int) -> bool:
    """Whether the clock stands before the last try: then the wait starts anew from now.

    Otherwise a phone whose clock was once years ahead would stay locked for years.
    """
    return now_ms < last_try_ms
