"""What is wrong as it was asked or configured, and would be at any time, ends with 2; what was
tried and failed, with 1. Either says so in a line."""

import os
import shlex
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from adapters.cli.main import build_cli
from adapters.configuration.names import PREFIX, USUAL
from bootstrap import Besedka
from tests.kit import PASSWORD

WRONG = (
    "nonsense",
    "serve now",
    "serve --nonsense",
    "serve --port http",
    "serve --config nowhere.toml",
    "serve --database-url nonsense",
    "serve --database-url mysql://db/chat",
    "serve --database-url sqlite://",
    "serve --database-url sqlite://chat.db",
    "serve --database-url sqlite:///chat.db?mode=ro",
    "serve --database-url postgresql://db:port/chat",
    "serve --database-url mongodb://",
    "serve --database-url mongodb://db/admin",
    "serve --workers 2",
    "config check --database-url mysql://db/chat",
    "config check --database-url sqlite://",
    "config check --database-url postgresql://db:port/chat",
    "config check --database-url mongodb://",
    "config show --port http",
    "copy --from sqlite:///var/besedka.db",
    "copy --from nonsense --to sqlite:///copy.db",
    "copy --from mysql://db/chat --to sqlite:///copy.db",
    "copy --from sqlite:// --to sqlite:///copy.db",
    "copy --from sqlite:///var/besedka.db --to archive:///",
    "copy --from sqlite:///var/besedka.db --to archive://copy.jsonl",
    "backup",
    "backup kept.gz --database-url mysql://db/chat",
    "backup kept.gz --database-url nonsense",
    "backup kept.gz --database-url sqlite://",
    "restore kept.gz --database-url mysql://db/chat",
    "demo --people none",
    "demo --database-url mysql://db/chat",
    "demo --password short",
    "user create",
    "user create 1st",
    "user create bob --email nowhere",
    "user create bob --database-url mysql://db/chat",
    "user create bob --database-url sqlite://",
    "user list --database-url mysql://db/chat",
    "user list --database-url memory://",
    "user list alice",
    "user password",
    "user password 1st",
    "user password bob --database-url sqlite://",
    "user disable",
    "user disable 1st",
    "user enable 1st",
    "user owner 1st",
    "stats now",
    "stats --database-url memory://",
    "stats --database-url mysql://db/chat",
)
FAILING = (
    "serve --port TAKEN",
    "serve --host nowhere.invalid",
    "serve --database-url sqlite:///folder",
    "serve --database-url sqlite:///junk",
    "serve --database-url postgresql://127.0.0.1:1/chat",
    "copy --from sqlite:///nowhere.db --to sqlite:///copy.db",
    "copy --from archive:///nowhere.gz --to sqlite:///copy.db",
    "copy --from sqlite:///var/besedka.db --to sqlite:///var/besedka.db",
    "copy --from sqlite:///var/besedka.db --to archive:///nowhere/kept.gz",
    "backup nowhere/kept.gz",
    "backup /proc/kept.gz",
    "backup junk",
    "backup kept.gz --database-url sqlite:///nowhere.db",
    "restore nowhere.gz --database-url sqlite:///copy.db",
    "restore junk --database-url sqlite:///copy.db",
    "user create alice",
    "user create bob --database-url sqlite:///folder",
    "user list --database-url sqlite:///folder",
    "user password bob",
    "user disable bob",
    "user disable alice",
    "user enable bob",
    "user owner bob",
    "stats --database-url sqlite:///nowhere.db",
    "stats --database-url sqlite:///folder",
    "user enable alice --database-url sqlite:///folder",
    "user password alice --database-url sqlite:///folder",
)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is a folder, a file that is nothing, no `.env` and nothing in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name in USUAL or name.startswith(PREFIX):
            monkeypatch.delenv(name)
    Path("folder").mkdir()
    Path("junk").write_bytes(b"junk " * 1000)


def run(line: str) -> tuple[int, str]:
    """The exit code, and what was wrong."""
    cli = build_cli(Besedka())
    result = CliRunner().invoke(cli, shlex.split(line), input=f"{PASSWORD}\n")
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stderr


def problems(errors: str) -> int:
    return sum(line.startswith("Error: ") for line in errors.splitlines())


@pytest.mark.parametrize("line", WRONG)
def test_what_is_wrong_as_it_was_asked_is_2(line: str) -> None:
    exit_code, errors = run(line)

    assert (exit_code, problems(errors)) == (2, 1), errors


@pytest.mark.parametrize("line", FAILING)
def test_what_was_tried_and_failed_is_1(line: str) -> None:
    assert run("user create alice") == (0, "")

    with socket.create_server(("127.0.0.1", 0)) as taken:
        exit_code, errors = run(line.replace("TAKEN", str(taken.getsockname()[1])))

    assert (exit_code, problems(errors)) == (1, 1), errors


@pytest.mark.parametrize(
    "url", ["redis://cache:port", "redis://[::1", "http://cache"], ids=["port", "host", "scheme"]
)
def test_a_redis_that_no_url_can_name_is_2(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", url)

    for line in ("config check", "serve --port 0"):
        exit_code, errors = run(line)
        assert (exit_code, problems(errors)) == (2, 1), errors
