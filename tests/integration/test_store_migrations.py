"""The migrations make the schema that the code speaks of, and cost nothing where they are done."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from adapters.persistence.sql import migrate
from adapters.persistence.sql.schema import metadata
from adapters.persistence.sql.store import SqlStore


def test_the_newest_migration_is_the_one_the_code_asks_for() -> None:
    scripts = ScriptDirectory(str(Path(migrate.__file__).with_name("migrations")))

    assert scripts.get_heads() == [migrate.HEAD]


async def test_migrated_tables_are_those_of_the_schema(tmp_path: Path) -> None:
    migrated, declared = (SqlStore(f"sqlite:///{tmp_path}/{name}.db") for name in "ab")
    await migrated.open("first life")
    declared.database.open()
    async with declared.database.writer.begin() as connection:
        await connection.run_sync(metadata.create_all)

    def differences(connection: Connection) -> list[object]:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    def sql(connection: Connection) -> set[str]:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql <> ''"))
        return {
            " ".join(row.sql.replace('"', "").split())
            for row in rows
            if row.name != "alembic_version"
        }

    async with migrated.database.reader.connect() as connection:
        differing = await connection.run_sync(differences)
        ours = await connection.run_sync(sql)
    async with declared.database.reader.connect() as connection:
        theirs = await connection.run_sync(sql)
    await migrated.close()
    await declared.close()

    assert differing == []
    assert ours == theirs


async def test_a_store_that_is_up_to_date_opens_without_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/besedka.db"
    store = SqlStore(url)
    await store.open("first life")
    await store.close()
    program = f"""
import asyncio, sys
from adapters.persistence.sql.store import SqlStore
async def main():
    store = SqlStore({url!r})
    await store.open("second life")
    print(store.epoch, *(name for name in sys.modules if "alembic" in name or "asyncpg" in name))
    await store.close()
asyncio.run(main())
"""

    [(code, said)] = await together([program])

    assert (code, said) == (0, "first life")


async def test_stores_that_open_a_new_file_at_once_agree(tmp_path: Path) -> None:
    program = """
import asyncio, sys
from adapters.persistence.sql.store import SqlStore
async def main():
    store = SqlStore(sys.argv[1])
    await store.open(sys.argv[2])
    print(store.epoch)
    await store.close()
asyncio.run(main())
"""
    url = f"sqlite:///{tmp_path}/besedka.db"

    answers = await together(*([program, url, f"life {node}"] for node in range(4)))

    assert [code for code, _ in answers] == [0, 0, 0, 0]
    assert len({epoch for _, epoch in answers}) == 1


async def together(*programs: list[str]) -> list[tuple[int | None, str]]:
    """Run the programs at the same time: how each one ended and what it said."""
    running = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", *program, stdout=PIPE)
        for program in programs
    ]
    said = await asyncio.gather(*(process.communicate() for process in running))
    return [
        (process.returncode, out.decode().strip())
        for process, (out, _) in zip(running, said, strict=True)
    ]
