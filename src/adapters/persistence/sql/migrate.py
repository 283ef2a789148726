"""Bringing the schema up to date when the store opens, once, however many nodes start at a time.

Alembic takes a third of a start to import, so it is asked only if there is something to do: the
revision that this program needs is written here, and a test holds it against the scripts.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.persistence.sql.database import Database
from adapters.persistence.sql.refusals import outdated
from application.ports.store import StoreUnusable

HEAD = "0007"
SCRIPTS = Path(__file__).with_name("migrations")

# Any number will do, as long as every version of this program asks for the same one.
_LOCK = text("SELECT pg_advisory_xact_lock(7309453118)")


async def migrate(database: Database) -> None:
    """Raises `StoreUnusable` if a newer program, or another one, made this database."""
    async with database.inspection() as connection:
        if not database.is_sqlite:
            await _require_capable(connection, database.name)
        if await connection.run_sync(_revision) == HEAD:
            return
    async with database.migration() as connection:
        if not database.is_sqlite:  # There, the writer has the file to itself.
            await connection.execute(_LOCK)
        await connection.run_sync(_upgrade, database.name)


async def require_current(database: Database) -> None:
    """Raises `StoreUnusable` unless the schema is the one that this program knows."""
    async with database.inspection() as connection:
        revision = await connection.run_sync(_revision_of_store)
    if revision is None:
        raise StoreUnusable(f"{database.name} holds no store of Besedka.")
    if revision < HEAD:
        raise StoreUnusable(
            f"{database.name} was written by an older version (schema {revision}, this program "
            f"knows {HEAD}): start this version on it once, or copy with the one that wrote it."
        )
    if revision > HEAD:
        raise StoreUnusable(
            f"{database.name} was written by a newer version (schema {revision}, this program "
            f"knows {HEAD}): copy with that version."
        )


async def _require_capable(connection: AsyncConnection, database: str) -> None:
    encoding = await connection.scalar(text("SELECT current_setting('server_encoding')"))
    if reason := outdated(connection.dialect.server_version_info, str(encoding)):
        raise StoreUnusable(f"{database} cannot be opened: {reason}")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if revision is None else str(revision)


def _revision_of_store(connection: Connection) -> str | None:
    """None where others keep their tables, perhaps with revisions of their own."""
    return _revision(connection) if inspect(connection).has_table("site") else None


def _upgrade(connection: Connection, database: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    # Alembic reads options with %-interpolation, and a path may contain anything.
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    revision = _revision(connection)
    if revision is None and inspect(connection).get_table_names():
        raise _foreign(database)
    if revision is not None and revision not in known:
        if not inspect(connection).has_table("site"):
            raise _foreign(database)
        raise StoreUnusable(
            f"{database} was written by a newer version (schema {revision}, this program knows "
            f"{HEAD}): run that version, or set DATABASE_URL to another database."
        )
    command.upgrade(config, "head")


def _foreign(database: str) -> StoreUnusable:
    return StoreUnusable(
        f"{database} holds tables of another program: set DATABASE_URL to an empty database."
    )
