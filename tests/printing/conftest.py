"""One receipt that can be checked by hand, to vary."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from agent_client.printing import ReceiptView

DIGITS = ("31415926535897932384626433832795" * 10)[:292]


@pytest.fixture
def view() -> ReceiptView:
    """A cash payment of ¥1,234.56, in both languages, not yet confirmed."""
    return ReceiptView(
        prefix="https://example.com/r#",
        digits=DIGITS,
        number="7K2MX-1-42-9QA3CD",
        amount_minor=123_456,
        currency="CNY",
        method="cash",
        kind="payment",
        taken_at=datetime(2026, 3, 1, 14, 32, tzinfo=timezone(timedelta(hours=8))),
        agent_name="李明",
        agent_number="A-0173",
        creditor_name="江南商业银行信用卡中心",
        account_last_four="4821",
        office_phone="400-800-1234",
        official_address="example.com",
        identified=True,
        confirmed=False,
    )
