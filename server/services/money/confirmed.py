"""Whether a provider's statements show what payments under an order claim, by the order's state."""

from __future__ import annotations

from typing import Any

__all__ = ["is_confirmed"]


def is_confirmed(order: dict[str, Any], code: str) -> bool:
    """Whether everything claimed under the order in a currency has arrived; not for a place that a match moved from."""
    return not order["moved"] and any(
        amounts["currency"] == code and 0 < amounts["claimed_minor"] <= amounts["settled_minor"]
        for amounts in order["amounts"]
    )
