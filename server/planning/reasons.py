"""Why a visit is on no route: the codes, and a sentence for each in English and in Chinese.

| code | it is said when |
|---|---|
| SKILL-MISSING | no agent who may be sent has all the skills |
| NO-WINDOW-IN-ANY-SHIFT | in no suitable agent's shift is there a window long enough for the service |
| TOO-FAR | even as an agent's only visit it could not be reached in time and left in time to be home |
| AGENT-FULL | it would fit, but the agents who could make it have their largest number of visits |
| DETOUR-TOO-LONG | it would fit, but the shortest way to it is longer than its prize is worth |
| NO-TIME | alone it could be made; beside the visits that were planned it fits into no route |
"""

from collections.abc import Sequence
from typing import Final

from server.planning.model import Candidate, LeftOut

__all__ = ["AGENT_FULL", "DETOUR_TOO_LONG", "NO_TIME", "NO_WINDOW", "SKILL_MISSING", "TOO_FAR"]
__all__ += ["agent_full", "detour_too_long", "no_time", "no_window", "skill_missing", "too_far"]

SKILL_MISSING: Final = "SKILL-MISSING"
"""No agent who may be sent has all the skills."""
NO_WINDOW: Final = "NO-WINDOW-IN-ANY-SHIFT"
"""No window fits any suitable shift."""
TOO_FAR: Final = "TOO-FAR"
"""Cannot be reached and returned from even alone."""
AGENT_FULL: Final = "AGENT-FULL"
"""The largest number of visits is reached."""
DETOUR_TOO_LONG: Final = "DETOUR-TOO-LONG"
"""Longer than the prize is worth."""
NO_TIME: Final = "NO-TIME"
"""Displaced by the visits that were planned."""


def skill_missing(candidate: Candidate, lacking: Sequence[str]) -> LeftOut:
    """`lacking`: the skills nobody has, or all that no one person has together."""
    if candidate.agent_id is not None:
        return _left_out(
            candidate,
            SKILL_MISSING,
            f"Agent {candidate.agent_id}, to whom this visit is fixed, lacks: {', '.join(lacking)}.",
            f"该任务指定由 {candidate.agent_id} 执行，但其缺少技能：{'、'.join(lacking)}。",
        )
    return _left_out(
        candidate,
        SKILL_MISSING,
        f"No agent on shift has all the skills this visit needs; missing: {', '.join(lacking)}.",
        f"当班人员中无人具备全部所需技能；缺少：{'、'.join(lacking)}。",
    )


def no_window(candidate: Candidate) -> LeftOut:
    """No suitable agent is on shift for the length of the service in any window."""
    windows = ", ".join(f"{_clock(start_s)}-{_clock(end_s)}" for start_s, end_s in candidate.windows)
    minutes = _minutes(candidate.service_s)
    return _left_out(
        candidate,
        NO_WINDOW,
        f"Its {minutes} minutes of service, begun within {windows}, fall into no suitable agent's shift.",
        f"须在 {windows} 内开始、时长 {minutes} 分钟，没有合适人员的班次能够容纳。",
    )


def too_far(candidate: Candidate, nearest_m: int) -> LeftOut:
    """`nearest_m`: the shortest way to it from where a suitable agent sets out."""
    return _left_out(
        candidate,
        TOO_FAR,
        f"It lies {_way(nearest_m)} from the nearest suitable agent's start, too far to be made in "
        "its window and be home by the end of the shift, even as the only visit.",
        f"距最近的合适人员出发点 {_way_zh(nearest_m)}；即使全天只跑这一单，也无法在时间窗内到达并按时返回。",
    )


def agent_full(candidate: Candidate, visits_max: int) -> LeftOut:
    """`visits_max`: the largest number of visits among the agents who could have made it."""
    return _left_out(
        candidate,
        AGENT_FULL,
        f"The agents who could make it already have the most visits they may be given (up to {visits_max}).",
        f"能够执行的人员均已达到当日任务上限（最多 {visits_max} 单）。",
    )


def detour_too_long(candidate: Candidate, added_m: int) -> LeftOut:
    """`added_m`: by how much the shortest route with it would be longer."""
    return _left_out(
        candidate,
        DETOUR_TOO_LONG,
        f"It would lengthen the best route by {_way(added_m)}, and is worth {_way(candidate.prize)}.",
        f"加入后路线至少增加 {_way_zh(added_m)}，超过其价值 {_way_zh(candidate.prize)}。",
    )


def no_time(candidate: Candidate) -> LeftOut:
    """Alone it could be made; the others left no room."""
    if candidate.mandatory:
        return _left_out(
            candidate,
            NO_TIME,
            "Alone it could be made, but together with the other mandatory visits it fits into no route.",
            "单独可以完成，但与其他必访任务合在一起，没有路线能够容纳。",
        )
    return _left_out(
        candidate,
        NO_TIME,
        "Alone it could be made, but mandatory, nearer or more valuable visits left no time for it.",
        "单独可以完成，但必访、更近或价值更高的任务已占满时间。",
    )


def _left_out(candidate: Candidate, code: str, english: str, chinese: str) -> LeftOut:
    return LeftOut(
        visit_id=candidate.visit_id,
        mandatory=candidate.mandatory,
        reason_code=code,
        reason_en=english,
        reason_zh=chinese,
    )


def _clock(second: int) -> str:
    return f"{second // 3600:02d}:{second % 3600 // 60:02d}"


def _minutes(seconds: int) -> int:
    return -(-seconds // 60)


def _way(metres: int) -> str:
    return f"{metres} m" if metres < 1000 else f"{metres / 1000:.1f} km"


def _way_zh(metres: int) -> str:
    return f"{metres} 米" if metres < 1000 else f"{metres / 1000:.1f} 公里"
