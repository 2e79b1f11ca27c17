"""Everything that people open in a browser, as one list for the application."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Response, Router
from litestar.datastructures import CacheControlHeader
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

from server.http.app_files import app_routes
from server.http.badges import badge_routes
from server.http.login import Doors, login_routes
from server.http.office_access import OfficeAccess
from server.http.pages import day_json_route, page_routes
from server.http.phones import phone_page_routes
from server.http.receipts import receipt_routes
from server.services.badge_answers import BadgeDesk
from server.services.office import Office
from server.services.receipts import ReceiptDesk
from server.web.app_folder import AppFolder
from server.web.render import SECURITY_HEADERS, STATIC, Renderer

__all__ = ["web_routes"]

_STATIC_LIFE_S = 3_600


def web_routes(
    office: Office,
    doors: Doors,
    access: OfficeAccess,
    desk: ReceiptDesk,
    badge_desk: BadgeDesk,
    app: AppFolder,
    public_url: str,
    phone: str,
) -> Sequence[ControllerRouterHandler]:
    """Receipts, badges, signing in, the console with their styles and scripts, and the phone app."""
    renderer = Renderer()
    return [
        *receipt_routes(desk, renderer, f"{public_url}/r", phone),
        *badge_routes(badge_desk, renderer, f"{public_url}/agent", phone),
        *login_routes(doors, renderer),
        *page_routes(office.store, office.clock, doors, renderer),
        *phone_page_routes(office, doors, renderer),
        day_json_route(office.store, access),
        *app_routes(app, renderer),
        _static(),
    ]


def _static() -> Router:
    def secured(response: Response[Any]) -> Response[Any]:
        response.headers.update(SECURITY_HEADERS)
        return response

    return create_static_files_router(
        path="/static",
        directories=[STATIC],
        cache_control=CacheControlHeader(max_age=_STATIC_LIFE_S),
        after_request=secured,
        include_in_schema=False,
    )
