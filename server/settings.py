"""Settings: where the data lies, where to listen, which clock to show. Read once, from options and environment.

=====================  =================================================================================
``DOORSTEP_DATA``      the data folder (database, keys, token); default ``./data``
``DOORSTEP_CLOCK``     a clock for demonstrations and tests, see `sync.simulated`; empty: the machine's own
``DOORSTEP_PUBLIC_URL``  the address that phones and customers see, without a slash at its end
``DOORSTEP_PHONE``     the office's telephone number on receipts and pages
``DOORSTEP_CREDITOR_NAME``  on whose behalf agents come, in words that customers know; empty: the creditors' ids
=====================  =================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from server.web.app_folder import APP_FOLDERS

__all__ = ["Settings", "read_settings"]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All that `server.app.build_app` must be told."""

    data: Path
    public_url: str = "http://127.0.0.1:8080"
    clock: str = ""
    office_phone: str = ""
    creditor_name: str = ""
    writing: bool = True
    """Whether this process takes the office journal; reading tools do not."""
    jobs: bool = True
    """Whether background work runs: the reconciler and the scheduler."""
    fold_processes: int = 0
    """Processes that fold long backlogs; 0 folds everything in this one."""
    app_folders: tuple[Path, ...] = APP_FOLDERS
    """Where the built phone app may lie."""

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.data / "doorstep.db"

    @property
    def keys(self) -> Path:
        """The folder of key files."""
        return self.data / "keys"

    @property
    def token_file(self) -> Path:
        """How commands find the running server: address and token, mode 0600."""
        return self.data / "server.json"


def read_settings(
    environment: Mapping[str, str],
    data: Path | None = None,
    public_url: str | None = None,
    fold_processes: int = 0,
) -> Settings:
    """Options first, then the environment, then defaults."""
    return Settings(
        data=data or Path(environment.get("DOORSTEP_DATA", "data")),
        public_url=(public_url or environment.get("DOORSTEP_PUBLIC_URL", "http://127.0.0.1:8080")).rstrip("/"),
        clock=environment.get("DOORSTEP_CLOCK", ""),
        office_phone=environment.get("DOORSTEP_PHONE", ""),
        creditor_name=environment.get("DOORSTEP_CREDITOR_NAME", ""),
        fold_processes=fold_processes,
    )
