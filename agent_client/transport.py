"""Talking to the office over HTTPS: bytes out, typed answers or one of our errors back.

Certificates are verified, with the system's authorities or a file of one's own. Plain http is for this machine
only, unless somebody insists. Redirects are not followed: the office's address was told at enrolment.
"""

from __future__ import annotations

import gzip
import ipaddress
import ssl
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, TypeVar

import httpx
import msgspec

from agent_client.limits import ANSWER_BYTES_MAX, CONNECT_TIMEOUT_S, RETRY_AFTER_S_MAX, TIMEOUT_S
from sync.errors import ERROR_CODES, Conflict, DoorstepError, NotAllowed, Refused, Unavailable
from sync.messages import EnrolAnswer, EpochGrant, ExchangeAnswer, PublishedKeys, Signed

__all__ = ["HttpOffice", "Office", "check_url", "open_office"]

_T = TypeVar("_T")
_JSON: Final = {"Content-Type": "application/json", "Accept": "application/json, application/problem+json"}


class Office(Protocol):
    """What the phone asks of the office; every method raises our errors and is safe to repeat."""

    def enrol(self, signed: Signed) -> EnrolAnswer:
        """Use a one-time code."""

    def sync(self, request: bytes) -> ExchangeAnswer:
        """One exchange; `request` is an `ExchangeRequest` as JSON."""

    def epoch(self, signed: Signed) -> EpochGrant:
        """Ask for a new epoch."""

    def put_side_record(self, sha256: str, data: bytes, device: str, signature: str) -> None:
        """Send a large side record apart; the device signs ``PUT``, a line feed and the hash."""

    def keys(self) -> PublishedKeys:
        """The office's published keys."""


class _Problem(msgspec.Struct):
    """RFC 9457, with our members."""

    code: str = ""
    title: str = ""
    detail: str = ""
    status: int = 0


class HttpOffice:
    """An `Office` at an address; also a context manager."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def enrol(self, signed: Signed) -> EnrolAnswer:
        """`POST /api/v1/enrol`."""
        return self._call("POST", "/api/v1/enrol", msgspec.json.encode(signed), EnrolAnswer)

    def sync(self, request: bytes) -> ExchangeAnswer:
        """`POST /api/v1/sync`, compressed."""
        headers = {"Content-Encoding": "gzip"}
        return self._call("POST", "/api/v1/sync", gzip.compress(request, mtime=0), ExchangeAnswer, headers)

    def epoch(self, signed: Signed) -> EpochGrant:
        """`POST /api/v1/epoch`."""
        return self._call("POST", "/api/v1/epoch", msgspec.json.encode(signed), EpochGrant)

    def put_side_record(self, sha256: str, data: bytes, device: str, signature: str) -> None:
        """`PUT /api/v1/side-records/{sha256}`."""
        headers = {
            "Content-Type": "application/octet-stream",
            "Doorstep-Device": device,
            "Doorstep-Signature": signature,
        }
        self._send("PUT", f"/api/v1/side-records/{sha256}", data, headers)

    def keys(self) -> PublishedKeys:
        """`GET /api/v1/keys`."""
        return self._call("GET", "/api/v1/keys", b"", PublishedKeys)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> HttpOffice:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self.close()

    def _call(self, method: str, path: str, body: bytes, kind: type[_T], headers: dict[str, str] | None = None) -> _T:
        content = self._send(method, path, body, headers or {})
        try:
            return msgspec.json.decode(content, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Unavailable("NETWORK-DOWN", f"{path}: what came back is not the office's answer: {error}") from error

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        try:
            with self._client.stream(method, path, content=body, headers={**_JSON, **headers}) as response:
                content = _read(response)
        except httpx.HTTPError as error:
            if _is_certificate(error):
                raise NotAllowed("ANSWER-UNTRUSTED", f"the office's certificate is not trusted: {error}") from error
            raise Unavailable("NETWORK-DOWN", f"{type(error).__name__}: {error}") from error
        if response.is_success:
            return content
        raise _problem(response, content)


def open_office(url: str, *, ca: str = "", insecure_http: bool = False) -> HttpOffice:
    """Connect to an office's address; `ca` names a file of certificate authorities (PEM)."""
    check_url(url, insecure_http=insecure_http)
    return HttpOffice(
        httpx.Client(
            base_url=url,
            verify=_context(ca),
            timeout=httpx.Timeout(TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
            follow_redirects=False,
        )
    )


def check_url(url: str, *, insecure_http: bool) -> str:
    """The address without a trailing slash; refuses (ARGUMENT-WRONG) plain http beyond this machine."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise Refused("ARGUMENT-WRONG", f"{url[:60]!r} is not an address: {error}") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise Refused("ARGUMENT-WRONG", f"{url[:60]!r} is not an https:// address")
    if parsed.scheme == "http" and not insecure_http and not _is_loopback(parsed.host):
        raise Refused("ARGUMENT-WRONG", f"{url[:60]!r} is not encrypted; use https://, or --insecure-http in a test")
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _context(ca: str) -> ssl.SSLContext:
    if not ca:
        return ssl.create_default_context()
    if not Path(ca).is_file():
        raise Refused("FILE-UNREADABLE", f"{ca} is not a file of certificate authorities")
    try:
        return ssl.create_default_context(cafile=ca)
    except (OSError, ssl.SSLError) as error:
        raise Refused("FILE-UNREADABLE", f"{ca}: {error}") from error


def _read(response: httpx.Response) -> bytes:
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > ANSWER_BYTES_MAX:
            raise Unavailable("NETWORK-DOWN", f"the answer has more than {ANSWER_BYTES_MAX} bytes")
    return bytes(content)


def _is_certificate(error: BaseException) -> bool:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(seen):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def _problem(response: httpx.Response, content: bytes) -> DoorstepError:
    try:
        problem = msgspec.json.decode(content, type=_Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        problem = _Problem()
    status = response.status_code
    cause = problem.detail or problem.title or f"the office answered {status}"
    retry_after = _retry_after(response)
    if status >= 500 or status == 429:
        code = problem.code if problem.code in ERROR_CODES else "RATE-LIMITED" if status == 429 else "NETWORK-DOWN"
        return Unavailable(code, cause, retry_after=retry_after)
    if problem.code not in ERROR_CODES:
        return Refused("NETWORK-DOWN", f"{cause}; is this the office's address?")
    kind = NotAllowed if status in (401, 403) else Conflict if status == 409 else Refused
    return kind(problem.code, cause)


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds that the office asks to wait; a date or nonsense counts as nothing."""
    text = response.headers.get("Retry-After", "").strip()
    return float(text) if text.isascii() and text.isdigit() and float(text) <= RETRY_AFTER_S_MAX * 1000 else None
