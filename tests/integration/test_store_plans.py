"""No statement reads a whole table where an index tells the place: not at a thousand messages,
where nobody would notice, so that it does not at a million either."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Delete, Select, Update
from sqlalchemy.dialects.sqlite import dialect

from adapters.persistence.sql import (
    days,
    log_statements,
    membership_repository,
    room_repository,
    session_store,
    star_repository,
    unread,
    user_repository,
)
from adapters.persistence.sql.store import SqlStore

# What reads everything on purpose: a sweep, and lists of whole rooms.
WHOLE_TABLES = {"_FORGET_OVER", "MESSAGE", "_USER"}

# A walk from day to day reads no more days than it has found, and the site is one row. What is
# counted of the unread are the rows of a search that ends in time, for each of the given positions.
NO_TABLES = {
    *("SCAN days", "SCAN CONSTANT ROW", "SCAN site"),
    *("SCAN read_positions", "SCAN living", "SCAN of_me"),
}

MODULES = (
    days,
    log_statements,
    membership_repository,
    room_repository,
    session_store,
    star_repository,
    unread,
    user_repository,
)


def statements(module: ModuleType) -> Iterator[tuple[str, str]]:
    for name, statement in vars(module).items():
        if isinstance(statement, Select | Update | Delete) and name not in WHOLE_TABLES:
            yield (
                f"{module.__name__.rpartition('.')[2]}.{name}",
                str(statement.compile(dialect=dialect(paramstyle="named"))),
            )


ALL = dict(pair for module in MODULES for pair in statements(module))


@pytest.mark.parametrize("sql", ALL.values(), ids=ALL)
async def test_a_statement_finds_its_rows_by_an_index(tmp_path: Path, sql: str) -> None:
    plan = await plan_of(tmp_path, sql)

    scans = [step for step in plan if step.startswith("SCAN") and "VIRTUAL TABLE" not in step]
    assert [step for step in scans if "USING" not in step and step not in NO_TABLES] == []
    sorting = [step for step in plan if "TEMP B-TREE FOR ORDER" in step]
    assert not (sorting and "LIMIT" in sql), "a page must not cost what the whole list costs"


async def test_what_is_unread_is_looked_at_from_the_read_position_on(tmp_path: Path) -> None:
    plan = await plan_of(tmp_path, ALL["unread.COUNT"])

    index = "sqlite_autoindex_messages_1"
    assert f"SEARCH messages USING INDEX {index} (room_id=? AND seq>?)" in plan
    assert "SEARCH mentions USING PRIMARY KEY (room_id=? AND user_id=? AND seq>?)" in plan


async def plan_of(directory: Path, sql: str) -> list[str]:
    store = SqlStore(f"sqlite:///{directory}/besedka.db")
    await store.open("first life")
    await store.close()
    connection = sqlite3.connect(directory / "besedka.db")
    rows = connection.execute(f"EXPLAIN QUERY PLAN {sql}", _Nothing()).fetchall()
    connection.close()
    return [row[3] for row in rows]


class _Nothing(dict[str, None]):
    """A value for every parameter: a plan does not depend on them."""

    def __missing__(self, name: str) -> None:
        return None
