"""The exchange: one round trip, both directions (`sync.messages` has the shapes, DESIGN chapter 6 the reasons).

In this order, so that the cheap refusals come first and nothing is acknowledged before it is on disk: decode, the
device's signature over the claims, the chain of the operations, the hashes of side records, *one work* in the
store's writer (`ingest`), and after its commit the signed acknowledgement and the documents after the cursor.

`acknowledgement` names the highest operation that the office holds without a gap and that the claimed head goes
back to; seq 0 with an empty hash means that nothing can be acknowledged yet.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

import msgspec

from server.keys import OfficeKeys
from server.limits import DOCUMENTS_INLINE_MAX, IDENTIFIER_LENGTH_MAX, NONCE_LENGTH_MAX, NONCE_LENGTH_MIN
from server.ports import Clock, Store
from server.services.device_keys import DeviceKeys
from server.services.given import Asked, Page, read_page
from server.services.ingest import Ingested, Offer, ingest, standing
from server.services.nonces import Nonces
from sync.clock import parse_wall
from sync.encoding import is_hash, unb64
from sync.errors import DoorstepError, Refused
from sync.journal import check_batch
from sync.limits import (
    EPOCH_MAX,
    EXCHANGE_BYTES_MAX,
    EXCHANGE_OPERATIONS_MAX,
    EXCHANGE_SIDE_RECORDS_MAX,
    INTEGER_MAX,
    SEQ_MAX,
    SIDE_RECORD_INLINE_BYTES_MAX,
)
from sync.messages import (
    PROTOCOL_VERSION,
    Acknowledgement,
    Claims,
    DocumentChange,
    ExchangeAnswer,
    ExchangeRequest,
    Signed,
    read_acknowledgement,
    read_request,
    sign_acknowledgement,
    verify_claims,
)
from sync.side_records import check_side_record

__all__ = ["Exchange"]

_CLAIMS = msgspec.json.Decoder(Claims)
_ENCODER = msgspec.json.Encoder()
_GONE = msgspec.Raw(b"null")
_INLINE_BYTES = 128 * 1024
"""Larger requests are checked in a thread, so that one of them does not hold up two hundred small ones."""


class Exchange:
    """Handles exchanges against one store."""

    def __init__(
        self,
        store: Store,
        keys: OfficeKeys,
        clock: Clock,
        devices: DeviceKeys,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._store = store
        self._clock = clock
        self._random = random
        self._office = keys.office[-1]
        self._office_keys = {key.id: key.private.public_key() for key in keys.office}
        self._devices = devices
        self._nonces = Nonces(store)
        self.under_way = 0
        """Exchanges that are being handled now; background work waits for them."""

    async def handle(self, body: bytes) -> bytes:
        """One exchange: the request's JSON in, the answer's JSON out. Raises as the module's lesson says."""
        self.under_way += 1
        try:
            return await self._handle(body)
        finally:
            self.under_way -= 1

    async def _handle(self, body: bytes) -> bytes:
        if len(body) > _INLINE_BYTES:
            offer, pull = await asyncio.to_thread(self.check, body)
        else:
            offer, pull = self.check(body)
        if not offer.placed and not offer.side_records:
            looked = await self._look(offer, pull=pull)
            if looked is not None:
                await self._nonces.use(offer.claims)
                return self._answer(offer, *looked)
        now_ms = self._clock.now_ms()
        store = self._store
        incarnation, fresh = store.incarnation, self._random(8).hex()
        done = await store.write(lambda writer: ingest(writer, offer, now_ms, fresh, incarnation))
        asked = self._asked(offer.claims, done, pull=pull)
        return self._answer(offer, done, await self._page(asked))

    def check(self, body: bytes) -> tuple[Offer, bool]:
        """Everything that can be refused without the store's writer; the offer, and whether documents are asked."""
        if len(body) > EXCHANGE_BYTES_MAX:
            raise Refused("EXCHANGE-TOO-LARGE", f"the request has {len(body)} bytes, allowed are {EXCHANGE_BYTES_MAX}")
        try:
            request = read_request(body)
            claims = _CLAIMS.decode(request.claims)
        except (ValueError, RecursionError) as error:
            raise Refused("EXCHANGE-MALFORMED", str(error)[:200]) from error
        if request.protocol != PROTOCOL_VERSION:
            raise Refused("PROTOCOL-UNKNOWN", f"protocol {request.protocol}, this office speaks {PROTOCOL_VERSION}")
        _check_counts(request)
        _check_claims(claims)
        verify_claims(self._devices.of(claims.device), request)
        placed = check_batch(claims.device, [bytes(line) for line in request.operations])
        if placed:
            last = placed[-1]
            if (last.header.epoch, last.header.seq, last.hash) != (claims.epoch, claims.seq, claims.hash):
                raise Refused(
                    "HEAD-MISMATCH",
                    f"signed is {claims.epoch}/{claims.seq} {claims.hash[:12]}, the last operation sent is"
                    f" {last.header.epoch}/{last.header.seq} {last.hash[:12]}",
                )
        offer = Offer(
            claims=claims,
            placed=placed,
            side_records=_side_records(request),
            acknowledged=self._acknowledged(claims.device, request.acknowledged),
        )
        return offer, claims.pull

    def _acknowledged(self, device: str, signed: Signed | None) -> Acknowledgement | None:
        """What we signed before, or None: a text that we did not sign proves nothing and harms nothing."""
        key = self._office_keys.get(signed.key) if signed is not None else None
        if signed is None or key is None:
            return None
        try:
            found = read_acknowledgement(key, signed)
        except (DoorstepError, ValueError):
            return None
        return found if found.device == device and is_hash(found.hash) else None

    async def _look(self, offer: Offer, *, pull: bool) -> tuple[Ingested, Page] | None:
        """What a request that brings nothing is answered with, once its nonce is used; None if that takes more."""
        with self._store.read() as reader:
            done = standing(reader, offer)
            if done is None:
                return None
            asked = self._asked(offer.claims, done, pull=pull)
            if asked is None or asked.count <= DOCUMENTS_INLINE_MAX:
                return done, Page() if asked is None else read_page(reader, asked)
        return done, await self._page(asked)

    def _asked(self, claims: Claims, done: Ingested, *, pull: bool) -> Asked | None:
        """What is to be given; None for a phone that asks for nothing, or that may not have anything now."""
        waits = done.device.gives_nothing or done.rolled_back or done.downloads_wait
        if waits or not (pull and done.fresh):
            return None
        incarnation, cursor = self._store.incarnation, claims.cursor
        # A cursor of another incarnation, or ahead of us, says nothing about this store: everything is given.
        known = cursor if cursor and cursor.incarnation == incarnation and 0 <= cursor.n <= done.document_n else None
        return Asked(
            agent=done.device.agent,
            incarnation=incarnation,
            start=known.n if known else 0,
            end=done.document_n,
            total=done.document_count,
        )

    async def _page(self, asked: Asked | None) -> Page:
        if asked is None:
            return Page()
        if asked.count <= DOCUMENTS_INLINE_MAX:
            return self._read(asked)
        return await asyncio.to_thread(self._read, asked)

    def _read(self, asked: Asked) -> Page:
        with self._store.read() as reader:
            return read_page(reader, asked)

    def _answer(self, offer: Offer, done: Ingested, page: Page) -> bytes:
        """Made and signed after the commit."""
        claims = offer.claims
        locked = done.device.gives_nothing
        acknowledgement = Acknowledgement(
            device=claims.device,
            epoch=claims.epoch,
            seq=done.seq,
            hash=done.hash,
            nonce=claims.nonce,
            server_ms=self._clock.now_ms(),
        )
        answer = ExchangeAnswer(
            acknowledgement=sign_acknowledgement(self._office.private, self._office.id, acknowledgement),
            documents=[
                DocumentChange(n=row.n, name=row.name, document=_GONE if row.data is None else msgspec.Raw(row.data))
                for row in page.documents
            ],
            cursor=page.cursor,
            more=page.more,
            total=page.total,
            resend_from=done.resend_from,
            epoch=done.epoch,
            lock=locked,
            wipe_after_upload=done.device.revoked_ms > 0 or done.device.wipe_after_upload,
            missing_side_records=done.missing_side_records,
            documents_wait=done.downloads_wait,
        )
        return _ENCODER.encode(answer)


