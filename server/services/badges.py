"""Badge certificates: by which an agent's phones may show, for one service day, that they speak for the agent.

They are a document beside the day's pack. A certificate that still says the same is kept as it is, since every
signature differs and a phone would fetch it anew each time. Phones that are locked or revoked get none.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from server.keys import OfficeKeys
from server.ports import Reader, Writer
from sync.badge import Certificate, agent_hash, read_certificate, sign_certificate
from sync.messages import BadgeCertificate, BadgeDocument

__all__ = ["badge_name", "put_badge"]


def badge_name(agent: str, service_day: str) -> str:
    """Name of the document."""
    return f"badge/{agent}/{service_day}"


def put_badge(writer: Writer, keys: OfficeKeys, agent: str, service_day: str, zone: str) -> None:
    """Certify every phone of the agent that may show a badge; without any the document leaves. Part of one work."""
    name = badge_name(agent, service_day)
    held = _held(writer, agent, name)
    certificates: list[BadgeCertificate] = []
    for device in writer.devices(agent=agent):
        if device.gives_nothing:
            continue
        body = _body(keys, device.device, agent, service_day, zone)
        text = held.get(device.device, "")
        if not text or read_certificate(text).body != body:
            text = sign_certificate(keys.office[-1].private, body).text
        certificates.append(BadgeCertificate(device=device.device, certificate=text))
    if certificates:
        document = BadgeDocument(agent=agent, service_day=service_day, certificates=certificates)
        writer.put_document(agent, name, msgspec.json.encode(document))
    else:
        writer.remove_document(agent, name)


def _held(reader: Reader, agent: str, name: str) -> dict[str, str]:
    data = reader.document(agent, name)
    if data is None:
        return {}
    return {item.device: item.certificate for item in msgspec.json.decode(data, type=BadgeDocument).certificates}


def _body(keys: OfficeKeys, device: str, agent: str, service_day: str, zone: str) -> Certificate:
    """Valid from the day's local midnight to the next."""
    midnight = datetime.fromisoformat(service_day).replace(tzinfo=ZoneInfo(zone))
    return Certificate(
        office_key=keys.office[-1].id,
        device=device,
        agent_hash=agent_hash(agent),
        service_day=service_day,
        from_s=int(midnight.timestamp()),
        until_s=int((midnight + timedelta(days=1)).timestamp()),
    )
