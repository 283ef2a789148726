"""What Heroku and its like need, run with the environment that they give."""

import json
import os
import shlex
import signal
import sys
from pathlib import Path

import aiohttp

from adapters.configuration.load import load_configuration
from adapters.configuration.names import USUAL, VARIABLES
from tests.integration.cli.processes import ROOT, address_of, besedka, ended
from tests.integration.deploy.proxies import DEPLOY
from tests.servers import postgres
from tests.servers.setting import free_port

HEROKU = DEPLOY / "heroku"


def command() -> list[str]:
    """Of the process type `web`."""
    (line,) = (HEROKU / "Procfile").read_text().splitlines()
    kind, _, words = line.partition(": ")
    assert kind == "web"
    exec_, program, *arguments = shlex.split(words)
    assert (exec_, program) == ("exec", "besedka")
    return arguments


async def test_the_procfile_serves_with_what_a_platform_sets(tmp_path: Path) -> None:
    port = free_port()
    async with postgres.fresh_database(migrated=False) as url:
        environ = {
            "PORT": str(port),
            "DATABASE_URL": url.replace("postgresql://", "postgres://"),
            "DYNO": "web.1",
            "WEB_CONCURRENCY": "2",  # Heroku sets it by itself.
            "BESEDKA_PUBLIC_URL": "https://chat.example.org",
            **{
                name: variable["value"]
                for name, variable in app()["env"].items()
                if "value" in variable
            },
        }
        async with besedka(tmp_path, *command(), **environ) as process:
            await address_of(process)
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"http://127.0.0.1:{port}/readyz") as answer,
            ):
                assert answer.status == 200
            process.send_signal(signal.SIGTERM)
            exit_code, _, errors = await ended(process)

    assert (exit_code, errors) == (0, "")


def test_the_platform_is_asked_for_settings_that_there_are() -> None:
    asked = app()["env"]

    assert asked.keys() <= VARIABLES.keys() | USUAL.keys()
    given = {name: variable["value"] for name, variable in asked.items() if "value" in variable}
    load_configuration(environ=given, env_file=None)


def test_the_platform_installs_the_libraries_and_then_the_program() -> None:
    first, *rest = (HEROKU / "requirements.txt").read_text().split("\n")
    assert (first, rest) == ("-r requirements/runtime.txt", [""])
    assert (ROOT / "requirements" / "runtime.txt").exists()
    hook = HEROKU / "bin" / "post_compile"
    assert os.access(hook, os.X_OK)
    assert "pip install" in hook.read_text()
    assert (HEROKU / ".python-version").read_text().strip() == "3.11"
    assert sys.version_info >= (3, 11)


def app() -> dict[str, dict[str, dict[str, str]]]:
    manifest: dict[str, dict[str, dict[str, str]]] = json.loads((HEROKU / "app.json").read_text())
    return manifest
