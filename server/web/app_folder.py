"""The built phone app as files in memory: what ``files.json`` lists, with types, tags and a packed copy.

The app lies in the package of an installed wheel, or where a checkout builds it. A build replaces the folder as a
whole, so that what was read is right until `files.json` changes; that is looked at on every request.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

import msgspec

__all__ = ["APP_FOLDERS", "INDEX", "AppFile", "AppFolder", "content_type"]

_HERE = Path(__file__).parent
APP_FOLDERS = (_HERE / "app", _HERE.parents[1] / "agent_client" / "pwa" / "dist")
"""In a wheel, else in a checkout; the first that holds an app is served."""

INDEX = "index.html"
"""The one page, from which the app finds its way."""

_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""Named here, for a machine's own table of types may know none or others; text is said to be UTF-8 on its way out."""

_PACKED_ALREADY = (".png", ".woff2")
_HASHED = re.compile(r"-(?:[0-9a-f]{8,64}|[0-9A-Z]{8})\.[a-z0-9]+$")
"""A hash of the content in the name, in hexadecimal or as esbuild writes it."""


class AppFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the app; `packed` is its gzip stream, None where that saves nothing."""

    data: bytes
    packed: bytes | None
    content_type: str
    tag: str
    """Changes with the content."""
    lasting: bool
    """Its name changes with its content, so that it may be kept for good."""


class _Listing(msgspec.Struct, frozen=True):
    version: str
    files: tuple[str, ...]


class AppFolder:
    """Reads the app once, and again after it was built anew."""

    def __init__(self, folders: Sequence[Path] = APP_FOLDERS) -> None:
        self._folders = folders
        self._lock = threading.Lock()
        self._read: tuple[Path, tuple[int, int, int]] | None = None
        self._files: Mapping[str, AppFile] = {}

    def files(self) -> Mapping[str, AppFile]:
        """Name → file; empty where no whole app lies."""
        with self._lock:
            for folder in self._folders:
                try:
                    stat = (folder / "files.json").stat()
                    seen = (folder, (stat.st_ino, stat.st_mtime_ns, stat.st_size))
                    if seen != self._read:
                        self._files, self._read = _read(folder), seen
                except (OSError, ValueError):
                    # Half an app is none: whoever built it is told on the page how to build it.
                    continue
                return self._files
            self._files, self._read = {}, None
            return self._files


def content_type(name: str) -> str:
    """By the name's ending; bytes without meaning for an ending that no app has."""
    return _TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")


def _read(folder: Path) -> Mapping[str, AppFile]:
    listing = msgspec.json.decode((folder / "files.json").read_bytes(), type=_Listing)
    if INDEX not in listing.files:
        raise ValueError(f"{folder} has no {INDEX}")
    return {name: _file(folder, name) for name in listing.files}


def _file(folder: Path, name: str) -> AppFile:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"{name!r} lies outside the app")
    data = (folder / path).read_bytes()
    # A packed copy without a time in it is the same on every machine.
    packed = None if path.suffix in _PACKED_ALREADY else gzip.compress(data, 9, mtime=0)
    return AppFile(
        data=data,
        packed=packed if packed is not None and len(packed) < len(data) else None,
        content_type=content_type(name),
        tag=hashlib.sha256(data).hexdigest()[:32],
        lasting=_HASHED.search(name) is not None,
    )
