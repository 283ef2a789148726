"""Every store is copied into every other, killed in the midst of it, and compared."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from itertools import permutations
from pathlib import Path

import pytest

from adapters.persistence.sql.session_store import SqlSessionStore
from adapters.persistence.sql.store import SqlStore
from application.ports.store import StoreUnusable
from application.ports.transfer import Record
from domain.message import Kind
from domain.permissions import Role
from domain.star import Star
from tests.cast import (
    a_direct_room,
    a_membership,
    a_post,
    a_room,
    a_session,
    a_token,
    a_user,
    alice,
    an_entry,
    at,
    bob,
    numbered,
)
from tests.integration.moving.places import KINDS, an_empty_place, moving, quiet

POSTS = 4500  # Some batches more than one.
PAIRS = list(permutations(KINDS, 2))
ROOT = Path(__file__).parents[3]


async def _filled(url: str) -> None:
    """A site with some of everything in it."""
    store = SqlStore(url)
    await store.open("01900000-0000-7000-8000-000000000000")
    garden, shed, direct = a_room(topic="Розы 🌹"), a_room("shed"), a_direct_room(alice(), bob())
    async with store.unit() as unit:
        await unit.users.add(alice(), "$argon2id$alice")
        await unit.users.add(a_user("bob", email="b@o.b", disabled_at=at(1)), "$argon2id$bob")
        for number in range(50):
            await unit.users.add(a_user(f"person{number}"), "$argon2id$person")
        await unit.users.claim_site(alice().id)
        for room in (garden, shed, direct):
            await unit.rooms.add(room)
        owner = a_membership(garden, alice(), role=Role.OWNER, read=7, present=True)
        for membership in (owner, a_membership(garden, bob()), a_membership(direct, bob())):
            await unit.memberships.add(membership)
        entries = [
            an_entry(Kind.JOINED, alice()),
            an_entry(Kind.INVITED, alice(), subject=bob().person),
            *(
                a_post(bob(), f"post {n} é e\u0301 👩‍👩‍👧 {2**53}", key=f"k{n}")
                for n in range(POSTS)
            ),
            a_post(bob(), "hello @alice", mentions=(alice().id,), reply_to=3),
            an_entry(Kind.EDITED, bob(), target=5, text="new"),
            an_entry(Kind.DELETED, bob(), target=6),
        ]
        await unit.log.append(numbered(garden, *entries))
        await unit.log.edit(garden.id, 5, text="new", mentions=(alice().id,), edited_at=at(9))
        await unit.log.scrub(garden.id, 6)
        await unit.log.clear(garden.id, 3)
        garden.floor = 3
        await unit.rooms.save(garden)
        await unit.log.append(numbered(shed, a_post(alice(), "old")))
        shed.archived_at = at(5)
        await unit.rooms.save(shed)
        await unit.log.append(numbered(direct, a_post(bob(), "psst")))
        await unit.rooms.save(direct)
        for seq in range(7, 2500):
            await unit.stars.add(Star(alice().id, garden.id, seq, at(seq)))
        await unit.stars.add(Star(bob().id, direct.id, 1, at(5)))
    sessions = SqlSessionStore(store.database)
    await sessions.add(a_session(alice()))
    await sessions.add(a_session(bob(), "lynx"))
    await sessions.add(a_token(alice(), "робот"))
    await sessions.add(a_token(bob(), expires_at=at(5)))
    await store.close()


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('original')}/besedka.db"
    asyncio.run(_filled(url))
    return url


@pytest.fixture
async def source(
    request: pytest.FixtureRequest, original: str, tmp_path: Path
) -> AsyncIterator[str]:
    """The original, or a copy of it in a store of the kind that is asked for."""
    if request.param == "sqlite":
        yield original
        return
    async with an_empty_place(request.param, tmp_path) as url:
        tools = moving()
        copied = await tools.copy_store(tools.movable(original), tools.movable(url), quiet)
        assert copied.finished
        yield url


async def everything(url: str) -> list[Record]:
    async with moving().movable(url).read() as snapshot:
        return [record async for batch in snapshot.records() for record in batch]


@pytest.mark.parametrize(
    ("source", "kind"), PAIRS, ids=["-to-".join(pair) for pair in PAIRS], indirect=["source"]
)
async def test_a_copy_that_was_killed_goes_on_and_is_equal(
    original: str, source: str, kind: str, tmp_path: Path
) -> None:
    tools = moving()
    async with an_empty_place(kind, tmp_path) as target:
        assert await _killed(source, target, write=3, steps=40) == -signal.SIGKILL
        with pytest.raises(StoreUnusable):
            await everything(target)

        copied = await tools.copy_store(tools.movable(source), tools.movable(target), quiet)

        assert copied.finished
        equal = await tools.compare_stores(tools.movable(original), tools.movable(target), quiet)
        assert [each.what for each in equal if not each.is_equal] == []
        assert next(each.count for each in equal if each.what == "garden") == POSTS + 2


async def _killed(source: str, target: str, write: int, steps: int) -> int | None:
    program = "tests.integration.moving.dying_copy"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", program, source, target, str(write), str(steps), cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}/src:{ROOT}", "PATH": ""},
    )  # fmt: skip
    return await asyncio.wait_for(process.wait(), 60)
