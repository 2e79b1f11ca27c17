"""For anybody at whose door an agent stands: the page ``/agent`` and the question that it asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody

from server.http.html import html_page
from server.http.login import client_address
from server.http.problems import Problem
from server.services.badge_answers import BadgeAnswer, BadgeDesk, BadgeQuestion
from server.web.render import Renderer
from server.web.texts.badge import BADGE

__all__ = ["badge_routes"]

_SCRIPT_FAMILIES = frozenset({"badge-title", "badge-sentence", "badge-age", "badge-visits", "badge-visit"})
_SCRIPT_KEYS = tuple(key for key in BADGE if key.partition(".")[0] in _SCRIPT_FAMILIES)
"""Words that the page's script puts in place by itself."""


def badge_routes(desk: BadgeDesk, renderer: Renderer, official_address: str, phone: str) -> Sequence[HTTPRouteHandler]:
    """The page needs no sign-in, keeps no cookie but the language, and loads nothing from elsewhere."""

    @get("/agent", include_in_schema=False)
    async def show(request: Request[Any, Any, Any]) -> Response[str]:
        return html_page(
            renderer,
            request,
            "badge.html",
            pictures_inline=True,
            keys=_SCRIPT_KEYS,
            official_address=official_address,
            office_phone=phone,
        )

    @post(
        "/api/v1/badges/check",
        status_code=200,
        summary="Is this agent genuine?",
        description="`digits` of the QR code on the agent's phone; `code`: the visit code that you were given.",
        responses={code: ResponseSpec(Problem, media_type="application/problem+json") for code in (400, 429, 503)},
    )
    async def check(request: Request[Any, Any, Any], data: JSONBody[BadgeQuestion]) -> BadgeAnswer:
        return await desk.ask(data, client_address(request))

    return [show, check]
