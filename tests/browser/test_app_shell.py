"""The phone app's shell, as the office serves it, in a real browser: nothing that it needs is forbidden or missing."""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpenPage
from tests.web.branch import TestBranch

pytestmark = pytest.mark.browser

_WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));
"""
_WORKER = """async () => {
  const registration = await navigator.serviceWorker.register('/app/sw.js');
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  await new Promise((resolve, reject) => {
    const look = () => {
      if (worker.state === 'activated') resolve();
      if (worker.state === 'redundant') reject(new Error('the worker could not be installed'));
    };
    worker.addEventListener('statechange', look);
    look();
  });
  return registration.scope;
}"""
_ELSEWHERE = """async (address) => {
  try { await fetch(address); return 'reached'; } catch { return 'forbidden'; }
}"""


def test_the_shell_loads_and_its_worker_is_installed(open_page: OpenPage, live: TestBranch) -> None:
    """From the address without a slash; the worker rules /app/ and finds every file that it keeps for later."""
    page = open_page(width=390)
    page.add_init_script(_WATCH)
    page.goto("/app")
    assert page.url == f"{live.client.base_url}/app/"
    assert page.evaluate(_WORKER) == f"{live.client.base_url}/app/"
    assert page.evaluate("window.violations") == []


def test_the_shell_reaches_nobody_else(open_page: OpenPage) -> None:
    """Not even another port of the same machine."""
    page = open_page(expect="Content Security Policy")
    page.goto("/app/")
    assert page.evaluate(_ELSEWHERE, "/app/manifest.webmanifest") == "reached"
    assert page.evaluate(_ELSEWHERE, "http://127.0.0.1:9/") == "forbidden"
