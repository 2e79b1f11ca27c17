"""The office's jobs: each is idempotent, bounded, and goes on where it ended."""

from __future__ import annotations

from server.jobs.money import money_jobs
from server.jobs.scheduler import Job
from server.limits import JOB_PAGE, PROMISE_WAIT_DAYS, RECEIPT_DEADLINE_MS
from server.services.identity import judge_pending
from server.services.office import Office
from server.services.packs import refresh_all, service_day_today
from server.services.promises import judge_promises
from server.services.side_record_uploads import forget_stale
from server.services.unreported import sweep
from server.services.voids import confirm_pending_voids

__all__ = ["office_jobs"]


def office_jobs(office: Office) -> list[Job]:
    """Jobs that judge what arrived and notice what did not."""
    store, keys, clock = office.store, office.keys, office.clock
    return [
        *money_jobs(office),
        Job(
            name="judge-identity",
            title="Open sealed answers of identity checks and compare them",
            every_s=15,
            run=lambda: f"{judge_pending(store, keys, JOB_PAGE)} checks",
        ),
        Job(
            name="confirm-voids",
            title="Open void codes that were sealed at the door and compare them",
            every_s=15,
            run=lambda: f"{confirm_pending_voids(store, keys, JOB_PAGE)} voids",
        ),
        Job(
            name="unreported-receipts",
            title="Note receipts that customers showed and no phone reported by the deadline",
            every_s=60,
            run=lambda: f"{sweep(store, clock.now_ms(), RECEIPT_DEADLINE_MS, JOB_PAGE)} receipts",
        ),
        Job(
            name="judge-promises",
            title="Look for the money of promises whose day has ended",
            every_s=60,
            run=lambda: f"{judge_promises(store, service_day_today(office), PROMISE_WAIT_DAYS, JOB_PAGE)} promises",
        ),
        Job(
            name="forget-uploads",
            title="Forget side records that came in part and were not gone on with",
            every_s=3600,
            run=lambda: f"{forget_stale(store, clock.now_ms(), JOB_PAGE)} uploads",
        ),
        Job(
            name="refresh-packs",
            title="Bring issued packs up to date, should a command have been interrupted",
            every_s=600,
            run=lambda: f"{refresh_all(office)} changes",
        ),
    ]
