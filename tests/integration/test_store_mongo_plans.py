"""Every look goes by an index: what it costs grows with what is found, not with what there is."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio

from adapters.persistence.mongo import unread
from adapters.persistence.mongo.driver import Document
from adapters.persistence.mongo.session_store import MongoSessionStore
from adapters.persistence.mongo.store import MongoStore
from adapters.persistence.mongo.url import address_of
from application.ports.store import Unit
from domain.message import Entry
from domain.search import Wanted
from domain.star import Star
from tests.cast import (
    a_membership,
    a_post,
    a_room,
    a_session,
    a_user,
    alice,
    at,
    bob,
    numbered,
)
from tests.servers.mongo import fresh_database, shared_client

Look = Callable[[Unit], Awaitable[object]]

GARDEN = a_room().id
POSTS = 400
FEW = 60  # Documents that a look may read: far less than there are of any kind.


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def url() -> AsyncIterator[str]:
    async with fresh_database() as url:
        store = MongoStore(url, driver="pymongo")
        await store.open("life")
        async with store.unit() as unit:
            await unit.users.add(alice(), "hash")
            await unit.users.add(bob(), "hash")
            for n in range(200):
                await unit.users.add(a_user(f"user{n}"), "hash")
                room = a_room(f"room{n}")
                await unit.rooms.add(room)
                await unit.memberships.add(a_membership(room, a_user(f"user{n}")))
            for room in (a_room(), a_room("hall")):
                await unit.rooms.add(room)
                await unit.memberships.add(a_membership(room, alice()))
                await unit.log.append(numbered(room, *_posts(room.id)))
                await unit.rooms.save(room)
                for seq in range(1, 200):
                    await unit.stars.add(Star(alice().id, room.id, seq, at(seq // 2)))
        await store.close()
        yield url


def _posts(room: str) -> list[Entry]:
    return [
        a_post(
            bob() if n % 50 == 0 else alice(),
            f"common word {n} of {'rare' if n % 100 == 0 else 'many'}",
            key=f"{room} {n}",
        )
        for n in range(POSTS)
    ]


LOOKS: dict[str, Look] = {
    "user by id": lambda unit: unit.users.get(alice().id),
    "user by name": lambda unit: unit.users.find_by_name("alice"),
    "users by id": lambda unit: unit.users.list_by_id([alice().id, bob().id]),
    "users by prefix": lambda unit: unit.users.search("user19", limit=20),
    "page of users": lambda unit: unit.users.page(after="user19", limit=20),
    "room by id": lambda unit: unit.rooms.find(GARDEN),
    "room by name": lambda unit: unit.rooms.find_by_name("garden"),
    "direct room": lambda unit: unit.rooms.find_direct("x y"),
    "directory": lambda unit: unit.rooms.list_visible(alice().id, query="", after="room1", limit=9),
    "heads": lambda unit: unit.rooms.heads([GARDEN]),
    "membership": lambda unit: unit.memberships.find(GARDEN, alice().id),
    "memberships": lambda unit: unit.memberships.find_many(
        [(GARDEN, alice().id), (GARDEN, bob().id)]
    ),
    "members": lambda unit: unit.memberships.list_members(GARDEN),
    "rooms of": lambda unit: unit.memberships.list_rooms(alice().id),
    "rooms of several": lambda unit: unit.memberships.list_rooms_of([alice().id, bob().id]),
    "members by name": lambda unit: unit.memberships.find_by_names(GARDEN, ["alice", "bob"]),
    "present": lambda unit: unit.memberships.list_present(),
    "keys": lambda unit: unit.log.find_by_keys(
        [(alice().id, f"{GARDEN} 1"), (alice().id, "none"), (bob().id, f"{GARDEN} 50")]
    ),
    "one key": lambda unit: unit.log.find_by_keys([(alice().id, f"{GARDEN} 1")]),
    "message": lambda unit: unit.log.find(GARDEN, 7),
    "page before": lambda unit: unit.log.list_before(GARDEN, 300, limit=20),
    "page after": lambda unit: unit.log.list_after(GARDEN, 100, limit=20),
    "replay": lambda unit: unit.log.replay(GARDEN, 100, limit=20),
    "messages at places": lambda unit: unit.log.find_many([(GARDEN, 7), (GARDEN, 300)]),
    "stars": lambda unit: unit.stars.list_of(alice().id, limit=20),
    "stars before": lambda unit: unit.stars.list_of(
        alice().id, before=Star(alice().id, GARDEN, 100, at(50)), limit=20
    ),
    "starred": lambda unit: unit.stars.starred(alice().id, [(GARDEN, 7), (GARDEN, 300)]),
    "unread": lambda unit: unit.log.count_unread(
        {bob().id: {GARDEN: POSTS - 9, a_room("hall").id: POSTS - 9}}
    ),
    "common word": lambda unit: _search(unit, Wanted(words=frozenset({"common"}))),
    "rare word": lambda unit: _search(unit, Wanted(words=frozenset({"rare"}))),
    "both": lambda unit: _search(unit, Wanted(words=frozenset({"common", "word", "rare"}))),
    "author": lambda unit: _search(unit, Wanted(author_id=bob().id)),
    "author and word": lambda unit: _search(
        unit, Wanted(words=frozenset({"common"}), author_id=bob().id)
    ),
    "beginning": lambda unit: _search(unit, Wanted(beginnings=frozenset({"rar"}))),
    "word and beginning": lambda unit: _search(
        unit, Wanted(words=frozenset({"rare"}), beginnings=frozenset({"comm"}))
    ),
    "without": lambda unit: _search(
        unit, Wanted(words=frozenset({"common"}), without=frozenset({"rare"}))
    ),
    "until": lambda unit: _search(unit, Wanted(words=frozenset({"rare"}), until=at(9**9))),
}
CHANGES: dict[str, Look] = {
    "edit": lambda unit: unit.log.edit(GARDEN, 9, text="new", mentions=(), edited_at=at(1)),
    "scrub": lambda unit: unit.log.scrub(GARDEN, 9),
    "clear": lambda unit: unit.log.clear(GARDEN, 9),
    "lock": lambda unit: unit.rooms.lock(GARDEN),
    "read": lambda unit: unit.memberships.move_read(GARDEN, alice().id, 9),
    "remove": lambda unit: unit.memberships.remove(GARDEN, alice().id),
}


def _search(unit: Unit, wanted: Wanted) -> Awaitable[object]:
    return unit.log.search(GARDEN, wanted, before=10**9, limit=20)


@pytest.mark.parametrize("name", [*LOOKS, *CHANGES])
async def test_it_goes_by_an_index(url: str, name: str) -> None:
    async def act(store: MongoStore) -> None:
        async with store.unit() as unit:
            await (LOOKS | CHANGES)[name](unit)
            raise LookupError

    await _require_index(url, act)


async def test_sessions_go_by_an_index(url: str) -> None:
    async def act(store: MongoStore) -> None:
        sessions, mine = MongoSessionStore(store.database), a_session(alice())
        await sessions.find_many([mine.digest])
        await sessions.list_of(alice().id)
        await sessions.list_by_id([mine.id])
        await sessions.touch(mine.id, at(1))
        await sessions.end(alice().id, [mine.id])

    await _require_index(url, act)


async def test_what_is_unread_is_looked_at_no_further_than_it_is_counted(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unread, "MOST_UNREAD", 20)

    async def act(store: MongoStore) -> None:
        async with store.view() as view:
            rooms = {GARDEN: 0, a_room("hall").id: POSTS - 9}
            await view.log.count_unread({bob().id: rooms, alice().id: {GARDEN: 0}})

    looks = await _looks(url, act)

    assert len(looks) > 6
    assert max(look["keysExamined"] for look in looks) <= FEW


async def _require_index(url: str, act: Callable[[MongoStore], Awaitable[None]]) -> None:
    for look in await _looks(url, act):
        assert "COLLSCAN" not in look["planSummary"], look["command"]
        assert look.get("docsExamined", 0) <= FEW, look["command"]


async def _looks(url: str, act: Callable[[MongoStore], Awaitable[None]]) -> list[Document]:
    """What the server tells of each."""
    database = shared_client()[address_of(url).database]
    store = MongoStore(url, driver="pymongo")
    await store.open("life")
    database.command("profile", 2)
    try:
        await act(store)
    except LookupError:
        pass
    finally:
        await store.close()
        database.command("profile", 0)
        entries = list(database["system.profile"].find({"ns": {"$not": {"$regex": "system"}}}))
        database["system.profile"].drop()

    planned = [entry for entry in entries if "planSummary" in entry]
    assert planned
    return planned
