"""Who plays which part; which stop it happens at follows from the seed.

AG-YC-1 loses a stop to AG-YC-2 and a booking to a cancellation, and knows of neither. AG-YC-3 takes two payments
back when nobody looks. AG-XY-1's phone is backed up at noon and restored in the evening. AG-XY-2's clock is a day
ahead. AG-XY-3's phone ends in the river.
"""

from typing import Final

__all__ = ["FORKED", "LOST", "REASSIGNED_FROM", "REASSIGNED_TO", "VOIDS", "WRONG_CLOCK"]

REASSIGNED_FROM: Final = "AG-YC-1"
"""Also the one whose booking is cancelled, whose customer pays online too, and whose answer gets lost."""

REASSIGNED_TO: Final = "AG-YC-2"
VOIDS: Final = "AG-YC-3"
FORKED: Final = "AG-XY-1"
WRONG_CLOCK: Final = "AG-XY-2"
LOST: Final = "AG-XY-3"
