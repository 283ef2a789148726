"""The migrations make the schema that the code speaks of, and cost nothing where they are done."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from adapters.persistence.sql import migrate
from adapters.persistence.sql.database import Database
from adapters.persistence.sql.rows import session_values
from adapters.persistence.sql.schema import metadata
from adapters.persistence.sql.session_store import SqlSessionStore
from adapters.persistence.sql.store import SqlStore
from domain.search import Wanted
from tests.cast import NOON, a_room, a_session, a_token, alice
from tests.servers.postgres import fresh_database

REVISIONS = [script.revision for script in ScriptDirectory(str(migrate.SCRIPTS)).walk_revisions()][
    ::-1
]

# Each database has a word index of its own kind, of which the schema knows nothing.
OWN = ("alembic_version", "message_words")


@pytest.fixture(params=["sqlite", "postgres"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """Of a database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/besedka.db"
        return
    async with fresh_database(migrated=False) as url:
        yield url


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = Database(url, pool_size=1, timeout=10)
    database.open()
    yield database
    await database.close()


def test_the_newest_migration_is_the_one_the_code_asks_for() -> None:
    assert REVISIONS[-1] == migrate.HEAD


# Neither can read an index by days from SQLite; what SQLite itself says of it is compared below.
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping .* expression-based index")
async def test_migrated_tables_are_those_of_the_schema(database: Database) -> None:
    await migrate.migrate(database)
    async with database.migration() as connection:
        differing = await connection.run_sync(differences)
        migrated = await connection.run_sync(definitions)
        await connection.run_sync(emptied)
        await connection.run_sync(metadata.create_all)
        declared = await connection.run_sync(definitions)

    assert differing == []
    assert migrated == declared


def differences(connection: Connection) -> list[object]:
    def is_ours(name: str | None, kind: str, _: object) -> bool:
        return not (kind == "table" and str(name).startswith(OWN))

    context = MigrationContext.configure(connection, opts={"include_name": is_ours})
    return compare_metadata(context, metadata)


def definitions(connection: Connection) -> set[str]:
    """Every table, index and constraint, as the database itself writes it."""
    rows = connection.execute(text(_DEFINITIONS[connection.dialect.name]))
    return {" ".join(row.definition.replace('"', "").split()) for row in rows}


def emptied(connection: Connection) -> None:
    for table in inspect(connection).get_table_names():
        # The tables behind a virtual table go with it.
        if not table.startswith("message_words_"):
            cascade = "" if connection.dialect.name == "sqlite" else "CASCADE"
            connection.execute(text(f"DROP TABLE {table} {cascade}"))


# The schema leaves it to the migrations to say which rows an index of PostgreSQL's holds.
_DEFINITIONS = {
    "sqlite": """
        SELECT sql AS definition FROM sqlite_master
        WHERE sql <> '' AND name <> 'alembic_version' AND name NOT LIKE 'message_words%'
    """,
    "postgresql": """
        SELECT regexp_replace(indexdef, ' WHERE .*', '') AS definition FROM pg_indexes
        WHERE schemaname = 'public' AND tablename NOT IN ('alembic_version', 'message_words')
        UNION SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
        AND conrelid::regclass::text NOT IN ('alembic_version', 'message_words')
        UNION SELECT concat_ws(' ', table_name, column_name, data_type, collation_name,
            is_nullable, column_default, is_identity)
        FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name NOT IN ('alembic_version', 'message_words')
    """,
}


@pytest.mark.parametrize(("before", "after"), [*pairwise(REVISIONS)])
async def test_every_step_can_be_taken_back_and_again_and_loses_nothing(
    database: Database, before: str, after: str
) -> None:
    async with database.migration() as connection:
        await connection.run_sync(upgraded, REVISIONS[0])
        await connection.run_sync(spoken)
        said = await connection.run_sync(everything)
        await connection.run_sync(upgraded, before)
        tables = await connection.run_sync(definitions)

        for _ in range(2):
            await connection.run_sync(upgraded, after)
            assert await connection.run_sync(everything) == said
            await connection.run_sync(downgraded, before)
            assert await connection.run_sync(everything) == said
            assert await connection.run_sync(definitions) == tables


async def test_what_was_said_in_the_first_version_is_there_and_found(
    database: Database, url: str
) -> None:
    async with database.migration() as connection:
        await connection.run_sync(upgraded, REVISIONS[0])
        await connection.run_sync(spoken)
    store = SqlStore(url)
    await store.open("second life")

    async with store.view() as view:
        found = await view.log.search(
            a_room().id, Wanted(words=frozenset({"tea"})), before=9, limit=9
        )
    await store.close()

    assert store.epoch == "first life"
    assert [(message.seq, message.text) for message in found] == [(1, "Tea?")]


async def test_who_was_signed_in_before_there_were_tokens_still_is(
    database: Database, url: str
) -> None:
    session, token = a_session(alice()), a_token(alice())
    async with database.migration() as connection:
        await connection.run_sync(upgraded, "0003")
        await connection.execute(_SIGNED_IN, session_values(session))
    store = SqlStore(url)
    await store.open("first life")
    sessions = SqlSessionStore(store.database)

    await sessions.add(token)

    assert await sessions.list_of(alice().id) == sorted(
        [session, token], key=lambda each: each.id, reverse=True
    )
    await store.close()
    async with database.migration() as connection:  # Tokens would pass for browsers there.
        await connection.run_sync(downgraded, "0003")
        kept = (await connection.execute(text("SELECT digest FROM sessions"))).scalars().all()
    assert kept == [session.digest]


_SIGNED_IN = text(
    "INSERT INTO sessions (id, digest, user_id, device, created_at, seen_at, expires_at) "
    "VALUES (:id, :digest, :user_id, :device, :created_at, :seen_at, :expires_at)"
)


def config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    config.set_main_option("path_separator", "os")
    return config


def upgraded(connection: Connection, revision: str) -> None:
    command.upgrade(config(connection), revision)


def downgraded(connection: Connection, revision: str) -> None:
    command.downgrade(config(connection), revision)


def spoken(connection: Connection) -> None:
    """Alice in the garden, as the first version stored it."""
    for table, row in FIRST_WORDS.items():
        values = ", ".join(f"'{v}'" if isinstance(v, str) else str(v) for v in row.values())
        connection.execute(text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})"))


_AT = round(NOON.timestamp() * 1000)
_HERE, _ME = {"room_id": a_room().id}, alice().id

FIRST_WORDS: dict[str, dict[str, str | int | bool]] = {
    "users": {
        "id": _ME,
        "username": "alice",
        "folded": "alice",
        "display_name": "Alice",
        "site_role": "owner",
        "password_hash": "hash",
        "created_at": _AT,
    },
    "site": {"id": 1, "epoch": "first life", "owner_id": _ME},
    "rooms": {
        "id": a_room().id,
        "name": "garden",
        "folded": "garden",
        "visibility": "public",
        "topic": "",
        "head": 1,
        "floor": 0,
        "members": 1,
        "tells_presence": True,
        "created_at": _AT,
    },
    "memberships": {
        **_HERE,
        "user_id": _ME,
        "role": "owner",
        "joined_at": _AT,
        "read": 0,
        "present": False,
    },
    "messages": {
        **_HERE,
        "seq": 1,
        "kind": "posted",
        "author_id": _ME,
        "text": "Tea?",
        "key": "k",
        "at": _AT,
        "deleted": False,
    },
}


def everything(connection: Connection) -> dict[str, list[Any]]:
    return {
        table: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))]
        for table in FIRST_WORDS
    }


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
