"""A small device of the standard library and `cryptography` alone, written from PROTOCOL.md: chapter numbers stand by.

It enrols, keeps a journal in memory, exchanges and honours acknowledgements (`plain_formats` has the encodings). It
shares no code with Doorstep, so that whatever it can do, anybody can do from the document.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.protocol.plain_formats import GENESIS, check_signature, cut_payload, sign, to_bytes, to_text

__all__ = ["PlainDevice", "Problem"]


class Problem(Exception):
    """An RFC 9457 answer (chapter 13)."""

    def __init__(self, document: dict[str, Any]) -> None:
        super().__init__(f"{document.get('code')}: {document.get('detail')}")
        self.document = document
        self.code = str(document.get("code", ""))


class PlainDevice:
    """A device in memory; `clock_ms` gives its wall clock."""

    def __init__(self, url: str, clock_ms: Callable[[], int]) -> None:
        self.url = url
        self.clock_ms = clock_ms
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.public_key = to_text(self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
        self.boot = secrets.token_hex(4)
        self.started_ms = clock_ms()
        self.device = ""
        self.office_key = ""
        self.pack = ""
        self.epoch, self.seq, self.prev = 1, 0, GENESIS
        self.hlc = (0, 0)
        self.receipts = 0
        self.seen: dict[str, Any] | None = None
        self.lines: list[tuple[int, int, str, bytes]] = []
        self.unsent = 0
        self.side_records: dict[str, bytes] = {}
        self.acknowledged: bytes = b""
        self.cursor: dict[str, Any] | None = None
        self.documents: dict[str, Any] = {}
        self.answer: dict[str, Any] = {}
        self.headers: dict[str, str] = {}

    def _signed(self, tag: str, payload: dict[str, Any]) -> bytes:
        data = json.dumps(payload, ensure_ascii=False).encode()
        return b'{"payload":' + data + b',"signature":"' + sign(self.key, tag, data).encode() + b'"}'

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> bytes:
        """One request; raises Problem. What the answer's headers say stays in `headers`."""
        wanted = {
            "Content-Type": "application/json",
            **{name.replace("_", "-"): text for name, text in headers.items()},
        }
        request = urllib.request.Request(self.url + path, data=body, method=method, headers=wanted)  # noqa: S310  # tests
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310  # our own test server
                content: bytes = response.read()
                self.headers = {name.lower(): text for name, text in response.headers.items()}
                packed = response.headers.get("content-encoding") == "gzip"
        except urllib.error.HTTPError as error:
            with error:
                raise Problem(json.loads(error.read() or b"{}")) from None
        return gzip.decompress(content) if packed else content

    def enrol(self, code: str) -> dict[str, Any]:
        """Chapter 8."""
        request = self._signed("doorstep/enrolment/1", {"code": code, "public_key": self.public_key, "model": "plain"})
        answer: dict[str, Any] = json.loads(self.call("POST", "/api/v1/enrol", request))
        self.device, self.epoch = answer["device"], answer["epoch"]
        self.office_key = answer["office_key"]["public_key"]
        self._see(answer["server_ms"])
        return answer

    def _mono(self) -> int:
        return self.clock_ms() - self.started_ms

    def _see(self, server_ms: int) -> None:
        self.seen = {"at_ms": server_ms, "boot": self.boot, "mono_ms": self._mono()}

    def _at(self) -> str:
        moment = datetime.fromtimestamp(self.clock_ms() // 1000, timezone(timedelta(hours=8)))
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{self.clock_ms() % 1000:03d}+08:00"

    def write(self, kind: str, **members: Any) -> str:
        """Chapter 3: the next operation; its hash."""
        ms, counter = self.hlc
        wall = self.clock_ms()
        self.hlc = (wall, 0) if wall > ms else (ms, counter + 1)
        operation: dict[str, Any] = {
            "v": 1,
            "device": self.device,
            "epoch": self.epoch,
            "seq": self.seq + 1,
            "prev": self.prev,
            "at": self._at(),
            "hlc": f"{self.hlc[0]:013d}-{self.hlc[1]:04x}",
            "boot": self.boot,
            "mono_ms": self._mono(),
            **({"seen": self.seen} if self.seen else {}),
            **({"pack": self.pack} if self.pack else {}),
            "body": {"kind": kind, **members},
        }
        # Spaces after separators are allowed: the bytes are the author's.
        line = json.dumps(operation, ensure_ascii=False).encode()
        self.seq, self.prev = self.seq + 1, hashlib.sha256(line).hexdigest()
        self.lines.append((self.epoch, self.seq, self.prev, line))
        return self.prev

    def collect(self, amount_minor: int, **members: Any) -> bytes:
        """Chapter 11: a payment in cash with its receipt, written before anybody sees it; the 120 bytes."""
        self.receipts += 1
        body = b"".join(
            (
                b"\x11" + bytes.fromhex(self.device),
                self.epoch.to_bytes(2, "big") + (self.seq + 1).to_bytes(4, "big"),
                self.receipts.to_bytes(4, "big") + bytes.fromhex(self.prev[:32]),
                amount_minor.to_bytes(6, "big") + (156).to_bytes(2, "big") + b"\x11",
                (self.clock_ms() // 1000).to_bytes(4, "big") + b"\x20\x01",
                (1234).to_bytes(2, "big") + bytes(4),
            )
        )
        receipt = body + to_bytes(sign(self.key, "doorstep/receipt/1", body))
        self.write(
            "PaymentCollected",
            amount_minor=amount_minor,
            currency="CNY",
            method="cash",
            receipt=to_text(receipt),
            **members,
        )
        return receipt

    def ask_receipt(self, **question: str) -> dict[str, Any]:
        """Chapter 11: what the office says about a receipt."""
        answer = self.call("POST", "/api/v1/receipts/check", json.dumps(question).encode())
        found: dict[str, Any] = json.loads(answer)
        return found

    def side_record(self, content: bytes) -> str:
        """Chapter 6: salted bytes and their name."""
        data = secrets.token_bytes(16) + content
        name = hashlib.sha256(data).hexdigest()
        self.side_records[name] = data
        return name

    def upload_side_record(self, name: str) -> None:
        """Chapter 6: a record that travels apart."""
        path, data = f"/api/v1/side-records/{name}", self.side_records[name]
        self.call("PUT", path, data, **self._side_record_proof("PUT", name))

    def upload_in_parts(self, name: str, part_bytes: int) -> int:
        """Chapter 6: the same in part, from where the office says; how many parts it took."""
        path, data, parts = f"/api/v1/side-records/{name}", self.side_records[name], 0
        self.call("HEAD", path, None, **self._side_record_proof("HEAD", name))
        while self.headers["upload-complete"] != "?1":
            offset = int(self.headers["upload-offset"])
            part = data[offset : offset + part_bytes]
            self.call(
                "PATCH",
                path,
                part,
                Content_Type="application/partial-upload",
                Upload_Offset=str(offset),
                Upload_Complete="?1" if offset + len(part) == len(data) else "?0",
                **self._side_record_proof("PATCH", name),
            )
            parts += 1
        return parts

    def _side_record_proof(self, method: str, name: str) -> dict[str, str]:
        signature = sign(self.key, "doorstep/side-record/1", f"{method}\n{name}".encode())
        return {"Doorstep_Device": self.device, "Doorstep_Signature": signature}

    def exchange(self, *, pull: bool = True, limit: int = 200, packed: bool = True) -> int:
        """Chapter 9: one exchange; how many operations were acknowledged anew."""
        page = self.lines[self.unsent : self.unsent + limit]
        epoch, seq, head = page[-1][:3] if page else (self.epoch, self.seq, self.prev)
        nonce = secrets.token_hex(16)
        claims: dict[str, Any] = {
            "device": self.device,
            "epoch": epoch,
            "seq": seq,
            "hash": head,
            "clock": {"at": self._at(), "boot": self.boot, "mono_ms": self._mono()},
            "nonce": nonce,
            "pull": pull,
            **({"cursor": self.cursor} if self.cursor else {}),
        }
        payload = json.dumps(claims).encode()
        small = [{"sha256": n, "data": to_text(data)} for n, data in self.side_records.items() if len(data) <= 4096]
        body = b"".join(
            (
                b'{"protocol":1,"claims":' + payload,
                b',"signature":"' + sign(self.key, "doorstep/exchange/1", payload).encode(),
                b'","operations":[' + b",".join(line for _, _, _, line in page),
                b'],"side_records":' + json.dumps(small).encode(),
                b',"acknowledged":' + self.acknowledged if self.acknowledged else b"",
                b"}",
            )
        )
        headers = {"Content_Encoding": "gzip", "Accept_Encoding": "gzip"} if packed else {}
        content = self.call("POST", "/api/v1/sync", gzip.compress(body) if packed else body, **headers)
        return self._apply(content, nonce, asked=self.cursor)

    def _apply(self, content: bytes, nonce: str, asked: dict[str, Any] | None) -> int:
        self.answer = json.loads(content)
        signed = self.answer["acknowledgement"]
        payload = cut_payload(content)
        if not check_signature(
            self.office_key, "doorstep/acknowledgement/1", payload, to_bytes(signed["signature"])
        ) or (signed["payload"]["device"], signed["payload"]["nonce"]) != (self.device, nonce):
            raise ValueError("the answer is not the office's to this request")
        self._see(signed["payload"]["server_ms"])
        honoured = self._honour(signed["payload"], signed, payload)
        if self.cursor == asked and "cursor" in self.answer:
            self._take(self.answer)
        if resend := self.answer.get("resend_from"):
            places = [(epoch, seq) for epoch, seq, _, _ in self.lines]
            self.unsent = places.index((resend["epoch"], resend["seq"]))
        grant = self.answer.get("epoch")
        if grant and grant["continues"] == self.prev:
            self.epoch, self.seq = grant["epoch"], 0
        return honoured

    def _honour(self, acknowledgement: dict[str, Any], signed: dict[str, Any], payload: bytes) -> int:
        for place, (epoch, seq, own, _) in enumerate(self.lines):
            if (epoch, seq, own) == tuple(acknowledgement[name] for name in ("epoch", "seq", "hash")):
                before, self.unsent = self.unsent, max(self.unsent, place + 1)
                key = json.dumps(signed.get("key", "")).encode()
                signature = json.dumps(signed["signature"]).encode()
                self.acknowledged = b'{"payload":' + payload + b',"signature":' + signature + b',"key":' + key + b"}"
                return self.unsent - before
        return 0

    def _take(self, answer: dict[str, Any]) -> None:
        if self.cursor and self.cursor["incarnation"] != answer["cursor"]["incarnation"]:
            self.documents.clear()
        for change in answer.get("documents", []):
            if change.get("document") is None:
                self.documents.pop(change["name"], None)
            else:
                self.documents[change["name"]] = change["document"]
        self.cursor = answer["cursor"]

    def ask_epoch(self) -> dict[str, Any]:
        """Chapter 8: a new epoch that continues our head."""
        wish = {
            "device": self.device,
            "epoch": self.epoch,
            "seq": self.seq,
            "hash": self.prev,
            "request": secrets.token_hex(16),
            "reason": "restored",
        }
        grant: dict[str, Any] = json.loads(self.call("POST", "/api/v1/epoch", self._signed("doorstep/epoch/1", wish)))
        self.epoch, self.seq = grant["epoch"], 0
        return grant
