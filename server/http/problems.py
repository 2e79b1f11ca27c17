"""Every error on its way out: RFC 9457 problem documents with a stable code, a cause and a remedy.

::

    HTTP/1.1 409 Conflict
    content-type: application/problem+json

    {"type": "urn:doorstep:error:STATE-STALE", "title": "It changed since you looked", "status": 409,
     "detail": "visit:V7 stands at 5f0c…, not nothing", "code": "STATE-STALE",
     "remedy": "Look at the present state, then repeat the command."}

This is the only place where errors meet status codes.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    InternalServerException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)
from litestar.openapi.datastructures import ResponseSpec
from litestar.types import ExceptionHandlersMap

from server.limits import RETRY_AFTER_S
from sync.errors import ERROR_CODES, DoorstepError

__all__ = ["EXCEPTION_HANDLERS", "PROBLEM_TYPE", "Problem", "problem_of", "problems"]

PROBLEM_TYPE = "application/problem+json"

_LOG = logging.getLogger("doorstep.problems")
_BY_STATUS = {
    401: "NOT-SIGNED-IN",
    403: "ROLE-MISSING",
    404: "NOT-FOUND",
    405: "METHOD-NOT-ALLOWED",
    429: "RATE-LIMITED",
}


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The members of a problem document; `detail` is the cause with its values."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    remedy: str
    reference: str = ""
    """Names an unexpected error in the server's log."""
    expected_offset: int | None = None
    """Where an upload goes on, in bytes."""


def problem_of(code: str, detail: str, reference: str = "") -> Problem:
    """The document of a code of `sync.errors.ERROR_CODES`."""
    entry = ERROR_CODES[code]
    return Problem(
        type=f"urn:doorstep:error:{code}",
        title=entry.title,
        status=entry.status,
        detail=detail,
        code=code,
        remedy=entry.remedy,
        reference=reference,
    )


def problems(*codes: int) -> dict[int, ResponseSpec]:
    """What the OpenAPI document says of a route's refusals, by status."""
    return {code: ResponseSpec(Problem, media_type=PROBLEM_TYPE, generate_examples=False) for code in codes}


def _response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    found = dict(headers or {})
    if problem.status in {429, 503}:
        found.setdefault("Retry-After", str(RETRY_AFTER_S))
    return Response(msgspec.json.encode(problem), status_code=problem.status, media_type=PROBLEM_TYPE, headers=found)


def _doorstep(_request: Request[Any, Any, Any], error: DoorstepError) -> Response[bytes]:
    problem, headers = problem_of(error.code, error.cause), {}
    wait, offset = error.context.get("retry_after_s"), error.context.get("expected_offset")
    if wait is not None:
        headers["Retry-After"] = str(wait)
    if isinstance(offset, int):
        problem = msgspec.structs.replace(problem, expected_offset=offset)
        headers["Upload-Offset"] = str(offset)
    return _response(problem, headers)


def _http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    if error.status_code >= 500:
        return _unexpected(request, error)
    if error.status_code == 413:
        return _response(problem_of("EXCHANGE-TOO-LARGE", "the body is larger than this address takes"))
    code = _BY_STATUS.get(error.status_code, "ARGUMENT-WRONG")
    detail = {
        "NOT-FOUND": f"there is nothing at {request.scope['path'][:200]}",
        "METHOD-NOT-ALLOWED": f"{request.method} is not taken at {request.scope['path'][:200]}",
    }.get(code, error.detail)
    return _response(problem_of(code, detail), error.headers if code == "METHOD-NOT-ALLOWED" else None)


def _validation(_request: Request[Any, Any, Any], error: ValidationException) -> Response[bytes]:
    extra = error.extra if isinstance(error.extra, list) else []
    faults = [
        f"{item.get('key', '')}: {item.get('message', '')}".strip(": ") for item in extra if isinstance(item, dict)
    ]
    return _response(problem_of("ARGUMENT-WRONG", "; ".join(faults) or error.detail))


def _decoding(_request: Request[Any, Any, Any], error: msgspec.DecodeError) -> Response[bytes]:
    return _response(problem_of("ARGUMENT-WRONG", str(error)[:300]))


def _unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    reference = secrets.token_hex(6)
    # The log gets the whole story under the reference; the answer tells a stranger nothing of it.
    _LOG.error("%s %s failed, reference %s", request.method, request.scope["path"], reference, exc_info=error)
    return _response(problem_of("INTERNAL", f"the log has it under reference {reference}", reference))


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    DoorstepError: _doorstep,
    ValidationException: _validation,
    NotFoundException: _http,
    MethodNotAllowedException: _http,
    InternalServerException: _unexpected,
    HTTPException: _http,
    msgspec.DecodeError: _decoding,
    Exception: _unexpected,
}
"""For the application; no route handles errors by itself."""
