"""A branch's day behind the real application, and browsers of people who signed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from server.app import build_app, open_parts
from server.keys import make_keys
from tests.web.branch import NINE_MS, PASSWORD, TestBranch, settings_for

SignIn = Callable[..., None]


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key files, made once."""
    folder = tmp_path_factory.mktemp("keys") / "keys"
    make_keys(folder, NINE_MS)
    return folder


@pytest.fixture
def office(tmp_path: Path, key_folder: Path) -> Iterator[TestBranch]:
    """An empty office with people, over HTTP."""
    data = tmp_path / "office"
    data.mkdir()
    (data / "keys").symlink_to(key_folder)
    settings = settings_for(data, "http://testserver.local")
    parts = open_parts(settings)
    with TestClient(build_app(settings, parts)) as client:
        branch = TestBranch(parts, client)
        branch.add_people()
        yield branch


@pytest.fixture
def branch(office: TestBranch) -> TestBranch:
    """The office after the day of `tests.web.branch`."""
    office.prepare()
    office.work()
    return office


@pytest.fixture
def sign_in(office: TestBranch) -> SignIn:
    """Sign the client in as somebody."""

    def enter(name: str, password: str = PASSWORD) -> None:
        office.client.cookies.clear()
        page = office.client.get("/login")
        token = form_token(page.text)
        fields = {"name": name, "password": password, "form_token": token, "next": "/console"}
        answer = office.client.post("/login", data=fields, follow_redirects=False)
        assert answer.status_code == 303, answer.text

    return enter


def form_token(html: str) -> str:
    """The first form token of a page."""
    found = re.search(r'name="form_token" value="([0-9a-f]{64})"', html)
    assert found, html[:500]
    return found[1]
