"""What Heroku and its like need, run with the environment that they give."""

import asyncio
import contextlib
import json
import os
import shlex
import signal
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from adapters.configuration.load import load_configuration
from adapters.configuration.names import USUAL, VARIABLES
from tests.integration.cli.processes import ROOT, address_of, besedka, ended, several
from tests.integration.deploy.proxies import DEPLOY
from tests.servers import postgres, valkey
from tests.servers.nginx import NAME, certify
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


@asynccontextmanager
async def redis_by_tls(directory: Path) -> AsyncIterator[str]:
    """The URL of a Redis whose certificate nobody knows."""
    certify(directory)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(directory / f"{NAME}.crt", directory / f"{NAME}.key")
    behind = urlsplit(valkey.shared_server_url())

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while some := await reader.read(65536):
                writer.write(some)
                await writer.drain()
        writer.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection(behind.hostname, behind.port)
        await asyncio.gather(carry(reader, there[1]), carry(there[0], writer))

    server = await asyncio.start_server(connect, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"rediss://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_the_procfile_serves_with_what_a_platform_sets(tmp_path: Path) -> None:
    port = free_port()
    async with (
        postgres.fresh_database(migrated=False) as url,
        redis_by_tls(tmp_path) as redis_url,
    ):
        environ = {
            **several(),
            "REDIS_URL": redis_url,
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
                assert await answer.json() == {"status": "ok"}  # Redis is there, too.
            process.send_signal(signal.SIGTERM)
            exit_code, _, errors = await ended(process)

    assert (exit_code, errors) == (0, "")


async def test_a_certificate_that_nobody_knows_is_refused_unless_it_is_said(
    tmp_path: Path,
) -> None:
    async with (
        redis_by_tls(tmp_path) as redis_url,
        besedka(tmp_path, "serve", PORT="0", REDIS_URL=redis_url) as process,
    ):
        exit_code, _, errors = await ended(process)

    assert exit_code == 1
    assert "REDIS_URL" in errors
    assert errors.count("\n") == 1


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
