"""What may stand in DATABASE_URL, and what SQLAlchemy needs to read there."""

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from application.ports.store import StoreMisaddressed

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}


def sql_url(url: str) -> URL:
    """`sqlite:///relative.db`, `sqlite:////absolute.db`, `postgresql://…` or, as platforms give
    it, `postgres://…`. Raises `StoreMisaddressed`."""
    scheme, separator, rest = url.partition("://")
    driver = _DRIVERS.get(scheme, scheme)
    if not separator or driver not in _DRIVERS.values():
        raise StoreMisaddressed(
            "DATABASE_URL must start with sqlite:///, postgresql:// or memory://."
        )
    try:
        parsed = make_url(f"{driver}://{rest}")
    except (ArgumentError, ValueError) as error:
        if rest.count("@") > 1:
            raise _unescaped_at() from None
        raise StoreMisaddressed(
            "DATABASE_URL is not a URL; it should read like sqlite:///var/besedka.db."
        ) from error
    if driver != _DRIVERS["sqlite"]:
        return _for_asyncpg(parsed)
    if "?" in rest:  # SQLAlchemy drops options without a value: another file would be opened.
        raise StoreMisaddressed(
            "DATABASE_URL has a ? after the file, as if options followed, and SQLite takes none "
            "here. Write %3F for a ? in the file's name."
        )
    return _checked_sqlite(parsed)


def _checked_sqlite(url: URL) -> URL:
    if not url.database or url.database == ":memory:":
        raise StoreMisaddressed(
            "DATABASE_URL names no file; write sqlite:///var/besedka.db, "
            "or memory:// to keep nothing."
        )
    if url.host:
        raise StoreMisaddressed(
            f"DATABASE_URL has too few slashes; write sqlite:///{url.host}/{url.database}."
        )
    # Whoever changes the working directory later must not get another file.
    return url.set(database=str(Path(url.database).absolute()))


def _for_asyncpg(url: URL) -> URL:
    if url.host and "@" in url.host:
        raise _unescaped_at()
    # SQLAlchemy's users write ssl for what libpq and the platforms call sslmode.
    query = {"sslmode" if name == "ssl" else name: said for name, said in url.query.items()}
    return url.set(query={name: said for name, said in query.items() if name not in _OF_LIBPQ})


def _unescaped_at() -> StoreMisaddressed:
    # Without what was found: it is a piece of the password.
    return StoreMisaddressed(
        "DATABASE_URL has an @ in its user or its password: write %40 there, and @ only before "
        "the host."
    )


# What only libpq knows, and platforms put into their URLs; asyncpg would ask the server for it.
_OF_LIBPQ = {
    "channel_binding",
    "connect_timeout",
    "fallback_application_name",
    "gssencmode",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "load_balance_hosts",
    "pgbouncer",
    "sslcompression",
    "sslsni",
    "tcp_user_timeout",
}
