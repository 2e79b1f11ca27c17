"""All of the office's own routes, joined: `server.app` adds them to the application."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from server.http.money import money_routes
from server.http.office_access import OfficeAccess
from server.http.office_devices import office_device_routes
from server.http.office_imports import import_routes
from server.http.office_judging import judging_routes
from server.http.office_lists import list_routes
from server.http.office_policy import policy_routes
from server.http.office_visits import visit_routes
from server.http.remittances import remittance_routes
from server.http.reports import report_routes
from server.services.office import Office

__all__ = ["office_routes"]


def office_routes(office: Office, access: OfficeAccess) -> list[HTTPRouteHandler]:
    """Imports, the day's work, judgements, lists and phones, each guarded by role."""
    return [
        *import_routes(office, access),
        *visit_routes(office, access),
        *judging_routes(office, access),
        *list_routes(office, access),
        *office_device_routes(office, access),
        *money_routes(office, access),
        *remittance_routes(office, access),
        *report_routes(office, access),
        *policy_routes(office, access),
    ]
