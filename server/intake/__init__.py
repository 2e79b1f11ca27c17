"""Intake: what creditors and the office's own systems send in as CSV files; README.md is the format's contract.

Reading needs no store: bytes in, rows out, or one error that names every wrong cell. `server.services.imports`
compares the rows with what is known and writes them, all or nothing.

>>> rows = read_table(PAYMENTS, "payments.csv", b"external_id,account_id,amount_minor,currency,paid_at,channel,"
...                   b"creditor_reference\\r\\nX1,AC1,5000,CNY,2026-03-02T10:00:00+08:00,alipay,\\r\\n")
>>> rows[0].amount_minor
5000
"""

from server.intake.faults import Fault, Faults
from server.intake.reading import read_table
from server.intake.records import AccountRow, AgentRow, NoticeRow, PaymentRow, RejectionRow, VisitRow
from server.intake.tables import ACCOUNTS, AGENTS, NOTICES, PAYMENTS, REJECTIONS, TABLES, VISITS, Table

__all__ = [
    "ACCOUNTS",
    "AGENTS",
    "NOTICES",
    "PAYMENTS",
    "REJECTIONS",
    "TABLES",
    "VISITS",
    "AccountRow",
    "AgentRow",
    "Fault",
    "Faults",
    "NoticeRow",
    "PaymentRow",
    "RejectionRow",
    "Table",
    "VisitRow",
    "read_table",
]
