"""What an operator reads when a PostgreSQL store does not open: one line, with what to do."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from adapters.persistence.sql import refusals
from adapters.persistence.sql.store import SqlStore
from application.ports.store import StoreUnusable
from tests.servers.postgres import (
    PostgresServer,
    administer,
    database_url,
    fresh_database,
)

TIMEOUT = 2.0


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """It asks carol for a password, and lets dave in by TLS only."""
    server = PostgresServer()
    server.start()
    roles = (
        "CREATE ROLE with_password",
        "CREATE ROLE by_tls",
        "CREATE ROLE carol LOGIN PASSWORD 's3cret' IN ROLE with_password",
        "CREATE ROLE dave LOGIN IN ROLE by_tls",
    )
    asyncio.run(administer(server.url(), *roles))
    yield server.url()
    server.close()


@pytest.fixture
async def url(server: str) -> AsyncIterator[str]:
    async with fresh_database(server) as url:
        yield url


@pytest.fixture
async def empty(server: str) -> AsyncIterator[str]:
    async with fresh_database(server, migrated=False) as url:
        yield url


def as_user(url: str, login: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{login}@{rest.rpartition('@')[2]}"


async def refused(url: str) -> str:
    """The reason, without what every reason has."""
    store = SqlStore(url, timeout=TIMEOUT)
    started = time.monotonic()
    with pytest.raises(StoreUnusable) as unusable:
        await store.open("first life")
    reason = str(unusable.value)

    assert time.monotonic() - started < TIMEOUT + 1
    assert reason.startswith("DATABASE_URL (postgresql://")
    assert "\n" not in reason
    assert "s3cret" not in reason
    return reason


async def test_a_wrong_password_is_refused(server: str) -> None:
    reason = await refused(as_user(server, "carol:not-s3cret"))

    assert 'password authentication failed for user "carol"' in reason
    assert "Correct the name or the password" in reason


async def test_the_right_password_opens(url: str) -> None:
    await administer(url, "GRANT ALL ON ALL TABLES IN SCHEMA public TO carol")
    store = SqlStore(as_user(url, "carol:s3cret"))

    await store.open("first life")

    await store.close()


async def test_a_missing_database_is_to_be_made(server: str) -> None:
    reason = await refused(database_url(server, "chat"))

    assert 'database "chat" does not exist' in reason
    assert "createdb -O owner chat" in reason


async def test_a_port_where_nobody_listens_is_told() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    reason = await refused(f"postgresql://owner:s3cret@127.0.0.1:{port}/chat")

    assert f"nothing listens at 127.0.0.1:{port}. Start PostgreSQL there" in reason


async def test_a_host_name_that_is_not_known_is_told() -> None:
    reason = await refused("postgresql://owner:s3cret@nowhere.invalid/chat")

    assert "the host name nowhere.invalid is not known" in reason


async def test_a_host_that_never_answers_is_told_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]

        reason = await refused(f"postgresql://owner:s3cret@127.0.0.1:{port}/chat")

    assert f"127.0.0.1:{port} does not answer" in reason


async def test_a_server_of_another_kind_is_refused() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n" * 9)
        writer.close()

    other = await asyncio.start_server(greet, "127.0.0.1", 0)
    port = other.sockets[0].getsockname()[1]

    reason = await refused(f"postgresql://owner:s3cret@127.0.0.1:{port}/chat?sslmode=disable")
    other.close()

    assert "cannot be opened" in reason


async def test_a_server_without_tls_is_refused_where_it_is_asked_for(server: str) -> None:
    reason = await refused(f"{server}?sslmode=require")

    assert "does not speak TLS" in reason
    assert "sslmode=prefer" in reason


async def test_a_server_that_wants_tls_is_told(server: str) -> None:
    reason = await refused(as_user(server, "dave"))

    assert "?sslmode=require" in reason


async def test_an_old_server_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "OLDEST_POSTGRES", 99)

    assert "Besedka needs 99 or newer" in await refused(url)


async def test_a_database_that_cannot_hold_all_letters_is_refused(server: str) -> None:
    await administer(server, "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1'")

    reason = await refused(database_url(server, "latin"))
    await administer(server, "DROP DATABASE latin WITH (FORCE)")

    assert "LATIN1" in reason
    assert "createdb -T template0 -E UTF8" in reason


@pytest.mark.parametrize(
    "table",
    ["users (name text)", "alembic_version AS SELECT '8f2a' AS version_num"],
)
async def test_a_database_of_another_program_is_refused_and_left_alone(
    empty: str, table: str
) -> None:
    await administer(empty, f"CREATE TABLE {table}")

    assert "tables of another program" in await refused(empty)
    assert await tables(empty) == [table.partition(" ")[0]]


async def test_a_database_of_a_newer_version_is_refused(url: str) -> None:
    await administer(url, "UPDATE alembic_version SET version_num = '9999'")

    reason = await refused(url)

    assert "newer version (schema 9999, this program knows" in reason


async def test_a_role_that_may_not_make_tables_is_told(empty: str) -> None:
    reason = await refused(as_user(empty, "carol:s3cret"))

    assert "permission denied" in reason
    assert "GRANT CREATE, USAGE ON SCHEMA public TO carol" in reason
    assert await tables(empty) == []


async def test_an_option_that_nobody_knows_is_refused(url: str) -> None:
    assert "Remove from DATABASE_URL" in await refused(f"{url}?colour=green")
    assert "sslmode" in await refused(f"{url}?sslmode=perhaps")


async def test_a_server_that_is_full_is_told() -> None:
    server = PostgresServer(max_connections="4", superuser_reserved_connections="3")
    try:
        server.start()
        await administer(server.url(), "CREATE ROLE carol LOGIN")
        held = [await asyncpg.connect(server.url())]

        reason = await refused(server.url(user="carol"))
        await held[0].close()
    finally:
        server.close()

    assert "max_connections" in reason


async def tables(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    await connection.close()
    return [row["tablename"] for row in rows]
