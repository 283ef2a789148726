"""The word index is made for what was said before there was one, and keeps nothing too long."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from adapters.persistence.sql import migrate
from adapters.persistence.sql.store import SqlStore
from domain.search import Wanted
from tests.cast import a_post, a_room, alice, bob, numbered

TEA = Wanted(words=frozenset({"tea"}))


def downgrade(connection: Connection) -> None:
    config = Config(attributes={"connection": connection})
    here = str(Path(migrate.__file__).with_name("migrations"))
    config.set_main_option("script_location", here)
    config.set_main_option("path_separator", "os")
    command.downgrade(config, "0001")


async def test_what_was_said_before_there_was_an_index_is_found(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/besedka.db"
    store = SqlStore(url)
    await store.open("first life")
    room = a_room()
    async with store.unit() as unit:
        await unit.users.add(alice(), "hash")
        await unit.users.add(bob(), "hash")
        await unit.rooms.add(room)
        posts = (a_post(alice(), "Tea!"), a_post(bob(), "deleted tea"), a_post(bob(), "coffee"))
        await unit.log.append(numbered(room, *posts))
        await unit.log.scrub(room.id, 2)
    async with store.database.writer.begin() as connection:
        await connection.run_sync(downgrade)
    await store.close()

    store = SqlStore(url)
    await store.open("second life")

    async with store.view() as view:
        by_bob = Wanted(author_id=bob().id)
        found = [
            [message.seq for message in await view.log.search(room.id, wanted, before=9, limit=9)]
            for wanted in (TEA, by_bob)
        ]
    await store.close()
    assert found == [[1], [3]]


async def test_deleted_and_cleared_texts_leave_the_index(tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path}/besedka.db")
    await store.open("first life")
    room = a_room()
    async with store.unit() as unit:
        await unit.users.add(alice(), "hash")
        await unit.rooms.add(room)
        await unit.log.append(numbered(room, *(a_post(alice(), "tea") for _ in range(4))))
        await unit.log.scrub(room.id, 4)
        await unit.log.clear(room.id, 2)

    async with store.database.view() as transaction:
        rows = await transaction.rows(text("SELECT words FROM message_words"))
    await store.close()

    assert len(rows) == 1
