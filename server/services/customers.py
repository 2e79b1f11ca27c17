"""Customers' personal rows: what packs and pages may say about somebody, kept apart from the journals.

A row (kind ``customer``, found by telephone) holds what the creditor's latest import says, and over it what the
office verified by itself, which beats an import. The journals name side records only; erasing the row and those
leaves the books as they are.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from server.ports import Keys, OfficeWork, Reader, Writer
from server.services.office import Person, actor_for
from sync.errors import Refused
from sync.limits import TEXT_LENGTH_MAX
from sync.operations.office import DetailsVerified
from sync.side_records import SideRecord, make_side_record

__all__ = [
    "CustomerDetails",
    "DetailField",
    "customer_details",
    "keyed_record",
    "put_customer",
    "put_verified",
    "verify_details",
]

DetailField = Literal["phone", "address", "email", "employer", "language"]
_KIND = "customer"


class CustomerDetails(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who a customer is; `verified` holds fields that the office verified (field → value)."""

    customer: str
    name: str
    phone: str
    address: str
    language: str
    as_of_ms: int = 0
    verified: dict[str, str] = {}

    def shown(self, field: str) -> str:
        """The value that stands: the verified one, else the imported one."""
        return self.verified.get(field) or str(getattr(self, field, ""))


def keyed_record(keys: Keys, purpose: str, content: bytes) -> SideRecord:
    """A side record whose salt follows from the office's blind key: the same content gets the same name again.

    That makes a repeated import recognisable without opening anything; without the key a guess cannot be tested.
    """
    return make_side_record(content, keys.blind(f"salt\0{purpose}", content.hex()))


def customer_details(reader: Reader, customer: str) -> CustomerDetails | None:
    """One customer's details; None when unknown or erased."""
    row = reader.personal(_KIND, customer)
    return None if row is None else msgspec.json.decode(row, type=CustomerDetails)


def put_customer(writer: Writer, details: CustomerDetails) -> None:
    """Keep the row, to be found by the telephone number that stands."""
    phone = details.shown("phone")
    writer.put_personal(_KIND, details.customer, msgspec.json.encode(details), {"phone": phone} if phone else None)


def put_verified(details: CustomerDetails, field: str, value: str) -> CustomerDetails:
    """The details with one more verified field."""
    return msgspec.structs.replace(details, verified={**details.verified, field: value})


def verify_details(writer: Writer, keys: Keys, person: Person, customer: str, field: DetailField, value: str) -> str:
    """Journal that the office verified a contact field; the operation's hash. One work.

    Raises NOT-FOUND for an unknown customer, ARGUMENT-WRONG for an empty or overlong value.
    """
    by = actor_for(person, "DetailsVerified")
    value = value.strip()
    if not 0 < len(value) <= TEXT_LENGTH_MAX:
        raise Refused("ARGUMENT-WRONG", f"a value has 1 to {TEXT_LENGTH_MAX} characters, this one {len(value)}")
    details = customer_details(writer, customer)
    if details is None:
        raise Refused("NOT-FOUND", f"no customer {customer[:64]!r}")
    record = keyed_record(keys, f"verified\0{customer}\0{field}", value.encode())
    writer.put_side_record(record.sha256, record.data)
    body = DetailsVerified(customer=customer, field=field, value=record.sha256)
    key = f"customer:{customer}"
    (entry,) = writer.append_office([OfficeWork(body=body, by=by)], expect={key: writer.aggregate_head(key)})
    put_customer(writer, put_verified(details, field, value))
    return entry.hash
