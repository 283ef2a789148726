"""What may stand in DATABASE_URL, and what SQLAlchemy needs to read there."""

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from application.ports.store import StoreUnusable

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}


def sql_url(url: str) -> URL:
    """`sqlite:///relative.db`, `sqlite:////absolute.db`, `postgresql://…` or, as platforms give
    it, `postgres://…`. Raises `StoreUnusable`."""
    scheme, separator, rest = url.partition("://")
    driver = _DRIVERS.get(scheme, scheme)
    if not separator or driver not in _DRIVERS.values():
        raise StoreUnusable("DATABASE_URL must start with sqlite:///, postgresql:// or memory://.")
    try:
        parsed = make_url(f"{driver}://{rest}")
    except (ArgumentError, ValueError) as error:
        raise StoreUnusable(
            "DATABASE_URL is not a URL; it should read like sqlite:///var/besedka.db."
        ) from error
    return _checked_sqlite(parsed) if driver == _DRIVERS["sqlite"] else _for_asyncpg(parsed)


def _checked_sqlite(url: URL) -> URL:
    if not url.database or url.database == ":memory:":
        raise StoreUnusable(
            "DATABASE_URL names no file; write sqlite:///var/besedka.db, "
            "or memory:// to keep nothing."
        )
    if url.host:
        raise StoreUnusable(
            f"DATABASE_URL has two slashes too few; write sqlite:///{url.host}/{url.database}."
        )
    # Whoever changes the working directory later must not get another file.
    return url.set(database=str(Path(url.database).absolute()))


def _for_asyncpg(url: URL) -> URL:
    # libpq says sslmode, and so do the platforms; asyncpg takes the same words as ssl.
    if "sslmode" not in url.query:
        return url
    return url.difference_update_query(["sslmode"]).update_query_dict({"ssl": url.query["sslmode"]})
