"""The phone app's own tests and types, run by the node that comes from PyPI."""

from __future__ import annotations

import pytest

from tests.phone.node import PWA, node, packages

pytestmark = pytest.mark.timeout(1_200)


def test_the_phone_app_passes_its_own_tests() -> None:
    """Vitest: vectors, laws, steps, kill points, screens; what fails is shown."""
    folder = packages()
    done = node(str(folder / "vitest" / "vitest.mjs"), "run", "--reporter=dot")
    assert done.returncode == 0, f"{done.stdout[-20_000:]}\n{done.stderr[-5_000:]}"


@pytest.mark.parametrize("project", [".", "src/worker", "tests"])
def test_the_phone_app_is_typed_strictly(project: str) -> None:
    """The app, its service worker and its tests each pass the strict compiler."""
    done = node(str(packages() / "typescript" / "bin" / "tsc"), "--noEmit", "-p", project)
    assert done.returncode == 0, done.stdout[-20_000:]


def test_no_host_stands_in_the_lock_file() -> None:
    """Packages are named with version and digest; where they come from is the machine's to know."""
    text = (PWA / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert "registry" not in text
    assert text.count('"integrity"') > 50
