"""The phone's program starts without what a phone never uses."""

from __future__ import annotations

import subprocess
import sys


def _run(code: str) -> int:
    return subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode


def test_the_phone_starts_without_numpy() -> None:
    """Importing the client loads sqlite-utils, and NumPy neither with it nor for good out of reach."""
    assert _run("import sys, agent_client, sqlite_utils; sys.exit('numpy' in sys.modules)") == 0
    assert _run("import agent_client, numpy; assert numpy.zeros(1).sum() == 0") == 0


def test_whoever_uses_numpy_already_keeps_it() -> None:
    """A program that loaded NumPy first goes on with the same module."""
    assert _run("import numpy as n, agent_client, numpy; assert n is numpy") == 0
