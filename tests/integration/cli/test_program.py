"""The whole program as operators start it: a process of its own, with a real database."""

import asyncio
import signal
import socket
from pathlib import Path

import aiohttp
import pytest

from adapters.configuration.settings import Settings
from bootstrap import Besedka
from domain.message import Kind
from tests.integration.cli.processes import address_of, besedka, ended

PASSWORD = "a garden with a pavilion"


async def test_serve_announces_where_it_answers_and_ends_when_told(tmp_path: Path) -> None:
    async with besedka(tmp_path, "serve", PORT="0") as process:
        address = await address_of(process)
        async with aiohttp.ClientSession() as session, session.get(f"{address}/readyz") as answer:
            status = answer.status
        process.send_signal(signal.SIGTERM)
        exit_code, output, errors = await asyncio.wait_for(ended(process), 20)

    assert status == 200
    assert (exit_code, errors) == (0, "")
    assert "The first one owns this server" in output
    assert (tmp_path / "var" / "besedka.db").exists()


async def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        async with besedka(tmp_path, "serve", "--port", port) as process:
            exit_code, _, errors = await ended(process)

    assert exit_code == 1
    assert errors == (
        f"Error: Cannot listen on 127.0.0.1:{port}: something else does already. "
        "Stop it, or choose another --port or PORT.\n"
    )


async def test_a_database_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    async with besedka(tmp_path, "serve", DATABASE_URL="sqlite:///file/chat.db") as process:
        exit_code, _, errors = await ended(process)

    assert exit_code == 1
    assert "DATABASE_URL" in errors
    assert "file/chat.db" in errors
    assert errors.count("\n") == 1


async def test_a_redis_that_cannot_be_reached_is_one_line(tmp_path: Path) -> None:
    url = "redis://:hunter2@127.0.0.1:1"
    async with besedka(tmp_path, "serve", REDIS_URL=url) as process:
        exit_code, output, errors = await ended(process)

    assert (exit_code, output) == (1, "")
    assert "REDIS_URL (redis://:***@127.0.0.1:1) cannot be reached" in errors
    assert errors.count("\n") == 1


@pytest.mark.parametrize(
    ("verb", "environ", "named"),
    [
        ("serve", {"BESEDKA_PROT": "1"}, "BESEDKA_PORT"),
        (
            "serve",
            {"DATABASE_URL": "mysql://me:hunter2@db/chat"},
            "mysql:// is not known",
        ),
        ("serve", {"BESEDKA_WORKERS": "2"}, "set REDIS_URL"),
        ("config check --workers 2", {"DATABASE_URL": "memory://"}, "choose another database"),
        ("config check", {"BESEDKA_SESSIONS__STORE": "redis"}, "REDIS_URL"),
    ],
    ids=["unknown", "no scheme", "workers alone", "workers in memory", "no Redis for sessions"],
)
async def test_a_wrong_configuration_is_one_line(
    tmp_path: Path, verb: str, environ: dict[str, str], named: str
) -> None:
    async with besedka(tmp_path, *verb.split(), **environ) as process:
        exit_code, output, errors = await ended(process)

    assert (exit_code, output) == (2, "")
    assert named in errors
    assert errors.count("\n") == 1
    assert "hunter2" not in errors


async def test_demo_fills_the_database_and_adds_when_run_again(tmp_path: Path) -> None:
    size = ("--people", "5", "--rooms", "2", "--messages", "60", "--seed", "1")
    outputs: list[str] = []

    for _ in range(2):
        async with besedka(tmp_path, "demo", *size, "--password", PASSWORD) as process:
            exit_code, output, errors = await ended(process)
            assert (exit_code, errors) == (0, "")
            outputs.append(output)

    first, again = outputs
    assert "Messages: 60 of 60" in first
    assert f"sign in as demo with the password {PASSWORD}" in first
    assert "Start the server with `make run` or `besedka serve`,\n" in first
    assert "7 names were taken, so these got a number: demo2, " in again
    assert f"sign in as demo2 with the password {PASSWORD}" in again
    database = f"sqlite:///{tmp_path}/var/besedka.db"
    async with Besedka().open_chat(Settings(database_url=database)) as chat:
        visitor = (await chat.sign_in(username="demo", password=PASSWORD)).user
        directory = await chat.list_rooms(visitor)
        rooms = await chat.list_my_rooms(visitor)
        pages = [
            await chat.page_messages(visitor, room_id=each.room.id, limit=200) for each in rooms
        ]
        people = await chat.find_people(visitor, limit=50)
    posts = [message for page in pages for message in page.messages if message.kind is Kind.POSTED]
    assert visitor.is_site_owner
    assert len(people) == 10
    assert len(directory.rooms) == 5  # With the welcome room.
    assert len(rooms) == 5  # Those of the first time, and two direct ones.
    assert len(posts) == 61  # With the greeting there.
