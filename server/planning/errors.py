"""Refusals of the planner: bad arguments, refused where they are made.

::

    sync.errors.Refused, ValueError
    └── PlanningError    a request, place or datum that makes no sense; code ARGUMENT-WRONG
"""

from sync.errors import Refused

__all__ = ["PlanningError"]


class PlanningError(Refused, ValueError):
    """A bad argument; `cause` holds the value, `remedy` what to do, `context["argument"]` names it.

    It is a ValueError as well, so that msgspec turns it into a ValidationError with the place in the
    document when a request is decoded.
    """

    def __init__(self, argument: str, cause: str, remedy: str) -> None:
        super().__init__("ARGUMENT-WRONG", cause, argument=argument)
        self._remedy = remedy

    @property
    def remedy(self) -> str:
        """What to do about this argument, more exact than the code's own remedy."""
        return self._remedy
