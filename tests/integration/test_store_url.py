"""What may stand in DATABASE_URL for a SQL store."""

from pathlib import Path

import pytest
from sqlalchemy import text

from adapters.persistence.sql.database import Database
from adapters.persistence.sql.url import sql_url
from application.ports.store import StoreUnusable
from tests.servers.postgres import fresh_database


@pytest.mark.parametrize(
    ("given", "driven"),
    [
        ("sqlite:///var/besedka.db", f"sqlite+aiosqlite:///{Path('var/besedka.db').absolute()}"),
        ("sqlite:////srv/besedka.db", "sqlite+aiosqlite:////srv/besedka.db"),
        ("sqlite:////srv/q%3Fmark.db", "sqlite+aiosqlite:////srv/q%3Fmark.db"),
        ("postgres://me:p%40ss@host/chat", "postgresql+asyncpg://me:p%40ss@host/chat"),
        ("postgres://me:pw@host/chat", "postgresql+asyncpg://me:pw@host/chat"),
        ("postgresql://me@host:5433/chat", "postgresql+asyncpg://me@host:5433/chat"),
        ("postgresql+asyncpg://host/chat", "postgresql+asyncpg://host/chat"),
        ("postgres://host/chat?ssl=require", "postgresql+asyncpg://host/chat?sslmode=require"),
        (
            "postgres://host/chat?sslmode=require&channel_binding=require&connect_timeout=9",
            "postgresql+asyncpg://host/chat?sslmode=require",
        ),
        ("postgres:///chat?host=/run/pg", "postgresql+asyncpg:///chat?host=%2Frun%2Fpg"),
    ],
)
def test_urls_are_rewritten_for_the_asynchronous_drivers(given: str, driven: str) -> None:
    assert sql_url(given).render_as_string(hide_password=False) == driven


@pytest.mark.parametrize(
    "given",
    [
        "",
        "besedka.db",
        "mysql://host/chat",
        "postgresql+psycopg://host/chat",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite://var/besedka.db",
        "sqlite:///q?mark.db",
        "sqlite:///besedka.db?mode=ro",
        "postgres://host:port/chat",
    ],
)
def test_other_urls_are_refused_with_what_to_do(given: str) -> None:
    with pytest.raises(StoreUnusable, match="DATABASE_URL"):
        sql_url(given)


@pytest.mark.parametrize("given", ["sqlite:///q?mark.db", "sqlite:////srv/besedka.db?mode=ro"])
def test_a_question_mark_in_a_file_name_must_be_escaped(given: str) -> None:
    with pytest.raises(StoreUnusable, match=r"Write %3F for a \?"):
        sql_url(given)


@pytest.mark.parametrize(
    "given",
    [
        "postgres://me:secret@word@host/chat",
        "postgres://me:secret@word:1@host/chat",
        "postgres://me:se/cret@word@host:5432/chat",
    ],
)
def test_an_at_sign_in_a_password_must_be_escaped(given: str) -> None:
    with pytest.raises(StoreUnusable, match="write %40 there") as refused:
        sql_url(given)

    assert not any(piece in str(refused.value) for piece in ("secret", "cret", "word@"))


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("sqlite:////srv/100% мое?.db".replace("?", "%3F"), "sqlite:////srv/100% мое?.db"),
        ("postgres://me:pw@host/chat", "postgresql://me:***@host/chat"),
        (
            "postgresql://me:pw@host:5433/chat?password=pw&sslmode=require",
            "postgresql://me:***@host:5433/chat",
        ),
    ],
)
def test_operators_read_where_a_database_is_and_no_secret(url: str, named: str) -> None:
    assert Database(url, pool_size=1, timeout=1).name == f"DATABASE_URL ({named})"


async def test_commits_are_durable_whatever_the_url_says() -> None:
    async with fresh_database(migrated=False) as url:
        option = f"{'&' if '?' in url else '?'}synchronous_commit=off"
        database = Database(url + option, pool_size=1, timeout=5)
        database.open()

        async with database.unit() as unit:
            row = await unit.row(text("SHOW synchronous_commit"))
        async with database.migration() as connection:
            migrating = await connection.scalar(text("SHOW synchronous_commit"))
        await database.close()

    assert row is not None
    assert (row[0], migrating) == ("on", "on")
