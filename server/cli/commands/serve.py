"""`doorstep serve`: the office, listening."""

from __future__ import annotations

import errno
import gc
import os
import signal
import socket
from pathlib import Path

import click
import uvicorn

from server.app import build_app, open_parts
from server.cli.office import RunningServer, data_option, write_running
from server.limits import FOLD_PROCESSES_MAX, GARBAGE_THRESHOLDS
from server.settings import read_settings
from sync.errors import Refused, Unavailable

__all__ = ["bind", "command"]

_BACKLOG = 2048
"""Connections that wait to be accepted: a branch's phones that all find signal at once."""


@click.command()
@data_option()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--tls-cert", type=click.Path(path_type=Path, dir_okay=False), help="Certificate chain, PEM.")
@click.option("--tls-key", type=click.Path(path_type=Path, dir_okay=False), help="Its private key, PEM.")
@click.option("--public-url", help="The address that phones and customers see.")
@click.option(
    "--fold-processes",
    type=click.IntRange(0, 64),
    help="Processes that reconcile long backlogs; 0 uses none. Default: one a core, at most four.",
)
def command(
    data: Path,
    host: str,
    port: int,
    tls_cert: Path | None,
    tls_key: Path | None,
    public_url: str | None,
    fold_processes: int | None,
) -> None:
    """Serve phones, office and customers until stopped."""
    if (tls_cert is None) != (tls_key is None):
        raise Refused("ARGUMENT-WRONG", "--tls-cert and --tls-key belong together")
    for path in (tls_cert, tls_key):
        if path is not None and not os.access(path, os.R_OK):
            raise Refused("FILE-UNREADABLE", f"{path} cannot be read")
    listening = bind(host, port)
    try:
        port = int(listening.getsockname()[1])
        scheme = "https" if tls_cert else "http"
        settings = read_settings(
            os.environ, data, public_url or f"{scheme}://{host}:{port}", _processes(fold_processes)
        )
        parts = open_parts(settings)
        server = uvicorn.Server(
            uvicorn.Config(
                build_app(settings, parts),
                log_level="warning",
                access_log=False,
                server_header=False,
                ssl_certfile=tls_cert,
                ssl_keyfile=tls_key,
            )
        )
        reached = f"{scheme}://{_local(host)}:{port}"
        write_running(
            settings,
            RunningServer(url=reached, token=parts.token, pid=os.getpid(), certificate=str(tls_cert or "")),
        )
        # What is loaded by now stays to the end. Walking through it again and again took the garbage collector a
        # tenth of the time that reconciling takes.
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GARBAGE_THRESHOLDS)
        public = settings.public_url
        click.echo(f"Doorstep listens on {scheme}://{host}:{port} (public address {public}, phone app {public}/app/)")
        # The server stops by itself on these and then raises them once more; by then all is said.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _number, _frame: None)
        try:
            server.run(sockets=[listening])
        finally:
            parts.close()
            settings.token_file.unlink(missing_ok=True)
    finally:
        listening.close()


def _processes(told: int | None) -> int:
    """One a core as far as this process may use them; alone on one core, another process only gets in the way."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return told if told is not None else min(cores, FOLD_PROCESSES_MAX) if cores > 1 else 0


def _local(host: str) -> str:
    """Where this machine reaches what listens on every address."""
    if host in {"0.0.0.0", "", "::"}:  # noqa: S104  # compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def bind(host: str, port: int) -> socket.socket:
    """Take the port before anything is opened; raises PORT-IN-USE, or ARGUMENT-WRONG for a foreign address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise Unavailable("PORT-IN-USE", f"{host}:{port} is taken by another program") from error
        raise Refused("ARGUMENT-WRONG", f"cannot listen on {host}:{port}: {error}") from error
    return listening
