"""Enrolled phones as the console shows them: whose they are, and whether they work, are locked, or revoked for good."""

from __future__ import annotations

from typing import Literal

import msgspec

from server.ports import Device, Reader
from server.services.agents import agent_details

__all__ = ["PHONES_PAGE", "PhoneView", "PhonesPage", "phones_page"]

PHONES_PAGE = 60
"""Phones on one page of the console."""

State = Literal["works", "locked", "wiping", "revoked"]


class PhoneView(msgspec.Struct, frozen=True, kw_only=True):
    """A phone; `since_ms` is when its state began, `basis` what a command may be based on."""

    device: str
    agent: str
    name: str
    branch: str
    model: str
    enrolled_ms: int
    state: State
    since_ms: int
    recoveries: int
    """How often a forgotten PIN was answered."""
    basis: str


class PhonesPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of phones by id; `next` is empty on the last one."""

    items: list[PhoneView]
    next: str = ""


def phones_page(reader: Reader, *, agent: str = "", after: str = "") -> PhonesPage:
    """Phones by id after one, of one agent if named."""
    found: list[Device] = []
    while len(found) <= PHONES_PAGE:
        devices = reader.devices(agent=agent or None, after=after, limit=PHONES_PAGE + 1)
        if not devices:
            break
        after = devices[-1].device
        # The office's own journals are devices too, and nobody's phones.
        found += [device for device in devices if device.agent]
    shown = found[:PHONES_PAGE]
    more = len(found) > PHONES_PAGE
    return PhonesPage(items=[_view(reader, device) for device in shown], next=shown[-1].device if more else "")


def _view(reader: Reader, device: Device) -> PhoneView:
    details = agent_details(reader, device.agent)
    key = f"device:{device.device}"
    state = reader.aggregate(key) or {}
    return PhoneView(
        device=device.device,
        agent=device.agent,
        name=details.name if details else device.agent,
        branch=device.branch,
        model=device.model,
        enrolled_ms=device.enrolled_ms,
        state=_state(device),
        since_ms=device.revoked_ms or device.locked_ms or device.enrolled_ms,
        recoveries=state.get("recoveries", 0),
        basis=reader.aggregate_head(key),
    )


def _state(device: Device) -> State:
    if device.revoked_ms:
        return "revoked"
    if device.locked_ms:
        return "wiping" if device.wipe_after_upload else "locked"
    return "works"
