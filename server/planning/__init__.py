"""Plans a branch's service day: which agent visits whom, in which order, and when.

The planner is given shifts and candidates, and answers with one route for each agent and a list of the
visits left out, each with the reason that was found for it. Bookings are mandatory; other visits carry a
prize, the length of way in metres that they are worth. What it guarantees:

* The same request gives the same plan, whatever the order of its parts: the search is seeded and stops
  after a number of iterations, never by a clock.
* There is always a plan. A booking that cannot be kept is left out, listed first, with its reason.
* No route breaks a window, a shift, a skill, a fixed agent or a largest number of visits. `check_plan`
  tells so independently; it shares no code with the planner.
* Nothing is left out that plainly fits: see `polishing`.

Times are seconds since local midnight of the service day; a window bounds the start of the service.
Travel is a great circle times a detour factor at an even speed.

>>> base = Place(33.35, 120.16)
>>> shift = AgentShift(agent_id="li", home=base, starts_s=9 * 3600, ends_s=17 * 3600, visits_max=20)
>>> booking = Candidate(visit_id="v1", place=Place(33.36, 120.16), service_s=480,
...                     windows=((36000, 39600),), mandatory=True, prize=0)
>>> request = PlanRequest(branch_id="yancheng", service_day="2025-11-24", agents=(shift,),
...                       candidates=(booking,), iterations_max=10)
>>> [(stop.visit_id, stop.start_s) for stop in plan(request).routes[0].stops]
[('v1', 36000)]

Later in the day, `rest_of_day` turns the request and where everybody is into the request of what remains.
The search is PyVRP's (Wouda, Lan and Kool, PyVRP: a high-performance VRP solver package, INFORMS Journal
on Computing 36, 2024).
"""

from server.planning.checker import Violation, check_plan
from server.planning.datum import Datum, from_wgs84, to_wgs84
from server.planning.distance import leg_distance_m
from server.planning.errors import PlanningError
from server.planning.model import (
    AgentRoute,
    AgentShift,
    Candidate,
    LeftOut,
    Place,
    Plan,
    PlannedStop,
    PlanRequest,
)
from server.planning.planner import plan
from server.planning.replanning import AgentStanding, rest_of_day
from server.planning.solver import Progress

__all__ = [
    "AgentRoute",
    "AgentShift",
    "AgentStanding",
    "Candidate",
    "Datum",
    "LeftOut",
    "Place",
    "Plan",
    "PlanRequest",
    "PlannedStop",
    "PlanningError",
    "Progress",
    "Violation",
    "check_plan",
    "from_wgs84",
    "leg_distance_m",
    "plan",
    "rest_of_day",
    "to_wgs84",
]
