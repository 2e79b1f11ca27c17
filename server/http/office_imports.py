"""Imports over HTTP: a CSV file is the body of a PUT; letters are sent by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Request, Response, get, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from server.http.office_access import OfficeAccess, person_of
from server.http.reading import read_body
from server.intake.limits import IMPORT_BYTES_MAX, LETTER_BYTES_MAX
from server.services.imports import ImportSummary, import_file
from server.services.notices import letter, put_letter
from server.services.office import Office
from server.services.packs import refresh_all

__all__ = ["import_routes"]


class LetterKept(msgspec.Struct, frozen=True):
    """The SHA-256 under which a letter is kept."""

    sha256: str


def import_routes(office: Office, access: OfficeAccess) -> Sequence[HTTPRouteHandler]:
    """Routes under ``/api/v1/office`` for what comes in as files."""
    senders = access.require_role("admin", "supervisor", "creditor", "cashier")
    readers = access.require_role("admin", "supervisor", "auditor", "creditor")

    @put(
        "/api/v1/office/imports/{kind:str}",
        status_code=200,
        guards=[senders],
        request_max_body_size=IMPORT_BYTES_MAX,
        summary="Import a CSV file: agents, accounts, notices, visits, payments or rejections",
    )
    async def put_import(
        request: Request[Any, Any, Any],
        kind: FromPath[str],
        file: FromQuery[str] = "",
        datum: FromQuery[str] = "wgs84",
        dry_run: FromQuery[bool] = False,
    ) -> ImportSummary:
        data = await read_body(request, IMPORT_BYTES_MAX)
        person, name = person_of(request), (file or f"{kind}.csv")[:200]

        def work() -> ImportSummary:
            summary = import_file(office, person, kind, name, data, datum=datum, dry_run=dry_run)
            if summary.new and not dry_run:
                refresh_all(office)
            return summary

        return await asyncio.to_thread(work)

    @put(
        "/api/v1/office/letters",
        status_code=200,
        guards=[senders],
        request_max_body_size=LETTER_BYTES_MAX,
        summary="Keep the content of a letter under its SHA-256",
    )
    async def send_letter(request: Request[Any, Any, Any]) -> LetterKept:
        content = await read_body(request, LETTER_BYTES_MAX)
        return LetterKept(await office.store.write(lambda writer: put_letter(writer, content)))

    @get("/api/v1/office/letters/{notice:str}/{version:int}", guards=[readers], summary="The content of a letter")
    async def get_letter(notice: FromPath[str], version: FromPath[int]) -> Response[bytes]:
        def read() -> bytes:
            with office.store.read() as reader:
                return letter(reader, notice, version)

        content = await asyncio.to_thread(read)
        return Response(content, media_type="application/octet-stream", headers={"cache-control": "no-store"})

    return [put_import, send_letter, get_letter]
