"""Passing cleared money on to a creditor, in batches numbered per creditor without a gap.

A line is what of one payment reduced the debt, has arrived by a statement, and stands in closed books. Everything
else stays out, each with its reason (`WHY`). A batch is a compare-and-set on the creditor's batches and is written
whole: its header and every line in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from server.limits import REMITTANCE_LINES_MAX
from server.ports import OfficeWork, Reader, Store, StoredOperation, Writer
from server.services.money.confirmed import is_confirmed
from server.services.money.reconciled import await_reconciled, check_reconciled, held_at
from server.services.money.remittance_file import batch_file
from server.services.office import Person, actor_for
from server.services.restore import check_restored
from sync.encoding import sha256_hex
from sync.errors import Conflict, Refused
from sync.money import currency
from sync.operations.money import PaymentRemitted, RemittanceBatchNumbered
from sync.reconcile import places

__all__ = ["WHY", "Batch", "Draft", "DraftLine", "draft_batch", "list_batches", "number_batch"]

WHY: Final[dict[str, tuple[str, str]]] = {
    "account": ("no such account is known", "无此账户"),
    "alarm": ("an open alarm names the payment", "该收款有未结警报"),
    "ceased": ("suspense: the customer had asked not to be contacted", "暂记：客户已要求停止联系"),
    "currency": ("suspense: the account is in another currency", "暂记：账户使用另一币种"),
    "day_open": ("its day is not closed", "所属日尚未结账"),
    "disputed": ("suspense: the customer disputed the debt", "暂记：客户对债务有异议"),
    "moratorium": ("suspense: a moratorium protected the account", "暂记：账户处于延期保护期"),
    "next_batch": ("the batch is full", "本批已满"),
    "not_banked": ("no bank statement shows the branch's cash yet", "网点现金尚未见于银行对账单"),
    "recalled": ("suspense: the creditor had recalled the account", "暂记：债权方已收回账户"),
    "rejected": ("suspense: the creditor sent it back", "暂记：债权方已退回"),
    "unconfirmed": ("no settlement statement shows it yet", "尚未见于对账单"),
    "visit": ("suspense: no such visit was planned", "暂记：没有安排该次上门"),
    "void": ("a void of it waits", "其作废待定"),
    "written_off": ("suspense: the account had been written off", "暂记：账户已核销"),
}
"""Why money stays out of a batch, in both languages."""


class DraftLine(msgspec.Struct, frozen=True, kw_only=True):
    """Money of one payment that no creditor has; `why` is empty when it is in the batch."""

    account: str
    payment: str
    series: str
    amount_minor: int
    currency: str
    method: str
    branch: str
    why: str = ""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """The next batch of a creditor as it would be now."""

    creditor: str
    number: int
    currency: str
    amount_minor: int
    lines: list[DraftLine]
    waiting: list[DraftLine]


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """A numbered batch; `rejected` lines came back from the creditor."""

    creditor: str
    number: int
    day: str
    currency: str
    amount_minor: int
    lines: int
    rejected: int
    rejected_minor: int
    lines_sha256: str


def draft_batch(reader: Reader, creditor: str, code: str) -> Draft:
    """What would be in the next batch and what not, as last folded. Raises NOT-FOUND for a creditor of no account."""
    currency(code)
    found = {key: state for key, state in _accounts(reader) if state["creditor"] == creditor and creditor}
    if not found:
        raise Refused("NOT-FOUND", f"no account is owed to {creditor[:64]!r}")
    return _draft(reader, creditor, code, [found[key] for key in sorted(found)])


def _accounts(reader: Reader) -> Iterable[tuple[str, dict[str, Any]]]:
    after = ""
    while page := reader.aggregates_of("account", after=after):
        yield from page
        after = page[-1][0]


def _draft(reader: Reader, creditor: str, code: str, accounts: Iterable[dict[str, Any]]) -> Draft:
    entries = [
        (state["account"], entry) for state in accounts for entry in state["unremitted"] if entry["currency"] == code
    ]
    rows = reader.operations([entry["operation"] for _, entry in entries])
    orders = reader.aggregates({key for _, entry in entries for key in entry["settlements"]})
    registry = reader.registry()
    candidates = []
    for account, entry in entries:
        row = rows[entry["operation"]]
        line = DraftLine(
            account=account,
            payment=row.hash,
            series=entry["series"],
            amount_minor=entry["amount_minor"],
            currency=code,
            method=entry["method"],
            branch=registry[row.device].branch,
        )
        candidates.append((row.covered or "~", account, row.hash, line, _why(reader, entry, row, orders)))
    chosen: list[DraftLine] = []
    waiting: list[DraftLine] = []
    banked: dict[str, int] = {}
    for *_, line, reason in sorted(candidates, key=lambda item: item[:3]):
        why = reason or _no_cash(reader, line, banked) or ("next_batch" if len(chosen) >= REMITTANCE_LINES_MAX else "")
        (waiting if why else chosen).append(msgspec.structs.replace(line, why=why))
        if not why and line.method == "cash":
            banked[line.branch] -= line.amount_minor
    last = (reader.aggregate(f"creditor:{creditor}") or {"last": 0})["last"]
    return Draft(
        creditor=creditor,
        number=last + 1,
        currency=code,
        amount_minor=sum(line.amount_minor for line in chosen),
        lines=chosen,
        waiting=waiting,
    )


def _why(reader: Reader, entry: dict[str, Any], row: StoredOperation, orders: dict[str, dict[str, Any]]) -> str:
    if entry["why"]:
        return str(entry["why"])
    if not row.covered:
        return "day_open"
    if any(item.severity == "alarm" for item in reader.disputes(row.hash)):
        return "alarm"
    if entry["method"] != "cash" and not any(
        is_confirmed(orders[key], entry["currency"]) for key in entry["settlements"] if key in orders
    ):
        return "unconfirmed"
    return ""


def _no_cash(reader: Reader, line: DraftLine, banked: dict[str, int]) -> str:
    """Cash goes out only as far as a bank's statement shows what the branch paid in."""
    if line.method != "cash":
        return ""
    if line.branch not in banked:
        banked[line.branch] = held_at(reader, places.bank_cash(line.branch), line.currency)
    return "" if line.amount_minor <= banked[line.branch] else "not_banked"


