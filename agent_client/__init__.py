"""The field: what an agent carries; a library and a command line that work without a network.

::

    desk = open_desk(home, passphrase, keystore=None, clock=device_clock(os.environ), random=secrets.token_bytes)
    start_visit(desk, "V1")
    recorded = collect(desk, "V1", 20_000, "cash")       # on disk, with its receipt
    with agent_client.transport.open_office(desk.enrolment.office_url) as office:
        report = synchronise(desk, office, Waiting(sleep=time.sleep, draw=random.random))
"""

from agent_client import lean as _lean  # noqa: F401  # first: it loads sqlite-utils without NumPy
from agent_client.badge import present_badge
from agent_client.clock import device_clock
from agent_client.enrolment import enrol, open_desk, parse_enrolment_code
from agent_client.receipts import receipt_view, shown_receipt
from agent_client.recording import Desk, Recorded
from agent_client.route import day_route
from agent_client.status import phone_status
from agent_client.syncing import SyncReport, Waiting, request_epoch, synchronise
from agent_client.work.agreements import promise, report_details, take_note
from agent_client.work.drawer import day_summary, deposit_cash, end_day, hand_over, report_loss, transfer_cash
from agent_client.work.payments import collect, find_payment, payments, void
from agent_client.work.plans import PlanWish, propose_plan, what_if
from agent_client.work.visits import (
    check_identity,
    conclude,
    confirm_companion,
    deliver_notice,
    make_contact,
    raise_safety,
    start_visit,
)

__all__ = [
    "Desk",
    "PlanWish",
    "Recorded",
    "SyncReport",
    "Waiting",
    "check_identity",
    "collect",
    "conclude",
    "confirm_companion",
    "day_route",
    "day_summary",
    "deliver_notice",
    "deposit_cash",
    "device_clock",
    "end_day",
    "enrol",
    "find_payment",
    "hand_over",
    "make_contact",
    "open_desk",
    "parse_enrolment_code",
    "payments",
    "phone_status",
    "present_badge",
    "promise",
    "propose_plan",
    "raise_safety",
    "receipt_view",
    "report_details",
    "report_loss",
    "request_epoch",
    "shown_receipt",
    "start_visit",
    "synchronise",
    "take_note",
    "transfer_cash",
    "void",
    "what_if",
]
