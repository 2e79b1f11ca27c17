"""The morning: every agent fetches the day's visit documents. Plain and compressed, from one server."""

from __future__ import annotations

import random
from pathlib import Path
from statistics import median

import msgspec

from server.ports import Writer
from sync.messages import VisitDocument
from tests.benchmarks.branch import Branch
from tests.benchmarks.load import http_request, send_all
from tests.benchmarks.office import Prepared, Server
from tests.benchmarks.plan import Plan, Say

__all__ = ["Morning", "measure_morning"]

_REPEATS = 5
"""How often each agent asks for everything in one round: a second is too short otherwise."""
_DOCUMENT_BYTES = 1_000


class Morning(msgspec.Struct, frozen=True, kw_only=True):
    """Every agent fetches everything; documents per second."""

    documents: int
    document_bytes: float
    plain: float
    gzip: float
    gzip_bytes_ratio: float
    cpu_plain_us: float
    """CPU of the server for one document, in millionths of a second."""
    cpu_gzip_us: float


def measure_morning(folder: Path, branch: Branch, plan: Plan, now_ms: int, say: Say) -> Morning:
    """Put visit documents for every agent, encrypted as always, and let all of them fetch everything."""
    prepared = Prepared(folder, now_ms)
    lengths: list[int] = []
    for phone in branch.phones:
        documents = [_document(branch.chance, phone.agent, place) for place in range(plan.documents)]
        lengths += [len(data) for _, data in documents]

        def put(writer: Writer, agent: str = phone.agent, documents: list[tuple[str, bytes]] = documents) -> None:
            for name, data in documents:
                writer.put_document(agent, name, data)

        prepared.store.write_now(put)
    prepared.close()
    rates: dict[bool, list[float]] = {False: [], True: []}
    cpu: dict[bool, list[float]] = {False: [], True: []}
    transferred: dict[bool, int] = {}
    expected = plan.documents * len(branch.phones) * _REPEATS
    with Server.running(folder) as server:
        for number in range(plan.rounds):
            for gzip in (False, True):
                requests = [
                    http_request(phone.request([], now_ms, branch.chance, None, pull=True), gzip=gzip)
                    for _ in range(_REPEATS)
                    for phone in branch.phones
                ]
                before = server.cpu_seconds()
                sent = send_all(server.port, requests, plan.connections)
                cpu[gzip].append((server.cpu_seconds() - before) / expected * 1e6)
                given = sum(data.count(b'"name":"visit/') for data in sent.answers)
                if given != expected:
                    raise RuntimeError(f"{given} documents were given instead of {expected}")
                rates[gzip].append(expected / sent.seconds)
                transferred[gzip] = sent.answer_bytes
            say(f"morning, round {number + 1}: {rates[False][-1]:,.0f} documents/s, gzip {rates[True][-1]:,.0f}/s")
    return Morning(
        documents=plan.documents * len(branch.phones),
        document_bytes=sum(lengths) / len(lengths),
        plain=median(rates[False]),
        gzip=median(rates[True]),
        gzip_bytes_ratio=transferred[True] / transferred[False],
        cpu_plain_us=median(cpu[False]),
        cpu_gzip_us=median(cpu[True]),
    )


def _document(chance: random.Random, agent: str, place: int) -> tuple[str, bytes]:
    visit = f"VM-{agent}-{place:02d}"
    document = VisitDocument(
        visit=visit,
        position=place,
        account=f"AC{chance.randrange(10**9):09d}",
        customer=f"CU{chance.randrange(10**9):09d}",
        name="张伟",
        phone=f"+86 138 {chance.randrange(10**8):08d}",
        address=f"上海市静安区南京西路 {chance.randrange(2000)} 号 {chance.randrange(3000)} 室",
        language="zh",
        lat_e7=312000000 + chance.randrange(10**6),
        lon_e7=1214000000 + chance.randrange(10**6),
        tasks=["collect", "identity"],
        window_starts_s=32_400,
        window_ends_s=72_000,
        service_s=480,
        eta_s=36_000 + place * 600,
        leg_m=chance.randrange(5_000),
        mandatory=bool(place % 2),
        origin="planned",
        booked_minor=0,
        currency="CNY",
        minimum_due_minor=chance.randrange(10**6),
        overdue_minor=chance.randrange(10**6),
        statement_minor=chance.randrange(10**7),
        payoff_minor=chance.randrange(10**7),
        as_of_ms=1_790_000_000_000 + chance.randrange(10**9),
        due="2026-11-30",
        months_late=2,
        last_four=f"{chance.randrange(10**4):04d}",
        account_tag=chance.randbytes(4).hex(),
        creditor="CR1",
        code_salt=chance.randbytes(16).hex(),
        code_bits=chance.randrange(256),
        forbidden=["contact_employer"],
    )
    length = len(msgspec.json.encode(document))
    filled = msgspec.structs.replace(document, forbidden_why=[chance.randbytes((_DOCUMENT_BYTES - length) // 2).hex()])
    return f"visit/{visit}", msgspec.json.encode(filled)
