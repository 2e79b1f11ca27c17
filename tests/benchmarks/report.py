"""What a run found, as a table for people and as JSON for machines."""

from __future__ import annotations

import os
import platform
import sqlite3
import time

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from sync.signing import TAG_EXCHANGE, sign, verify
from tests.benchmarks.evening import Evening, Growth
from tests.benchmarks.morning import Morning
from tests.benchmarks.plan import Plan

__all__ = ["Machine", "Report", "machine", "table"]

_VERIFICATIONS = 500


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """Where it ran."""

    cores: int
    processor: str
    python: str
    sqlite: str
    load: float
    """Load average of the last minute at the start: others may use the machine."""
    verify_us: float
    """CPU of one P-256 verification, in millionths of a second: how fast the machine is at the moment."""


class Report(msgspec.Struct, kw_only=True):
    """Everything one run measured."""

    machine: Machine
    plan: Plan
    evenings: list[Evening] = []
    morning: Morning | None = None
    growth: Growth | None = None


def machine() -> Machine:
    """This machine."""
    return Machine(
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        processor=platform.processor() or platform.machine(),
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
        load=os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0,
        verify_us=_verify_us(),
    )


def _verify_us() -> float:
    private = ec.generate_private_key(ec.SECP256R1())
    signature = sign(private, TAG_EXCHANGE, b"payload")
    started = time.process_time()
    for _ in range(_VERIFICATIONS):
        verify(private.public_key(), TAG_EXCHANGE, b"payload", signature)
    return (time.process_time() - started) / _VERIFICATIONS * 1e6


def table(report: Report) -> str:
    """Lines of figure, value and target."""
    on, plan = report.machine, report.plan
    rows: list[tuple[str, str, str]] = []
    for evening in report.evenings:
        rows += _evening(evening)
    if report.morning is not None:
        rows += _morning(report.morning)
    if report.growth is not None:
        rows += _growth(report.growth)
    width = [max(len(row[place]) for row in rows) for place in range(3)]
    lines = [
        (
            f"{on.cores} cores ({on.processor}), Python {on.python}, SQLite {on.sqlite}, load {on.load:.1f},"
            f" a P-256 verification {on.verify_us:.0f} µs;"
            f" {plan.devices} devices × {plan.operations} operations, {plan.connections} connections,"
            f" median of {plan.rounds} rounds"
        )
    ]
    for name, value, target in rows:
        lines.append(f"{name:<{width[0]}}  {value:>{width[1]}}  {target}".rstrip())
    return "\n".join(lines)


def _evening(found: Evening) -> list[tuple[str, str, str]]:
    before = f"history {found.history}: "
    return [
        (f"{before}raw limit", f"{found.raw:,.0f}/s", ""),
        (f"{before}acknowledged", f"{found.acknowledged:,.0f}/s", ""),
        (f"{before}acknowledged, of the raw limit", f"{found.acknowledged_ratio:.3f}", "at least 0.25"),
        (f"{before}acknowledged and reconciled", f"{found.reconciled:,.0f}/s", ""),
        (f"{before}acknowledged and reconciled, of the raw limit", f"{found.reconciled_ratio:.3f}", "at least 0.08"),
        (f"{before}duplicates acknowledged", f"{found.duplicates:,.0f}/s", ""),
        (f"{before}CPU of push and of duplicates", f"{found.cpu_push_s:.2f} s, {found.cpu_duplicates_s:.2f} s", ""),
        (f"{before}CPU of the push for an operation", f"{found.cpu_push_us:.0f} µs", ""),
        (f"{before}CPU of duplicates, of the push", f"{found.cpu_ratio:.2f}", "at most 0.5"),
        (f"{before}request bytes, of the operations' own", f"{found.request_ratio:.3f}", "at most 1.1"),
        (f"{before}median push request", f"{found.latency_ms:.0f} ms", ""),
        (f"{before}bytes of an operation", f"{found.operation_bytes:.0f}", ""),
        (f"{before}discrepancies, operations held", f"{found.discrepancies}, {found.held}", "held: 0"),
    ]


def _morning(found: Morning) -> list[tuple[str, str, str]]:
    return [
        (f"morning: documents of {found.document_bytes:.0f} bytes", f"{found.plain:,.0f}/s", "at least 50,000/s"),
        ("morning: the same with gzip", f"{found.gzip:,.0f}/s", ""),
        ("morning: gzip bytes, of plain", f"{found.gzip_bytes_ratio:.2f}", ""),
        ("morning: CPU for a document, plain and gzip", f"{found.cpu_plain_us:.1f} µs, {found.cpu_gzip_us:.1f} µs", ""),
    ]


def _growth(found: Growth) -> list[tuple[str, str, str]]:
    small, large = found.small, found.large
    before = f"{large.stored:,} against {small.stored:,} stored: "
    return [
        (f"{before}acknowledged", f"{found.acknowledged_ratio:.2f}", "about 1"),
        (f"{before}acknowledged and reconciled", f"{found.reconciled_ratio:.2f}", "about 1"),
        (f"{before}duplicates acknowledged", f"{found.duplicates_ratio:.2f}", "about 1"),
        (f"{before}CPU of a push", f"{found.cpu_ratio:.2f}", "about 1"),
        (f"{before}raw limit in an empty database", f"{found.raw_ratio:.2f}", "1, or the machine was not quiet"),
        (f"{before}raw limit in databases as large", f"{found.raw_grown_ratio:.2f}", "what SQLite alone loses"),
        (f"{before}acknowledged", f"{large.acknowledged:,.0f}/s, {small.acknowledged:,.0f}/s", ""),
        (f"{before}acknowledged and reconciled", f"{large.reconciled:,.0f}/s, {small.reconciled:,.0f}/s", ""),
    ]
