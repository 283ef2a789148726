"""Bringing the schema up to date when the store opens, once, however many nodes start at a time.

Alembic takes a third of a start to import, so it is asked only if there is something to do: the
revision that this program needs is written here, and a test holds it against the scripts.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from adapters.persistence.sql.database import Database
from application.ports.store import StoreUnusable

HEAD = "0002"

# Migrations, and waiting for another node's, may take long; a request may not.
_NO_TIMEOUTS = text(
    "SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true)"
)
# Any number will do, as long as every version of this program asks for the same one.
_LOCK = text("SELECT pg_advisory_xact_lock(7309453118)")


async def migrate(database: Database) -> None:
    """Raises `StoreUnusable` if a newer program, or another one, made this database."""
    async with database.reader.connect() as connection:
        if await connection.run_sync(_revision) == HEAD:
            return
    async with database.writer.begin() as connection:
        if not database.is_sqlite:  # There, the writer has the file to itself.
            await connection.execute(_NO_TIMEOUTS)
            await connection.execute(_LOCK)
        await connection.run_sync(_upgrade, database.name)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if revision is None else str(revision)


def _upgrade(connection: Connection, database: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    # Alembic reads options with %-interpolation, and a path may contain anything.
    here = str(Path(__file__).with_name("migrations"))
    config.set_main_option("script_location", here.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    revision = _revision(connection)
    if revision is not None and revision not in known:
        raise StoreUnusable(
            f"{database} was written by a newer version (schema {revision}, this program knows "
            f"{HEAD}): run that version, or set DATABASE_URL to another database."
        )
    if revision is None and inspect(connection).get_table_names():
        raise StoreUnusable(
            f"{database} holds tables of another program: set DATABASE_URL to an empty database."
        )
    command.upgrade(config, "head")
