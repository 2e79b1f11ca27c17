"""The office's own look at identity checks: it opens the sealed answer and compares it with the visit code.

Only this counts as *matched*. A seal that does not open was not made for this phone, visit and place in the journal,
and counts as a failed comparison.
"""

from __future__ import annotations

import hmac

import msgspec

from server.keys import OfficeKeys
from server.ports import OfficeWork, Reader, Store, Writer
from server.services.office import SYSTEM
from server.services.present import facts_now
from server.services.visit_rows import records
from sync.errors import Refused
from sync.operations.field import IdentityChecked
from sync.operations.office import IdentityJudged
from sync.reconcile.facts import Fact
from sync.sealing import unseal
from sync.side_records import content_of
from sync.visit_code import answer_binding, normal_code

__all__ = ["Judgement", "judge_pending", "judge_visits", "open_answer"]

_CURSOR = "identity/cursor"


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What one look found: the check's hash and whether the answer matched."""

    visit: str
    check: str
    matched: bool


def open_answer(reader: Reader, keys: OfficeKeys, sealed: str, device: str, visit: str, prev: str) -> str | None:
    """The answer in a sealed side record, in normal form; None while it has not arrived, empty if it does not open.

    Retired identity keys are tried after the present one.
    """
    data = reader.side_record(sealed) if sealed else None
    if data is None:
        return None
    binding = answer_binding(device, visit, prev)
    for key in reversed(keys.identity):
        try:
            return normal_code(unseal(key.private, content_of(data), binding).decode())
        except (Refused, UnicodeDecodeError):
            continue
    return ""


def judge_visits(writer: Writer, keys: OfficeKeys, visits: list[str]) -> list[Judgement]:
    """Judge every check of these visits that can be and was not; part of a work."""
    kept = records(writer, visits)
    found: list[Judgement] = []
    for key, facts in facts_now(writer, [f"visit:{visit}" for visit in visits if visit in kept]).items():
        record = kept[key.partition(":")[2]]
        judged = {f.operation.body.check for f in facts if isinstance(f.operation.body, IdentityJudged)}
        for fact in facts:
            if fact.hash not in judged and not fact.held and record.code:
                judgement = _judge(writer, keys, fact, record.code)
                if judgement is not None:
                    found.append(judgement)
    writer.append_office(
        [
            OfficeWork(
                body=IdentityJudged(visit=item.visit, check=item.check, matched=item.matched),
                by=SYSTEM,
                rests_on=(item.check,),
            )
            for item in found
        ]
    )
    return found


def _judge(reader: Reader, keys: OfficeKeys, fact: Fact, code: str) -> Judgement | None:
    operation, body = fact.operation, fact.operation.body
    if not isinstance(body, IdentityChecked) or body.method != "visit_code" or body.result != "answered":
        return None
    answer = open_answer(reader, keys, body.sealed, operation.device, body.visit, operation.prev)
    if answer is None:
        return None
    return Judgement(visit=body.visit, check=fact.hash, matched=hmac.compare_digest(answer.encode(), code.encode()))


def judge_pending(store: Store, keys: OfficeKeys, limit: int) -> int:
    """Look at the next `limit` visits in order of key, wherever the last call ended; how many checks were judged.

    A job: repeating it is harmless, and a sealed answer that arrives late is found in a later round.
    """
    with store.read() as reader:
        after = reader.setting(_CURSOR)
        page = reader.aggregates_of("visit", after=after, limit=limit)
        waiting = [state["visit"] for _, state in page if state["identity"] == "answered"]
        coded = [visit for visit, record in records(reader, waiting).items() if record.code]
    cursor = page[-1][0] if len(page) == limit else ""
    if not coded and cursor == after:
        return 0

    def work(writer: Writer) -> int:
        writer.put_setting(_CURSOR, cursor)
        return len(judge_visits(writer, keys, coded))

    return store.write_now(work)
