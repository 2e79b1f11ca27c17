"""The phone app at ``/app/``: its files, and its one page for every address inside it.

Only what the build listed is served. Names that carry a hash are kept by browsers for good; everything else is asked
for anew, and answered with 304 while it is the same. Where no app was built a page says how to build it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from litestar import Request, Response, route
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from server.http.html import html_page, redirect
from server.web.app_folder import INDEX, AppFile, AppFolder
from server.web.render import Renderer
from sync.errors import Refused

__all__ = ["APP_HEADERS", "app_routes"]

APP_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self';"
        " manifest-src 'self'; worker-src 'self'; media-src 'self' blob:; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    ),
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Nothing from elsewhere, nothing inline; camera and place for the app alone. `blob:` shows photos taken just now."""

_LASTING = "public, max-age=31536000, immutable"
_READ = [HttpMethod.GET, HttpMethod.HEAD]


def app_routes(folder: AppFolder, renderer: Renderer) -> Sequence[HTTPRouteHandler]:
    """``/app/`` and everything under it."""

    @route("/app", http_method=_READ, include_in_schema=False)
    async def start(request: Request[Any, Any, Any]) -> Response[Any]:
        # The scope of a service worker ends in a slash, and both addresses meet here.
        if not request.scope["raw_path"].endswith(b"/"):
            query = request.scope["query_string"].decode("latin-1")
            return redirect(f"/app/?{query}" if query else "/app/")
        return await answer(request, INDEX)

    @route("/app/{name:path}", http_method=_READ, include_in_schema=False)
    async def inside(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[Any]:
        return await answer(request, name.strip("/"))

    async def answer(request: Request[Any, Any, Any], name: str) -> Response[Any]:
        files = await asyncio.to_thread(folder.files)
        is_place = not PurePosixPath(name).suffix or name == INDEX
        if not files and is_place:
            return html_page(renderer, request, "app_missing.html", status=404, session=None, here="")
        # An address without an ending is a place inside the app, which finds its way by itself.
        found = files.get(name) or (files.get(INDEX) if is_place else None)
        if found is None:
            raise Refused("NOT-FOUND", f"the phone app has no file {name[:200]!r}" if files else "no app was built")
        return _sent(request, found)

    return [start, inside]


def _sent(request: Request[Any, Any, Any], file: AppFile) -> Response[bytes]:
    packed = file.packed if "gzip" in request.headers.get("accept-encoding", "") else None
    tag = f'"{file.tag}{"-gzip" if packed is not None else ""}"'
    headers = {**APP_HEADERS, "Cache-Control": _LASTING if file.lasting else "no-cache", "ETag": tag}
    if file.packed is not None:
        headers["Vary"] = "Accept-Encoding"
    if tag in (one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")):
        return Response(b"", status_code=304, media_type=file.content_type, headers=headers)
    if packed is not None:
        headers["Content-Encoding"] = "gzip"
    return Response(packed if packed is not None else file.data, media_type=file.content_type, headers=headers)
