"""The way to the office: addresses, certificates, problems."""

from __future__ import annotations

import ssl
from pathlib import Path

import httpx
import pytest

from agent_client.limits import ANSWER_BYTES_MAX
from agent_client.transport import HttpOffice, check_url, open_office
from sync.errors import Conflict, DoorstepError, NotAllowed, Refused, Unavailable
from tests.agent.fake_office import problem


def _office(response: httpx.Response | Exception) -> HttpOffice:
    def handle(_request: httpx.Request) -> httpx.Response:
        if isinstance(response, Exception):
            raise response
        return response

    return HttpOffice(httpx.Client(transport=httpx.MockTransport(handle), base_url="https://office.example"))


@pytest.mark.parametrize(
    "url", ["https://office.example", "http://127.0.0.1:8000", "http://localhost:1", "http://[::1]:1"]
)
def test_encrypted_and_local_addresses_are_taken(url: str) -> None:
    """https anywhere, http on this machine."""
    assert check_url(url + "/", insecure_http=False) == url


@pytest.mark.parametrize(
    "url", ["http://office.example", "http://10.0.0.5", "ftp://x", "office.example", "", "https://"]
)
def test_other_addresses_are_refused(url: str) -> None:
    """Plain http beyond this machine, and what is no address."""
    with pytest.raises(Refused):
        check_url(url, insecure_http=False)


def test_plain_http_needs_insistence() -> None:
    """Somebody who insists gets it."""
    assert check_url("http://office.example", insecure_http=True) == "http://office.example"


def test_a_file_of_authorities_must_be_one(tmp_path: Path) -> None:
    """A missing file and a file of something else are named."""
    with pytest.raises(Refused, match="not a file"):
        open_office("https://office.example", ca=str(tmp_path / "none.pem"))
    other = tmp_path / "other.pem"
    other.write_text("not a certificate")
    with pytest.raises(Refused, match=r"other\.pem"):
        open_office("https://office.example", ca=str(other))


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (409, "EPOCH-UNKNOWN", Conflict),
        (403, "DEVICE-REVOKED", NotAllowed),
        (401, "SIGNATURE-WRONG", NotAllowed),
        (400, "CHAIN-BROKEN", Refused),
        (503, "STORE-LOCKED", Unavailable),
        (429, "RATE-LIMITED", Unavailable),
    ],
)
def test_problems_become_our_errors(status: int, code: str, kind: type[DoorstepError]) -> None:
    """Code and cause come through; what may be repeated is `Unavailable`."""
    with pytest.raises(kind, match="the cause") as caught:
        _office(problem(status, code, "the cause")).keys()
    assert caught.value.code == code


@pytest.mark.parametrize("status", [302, 404, 405, 418])
def test_somebody_elses_answers_are_no_refusals_of_ours(status: int) -> None:
    """A redirect or a stranger's page is told as an office that cannot be reached."""
    with pytest.raises(DoorstepError) as caught:
        _office(httpx.Response(status, text="<html>", headers={"Location": "https://elsewhere.example"})).keys()
    assert caught.value.code == "NETWORK-DOWN"


def test_an_untrusted_certificate_is_told_as_such() -> None:
    """It is no missing signal, and trying again does not help."""
    failure = httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate")
    failure.__cause__ = ssl.SSLCertVerificationError("self-signed")
    with pytest.raises(NotAllowed) as caught:
        _office(failure).keys()
    assert caught.value.code == "ANSWER-UNTRUSTED"


def test_endless_answers_are_cut() -> None:
    """An answer beyond the bound is not read to its end."""
    with pytest.raises(Unavailable, match="more than"):
        _office(httpx.Response(200, content=b" " * (ANSWER_BYTES_MAX + 1))).keys()


def test_certificates_are_verified_by_default() -> None:
    """The client that is made for an office checks names and chains."""
    with open_office("https://office.example") as office:
        pool = office._client._transport._pool  # type: ignore[attr-defined]  # httpx shows it nowhere else
        context = pool._ssl_context
        assert context.verify_mode == ssl.CERT_REQUIRED
        assert context.check_hostname
