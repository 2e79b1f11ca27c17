"""Rules about journals and single operations: gaps, forks, revocation, authors, and what is not understood."""

from __future__ import annotations

import msgspec

from sync.operations.understand import Held
from sync.reconcile.catalogue import Finding, rule
from sync.reconcile.folds.device import DeviceView

__all__ = ["DEVICE_RULES", "HELD_RULES", "HeldView"]


class HeldView(msgspec.Struct, frozen=True):
    """One operation that is kept without effect, and why."""

    hash: str
    held: Held


@rule(
    "JOURNAL-GAP",
    family="device",
    severity="review",
    outcomes=("escalate",),
    en=(
        "Operations are missing",
        "Device {device} of {agent} lacks operations {gaps}.",
        "The phone is asked for them. A day cannot close over the gap; two persons may declare it lost.",
    ),
    zh=(
        "记录有缺口",
        "{agent} 的设备 {device} 缺少记录 {gaps}。",
        "已要求手机补传。缺口未补不能结日；可由两人宣告遗失。",
    ),
)
def journal_gap(view: DeviceView) -> Finding | None:
    """Numbers of a journal are missing below one that is held, and nobody has declared them lost."""
    if not view.open_gaps:
        return None
    gaps = ", ".join(f"{epoch}/{start}–{end}" for epoch, start, end in view.open_gaps)
    return Finding(operations=(), values={"device": view.device, "agent": _agent(view), "gaps": gaps})


@rule(
    "JOURNAL-FORK",
    family="device",
    severity="review",
    outcomes=("accept", "escalate"),
    en=(
        "The journal forked",
        "Device {device} of {agent} has {branches} operations under one number of epoch {epochs} (restored or copied).",
        "All branches are kept and count; the device goes on in a new epoch.",
    ),
    zh=(
        "日志分叉",
        "{agent} 的设备 {device} 在第 {epochs} 纪元以同一序号写下 {branches} 条不同记录：手机从备份恢复，或被复制。",
        "所有分支均保留并有效；设备在新纪元继续。",
    ),
)
def journal_fork(view: DeviceView) -> Finding | None:
    """Two different operations stand at one place of a journal."""
    if not view.forked_epochs:
        return None
    epochs = ", ".join(map(str, view.forked_epochs))
    # The branch heads move on with every sync; the ground is the fork itself, not how far its branches grew.
    return Finding(
        operations=(),
        values={"device": view.device, "agent": _agent(view), "epochs": epochs, "branches": view.branches},
    )


@rule(
    "DEVICE-REVOKED",
    family="device",
    severity="review",
    outcomes=("accept", "escalate"),
    en=(
        "Written after the device was revoked",
        "{count} operation(s) of device {device} of {agent} arrived that no head or receipt known before covers.",
        "They are held and not posted, whatever their date, and stay answerable to customers.",
    ),
    zh=(
        "设备吊销后的记录",
        "{agent} 的设备 {device} 有 {count} 条记录不在吊销前已知的范围内。",
        "不论日期均暂存不入账，但仍可答复客户。",
    ),
)
def device_revoked(view: DeviceView) -> Finding | None:
    """Operations above every head and witness that the office held before it revoked the device."""
    if not view.after_revocation:
        return None
    return Finding(
        operations=view.after_revocation,
        values={"device": view.device, "agent": _agent(view), "count": len(view.after_revocation)},
    )


def _agent(view: DeviceView) -> str:
    return view.enrolled.agent if view.enrolled else "—"


def _held(view: HeldView, code: str) -> Finding | None:
    if view.held.rule != code:
        return None
    return Finding(operations=(view.hash,), values={"hash": view.hash[:12], "why": view.held.sentence})


@rule(
    "OPERATION-MALFORMED",
    family="operation",
    severity="review",
    outcomes=("accept", "escalate"),
    en=("Not understood", "Operation {hash}… is broken. {why}", "It is kept, and later ones are not blocked."),
    zh=("无法理解", "记录 {hash}… 已损坏。{why}", "予以保留，不影响其后的记录。"),
)
def operation_malformed(view: HeldView) -> Finding | None:
    """A body that is malformed, has duplicate keys, integers beyond 2^53 or impossible values is kept and held."""
    return _held(view, "OPERATION-MALFORMED")


@rule(
    "SCHEMA-NEWER",
    family="operation",
    severity="review",
    outcomes=("escalate",),
    en=(
        "From a newer version",
        "Operation {hash}… is of a newer version. {why}",
        "It is looked at again after an upgrade.",
    ),
    zh=("来自较新版本", "记录 {hash}… 来自较新的版本。{why}", "升级后将重新处理。"),
)
def schema_newer(view: HeldView) -> Finding | None:
    """An operation of an unknown kind or a newer version is kept and held until an upgrade."""
    return _held(view, "SCHEMA-NEWER")


@rule(
    "AUTHOR-NOT-ALLOWED",
    family="operation",
    severity="alarm",
    outcomes=("accept", "escalate"),
    en=("Written by somebody who may not", "Operation {hash}… has no effect. {why}", "It is kept and has no effect."),
    zh=("作者无权", "记录 {hash}… 无效。{why}", "予以保留，但不生效。"),
)
def author_not_allowed(view: HeldView) -> Finding | None:
    """An operation whose kind its author may not write is kept without effect."""
    return _held(view, "AUTHOR-NOT-ALLOWED")


class _NeverView(msgspec.Struct, frozen=True):
    """DECISION-CLASH is found where decisions are joined with findings, for every family alike."""


@rule(
    "DECISION-CLASH",
    family="any",
    severity="review",
    outcomes=("accept", "escalate"),
    en=(
        "Two decisions contradict each other",
        "Two persons decided {rules} differently on the same ground.",
        "The first in canonical order holds.",
    ),
    zh=("裁定相互矛盾", "两人就同一依据对 {rules} 作出不同裁定。", "以规范顺序中的第一个为准。"),
)
def decision_clash(_view: _NeverView) -> Finding | None:
    """Two decisions on the same ground state different outcomes; the first in canonical order holds."""
    return None


DEVICE_RULES = (journal_gap, journal_fork, device_revoked)
HELD_RULES = (operation_malformed, schema_newer, author_not_allowed)
