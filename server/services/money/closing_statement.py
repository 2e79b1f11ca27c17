"""The signed statement of a closing: what it fixed, for whoever keeps it apart from this database.

It is a function of the journals alone, so it can be asked for again at any time; only the signature's bytes differ,
since ES256 draws a random number. Each statement names the SHA-256 of the one before, so a kept one proves all that
came before it. Anybody checks it with the office's published key: ES256 over ``tag + 0x00 + payload``.
"""

from __future__ import annotations

import msgspec

from server.keys import OfficeKeys
from server.ports import Reader
from server.services.present import facts_now
from sync.encoding import b64, canonical_json, sha256_hex, unb64
from sync.errors import Corrupt, NotAllowed, Refused
from sync.messages import Signed
from sync.operations.office import DayClosed, Head
from sync.operations.restore import ClosingPresented
from sync.reconcile.facts import Fact
from sync.reconcile.ledger import Line, balances
from sync.signing import TAG_CLOSING, load_public_key, sign, verify

__all__ = ["ClosingStatement", "check_closing_statement", "closing_statement"]


class ClosingStatement(msgspec.Struct, frozen=True, kw_only=True):
    """What a closing fixed. `balances` are place → currency → minor units of all lines booked through this closing."""

    branch: str
    service_day: str
    number: int
    closing: str
    """Hash of the `DayClosed`."""
    before: str
    """SHA-256 of the payload of the statement before; empty for the branch's first."""
    books_digest: str
    lines_document: str
    lines: int
    heads: list[Head]
    agents: tuple[str, ...]
    carried: tuple[str, ...]
    closed_at: str
    by: str
    second: str
    balances: dict[str, dict[str, int]]


def closing_statement(reader: Reader, keys: OfficeKeys, branch: str, service_day: str) -> Signed:
    """The statement of a day's closing, signed; raises NOT-FOUND, or STORE-CORRUPT when a document is not there."""
    key = f"branch:{branch}"
    facts = facts_now(reader, [key])[key]
    closings = sorted(
        (
            (body.number, fact.hash, fact, body)
            for fact in facts
            if isinstance(body := fact.operation.body, DayClosed) and not fact.held
        ),
        key=lambda item: item[:2],
    )
    if not any(body.service_day == service_day for *_, body in closings):
        raise Refused("NOT-FOUND", f"no closing of {branch[:64]} for {service_day[:10]}")
    payload = b""
    booked: list[Line] = []
    # What this database forgot and somebody kept stands in the chain by the statement that was presented.
    payloads = {
        body.closing: body.statement
        for fact in facts
        if isinstance(body := fact.operation.body, ClosingPresented) and not fact.held
    }
    for _, hash_, fact, body in closings:
        before = payloads.get(body.before, "")
        lines = msgspec.json.decode(_document(reader, body.lines_document), type=list[Line])
        booked += lines
        payload = canonical_json(_statement(reader, fact, body, before, len(lines), booked))
        payloads[hash_] = sha256_hex(payload)
        if body.service_day == service_day:
            break
    office = keys.office[-1]
    signature = sign(office.private, TAG_CLOSING, payload)
    return Signed(payload=msgspec.Raw(payload), signature=b64(signature), key=office.id)


def _statement(
    reader: Reader, fact: Fact, body: DayClosed, before: str, lines: int, booked: list[Line]
) -> ClosingStatement:
    return ClosingStatement(
        branch=body.branch,
        service_day=body.service_day,
        number=body.number,
        closing=fact.hash,
        before=before,
        books_digest=body.books_digest,
        lines_document=body.lines_document,
        lines=lines,
        heads=msgspec.json.decode(_document(reader, body.heads_document), type=list[Head]),
        agents=body.agents,
        carried=body.carried,
        closed_at=fact.operation.at,
        by=fact.operation.by.user if fact.operation.by else "",
        second=body.second,
        balances=balances(booked),
    )


def _document(reader: Reader, name: str) -> bytes:
    data = reader.blob(name)
    if data is None or sha256_hex(data) != name:
        raise Corrupt("STORE-CORRUPT", f"the document {name[:16]} that a closing names is missing or changed")
    return data


def check_closing_statement(reader: Reader, data: bytes) -> ClosingStatement:
    """Read a kept statement; raises ARGUMENT-WRONG for other bytes and SIGNATURE-WRONG when no office key signed it."""
    try:
        signed = msgspec.json.decode(data, type=Signed)
        found = msgspec.json.decode(signed.payload, type=ClosingStatement)
    except msgspec.DecodeError as error:
        raise Refused("ARGUMENT-WRONG", f"not a closing statement: {error}") from error
    public = reader.office_public_key(signed.key)
    if public is None:
        raise NotAllowed("SIGNATURE-WRONG", f"no office key has the id {signed.key[:16]!r}")
    verify(load_public_key(unb64(public)), TAG_CLOSING, bytes(signed.payload), unb64(signed.signature))
    return found
