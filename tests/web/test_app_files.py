"""The phone app at /app/: what is served and how, and what is not."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from server.app import build_app, open_parts
from tests.web.branch import settings_for

SCRIPT = "app-0123456789ab.js"
FILES = {
    "index.html": "<!doctype html><title>app</title>" + "<p>one page</p>" * 50,
    "manifest.webmanifest": '{"name": "Doorstep"}',
    "sw.js": "// service worker",
    SCRIPT: "export const answer = 42;\n" * 50,
    "app-ABCD2345.css": "body { color: black }\n" * 50,
    "icons/icon-maskable.png": "\x89PNG",
}


def write_app(folder: Path, files: dict[str, str] = FILES) -> None:
    """An app as the build leaves it, and a file beside it that is not listed."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="latin-1")
    (folder / "sources.sha256").write_text("0" * 64)
    (folder / "files.json").write_text(json.dumps({"version": "1", "files": list(files)}))


@pytest.fixture
def app_folder(tmp_path: Path) -> Path:
    """Where the app of `client` lies; empty at first."""
    folder = tmp_path / "app"
    folder.mkdir()
    return folder


@pytest.fixture
def client(tmp_path: Path, key_folder: Path, app_folder: Path) -> Iterator[TestClient[Litestar]]:
    """An office that serves the app of that folder."""
    data = tmp_path / "office"
    data.mkdir()
    (data / "keys").symlink_to(key_folder)
    nowhere = tmp_path / "nowhere"
    settings = msgspec.structs.replace(settings_for(data, "http://testserver.local"), app_folders=(nowhere, app_folder))
    with TestClient(build_app(settings, open_parts(settings))) as found:
        yield found


@pytest.mark.parametrize(
    ("name", "content_type", "cached"),
    [
        ("", "text/html; charset=utf-8", "no-cache"),
        ("index.html", "text/html; charset=utf-8", "no-cache"),
        ("manifest.webmanifest", "application/manifest+json", "no-cache"),
        ("sw.js", "text/javascript; charset=utf-8", "no-cache"),
        (SCRIPT, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
        ("app-ABCD2345.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"),
        ("icons/icon-maskable.png", "image/png", "no-cache"),
    ],
)
def test_each_file_has_its_type_and_its_life(
    client: TestClient[Litestar], app_folder: Path, name: str, content_type: str, cached: str
) -> None:
    """Only a name that changes with its content may be kept for good."""
    write_app(app_folder)
    answer = client.get(f"/app/{name}")
    assert answer.status_code == 200
    assert answer.content == FILES[name or "index.html"].encode("latin-1")
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (content_type, cached)


def test_the_app_is_shut_in(client: TestClient[Litestar], app_folder: Path) -> None:
    """Every file comes with the headers that keep scripts, frames and devices to the app alone."""
    write_app(app_folder)
    for name in FILES:
        headers = client.get(f"/app/{name}").headers
        policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
        assert policy["default-src"] == policy["form-action"] == policy["frame-ancestors"] == "'none'"
        assert policy["script-src"] == policy["worker-src"] == policy["connect-src"] == "'self'"
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["permissions-policy"] == "camera=(self), geolocation=(self), microphone=()"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"


def test_the_address_without_a_slash_leads_to_the_one_with_it(client: TestClient[Litestar], app_folder: Path) -> None:
    """A service worker's scope ends in a slash; what was asked with the address stays."""
    write_app(app_folder)
    answer = client.get("/app?lang=zh", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/app/?lang=zh")
    assert client.get("/app", follow_redirects=False).headers["location"] == "/app/"


def test_a_place_inside_the_app_gets_its_page(client: TestClient[Litestar], app_folder: Path) -> None:
    """A reload deep inside finds the app again; a file that is not there is not answered with a page."""
    write_app(app_folder)
    for place in ("visit/V1001", "day/2026-03-02/"):
        answer = client.get(f"/app/{place}")
        assert (answer.status_code, answer.text) == (200, FILES["index.html"]), place
    answer = client.get("/app/app-ffffffffffff.js")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT-FOUND")


@pytest.mark.parametrize("name", ["files.json", "sources.sha256", "..%2Foffice%2Fkeys%2Foffice.json", "%2e%2e/x.json"])
def test_only_what_the_build_listed_is_served(client: TestClient[Litestar], app_folder: Path, name: str) -> None:
    """Neither the build's own notes nor anything outside the folder."""
    write_app(app_folder)
    assert client.get(f"/app/{name}").status_code == 404


def test_what_saves_bytes_travels_packed(client: TestClient[Litestar], app_folder: Path) -> None:
    """Packed for who takes it, plain for who does not, never where it only costs; each has a tag of its own."""
    write_app(app_folder)
    with client.stream("GET", f"/app/{SCRIPT}", headers={"accept-encoding": "gzip"}) as answer:
        packed = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed).decode() == FILES[SCRIPT]
    plain = client.get(f"/app/{SCRIPT}", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.headers["etag"] != answer.headers["etag"]
    assert plain.headers["vary"] == answer.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in client.get("/app/icons/icon-maskable.png").headers


def test_what_did_not_change_is_not_sent_again(client: TestClient[Litestar], app_folder: Path) -> None:
    """The page is asked for on each start and costs its headers only; after a new build it comes anew."""
    write_app(app_folder)
    tag = client.get("/app/").headers["etag"]
    answer = client.get("/app/", headers={"if-none-match": f'"other", W/{tag}'})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    write_app(app_folder, {**FILES, "index.html": "another page"})
    answer = client.get("/app/", headers={"if-none-match": tag})
    assert (answer.status_code, answer.text) == (200, "another page")


def test_a_head_says_the_same_without_the_bytes(client: TestClient[Litestar], app_folder: Path) -> None:
    """HEAD answers with the headers of GET."""
    write_app(app_folder)
    answer = client.head("/app/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["etag"] == client.get("/app/").headers["etag"]


@pytest.mark.parametrize("left", ["nothing", "no page", "half", "outside"])
@pytest.mark.parametrize(("language", "says"), [("en", "The phone app is not here"), ("zh", "尚未安装手机应用")])
def test_without_an_app_a_page_says_how_to_get_one(
    client: TestClient[Litestar], app_folder: Path, left: str, language: str, says: str
) -> None:
    """Nothing built, half an app, or a listing that points elsewhere: one page for people, a problem for programs."""
    if left == "no page":
        write_app(app_folder, {"sw.js": ""})
    elif left == "half":
        write_app(app_folder)
        (app_folder / "sw.js").unlink()
    elif left == "outside":
        write_app(app_folder, {**FILES, "../outside.js": ""})
    answer = client.get("/app/", headers={"accept-language": language})
    assert answer.status_code == 404
    assert says in answer.text
    assert "pip install -e ." in answer.text
    answer = client.get("/app/sw.js")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT-FOUND")
    write_app(app_folder)
    assert client.get("/app/").status_code == 200
