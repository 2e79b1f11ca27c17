"""Orders whose statement and payments do not agree by the office's deadline.

A rule about absence reaches the books only through an office operation: this writes it, once for each order.
"""

from __future__ import annotations

from server.ports import OfficeWork, Reader, Store, Writer
from server.services.office import SYSTEM
from sync.operations.money import SettlementOverdue

__all__ = ["sweep_settlements"]


def sweep_settlements(store: Store, now_ms: int, deadline_ms: int, limit: int) -> int:
    """Look at what waits, at most `limit` orders of each kind; how many operations were written. A job."""
    with store.read() as reader:
        late = _late(reader, now_ms - deadline_ms, limit)
    if not late:
        return 0

    def work(writer: Writer) -> int:
        still = _late(writer, now_ms - deadline_ms, limit)
        bodies = [SettlementOverdue(settlement=name, deadline_ms=deadline_ms) for name in still]
        writer.append_office([OfficeWork(body=body, by=SYSTEM) for body in bodies])
        return len(bodies)

    return store.write_now(work)


def _late(reader: Reader, before_ms: int, limit: int) -> list[str]:
    subjects: dict[str, None] = {}
    for rule in ("PAY-UNCONFIRMED", "WALLET-UNMATCHED"):
        subjects |= dict.fromkeys(item.subject for item in reader.discrepancies(rule=rule, limit=limit))
    states = reader.aggregates(list(subjects)).values()
    late = [s for s in states if not s["agrees"] and not s["overdue"] and s["waiting_since_ms"] <= before_ms]
    # What was written and is still to be folded is not written again.
    heads = {s["settlement"]: reader.aggregate_head(f"settlement:{s['settlement']}") for s in late}
    rows = reader.operations([head for head in heads.values() if head])
    written = {name for name, head in heads.items() if head in rows and b'"SettlementOverdue"' in rows[head].data}
    return sorted(set(heads) - written)