def number_batch(
    store: Store, person: Person, creditor: str, code: str, day: str, *, basis: str | None = None
) -> Batch:
    """Number the creditor's next batch over everything that can be in it.

    Raises ROLE-MISSING, NOT-FOUND, CLOSING-STALE while reconciliation runs, RESTORE-UNCONFIRMED, STATE-FORBIDS when
    there is nothing to pass on, STATE-STALE when another batch or a change of an account came between.
    """
    by = actor_for(person, "RemittanceBatchNumbered")
    await_reconciled(store)
    with store.read() as reader:
        check_restored(reader, "the next batch")
        draft = draft_batch(reader, creditor, code)
        seen = reader.aggregate_head(f"creditor:{creditor}") if basis is None else basis
    if not draft.lines:
        reasons = sorted({line.why for line in draft.waiting})
        told = "; ".join(f"{sum(w.why == why for w in draft.waiting)} × {WHY[why][0]}" for why in reasons)
        raise Conflict("STATE-FORBIDS", f"nothing can be passed on to {creditor[:64]}: {told or 'nothing is due'}")

    def work(writer: Writer) -> Batch:
        check_reconciled(writer)
        check_restored(writer, "the next batch")
        states = writer.aggregates([f"account:{account}" for account in {line.account for line in draft.lines}])
        again = _draft(writer, creditor, code, [states[key] for key in sorted(states)])
        if again.lines != draft.lines:
            raise Conflict("STATE-STALE", f"what is due to {creditor[:64]} changed while the batch was made")
        lines = [_line(creditor, draft.number, place, day, line) for place, line in enumerate(draft.lines, start=1)]
        content = batch_file(writer, lines)
        header = RemittanceBatchNumbered(
            creditor=creditor,
            number=draft.number,
            day=day,
            currency=code,
            amount_minor=draft.amount_minor,
            lines=len(lines),
            lines_sha256=sha256_hex(content),
            basis=seen,
        )
        works = [OfficeWork(body=header, by=by), *(OfficeWork(body=line, by=by) for line in lines)]
        writer.append_office(works, expect={f"creditor:{creditor}": seen})
        return Batch(
            creditor=creditor,
            number=draft.number,
            day=day,
            currency=code,
            amount_minor=draft.amount_minor,
            lines=len(lines),
            rejected=0,
            rejected_minor=0,
            lines_sha256=header.lines_sha256,
        )

    return store.write_now(work)


def _line(creditor: str, batch: int, place: int, day: str, line: DraftLine) -> PaymentRemitted:
    return PaymentRemitted(
        creditor=creditor,
        batch=batch,
        line=place,
        payment=line.payment,
        series=line.series,
        account=line.account,
        amount_minor=line.amount_minor,
        currency=line.currency,
        method=line.method,
        branch=line.branch,
        day=day,
    )


def list_batches(reader: Reader, creditor: str) -> list[Batch]:
    """Every batch of a creditor by number, as last folded; raises NOT-FOUND for a creditor without one."""
    state = reader.aggregate(f"creditor:{creditor}")
    if state is None:
        raise Refused("NOT-FOUND", f"no batch was numbered for {creditor[:64]!r}")
    keys = [f"remittance:{creditor}/{number}" for number in range(1, state["last"] + 1)]
    return sorted(
        (msgspec.convert(found, Batch) for found in reader.aggregates(keys).values()), key=lambda batch: batch.number
    )
