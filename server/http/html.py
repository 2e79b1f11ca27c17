"""What every page shares: language, headers, redirects, and errors that a person can read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.enums import MediaType

from server.services.users import Session
from server.web.render import INLINE_PICTURES, SECURITY_HEADERS, Renderer, chosen_language
from server.web.texts import LANGUAGES, TEXTS
from sync.errors import DoorstepError

__all__ = ["LANGUAGE_COOKIE", "html_errors", "html_page", "reader_language", "redirect", "wait_words"]

LANGUAGE_COOKIE = "doorstep-language"
_YEAR_S = 365 * 86_400


def reader_language(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """`en` or `zh`: from the address, the cookie, or what the browser accepts."""
    return chosen_language(
        connection.query_params.get("lang", ""),
        connection.cookies.get(LANGUAGE_COOKIE, ""),
        connection.headers.get("accept-language", ""),
    )


def html_page(
    renderer: Renderer,
    request: Request[Any, Any, Any],
    template: str,
    *,
    status: int = 200,
    pictures_inline: bool = False,
    **values: Any,
) -> Response[str]:
    """A page in the reader's language, with the headers that keep it to itself; `?lang=` is remembered.

    `pictures_inline` lets it show pictures that came inside an answer, and still none from elsewhere.
    """
    language = reader_language(request)
    cookies = []
    if request.query_params.get("lang") in LANGUAGES:
        cookies.append(Cookie(key=LANGUAGE_COOKIE, value=language, path="/", max_age=_YEAR_S, samesite="lax"))
    return Response(
        renderer.page(template, language, **values),
        status_code=status,
        media_type=MediaType.HTML,
        headers={
            **(INLINE_PICTURES if pictures_inline else SECURITY_HEADERS),
            "Cache-Control": "no-store",
            "Vary": "Accept-Language, Cookie",
        },
        cookies=cookies,
    )


def redirect(path: str) -> Response[bytes]:
    """See other: a reload never repeats what was done."""
    return Response(b"", status_code=303, headers={**SECURITY_HEADERS, "Location": path, "Cache-Control": "no-store"})


def wait_words(renderer: Renderer, error: DoorstepError, language: str) -> str:
    """How long to wait, in words."""
    seconds = int(str(error.context.get("retry_after_s", 30)))
    if seconds <= 90:
        return renderer.text("wait.seconds", language, n=seconds)
    return renderer.text("wait.minutes", language, n=-(-seconds // 60))


def html_errors(renderer: Renderer) -> Callable[[Request[Any, Any, Any], DoorstepError], Response[Any]]:
    """An exception handler for pages: signs in who is not signed in, and says the rest in words."""

    def handle(request: Request[Any, Any, Any], error: DoorstepError) -> Response[Any]:
        path = request.scope["path"]
        if error.code == "NOT-SIGNED-IN":
            return redirect(f"/login?next={quote(path)}" if request.method == "GET" else "/login")
        language = reader_language(request)
        key = f"error.{error.code}" if f"error.{error.code}" in TEXTS else "error.other"
        obstacles = error.context.get("obstacles")
        lines = [getattr(item, f"sentence_{language}") for item in obstacles] if isinstance(obstacles, list) else []
        session = request.state.get("session")
        return html_page(
            renderer,
            request,
            "error.html",
            status=error.entry.status,
            session=session if isinstance(session, Session) else None,
            here="",
            key=key,
            code=error.code,
            details=lines or ([error.cause] if key != "error.LOGIN-WRONG" else []),
            back=_back(path),
        )

    return handle


def _back(path: str) -> str:
    """The day or the phones that a failed command belonged to, else the list of days."""
    parts = path.split("/")
    if len(parts) >= 5 and parts[1:3] == ["console", "day"]:
        return "/".join(parts[:5])
    if parts[1:3] == ["console", "phones"]:
        return "/console/phones"
    return "/console" if path.startswith("/console") else "/"
