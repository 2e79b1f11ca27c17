"""Enrolment and epochs as phones ask for them: signatures are checked here, `services.devices` does the rest."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from server.keys import OfficeKeys
from server.limits import IDENTIFIER_LENGTH_MAX, MODEL_LENGTH_MAX
from server.ports import Clock, Device, Store, Writer
from server.services.agents import AgentDetails
from server.services.device_keys import DeviceKeys
from server.services.devices import enrol, open_epoch
from server.services.packs import refresh_badges
from sync.encoding import is_hash, unb64
from sync.errors import NotAllowed, Refused
from sync.limits import EPOCH_MAX, SEQ_MAX
from sync.messages import EnrolAnswer, EnrolRequest, EpochGrant, EpochRequest, PublishedKey, Signed
from sync.operations.envelope import GENESIS
from sync.signing import TAG_ENROLMENT, TAG_EPOCH, load_public_key, verify

__all__ = ["Enrolment"]

M = TypeVar("M")


class Enrolment:
    """Answers `POST /api/v1/enrol` and `POST /api/v1/epoch`."""

    def __init__(self, store: Store, keys: OfficeKeys, clock: Clock, devices: DeviceKeys, public_url: str) -> None:
        self._store = store
        self._keys = keys
        self._clock = clock
        self._devices = devices
        self._public_url = public_url

    async def enrol(self, signed: Signed, device: str) -> EnrolAnswer:
        """Use a code up for the key that signed; `device` is a fresh id of 16 hexadecimal digits."""
        request = _payload(signed, EnrolRequest)
        try:
            key = load_public_key(unb64(request.public_key, 65))
        except Refused as error:
            raise Refused("EXCHANGE-MALFORMED", f"public_key: {error.cause}") from error
        verify(key, TAG_ENROLMENT, bytes(signed.payload), _signature(signed))
        if len(request.code) > IDENTIFIER_LENGTH_MAX or len(request.model) > MODEL_LENGTH_MAX:
            raise Refused("EXCHANGE-MALFORMED", "code or model is too long")
        now_ms = self._clock.now_ms()

        def work(writer: Writer) -> tuple[Device, AgentDetails]:
            made = enrol(writer, request.code, request.public_key, request.model, device, now_ms)
            refresh_badges(writer, self._keys, made[0].agent)
            return made

        found, details = await self._store.write(work)
        published = {item.key: item for item in self._keys.published()}
        return EnrolAnswer(
            device=found.device,
            agent=found.agent,
            agent_name=details.name,
            branch=found.branch,
            epoch=1,
            public_url=self._public_url,
            office_key=self._current(published, self._keys.office[-1].id),
            identity_key=self._current(published, self._keys.identity[-1].id),
            recovery_key=self._current(published, self._keys.recovery[-1].id),
            server_ms=now_ms,
        )

    def _current(self, published: dict[str, PublishedKey], key: str) -> PublishedKey:
        return published[key]

    async def open_epoch(self, signed: Signed) -> EpochGrant:
        """A new epoch for the device that signed, or the same again to the same request and head."""
        request = _payload(signed, EpochRequest)
        verify(self._devices.of(request.device), TAG_EPOCH, bytes(signed.payload), _signature(signed))
        fits = 0 < request.epoch <= EPOCH_MAX and 0 <= request.seq <= SEQ_MAX and is_hash(request.hash)
        if not fits or not 0 < len(request.request) <= IDENTIFIER_LENGTH_MAX:
            raise Refused("EXCHANGE-MALFORMED", "epoch, seq, hash or request is out of range")
        # A journal that never began is continued by a first operation.
        continues = request.hash if request.seq else GENESIS
        opened = await self._store.write(
            lambda writer: open_epoch(writer, request.device, continues, f"phone/{request.request}", request.reason)
        )
        return EpochGrant(epoch=opened.epoch, continues=opened.continues, reason=opened.reason)


def _payload(signed: Signed, kind: type[M]) -> M:
    try:
        return msgspec.json.decode(signed.payload, type=kind)
    except (ValueError, RecursionError) as error:
        raise Refused("EXCHANGE-MALFORMED", f"payload: {str(error)[:200]}") from error


def _signature(signed: Signed) -> bytes:
    try:
        return unb64(signed.signature, 64)
    except Refused as error:
        raise NotAllowed("SIGNATURE-WRONG", f"no signature: {error.cause}") from error
