"""Every bound of the planner, each with its reason."""

from typing import Final

__all__ = [
    "AGENTS_MAX",
    "CANDIDATES_MAX",
    "DAY_END_S_MAX",
    "DETOUR_FACTOR_DEFAULT",
    "DETOUR_FACTOR_MAX",
    "ITERATIONS_DEFAULT",
    "ITERATIONS_MAX",
    "MATRIX_CELLS_MAX",
    "PRIZE_MAX",
    "SEED_MAX",
    "SERVICE_S_MAX",
    "SKILLS_MAX",
    "SPEED_MPS_DEFAULT",
    "SPEED_MPS_MAX",
    "SPEED_MPS_MIN",
    "VISITS_MAX_MAX",
    "WINDOWS_MAX",
]

AGENTS_MAX: Final = 100
"""Agents in one request. A branch has tens; more means that branches were mixed."""

CANDIDATES_MAX: Final = 1_500
"""Visits in one request: what a hundred agents could make in a day with long service."""

MATRIX_CELLS_MAX: Final = 30_000_000
"""Cells of all travel matrices together: 1,000 visits for 25 agents who all differ took 660 MB, and that is
as much as a planner beside a server should take."""

DAY_END_S_MAX: Final = 36 * 3600
"""Latest second of a service day, counted from its local midnight: a late shift may pass midnight, and a
day may have 25 hours when clocks change."""

SERVICE_S_MAX: Final = 8 * 3600
"""Seconds at one door: a full working day; longer is a typing error."""

WINDOWS_MAX: Final = 8
"""Windows of one visit. The solver sees each as an alternative, and more make the search slow."""

SKILLS_MAX: Final = 32
"""Skills that one agent has or one visit asks for."""

VISITS_MAX_MAX: Final = 1_000
"""Visits that one agent may be given in a day: past any real day, small enough to add up safely."""

PRIZE_MAX: Final = 1_000_000
"""Greatest prize, in metres of way: a thousand kilometres. Sums over all visits stay far below 2^53."""

SEED_MAX: Final = 2**32 - 1
"""The solver's random stream takes 32 bits."""

ITERATIONS_DEFAULT: Final = 3_000
"""Solver iterations: 240 visits for 6 agents take three to five seconds on one slow core, and three times
as many iterations gain about one percent."""

ITERATIONS_MAX: Final = 1_000_000
"""Most iterations that may be asked for: minutes to hours, for studies by hand."""

SPEED_MPS_DEFAULT: Final = 5.0
"""Metres a second along the way, 18 km/h: an electric bicycle in a Chinese county town."""

SPEED_MPS_MIN: Final = 0.3
"""Slower than any walker."""

SPEED_MPS_MAX: Final = 40.0
"""144 km/h: faster than any allowed road."""

DETOUR_FACTOR_DEFAULT: Final = 1.3
"""Way over great circle. Published circuity factors of town street networks lie between 1.2 and 1.4."""

DETOUR_FACTOR_MAX: Final = 5.0
"""A larger factor means that the wrong number was given."""
