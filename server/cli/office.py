"""How a command reaches the office: through the running server, or in this process when none runs.

Either way the command speaks HTTP to the same routes, so that there is one path for each change: with a server,
to its address with the token of ``server.json`` (mode 0600); without one, to an application built here, which
takes the office journal's lease while the command runs.
"""

from __future__ import annotations

import getpass
import json
import os
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
import httpx
import msgspec
from anyio import to_thread
from anyio.from_thread import BlockingPortal, start_blocking_portal

from server.limits import COMMAND_TIMEOUT_S
from server.settings import Settings, read_settings
from sync.errors import ERROR_CODES, DoorstepError, Refused, Unavailable

__all__ = ["OfficeSession", "RunningServer", "data_option", "office_session", "read_running", "write_running"]

F = TypeVar("F", bound=Callable[..., Any])

_PROBE_S = 3.0


class RunningServer(msgspec.Struct, frozen=True, kw_only=True):
    """What ``server.json`` says; `certificate` is the path of the server's own, which is then the only one trusted."""

    url: str
    token: str
    pid: int
    certificate: str = ""


def data_option() -> Callable[[F], F]:
    """The option ``--data`` for a single command; the group's own counts where it is not given."""

    def chosen(ctx: click.Context, _parameter: click.Parameter, value: Path | None) -> Path:
        found = value or ctx.find_root().obj
        return found if isinstance(found, Path) else Path("data")

    return click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        callback=chosen,
        help="The folder with database and keys.",
    )


class OfficeSession:
    """Speaks JSON to the office's routes; errors come back as they were raised there."""

    def __init__(self, portal: BlockingPortal, client: httpx.AsyncClient) -> None:
        self._portal = portal
        self._client = client

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """The decoded answer of a GET."""
        return self._call("GET", path, params=params)

    def get_bytes(self, path: str) -> bytes:
        """The answer of a GET as it came: a file."""
        answer: bytes = self._sent("GET", path).content
        return answer

    def post(self, path: str, body: object = None) -> Any:
        """The decoded answer of a POST; `body` is anything that msgspec encodes."""
        return self._call("POST", path, content=msgspec.json.encode(body))

    def put(self, path: str, content: bytes, content_type: str = "application/octet-stream") -> Any:
        """Send bytes, for instance a file to be imported."""
        return self._call("PUT", path, content=content, headers={"content-type": content_type})

    def _call(self, method: str, path: str, **more: Any) -> Any:
        answer = self._sent(method, path, **more)
        return json.loads(answer.content) if answer.content else None

    def _sent(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"content-type": "application/json", **more.pop("headers", {})}
        try:
            answer = self._portal.call(lambda: self._client.request(method, path, headers=headers, **more))
        except httpx.TransportError as error:
            raise Unavailable("NETWORK-DOWN", f"the running server does not answer: {error}") from error
        if answer.is_success:
            return answer
        raise _raised(answer)


def _raised(answer: httpx.Response) -> DoorstepError:
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    code = str(problem.get("code", "INTERNAL"))
    detail = str(problem.get("detail", f"status {answer.status_code}"))
    return DoorstepError(code if code in ERROR_CODES else "INTERNAL", detail)


@contextmanager
def office_session(data: Path, *, user: str = "", role: str = "admin") -> Iterator[OfficeSession]:
    """A session as this user and role; the operator's own name if none is given.

    Raises STORE-LOCKED when another process holds the office and cannot be reached.
    """
    settings = read_settings(os.environ, data)
    running = _reachable(settings)
    actor = f"{user or _login()}/{role}"
    failed: Exception | None = None
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(_client(settings, running, actor)) as client,
    ):
        # The application's own shutdown must not see the command's failure: it would wrap it in its own.
        try:
            yield OfficeSession(portal, client)
        except Exception as error:  # noqa: BLE001  # raised again below, unchanged
            failed = error
    if failed is not None:
        raise failed


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "operator"


@asynccontextmanager
async def _client(settings: Settings, running: RunningServer | None, actor: str) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"doorstep-actor": actor}
    if running is not None:
        headers["authorization"] = f"Bearer {running.token}"
        async with httpx.AsyncClient(
            base_url=running.url,
            headers=headers,
            verify=_trust(running),
            timeout=COMMAND_TIMEOUT_S,
            trust_env=False,
        ) as client:
            yield client
        return
    # Imported here: a command that goes through a running server needs nothing of the office itself.
    from server.app import build_app, open_parts

    settings = msgspec.structs.replace(settings, jobs=False)
    parts = open_parts(settings)
    app = build_app(settings, parts)
    headers["authorization"] = f"Bearer {parts.token}"
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # two spellings of the ASGI types
    async with (
        app.lifespan(),
        httpx.AsyncClient(
            transport=transport, base_url="http://office", headers=headers, timeout=COMMAND_TIMEOUT_S
        ) as client,
    ):
        # No thread reconciles in a short-lived process: what is pending is done before and after the command.
        await to_thread.run_sync(parts.worker.catch_up)
        yield client
        await to_thread.run_sync(parts.worker.catch_up)


def _trust(running: RunningServer) -> ssl.SSLContext | bool:
    if not running.certificate:
        return True
    # Only the server's own certificate is trusted, so neither its names nor who issued it matter here.
    context = ssl.create_default_context(cafile=running.certificate)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def _reachable(settings: Settings) -> RunningServer | None:
    running = read_running(settings)
    if running is None:
        return None
    try:
        httpx.get(f"{running.url}/healthz", verify=_trust(running), timeout=_PROBE_S, trust_env=False)
    except (httpx.TransportError, OSError):
        return None
    return running


def read_running(settings: Settings) -> RunningServer | None:
    """What the file says, whether or not that server still lives; None without the file."""
    try:
        return msgspec.json.decode(settings.token_file.read_bytes(), type=RunningServer)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise Refused("FILE-UNREADABLE", f"{settings.token_file}: {error}") from error


def write_running(settings: Settings, running: RunningServer) -> None:
    """Replace the file in one step; nobody else may read it."""
    path = settings.token_file
    fresh = path.with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.encode(running))
    fresh.replace(path)
