"""For anybody who holds a receipt: the page ``/r`` and the question that it asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody

from server.http.html import html_page
from server.http.login import client_address, field
from server.http.problems import Problem
from server.services.receipts import ReceiptAnswer, ReceiptDesk, ReceiptQuestion
from server.web.render import Renderer
from server.web.texts.receipt import RECEIPT
from sync.errors import DoorstepError, NotAllowed, Refused

__all__ = ["receipt_routes"]

_TONES = {
    "genuine": ("ok", "ok"),
    "not_yet_reported": ("wait", "wait"),
    "not_genuine": ("bad", "bad"),
    "voided": ("bad", "bad"),
}
"""Verdict → tone and icon; everything else asks for care."""

_SCRIPT_KEYS = tuple(
    key
    for key in (
        *RECEIPT,
        "method.cash",
        "method.alipay",
        "method.wechat",
        "method.transfer",
        "method.card",
        "method.cheque",
    )
    if key == "receipt.another"
    or (
        key.partition(".")[0] in {"title", "sentence", "where", "reason", "payer", "check", "method", "signature"}
        and key not in {"where.heading", "check.heading", "check.lead", "check.label", "check.button"}
    )
)
"""Words that the page's script puts in place by itself."""


def receipt_routes(
    desk: ReceiptDesk, renderer: Renderer, official_address: str, phone: str
) -> Sequence[HTTPRouteHandler]:
    """The page needs no sign-in, keeps no cookie but the language, and loads nothing from elsewhere."""

    def page(
        request: Request[Any, Any, Any], state: str = "", answer: ReceiptAnswer | None = None, status: int = 200
    ) -> Response[str]:
        tone, symbol = _TONES.get(state, ("warn", "warn"))
        return html_page(
            renderer,
            request,
            "receipt.html",
            status=status,
            state=state,
            answer=answer,
            tone=tone,
            tone_icon=symbol,
            keys=_SCRIPT_KEYS,
            official_address=official_address,
            office_phone=phone,
        )

    @get("/r", include_in_schema=False)
    async def show(request: Request[Any, Any, Any]) -> Response[str]:
        return page(request)

    @post("/r", include_in_schema=False, status_code=200)
    async def show_answer(request: Request[Any, Any, Any]) -> Response[str]:
        form = await request.form()
        question = ReceiptQuestion(short=field(form, "short"), check=field(form, "check"))
        try:
            answer = await desk.ask(question, client_address(request))
        except NotAllowed as error:
            return page(request, "busy", status=error.entry.status)
        except Refused as error:
            return page(request, "malformed", status=error.entry.status)
        except DoorstepError as error:
            return page(request, "unreachable", status=error.entry.status)
        return page(request, answer.verdict, answer)

    @post(
        "/api/v1/receipts/check",
        status_code=200,
        summary="Is this receipt genuine, and where is the money?",
        description="`digits` of the QR code, or `short` as printed; `check`: last four digits or the visit code.",
        responses={code: ResponseSpec(Problem, media_type="application/problem+json") for code in (400, 429, 503)},
    )
    async def check(request: Request[Any, Any, Any], data: JSONBody[ReceiptQuestion]) -> ReceiptAnswer:
        return await desk.ask(data, client_address(request))

    return [show, show_answer, check]
