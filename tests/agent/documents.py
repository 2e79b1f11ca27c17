"""A day's documents as the office would send them, and the names that tests share."""

from __future__ import annotations

import msgspec

from sync.messages import Pack, VisitDocument
from sync.visit_code import code_digest

DEVICE = "00000000000000a1"
AGENT = "AG01"
DAY = "2026-11-23"
PACK = f"{DAY}/{AGENT}"
SERVER_MS = 1_795_391_400_000
"""2026-11-23T07:10:00+08:00."""
CODE = "7KQ2-9XWD"


def a_pack(visits: list[str], day: str = DAY, **changes: object) -> Pack:
    """A day's frame."""
    pack = Pack(
        pack=f"{day}/{AGENT}",
        agent=AGENT,
        agent_name="王秀英",
        branch="YC",
        service_day=day,
        zone="Asia/Shanghai",
        visits=visits,
        shift_starts_s=30600,
        shift_ends_s=64800,
        home_lat_e7=333500000,
        home_lon_e7=1201600000,
        distance_m=12000,
        cash_limit_minor=5_000_000,
        float_minor=20_000,
        currency="CNY",
        policy="house-1",
        public_url="https://pay.example",
        office_phone="+861110000000",
        creditor_name="Example Bank",
        issued_ms=SERVER_MS,
    )
    return msgspec.structs.replace(pack, **changes)


def a_visit(visit: str, position: int = 1, **changes: object) -> VisitDocument:
    """One stop with 2,000.00 overdue of 5,000.00."""
    document = VisitDocument(
        visit=visit,
        position=position,
        account=f"AC-{visit}",
        customer=f"CU-{visit}",
        name="李敏",
        phone="+8611100000001",
        address="人民路128号3幢502室",
        language="zh",
        lat_e7=333510000 + position * 10_000,
        lon_e7=1201610000,
        tasks=["identity", "collect"],
        window_starts_s=32400,
        window_ends_s=64800,
        service_s=480,
        eta_s=32400 + position * 1200,
        leg_m=900,
        mandatory=False,
        origin="planned",
        booked_minor=0,
        currency="CNY",
        minimum_due_minor=50_000,
        overdue_minor=200_000,
        statement_minor=300_000,
        payoff_minor=500_000,
        as_of_ms=SERVER_MS,
        due="2026-09-30",
        months_late=2,
        last_four="4321",
        account_tag="a1b2c3d4",
        creditor="Example Bank",
        code_salt="salt-" + visit,
        code_bits=code_digest("482107", "salt-" + visit),
    )
    return msgspec.structs.replace(document, **changes)
