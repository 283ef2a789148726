"""The contract of `Movable`: a store that is read from one end to the other, and filled from
nothing.

The fixture `movable` is one where nothing is yet. So is `resumable`, which goes on where it was
interrupted; what begins anew, because it shows one moment as an archive does, is `movable` only.
"""

import contextlib
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from itertools import pairwise

import pytest

from application.ports.store import StoreUnusable
from application.ports.transfer import (
    Account,
    Movable,
    Place,
    Readable,
    Record,
    Section,
    place_of,
)
from besedka_contracts.cast import (
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
    mallory,
    numbered,
)
from domain.message import Kind, Message
from domain.names import RoomName, Username
from domain.permissions import Role
from domain.room import Visibility
from domain.user import Person, SiteRole

EPOCH = "01900000-0000-7000-8000-000000000000"
OTHER_EPOCH = "01900000-0000-7000-8000-00000000000f"

FIRST_ID = "00000000-0000-0000-0000-000000000000"
LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff"

TEXTS = (
    "👩‍👩‍👧‍👦 🏳️‍🌈 ❤️",
    "é ё й Å",
    "e\u0301 \u0438\u0306 A\u030a",
    "a\nb\r\nc\td\u2028e\u2029f\u0085g",
    "\u200b\u202e\ufeff  blanks  ",
    "'; DROP TABLE messages; -- \" \\ \\u0041 % _ $1 ? :name {} null",
    "\x01\x1f\x7f\ud7ff\ue000\uffff\U0010ffff",
    '{"record":"account"}',
    "0",
    "я" * 8000,
)


def some_of_everything() -> list[Record]:
    """In the order of places, with what is easily forgotten: the archived, the deleted, the
    edited, the cleared, the disabled, and numbers that a double cannot hold."""
    owner = a_user("alice", site_role=SiteRole.OWNER, email="a@b.org")
    disabled = a_user("bob", display_name='Боб 👷 "\\', disabled_at=at(0.001))
    garden = a_room(topic='Розы 🌹 "\\', tells_presence=False, floor=1, members=2)
    archived = a_room("shed", archived_at=at(5), visibility=Visibility.PRIVATE)
    direct = a_direct_room(alice(), bob())
    late = a_room("late", head=2**53 - 1, floor=2**53 - 1)
    messages = [
        *numbered(
            garden,
            an_entry(Kind.CLEARED, alice(), upto=0),
            an_entry(Kind.INVITED, alice(), subject=bob().person),
            *(a_post(bob(), text, key=f"k{n}") for n, text in enumerate(TEXTS)),
            a_post(alice(), "@bob", mentions=(bob().id, alice().id), reply_to=2**53 + 1),
            an_entry(Kind.EDITED, alice(), target=3, text="new", mentions=(bob().id,)),
            an_entry(Kind.POSTED, None, text="the server"),
        ),
        *numbered(archived, a_post(alice(), "old")),
        *numbered(direct, a_post(bob(), "psst", key="k0 again")),
        *(late.receive(a_post(alice(), text), at=at(7)) for text in ("far", "farther")),
    ]
    changed = {
        (garden.id, 4): {"text": "", "deleted": True},
        (garden.id, 5): {"text": "edited", "edited_at": at(9.999)},
    }
    records: list[Record] = [
        Account(owner, "$argon2id$alice"),
        Account(disabled, "$argon2id$bob"),
        Account(mallory(), ""),
        *(garden, archived, direct, late),
        a_membership(garden, alice(), role=Role.OWNER, read=2**53 + 1, present=True),
        a_membership(garden, bob(), joined_at=at(0.001)),
        a_membership(direct, bob(), role=Role.MODERATOR),
        *(
            # What each message was when it was written and what it is now are one record.
            replace(each, **changed.get((each.room_id, each.seq), {}))  # type: ignore[arg-type]
            for each in messages
        ),
        a_session(alice(), "Firefox 👩‍💻", seen_at=at(0.001), expires_at=at(10**9)),
        a_session(bob()),
        a_token(alice(), "робот 🤖", seen_at=at(10**9)),
        a_token(bob(), expires_at=at(10**9)),
    ]
    return sorted(records, key=place_of)


async def fill(movable: Movable, records: Sequence[Record], *, epoch: str = "a new life") -> None:
    async with movable.fill(EPOCH) as filling:
        if records:
            await filling.write(records)
        await filling.finish(epoch)


