"""Imports: rows of the intake become operations, all of a file or nothing.

Everything is compared with what is known before anything is written, and the writing is one transaction. What a
file says again is recognised and writes nothing, so repeating an import is harmless.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from server.intake import ACCOUNTS, AGENTS, NOTICES, PAYMENTS, REJECTIONS, VISITS, read_table
from server.services.imports.accounts import import_accounts
from server.services.imports.agents import import_agents
from server.services.imports.notices import import_notices
from server.services.imports.payments import import_payments
from server.services.imports.rejections import import_rejections
from server.services.imports.summary import ImportSummary
from server.services.imports.visits import import_visits
from server.services.office import Office, Person
from sync.errors import Refused

__all__ = [
    "IMPORT_KINDS",
    "ImportSummary",
    "import_accounts",
    "import_agents",
    "import_file",
    "import_notices",
    "import_payments",
    "import_rejections",
    "import_visits",
]

IMPORT_KINDS = ("agents", "accounts", "notices", "visits", "payments")
"""Kinds of files, in the order in which a folder is imported."""


def import_file(
    office: Office,
    person: Person,
    kind: str,
    file: str,
    data: bytes,
    *,
    letters: Mapping[str, bytes] | None = None,
    datum: str = "wgs84",
    dry_run: bool = False,
) -> ImportSummary:
    """Read one CSV file and import it; raises IMPORT-MALFORMED, ARGUMENT-WRONG, ROLE-MISSING."""
    if datum not in ("wgs84", "gcj02", "bd09"):
        raise Refused("ARGUMENT-WRONG", f"datum {datum[:20]!r} is not one of wgs84, gcj02, bd09")
    if kind == "agents":
        return import_agents(office, person, file, read_table(AGENTS, file, data, datum), dry_run=dry_run)
    if kind == "accounts":
        source = hashlib.sha256(data).hexdigest()[:16]
        rows = read_table(ACCOUNTS, file, data, datum)
        return import_accounts(office, person, file, rows, source=source, dry_run=dry_run)
    if kind == "notices":
        rows_of_notices = read_table(NOTICES, file, data)
        return import_notices(office, person, file, rows_of_notices, letters or {}, dry_run=dry_run)
    if kind == "visits":
        return import_visits(office, person, file, read_table(VISITS, file, data), dry_run=dry_run)
    if kind == "payments":
        return import_payments(office, person, file, read_table(PAYMENTS, file, data), dry_run=dry_run)
    if kind == "rejections":
        return import_rejections(office, person, file, read_table(REJECTIONS, file, data), dry_run=dry_run)
    raise Refused("ARGUMENT-WRONG", f"kind {kind[:20]!r} is not one of {', '.join((*IMPORT_KINDS, 'rejections'))}")
