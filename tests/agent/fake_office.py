"""A small office in memory that keeps to `sync.messages`: enough to enrol a phone and exchange with it.

It stores operations by hash, acknowledges the longest chain that it can follow, numbers document changes, and
can be told to misbehave: lose answers, forget operations, grant epochs, sign with a wrong key.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from sync.encoding import b64, unb64
from sync.errors import DoorstepError
from sync.journal import Placed, check_batch
from sync.messages import (
    Acknowledgement,
    Claims,
    Cursor,
    DocumentChange,
    EnrolAnswer,
    EnrolRequest,
    EpochGrant,
    EpochRequest,
    ExchangeAnswer,
    ExchangeRequest,
    PublishedKey,
    PublishedKeys,
    Resend,
    Signed,
    VisitDocument,
    sign_acknowledgement,
    verify_claims,
)
from sync.operations import GENESIS
from sync.side_records import check_side_record
from sync.signing import TAG_ENROLMENT, TAG_EPOCH, TAG_SIDE_RECORD, load_public_key, public_bytes, verify
from tests.agent.documents import AGENT, CODE, DAY, DEVICE, SERVER_MS, a_pack


def key_of(number: int) -> ec.EllipticCurvePrivateKey:
    """A key that is the same in every run."""
    return ec.derive_private_key(number, ec.SECP256R1())


class FakeOffice:
    """State and misbehaviour in plain attributes, to be set by tests."""

    def __init__(self) -> None:
        self.office_key, self.identity_key, self.recovery_key = key_of(11), key_of(12), key_of(13)
        self.signing_key = self.office_key
        self.device_key: ec.EllipticCurvePublicKey | None = None
        self.used_codes: set[str] = set()
        self.held: dict[tuple[int, int], Placed] = {}
        self.by_hash: dict[str, Placed] = {}
        self.again = 0
        self.nonces: set[str] = set()
        self.side_records: dict[str, bytes] = {}
        self.drop_side_records = False
        self.documents: dict[str, tuple[int, msgspec.Raw]] = {}
        self.n = 0
        self.incarnation = "one"
        self.restored = False
        """Whether the office was set back and gives nobody documents."""
        self.page = 200
        self.server_ms = SERVER_MS
        self.lose_answers = 0
        self.fail: list[httpx.Response | Exception] = []
        self.resend: Resend | None = None
        self.grant: EpochGrant | None = None
        self.lock = self.wipe = False
        self.requests: list[ExchangeRequest] = []
        self.claims: list[Claims] = []
        self.epochs: dict[tuple[str, str], EpochGrant] = {}
        self.epoch_last = 1
        self.acknowledge_hash = ""
        self.wrong_nonce = False

    def put(self, name: str, document: object) -> None:
        """Change or (None) remove a document."""
        self.n += 1
        raw = msgspec.Raw(msgspec.json.encode(document))
        self.documents[name] = (self.n, raw)

    def give_day(self, visits: list[VisitDocument], day: str = DAY, **changes: object) -> None:
        """A pack and its visits."""
        for visit in visits:
            self.put(f"visit/{visit.visit}", visit)
        pack = a_pack([visit.visit for visit in visits], day, **changes)
        self.put(f"pack/{pack.pack}", pack)

    def transport(self) -> httpx.MockTransport:
        """For an `httpx.Client`."""
        return httpx.MockTransport(self.handle)

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Route one request."""
        if self.fail:
            failure = self.fail.pop(0)
            if isinstance(failure, Exception):
                raise failure
            return failure
        body = request.read()
        if request.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        try:
            if request.url.path == "/api/v1/enrol":
                return _json(self._enrol(body))
            if request.url.path == "/api/v1/sync":
                answer = self._sync(msgspec.json.decode(body, type=ExchangeRequest))
                if self.lose_answers:
                    self.lose_answers -= 1
                    raise httpx.ReadTimeout("the signal dropped")
                return _json(answer)
            if request.url.path == "/api/v1/epoch":
                return _json(self._epoch(body))
            if request.url.path.startswith("/api/v1/side-records/"):
                sha256 = request.url.path.rsplit("/", 1)[1]
                self._prove_upload(request, sha256)
                self.side_records[sha256] = check_side_record(sha256, body).data
                return httpx.Response(204)
            if request.url.path == "/api/v1/keys":
                return _json(PublishedKeys(keys=[self._published("office", "acknowledgement", self.office_key)]))
        except DoorstepError as error:
            return problem(error.entry.status, error.code, error.cause)
        return problem(404, "NOT-FOUND", request.url.path)

    def chain(self) -> list[Placed]:
        """Everything held, by epoch and number."""
        return [self.held[place] for place in sorted(self.held)]

    def _prove_upload(self, request: httpx.Request, sha256: str) -> None:
        assert self.device_key is not None
        assert request.headers["Doorstep-Device"] == DEVICE
        signature = unb64(request.headers["Doorstep-Signature"], 64)
        verify(self.device_key, TAG_SIDE_RECORD, f"PUT\n{sha256}".encode("ascii"), signature)

    def _published(self, key: str, use: str, private: ec.EllipticCurvePrivateKey) -> PublishedKey:
        point = b64(public_bytes(private.public_key()))
        return PublishedKey(key=key, use=use, public_key=point, not_before_ms=0)  # type: ignore[arg-type]  # one of four

    def _enrol(self, body: bytes) -> EnrolAnswer:
        signed = msgspec.json.decode(body, type=Signed)
        request = msgspec.json.decode(signed.payload, type=EnrolRequest)
        key = load_public_key(unb64(request.public_key, 65))
        verify(key, TAG_ENROLMENT, bytes(signed.payload), unb64(signed.signature))
        if request.code != CODE:
            raise _refused("ENROL-CODE-WRONG")
        if request.code in self.used_codes and self.device_key is not None:
            raise _refused("ENROL-CODE-USED")
        self.used_codes.add(request.code)
        self.device_key = key
        return EnrolAnswer(
            device=DEVICE,
            agent=AGENT,
            agent_name="王秀英",
            branch="YC",
            epoch=1,
            public_url="https://pay.example",
            office_key=self._published("office", "acknowledgement", self.office_key),
            identity_key=self._published("identity", "identity", self.identity_key),
            recovery_key=self._published("recovery", "recovery", self.recovery_key),
            server_ms=self.server_ms,
        )

    def _sync(self, request: ExchangeRequest) -> ExchangeAnswer:
        if self.device_key is None:
            raise _refused("DEVICE-UNKNOWN")
        verify_claims(self.device_key, request)
        claims = msgspec.json.decode(request.claims, type=Claims)
        if claims.nonce in self.nonces:
            raise _refused("NONCE-REUSED")
        self.nonces.add(claims.nonce)
        self.requests.append(request)
        self.claims.append(claims)
        placed = check_batch(DEVICE, [bytes(raw) for raw in request.operations])
        if placed and (placed[-1].header.epoch, placed[-1].header.seq, placed[-1].hash) != (
            claims.epoch,
            claims.seq,
            claims.hash,
        ):
            raise _refused("HEAD-MISMATCH")
        for item in placed:
            if item.hash in self.by_hash:
                self.again += 1
            self.by_hash[item.hash] = item
            self.held.setdefault((item.header.epoch, item.header.seq), item)
        for record in request.side_records:
            if not self.drop_side_records:
                self.side_records[record.sha256] = check_side_record(record.sha256, unb64(record.data)).data
        return self._answer(claims)

    def _answer(self, claims: Claims) -> ExchangeAnswer:
        seq, digest = self._reached(claims.epoch)
        acknowledgement = Acknowledgement(
            device=DEVICE,
            epoch=claims.epoch,
            seq=seq,
            hash=self.acknowledge_hash or digest,
            nonce="0" * 32 if self.wrong_nonce else claims.nonce,
            server_ms=self.server_ms,
        )
        resend = self.resend
        if resend is None and seq < claims.seq:
            resend = Resend(epoch=claims.epoch, seq=seq + 1)
        self.resend = None
        grant, self.grant = self.grant, None
        changes, cursor, more = self._changes(claims.cursor) if claims.pull else ([], None, False)
        return ExchangeAnswer(
            acknowledgement=sign_acknowledgement(self.signing_key, "office", acknowledgement),
            documents=[] if self.restored else changes,
            cursor=None if self.restored else cursor,
            more=more and not self.restored,
            documents_wait=self.restored,
            total=sum(1 for _, raw in self.documents.values() if bytes(raw) != b"null"),
            resend_from=resend,
            epoch=grant,
            lock=self.lock,
            wipe_after_upload=self.wipe,
        )

    def _changes(self, cursor: Cursor | None) -> tuple[list[DocumentChange], Cursor, bool]:
        fresh = cursor is None or cursor.incarnation != self.incarnation
        after = 0 if cursor is None or fresh else cursor.n
        there = {name: item for name, item in self.documents.items() if not (fresh and bytes(item[1]) == b"null")}
        wanted = sorted((n, name, raw) for name, (n, raw) in there.items() if n > after)
        page = wanted[: self.page]
        reached = page[-1][0] if len(page) < len(wanted) else self.n
        changes = [DocumentChange(n=n, name=name, document=raw) for n, name, raw in page]
        return changes, Cursor(incarnation=self.incarnation, n=reached), len(page) < len(wanted)

    def _reached(self, epoch: int) -> tuple[int, str]:
        seq, digest = 0, GENESIS
        while (epoch, seq + 1) in self.held:
            seq, digest = seq + 1, self.held[(epoch, seq + 1)].hash
        return seq, digest

    def _epoch(self, body: bytes) -> EpochGrant:
        signed = msgspec.json.decode(body, type=Signed)
        request = msgspec.json.decode(signed.payload, type=EpochRequest)
        assert self.device_key is not None
        verify(self.device_key, TAG_EPOCH, bytes(signed.payload), unb64(signed.signature))
        place = (request.request, request.hash)
        if place not in self.epochs:
            self.epoch_last += 1
            self.epochs[place] = EpochGrant(epoch=self.epoch_last, continues=request.hash, reason=request.reason)
        return self.epochs[place]


def problem(status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> httpx.Response:
    """An RFC 9457 answer."""
    body = {"code": code, "title": code, "detail": detail, "remedy": "", "status": status}
    return httpx.Response(status, json=body, headers={"Content-Type": "application/problem+json", **(headers or {})})


def counted_bytes(seed: str = "") -> Callable[[int], bytes]:
    """Bytes that look random, never repeat, and are the same in every run."""
    count = 0

    def draw(length: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{seed}/{count}".encode()).digest(length)

    return draw


def _json(value: object) -> httpx.Response:
    return httpx.Response(200, content=msgspec.json.encode(value), headers={"Content-Type": "application/json"})


def _refused(code: str) -> DoorstepError:
    return DoorstepError(code, "as the test arranged")