async def interrupted(movable: Movable, records: Sequence[Record]) -> None:
    with contextlib.suppress(LookupError):
        async with movable.fill(EPOCH) as filling:
            if records:
                await filling.write(records)
            raise LookupError


async def all_of(readable: Readable, after: Place | None = None) -> list[Record]:
    async with aclosing(readable.records(after)) as batches:
        return [_nameless(record) async for batch in batches for record in batch]


async def read(movable: Movable) -> list[Record]:
    async with movable.read() as snapshot:
        return await all_of(snapshot)


def nameless(records: Sequence[Record]) -> list[Record]:
    return [_nameless(record) for record in records]


def _nameless(record: Record) -> Record:
    """Names may be left out beside messages."""
    if not isinstance(record, Message):
        return record
    return replace(record, author=_blank(record.author), subject=_blank(record.subject))


def _blank(person: Person | None) -> Person | None:
    return person and Person(person.id, "", "")


class Breaking(list[Record]):
    """Records, and an error where the last of them should be."""

    def __iter__(self) -> Iterator[Record]:
        yield from self[:-1]
        raise LookupError("the source is gone")


def test_it_says_what_it_is(movable: Movable) -> None:
    assert isinstance(movable, Movable)
    assert movable.name


async def test_what_was_written_is_read_back_in_the_order_of_places(movable: Movable) -> None:
    records = some_of_everything()

    await fill(movable, records)

    assert await read(movable) == nameless(records)


async def test_reading_may_begin_after_any_place(movable: Movable) -> None:
    records = some_of_everything()
    await fill(movable, records)

    async with movable.read() as snapshot:
        for number, record in enumerate(records, start=1):
            later = await all_of(snapshot, place_of(record))
            assert later == nameless(records[number:])


async def test_reading_may_begin_after_a_place_where_nothing_stands(movable: Movable) -> None:
    records = some_of_everything()
    await fill(movable, records)
    between = [
        Place(Section.ACCOUNTS, (LAST_ID,)),
        Place(Section.ROOMS, (FIRST_ID,)),
        Place(Section.MEMBERSHIPS, (a_room().id, FIRST_ID)),
        Place(Section.MESSAGES, (a_room().id, 10**6)),
        Place(Section.SESSIONS, (LAST_ID,)),
    ]

    async with movable.read() as snapshot:
        for place in between:
            later = [record for record in records if place_of(record) > place]
            assert await all_of(snapshot, place) == nameless(later)


async def test_totals_count_each_section(movable: Movable) -> None:
    records = some_of_everything()
    await fill(movable, records)

    async with movable.read() as snapshot:
        totals = await snapshot.totals()

    sections = [place_of(record).section for record in records]
    assert totals == {section: sections.count(section) for section in Section}


async def test_rooms_are_counted_by_visibility_without_the_archived(movable: Movable) -> None:
    await fill(movable, some_of_everything())

    async with movable.read() as snapshot:
        rooms = await snapshot.rooms()

    assert rooms == {Visibility.PUBLIC: 2, Visibility.PRIVATE: 0, Visibility.DIRECT: 1}


async def test_the_size_is_told_in_bytes_or_not_at_all(movable: Movable) -> None:
    await fill(movable, some_of_everything())

    async with movable.read() as snapshot:
        size = await snapshot.size()

    assert size is None or size > 1000


async def test_a_snapshot_is_read_as_often_as_one_likes_and_at_the_same_time(
    movable: Movable,
) -> None:
    records = nameless(some_of_everything())
    await fill(movable, records)

    async with movable.read() as one, movable.read() as two, aclosing(one.records()) as begun:
        first = [_nameless(record) for record in await anext(begun)]
        assert await all_of(one) == records
        assert await all_of(two) == records
        rest = [_nameless(record) async for batch in begun for record in batch]

    assert first + rest == records


async def test_a_store_without_records_is_a_store(movable: Movable) -> None:
    await fill(movable, [])

    async with movable.read() as snapshot:
        assert await all_of(snapshot) == []
        assert await snapshot.totals() == dict.fromkeys(Section, 0)
        assert await snapshot.rooms() == dict.fromkeys(Visibility, 0)


async def test_a_finished_store_lives_the_life_that_it_was_given(movable: Movable) -> None:
    await fill(movable, some_of_everything(), epoch=OTHER_EPOCH)

    async with movable.read() as snapshot:
        # An archive is no store: nobody lives in it, and it keeps what its source was.
        assert snapshot.epoch in {OTHER_EPOCH, EPOCH}


