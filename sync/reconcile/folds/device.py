"""The fold of one device: its journal's gaps and forks, its lock, and what arrived after it was revoked.

Besides the facts it takes the journal's segments (`sync.segments`), themselves a pure function of the operations
held, and the hashes of those held as written after the revocation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from sync.operations.office import (
    DeviceEnrolled,
    DeviceLocked,
    DeviceRevoked,
    DeviceUnlocked,
    EpochOpened,
    JournalLost,
    RecoveryAnswered,
)
from sync.reconcile.decisions import two_persons
from sync.reconcile.facts import Fact, Registry, canonical_order
from sync.segments import Summary

__all__ = ["DeviceView", "device_state", "device_view", "device_whereabouts"]


class DeviceView(msgspec.Struct, frozen=True):
    """What the rules see of one device."""

    device: str
    enrolled: DeviceEnrolled | None
    epochs: tuple[EpochOpened, ...]
    revoked: tuple[tuple[Fact, DeviceRevoked], ...]
    lost: tuple[JournalLost, ...]
    summaries: Mapping[int, Summary]
    after_revocation: tuple[str, ...]
    registry: Registry
    lock: DeviceLocked | None = None
    """The lock that holds, if any."""
    recoveries: int = 0
    """How often a forgotten PIN was answered."""

    @property
    def open_gaps(self) -> tuple[tuple[int, int, int], ...]:
        """(epoch, from, to) of numbers that are missing and that nobody closed over."""
        return tuple(
            (epoch, start, end)
            for epoch, summary in sorted(self.summaries.items())
            for gap in summary.missing
            for start, end in _left(gap, [lost for lost in self.lost if lost.epoch == epoch])
        )

    @property
    def forked_epochs(self) -> tuple[int, ...]:
        """Epochs in which two operations hold one number."""
        return tuple(epoch for epoch, summary in sorted(self.summaries.items()) if summary.forked)

    @property
    def branches(self) -> int:
        """The most operations that hold one number."""
        return max((item.copies for summary in self.summaries.values() for item in summary.stretches), default=0)


def _left(gap: tuple[int, int], lost: Sequence[JournalLost]) -> list[tuple[int, int]]:
    """What is left of a gap when the declared losses are taken out; a loss to 0 reaches to the end."""
    left = [gap]
    for body in lost:
        low, high = (body.from_seq, body.to_seq) if body.to_seq else (body.from_seq + 1, gap[1])
        left = [
            (start, end)
            for first, last in left
            for start, end in ((first, min(last, low - 1)), (max(first, high + 1), last))
            if start <= end
        ]
    return left


def device_view(
    key: str,
    facts: Sequence[Fact],
    registry: Registry,
    summaries: Mapping[int, Summary],
    after_revocation: Sequence[str],
) -> DeviceView:
    """Sort the facts of ``device:id``."""
    enrolled: DeviceEnrolled | None = None
    epochs: list[EpochOpened] = []
    revoked: list[tuple[Fact, DeviceRevoked]] = []
    lost: list[JournalLost] = []
    lock: DeviceLocked | None = None
    recoveries = 0
    for fact in canonical_order(fact for fact in facts if not fact.held):
        body = fact.operation.body
        if isinstance(body, DeviceEnrolled):
            enrolled = enrolled or body
        elif isinstance(body, EpochOpened):
            epochs.append(body)
        elif isinstance(body, DeviceRevoked):
            revoked.append((fact, body))
        elif isinstance(body, DeviceLocked):
            lock = body
        elif isinstance(body, DeviceUnlocked):
            lock = None
        elif isinstance(body, RecoveryAnswered):
            recoveries += 1
        elif isinstance(body, JournalLost) and two_persons(fact.operation, body.second):
            lost.append(body)
    return DeviceView(
        key.partition(":")[2],
        enrolled,
        tuple(epochs),
        tuple(revoked),
        tuple(lost),
        summaries,
        tuple(sorted(after_revocation)),
        registry,
        lock,
        recoveries,
    )


def device_whereabouts(view: DeviceView) -> tuple[str, str]:
    """The branch of the device's agent; a device belongs to no single day."""
    return (view.enrolled.branch if view.enrolled else ""), ""


def device_state(view: DeviceView) -> dict[str, Any]:
    """What is stored and shown of the device."""
    return {
        "device": view.device,
        "agent": view.enrolled.agent if view.enrolled else "",
        "branch": view.enrolled.branch if view.enrolled else "",
        "revoked": bool(view.revoked),
        "locked": view.lock is not None,
        "wipe_after_upload": view.lock is not None and view.lock.wipe_after_upload,
        "recoveries": view.recoveries,
        "gaps": [list(gap) for gap in view.open_gaps],
        "forked_epochs": list(view.forked_epochs),
        "epochs": {
            str(epoch): {"ends": [[end.seq, end.hash] for end in summary.ends], "reach": summary.reach}
            for epoch, summary in sorted(view.summaries.items())
        },
        "after_revocation": len(view.after_revocation),
    }