def _check_counts(request: ExchangeRequest) -> None:
    if len(request.operations) > EXCHANGE_OPERATIONS_MAX:
        raise Refused(
            "EXCHANGE-TOO-MANY", f"{len(request.operations)} operations, allowed are {EXCHANGE_OPERATIONS_MAX}"
        )
    if len(request.side_records) > EXCHANGE_SIDE_RECORDS_MAX:
        raise Refused(
            "EXCHANGE-TOO-MANY", f"{len(request.side_records)} side records, allowed are {EXCHANGE_SIDE_RECORDS_MAX}"
        )


def _check_claims(claims: Claims) -> None:
    clock = claims.clock
    fault = None
    if not 0 < len(claims.device) <= IDENTIFIER_LENGTH_MAX:
        fault = "device"
    elif not (0 < claims.epoch <= EPOCH_MAX and 0 <= claims.seq <= SEQ_MAX):
        fault = "epoch or seq"
    elif not is_hash(claims.hash):
        fault = "hash"
    elif not NONCE_LENGTH_MIN <= len(claims.nonce) <= NONCE_LENGTH_MAX:
        fault = "nonce"
    elif not (len(clock.boot) <= IDENTIFIER_LENGTH_MAX and 0 <= clock.mono_ms <= INTEGER_MAX):
        fault = "clock"
    if fault is not None:
        raise Refused("EXCHANGE-MALFORMED", f"the claims' {fault} is out of range")
    try:
        parse_wall(clock.at)
    except Refused as error:
        raise Refused("EXCHANGE-MALFORMED", f"the claims' clock: {error.cause}") from error


def _side_records(request: ExchangeRequest) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for message in request.side_records:
        data = unb64(message.data)
        if len(data) > SIDE_RECORD_INLINE_BYTES_MAX:
            raise Refused(
                "EXCHANGE-TOO-LARGE",
                f"a side record of {len(data)} bytes travels apart, inside are {SIDE_RECORD_INLINE_BYTES_MAX} allowed",
            )
        found[message.sha256] = check_side_record(message.sha256, data).data
    return found
