"""`besedka serve` on all addresses: the setup link that it prints, and what it opens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from tests.integration.cli.processes import address_of, besedka, ended, setup_link_of, several
from tests.kit import PASSWORD

FOR_ALL = {"HOST": "0.0.0.0", "PORT": "0", "BESEDKA_LOG_FORMAT": "json"}
FORM = {"username": "alice", "password": PASSWORD, "password_again": PASSWORD}


@asynccontextmanager
async def server(directory: Path, **environ: str) -> AsyncIterator[tuple[str, str]]:
    """Its address and its setup link; stopped in order."""
    async with besedka(directory, "serve", **FOR_ALL, **environ) as process:
        yield await address_of(process), await setup_link_of(process)
        process.terminate()
        exit_code, _, errors = await ended(process)
        assert (exit_code, errors) == (0, "")


async def status(address: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return answer.status


async def test_the_link_opens_after_a_restart_and_for_one_owner(tmp_path: Path) -> None:
    async with server(tmp_path) as (address, link):
        assert await status(f"{address}/register") == 403
        assert await status(link) == 200
    async with server(tmp_path) as (address, again):
        secret = again.partition("setup=")[2]
        jar = aiohttp.CookieJar(unsafe=True)
        async with (
            aiohttp.ClientSession(headers={"Origin": address}, cookie_jar=jar) as operator,
            operator.post(f"{address}/register", data={**FORM, "setup": secret}) as answer,
        ):
            assert (answer.status, answer.url.path) == (200, "/")
        assert await status(f"{address}/register") == 200

    assert again.startswith(f"{address}/register?setup=")
    assert again.partition("?")[2] == link.partition("?")[2]


async def test_all_workers_ask_for_the_same_link(tmp_path: Path) -> None:
    async with server(tmp_path, **several(), BESEDKA_WORKERS="2") as (address, link):
        # Each connection of its own comes to some worker.
        refused = {await status(f"{address}/register") for _ in range(20)}
        opened = {await status(link) for _ in range(20)}

    assert (refused, opened) == ({403}, {200})


async def test_the_link_is_where_people_find_the_server(tmp_path: Path) -> None:
    public = "https://chat.example.org"
    async with server(tmp_path, BESEDKA_PUBLIC_URL=public) as (_, link):
        assert link.startswith(f"{public}/register?setup=")
