"""Visits' personal rows: the visit code and what a phone may know of it, found by branch and day, or by customer."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from server.ports import Keys, Reader, Writer
from sync.visit_code import CODE_BITS_NONE, code_digest, normal_code

__all__ = ["VisitRecord", "make_record", "put_record", "records", "visits_of_customer", "visits_of_day"]

_KIND = "visit"


class VisitRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is kept of a visit beside the journals; `code_bits` is -1 without a code."""

    visit: str
    branch: str
    service_day: str
    account: str
    customer: str
    code: str = ""
    code_salt: str = ""
    code_bits: int = CODE_BITS_NONE


def make_record(
    keys: Keys, *, visit: str, branch: str, service_day: str, account: str, customer: str, code: str
) -> VisitRecord:
    """A row; with a code this takes some ten milliseconds, for the digest is slow on purpose."""
    salt = keys.blind("visit-code-salt", visit).hex() if code else ""
    return VisitRecord(
        visit=visit,
        branch=branch,
        service_day=service_day,
        account=account,
        customer=customer,
        code=normal_code(code) if code else "",
        code_salt=salt,
        code_bits=code_digest(code, salt) if code else CODE_BITS_NONE,
    )


def put_record(writer: Writer, record: VisitRecord) -> None:
    """Keep a row and its indexes."""
    index = {"day": f"{record.branch}/{record.service_day}", "customer": record.customer}
    writer.put_personal(_KIND, record.visit, msgspec.json.encode(record), index)


def records(reader: Reader, visits: Collection[str]) -> dict[str, VisitRecord]:
    """Rows by visit; erased ones are absent."""
    return {
        visit: msgspec.json.decode(data, type=VisitRecord)
        for visit, data in reader.personal_many(_KIND, visits).items()
    }


def visits_of_day(reader: Reader, branch: str, service_day: str) -> list[str]:
    """Ids of the visits planned for (or moved to) a branch's day, sorted."""
    return reader.personal_find(_KIND, "day", f"{branch}/{service_day}")


def visits_of_customer(reader: Reader, customer: str) -> list[str]:
    """Ids of a customer's visits, sorted."""
    return reader.personal_find(_KIND, "customer", customer)