async def test_filling_goes_on_after_each_place_where_it_was_interrupted(
    resumable: Movable,
) -> None:
    records = some_of_everything()

    places: list[Place | None] = []
    for record in records:
        async with resumable.fill(EPOCH) as filling:
            places.append(filling.place)
        await interrupted(resumable, [record])
    async with resumable.fill(EPOCH) as filling:
        places.append(filling.place)
        await filling.finish("a new life")

    assert places == [None, *map(place_of, records)]
    assert await read(resumable) == nameless(records)


async def test_what_is_filled_so_far_is_read_back(movable: Movable) -> None:
    records = some_of_everything()

    async with movable.fill(EPOCH) as filling:
        for written, upto in pairwise([0, 12, 20, len(records)]):
            await filling.write(records[written:upto])

            assert filling.place == place_of(records[upto - 1])
            assert await all_of(filling) == nameless(records[:upto])
            assert await all_of(filling, place_of(records[5])) == nameless(records[6:upto])


def what_does_not_belong_together() -> dict[str, list[Record]]:
    garden, shed = a_room(head=1), a_room("shed", head=1)
    to_nobody = an_entry(Kind.INVITED, alice(), subject=bob().person)
    alike = [Account(alice(), ""), Account(replace(bob(), username=Username("ALICE")), "")]
    return {
        "a member who is nobody": [Account(alice(), ""), garden, a_membership(garden, bob())],
        "a member of no room": [Account(alice(), ""), garden, a_membership(shed, alice())],
        "a message of nobody": [Account(alice(), ""), garden, *numbered(a_room(), a_post(bob()))],
        "a message to nobody": [Account(alice(), ""), garden, *numbered(a_room(), to_nobody)],
        "a message in no room": [
            Account(alice(), ""),
            garden,
            *numbered(a_room("shed"), a_post(alice())),
        ],
        "two of one name": sorted(alike, key=place_of),
        "two rooms of one name": sorted(
            [garden, replace(a_room("shed"), name=RoomName("Garden"))], key=place_of
        ),
    }


@pytest.mark.parametrize("what", what_does_not_belong_together())
async def test_what_does_not_belong_together_never_becomes_a_store(
    movable: Movable, what: str
) -> None:
    async def fill_and_verify() -> None:
        async with movable.fill(EPOCH) as filling:
            await filling.write(what_does_not_belong_together()[what])
            await all_of(filling)
            await filling.finish("a new life")

    with pytest.raises(StoreUnusable):
        await fill_and_verify()

    with pytest.raises(StoreUnusable):
        await read(movable)


@pytest.mark.parametrize("size", [2, 5, 100])
async def test_records_are_written_all_or_none(resumable: Movable, size: int) -> None:
    records = some_of_everything()

    for start in range(0, len(records), size):
        batch = records[start : start + size]
        with pytest.raises(LookupError, match="the source is gone"):
            await _write(resumable, Breaking(batch))
        async with resumable.fill(EPOCH) as filling:
            assert await all_of(filling) == nameless(records[:start])
            assert filling.place == (place_of(records[start - 1]) if start else None)
        await _write(resumable, batch)
    async with resumable.fill(EPOCH) as filling:
        await filling.finish("a new life")

    assert await read(resumable) == nameless(records)


async def _write(movable: Movable, records: Sequence[Record]) -> None:
    async with movable.fill(EPOCH) as filling:
        await filling.write(records)


async def test_nothing_at_all_cannot_be_read(movable: Movable) -> None:
    with pytest.raises(StoreUnusable):
        await read(movable)


@pytest.mark.parametrize("count", [0, 1, 20, None])
async def test_an_unfinished_copy_cannot_be_read(movable: Movable, count: int | None) -> None:
    await interrupted(movable, some_of_everything()[:count])

    with pytest.raises(StoreUnusable):
        await read(movable)


async def test_an_unfinished_copy_goes_on_from_the_same_source_only(resumable: Movable) -> None:
    records = some_of_everything()
    await interrupted(resumable, records[:9])

    with pytest.raises(StoreUnusable):
        async with resumable.fill(OTHER_EPOCH):
            pass

    async with resumable.fill(EPOCH) as filling:
        assert filling.place == place_of(records[8])


@pytest.mark.parametrize("epoch", [EPOCH, OTHER_EPOCH])
async def test_what_is_finished_is_not_filled_again(movable: Movable, epoch: str) -> None:
    records = some_of_everything()
    await fill(movable, records)

    with pytest.raises(StoreUnusable):
        async with movable.fill(epoch):
            pass

    assert await read(movable) == nameless(records)
