"""A file of SQLite with every table and no row, for who does not try how one comes about."""

from pathlib import Path

from adapters.persistence.sql.database import Database
from adapters.persistence.sql.migrate import migrate

_migrated: list[bytes] = []


async def migrated_file(file: Path) -> str:
    """The URL of that file, which is made. Only the first one is migrated, which takes longer than
    most tests; the others are copies."""
    url = f"sqlite:///{file}"
    if not _migrated:
        database = Database(url, pool_size=1, timeout=30)
        database.open()
        await migrate(database)
        await database.close()
        _migrated.append(file.read_bytes())  # noqa: ASYNC240  # Small, and nothing else runs.
    else:
        file.write_bytes(_migrated[0])  # noqa: ASYNC240  # As above.
    return url
