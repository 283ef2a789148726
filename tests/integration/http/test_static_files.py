import json
from pathlib import Path

import pytest
from yarl import URL

from adapters.http.app import HERE
from adapters.http.assets import Assets
from adapters.http.static_files import StaticFiles
from tests.integration.http.site import Visitor, served
from tests.kit import Kit

MANIFEST = {
    "src/main.ts": {
        "file": "assets/main-1a2b.js",
        "css": ["assets/main-3c4d.css"],
        "imports": ["_shared.js"],
    },
    "src/pages.ts": {"file": "assets/pages-5e6f.js", "css": ["assets/shared-7a8b.css"]},
    "_shared.js": {
        "file": "assets/shared-9c0d.js",
        "css": ["assets/shared-7a8b.css"],
        "imports": ["src/main.ts"],
    },
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The real templates and languages, and a small build."""
    (tmp_path / "templates").symlink_to(HERE / "templates")
    (tmp_path / "locales").symlink_to(HERE / "locales")
    assets = tmp_path / "static" / "app" / "assets"
    assets.mkdir(parents=True)
    (assets / "main-1a2b.js").write_text("main")
    (tmp_path / "static" / "app" / "manifest.json").write_text(json.dumps(MANIFEST))
    (tmp_path / "static" / "theme.js").write_text("theme")
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "static" / "link.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "static" / "inner.js").symlink_to(tmp_path / "static" / "theme.js")
    (tmp_path / "static" / "out").symlink_to(tmp_path)
    return tmp_path


async def test_file_comes_with_its_type_and_an_etag(anybody: Visitor) -> None:
    answer = await anybody.get("/static/favicon.svg")

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["ETag"]


async def test_file_that_has_not_changed_is_not_sent_again(anybody: Visitor) -> None:
    first = await anybody.get("/static/favicon.svg")

    again = await anybody.get("/static/favicon.svg", If_None_Match=first.headers["ETag"])

    assert (again.status, again.text) == (304, "")


async def test_favicon_where_old_browsers_look_for_it(anybody: Visitor) -> None:
    answer = await anybody.get("/favicon.ico")

    assert answer.headers["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize(
    ("path", "caching"),
    [
        ("/static/app/assets/main-1a2b.js", "public, max-age=31536000, immutable"),
        ("/static/theme.js", "no-cache"),
    ],
)
async def test_only_files_named_after_their_content_are_kept_for_ever(
    kit: Kit, folder: Path, path: str, caching: str
) -> None:
    async with served(kit, folder=folder) as site:
        answer = await (await site.visitor()).get(path)

    assert answer.status == 200
    assert answer.headers["Cache-Control"] == caching
    assert answer.headers["Content-Type"].split(";")[0].endswith("/javascript")


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/app",
        "/static/app/",
        "/static/nothing.js",
        "/static/../secret.txt",
        "/static/..%2fsecret.txt",
        "/static/%2e%2e/secret.txt",
        "/static/%2e%2e%2fsecret.txt",
        "/static/app/..%2f..%2fsecret.txt",
        "/static/..%5csecret.txt",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/theme.js%00",
        "/static/app%2fassets%2f..%2f..%2f..%2fsecret.txt",
        "/static/link.txt",
        "/static/inner.js",
        "/static/out/secret.txt",
        "/static/out/static/theme.js",
    ],
)
async def test_nothing_else_is_found(kit: Kit, folder: Path, path: str) -> None:
    async with served(kit, folder=folder) as site:
        answer = await (await site.visitor()).get(URL(path, encoded=True))

    assert answer.status == 404
    assert "secret" not in answer.text.replace("secret.txt", "")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
async def test_files_are_only_read(anybody: Visitor, method: str) -> None:
    answer = await anybody.send(method, "/static/favicon.svg", headers={"Origin": anybody.origin})

    assert answer.status == 405
    assert answer.headers["Allow"] == "GET,HEAD"


async def test_head_has_no_body(anybody: Visitor) -> None:
    answer = await anybody.send("HEAD", "/static/favicon.svg")

    assert (answer.status, answer.text) == (200, "")
    assert int(answer.headers["Content-Length"]) > 0


async def test_page_loads_what_the_build_made(kit: Kit, folder: Path) -> None:
    alice = await kit.person("alice")
    async with served(kit, folder=folder) as site:
        page = await (await site.signed_in(alice)).get("/")

    assert 'src="/static/app/assets/main-1a2b.js"' in page.text
    assert 'href="/static/app/assets/main-3c4d.css"' in page.text


def test_styles_of_what_is_imported_come_first_and_once(folder: Path) -> None:
    assets = Assets(folder / "static" / "app" / "manifest.json")

    assert assets.styles("src/main.ts") == [
        "/static/app/assets/shared-7a8b.css",
        "/static/app/assets/main-3c4d.css",
    ]
    assert assets.script("src/pages.ts") == "/static/app/assets/pages-5e6f.js"


def test_site_without_a_build_says_so_and_still_starts(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assets = Assets(tmp_path / "manifest.json")

    assert "make frontend" in caplog.text
    assert assets.styles("src/main.ts") == []


def test_folder_without_files_serves_none(tmp_path: Path) -> None:
    assert StaticFiles(tmp_path)._files == {}
