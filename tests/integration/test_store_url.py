"""What may stand in DATABASE_URL for a SQL store."""

from pathlib import Path

import pytest

from adapters.persistence.sql.url import sql_url
from application.ports.store import StoreUnusable


@pytest.mark.parametrize(
    ("given", "driven"),
    [
        ("sqlite:///var/besedka.db", f"sqlite+aiosqlite:///{Path('var/besedka.db').absolute()}"),
        ("sqlite:////srv/besedka.db", "sqlite+aiosqlite:////srv/besedka.db"),
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
        "postgres://host:port/chat",
    ],
)
def test_other_urls_are_refused_with_what_to_do(given: str) -> None:
    with pytest.raises(StoreUnusable, match="DATABASE_URL"):
        sql_url(given)
