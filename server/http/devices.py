"""For phones: the exchange, enrolment, epochs and the published keys."""

from __future__ import annotations

import asyncio
import gzip
import os
from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery
from litestar.response.base import ASGIResponse

from server.http.problems import problems
from server.http.reading import read_body
from server.limits import ANSWER_GZIP_BYTES_MIN, EXCHANGES_UNDER_WAY_MAX, KEYS_PAGE_MAX, REQUEST_BYTES_MAX
from server.services.enrolment import Enrolment
from server.services.exchange import Exchange
from server.services.published import Published
from sync.errors import Refused, Unavailable
from sync.limits import EXCHANGE_BYTES_MAX
from sync.messages import EnrolAnswer, EpochGrant, ExchangeAnswer, PublishedKey, PublishedKeys, Signed

__all__ = ["device_routes"]

_JSON = "application/json"
_SIGNED = msgspec.json.Decoder(Signed)


async def _answer(request: Request[Any, Any, Any], data: bytes) -> ASGIResponse:
    if len(data) >= ANSWER_GZIP_BYTES_MIN and "gzip" in request.headers.get("accept-encoding", ""):
        packed = await asyncio.to_thread(gzip.compress, data, 1)
        headers = {"content-encoding": "gzip", "vary": "accept-encoding"}
        return ASGIResponse(body=packed, media_type=_JSON, headers=headers)
    return ASGIResponse(body=data, media_type=_JSON)


async def _signed(request: Request[Any, Any, Any]) -> Signed:
    body = await read_body(request, REQUEST_BYTES_MAX)
    try:
        return _SIGNED.decode(body)
    except (ValueError, RecursionError) as error:
        raise Refused("EXCHANGE-MALFORMED", str(error)[:200]) from error


def device_routes(exchange: Exchange, enrolment: Enrolment, published: Published) -> Sequence[HTTPRouteHandler]:
    """Routes under ``/api/v1`` that need no sign-in: each request proves itself by a signature."""
    under_way = asyncio.Semaphore(EXCHANGES_UNDER_WAY_MAX)

    @post(
        "/api/v1/sync",
        status_code=200,
        request_max_body_size=EXCHANGE_BYTES_MAX,
        summary="Exchange",
        description="Body: ExchangeRequest, plain or gzip. Uploads operations, acknowledges them, gives documents.",
        responses={200: ResponseSpec(ExchangeAnswer, generate_examples=False), **problems(400, 401, 409, 413, 503)},
    )
    async def sync(request: Request[Any, Any, Any]) -> ASGIResponse:
        if under_way.locked():
            raise Unavailable("STORE-LOCKED", f"{EXCHANGES_UNDER_WAY_MAX} exchanges are under way already")
        async with under_way:
            return await _answer(request, await exchange.handle(await read_body(request, EXCHANGE_BYTES_MAX)))

    @post(
        "/api/v1/enrol",
        status_code=200,
        summary="Enrol a phone",
        description="Body: Signed EnrolRequest, signed by the new key itself under doorstep/enrolment/1.",
        responses={200: ResponseSpec(EnrolAnswer, generate_examples=False), **problems(400, 401, 403, 503)},
    )
    async def enrol(request: Request[Any, Any, Any]) -> Response[bytes]:
        answer = await enrolment.enrol(await _signed(request), os.urandom(8).hex())
        return Response(msgspec.json.encode(answer), media_type=_JSON)

    @post(
        "/api/v1/epoch",
        status_code=200,
        summary="Open a new epoch",
        description="Body: Signed EpochRequest, signed by the device's key under doorstep/epoch/1.",
        responses={200: ResponseSpec(EpochGrant, generate_examples=False), **problems(400, 401, 409, 503)},
    )
    async def epoch(request: Request[Any, Any, Any]) -> Response[bytes]:
        grant = await enrolment.open_epoch(await _signed(request))
        return Response(msgspec.json.encode(grant), media_type=_JSON)

    @get(
        "/api/v1/keys",
        summary="Published keys",
        description="The office's keys first, then receipts' device keys by id, paged by `after`.",
        responses=problems(400),
    )
    async def keys(after: FromQuery[str] = "", limit: FromQuery[int] = KEYS_PAGE_MAX) -> PublishedKeys:
        return await asyncio.to_thread(published.page, after, limit)

    @get("/api/v1/keys/{key_id:str}", summary="One published key", responses=problems(404))
    async def key(key_id: FromPath[str]) -> PublishedKey:
        return await asyncio.to_thread(published.one, key_id)

    return [sync, enrol, epoch, keys, key]
