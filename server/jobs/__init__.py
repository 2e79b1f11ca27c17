"""Background work: the reconciler's thread, and jobs by the clock. One leader: the process that holds the office."""

from server.jobs.scheduler import Job, Jobs
from server.jobs.worker import ReconcileWorker

__all__ = ["Job", "Jobs", "ReconcileWorker"]
