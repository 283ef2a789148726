"""The contract of `MessageLog`: writing, finding and paging."""

import contextlib
import unicodedata
from dataclasses import replace

import pytest

from application.ports.message_log import KeyTaken
from application.ports.store import Store
from besedka_contracts.backend import people, store
from besedka_contracts.cast import (
    a_post,
    a_room,
    a_user,
    alice,
    an_entry,
    at,
    bob,
    mallory,
    numbered,
)
from domain.message import Entry, Kind, Message


@pytest.fixture
async def garden(people: Store) -> Store:
    async with people.unit() as unit:
        await unit.rooms.add(a_room())
        await unit.rooms.add(a_room("hall"))
    return people


async def append(store: Store, *entries: Entry, room: str = "garden") -> list[Message]:
    """Through lock, receive, append and save, as every writer does it."""
    async with store.unit() as unit:
        locked = await unit.rooms.lock(a_room(room).id)
        messages = numbered(locked, *entries)
        await unit.log.append(messages)
        await unit.rooms.save(locked)
    return messages


async def replay(store: Store, *, after: int = 0, limit: int = 1000) -> list[Message]:
    async with store.view() as view:
        return await view.log.replay(a_room().id, after, limit=limit)


def seqs(messages: list[Message]) -> list[int]:
    return [message.seq for message in messages]


async def test_every_field_of_a_message_comes_back_equal(garden: Store) -> None:
    full = Message(
        room_id=a_room().id,
        seq=1,
        kind=Kind.POSTED,
        author=alice().person,
        subject=bob().person,
        text="tea",
        key="key-1",
        target=2**53 + 1,
        upto=2**62,
        reply_to=3,
        mentions=(bob().id, mallory().id),
        at=at(0.001),
        edited_at=at(0.999),
        deleted=False,
    )

    async with garden.unit() as unit:
        await unit.rooms.lock(a_room().id)
        await unit.log.append([full])

    assert await replay(garden) == [full]
    assert [full.at, full.edited_at] == [at(0.001), at(0.999)]


@pytest.mark.parametrize("kind", Kind)
async def test_every_kind_can_be_stored(garden: Store, kind: Kind) -> None:
    appended = await append(garden, an_entry(kind, alice()), an_entry(kind, None))

    assert await replay(garden) == appended


@pytest.mark.parametrize(
    "text",
    [
        "👩‍👩‍👧‍👦 🏳️‍🌈 ❤️",
        unicodedata.normalize("NFC", "é ё й Å"),
        unicodedata.normalize("NFD", "é ё й Å"),
        "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \U0010fffd",
        "a\nb\r\nc\td\u2028e\u0085f",
        "  blanks around  ",
        "\u200b\u202e\ufeff",
        "'; DROP TABLE messages; -- \" \\ % _ $1 ? :name {} null",
        "я" * 8000,
        "👍" * 8000,
    ],
    ids=["zwj", "nfc", "nfd", "astral", "lines", "blanks", "invisible", "sql", "long", "longest"],
)
async def test_text_comes_back_unchanged(garden: Store, text: str) -> None:
    await append(garden, a_post(alice(), text))

    assert [message.text for message in await replay(garden)] == [text]


async def test_authors_and_subjects_come_with_the_names_they_bear_now(garden: Store) -> None:
    await append(garden, an_entry(Kind.INVITED, alice(), subject=bob().person))
    async with garden.unit() as unit:
        for user, name in ((alice(), "Queen"), (bob(), "Builder")):
            await unit.users.save(replace(user, display_name=name))

    [message] = await replay(garden)

    assert message.author == replace(alice(), display_name="Queen").person
    assert message.subject == replace(bob(), display_name="Builder").person


async def test_appending_nothing_does_nothing(garden: Store) -> None:
    assert await append(garden) == []
    assert await replay(garden) == []


async def test_a_room_that_was_not_locked_takes_no_messages(garden: Store) -> None:
    async with garden.unit() as unit:
        with pytest.raises(RuntimeError, match="not locked"):
            await unit.log.append(numbered(a_room(), a_post(alice())))


async def test_messages_are_found_by_author_and_key_in_whatever_room(garden: Store) -> None:
    [one] = await append(garden, a_post(alice(), key="same"))
    [two] = await append(garden, a_post(bob(), key="same"), room="hall")

    async with garden.view() as view:
        asked = [(alice().id, "same"), (bob().id, "same"), (mallory().id, "same")]
        found = await view.log.find_by_keys([*asked, (alice().id, "other"), asked[0]])
        none = await view.log.find_by_keys([])

    assert found == {asked[0]: one, asked[1]: two}
    assert none == {}


async def test_what_somebody_did_is_found_by_its_key_like_what_they_said(garden: Store) -> None:
    removal = Entry(kind=Kind.REMOVED, author=alice().person, subject=bob().person, key="k")
    [removed] = await append(garden, removal)

    async with garden.view() as view:
        found = await view.log.find_by_keys([(alice().id, "k")])

    assert found == {(alice().id, "k"): removed}
    with pytest.raises(KeyTaken):
        await append(garden, a_post(alice(), key="k"))


async def test_keys_are_told_apart_exactly(garden: Store) -> None:
    keys = ["key", "KEY", "key ", '"key"', "k%y", "[0]", "' OR 1 --"]
    await append(garden, *(a_post(alice(), key, key=key) for key in keys))

    async with garden.view() as view:
        found = await view.log.find_by_keys((alice().id, key) for key in keys)

    assert {key: message.text for (_, key), message in found.items()} == {k: k for k in keys}


@pytest.mark.parametrize("room", ["garden", "hall"])
async def test_a_key_is_taken_once_per_author(garden: Store, room: str) -> None:
    first = await append(garden, a_post(alice(), "one", key="k"))

    with pytest.raises(KeyTaken):
        await append(garden, a_post(bob(), key="k"), a_post(alice(), "two", key="k"), room=room)

    assert await replay(garden) == first
    async with garden.view() as view:
        assert await view.log.replay(a_room("hall").id, 0, limit=9) == []
        assert await view.log.find_by_keys([(bob().id, "k")]) == {}
    await append(garden, a_post(bob(), key="k"))


async def test_a_unit_that_met_a_taken_key_cannot_be_committed(garden: Store) -> None:
    await append(garden, a_post(alice(), key="k"))

    async def carry_on() -> None:
        async with garden.unit() as unit:
            room = await unit.rooms.lock(a_room().id)
            with contextlib.suppress(KeyTaken):
                await unit.log.append(numbered(room, a_post(bob()), a_post(alice(), key="k")))
                await unit.log.find(room.id, 1)
                pytest.fail("nothing noticed it")

    with pytest.raises(RuntimeError, match="left by the exception"):
        await carry_on()
    assert seqs(await replay(garden)) == [1]


async def test_a_taken_key_is_noticed_by_the_commit_at_the_latest(garden: Store) -> None:
    await append(garden, a_post(alice(), key="k"))

    async def post_and_leave() -> None:
        async with garden.unit() as unit:
            room = await unit.rooms.lock(a_room().id)
            await unit.log.append(numbered(room, a_post(bob()), a_post(alice(), key="k")))
            await unit.rooms.save_heads([room])

    with pytest.raises(KeyTaken):
        await post_and_leave()
    assert seqs(await replay(garden)) == [1]


async def test_one_message_is_found_by_its_seq(garden: Store) -> None:
    messages = await append(garden, a_post(alice(), "one"), a_post(bob(), "two"))

    async with garden.view() as view:
        assert await view.log.find(a_room().id, 2) == messages[1]
        assert await view.log.find(a_room().id, 3) is None
        assert await view.log.find(a_room("hall").id, 1) is None
        assert await view.log.find(a_room().id, 10**30) is None


async def test_pages_go_by_seq_in_both_directions(garden: Store) -> None:
    messages = await append(garden, *(a_post(alice(), str(n)) for n in range(1, 11)))
    room_id = a_room().id

    async with garden.view() as view:
        assert await view.log.list_before(room_id, 6, limit=3) == messages[2:5]
        assert await view.log.list_before(room_id, 3, limit=9) == messages[:2]
        assert await view.log.list_before(room_id, 10**30, limit=2) == messages[8:]
        assert await view.log.list_before(room_id, 1, limit=9) == []
        assert await view.log.list_after(room_id, 6, limit=3) == messages[6:9]
        assert await view.log.list_after(room_id, 9, limit=9) == messages[9:]
        assert await view.log.list_after(room_id, 10**30, limit=9) == []
        assert await view.log.replay(room_id, 8, limit=9) == messages[8:]
        assert await view.log.list_after(a_room("hall").id, 0, limit=9) == []


async def test_changes_never_end_a_page_early(garden: Store) -> None:
    changes = [an_entry(Kind.EDITED, alice(), target=1), an_entry(Kind.DELETED, alice(), target=1)]
    post = a_post(alice())
    await append(garden, post, *changes * 30, post, *changes * 30, post)
    posted = [1, 62, 123]

    async with garden.view() as view:
        assert seqs(await view.log.list_before(a_room().id, 124, limit=3)) == posted
        assert seqs(await view.log.list_before(a_room().id, 123, limit=1)) == [62]
        assert seqs(await view.log.list_after(a_room().id, 0, limit=3)) == posted
        assert seqs(await view.log.list_after(a_room().id, 1, limit=1)) == [62]
        assert seqs(await view.log.replay(a_room().id, 1, limit=3)) == [2, 3, 4]


async def test_service_messages_are_part_of_a_page(garden: Store) -> None:
    await append(garden, an_entry(Kind.JOINED, alice()), a_post(alice()))

    async with garden.view() as view:
        page = await view.log.list_before(a_room().id, 9, limit=9)

    assert [message.kind for message in page] == [Kind.JOINED, Kind.POSTED]


async def test_copied_messages_keep_their_numbers(garden: Store) -> None:
    room = a_room(head=41)
    messages = numbered(room, a_post(alice()), a_post(bob()))

    async with garden.unit() as unit:
        await unit.rooms.lock(room.id)
        await unit.log.append(messages)

    assert seqs(await replay(garden)) == [42, 43]


async def test_a_seq_is_given_once(garden: Store) -> None:
    appended = await append(garden, a_post(alice()))

    async def number_again() -> None:
        async with garden.unit() as unit:
            await unit.rooms.lock(a_room().id)
            await unit.log.append(appended)

    with pytest.raises(RuntimeError):
        await number_again()
    assert await replay(garden) == appended


async def test_a_message_needs_an_author_who_exists(garden: Store) -> None:
    with pytest.raises(RuntimeError):
        await append(garden, a_post(a_user("nobody")))

    assert await replay(garden) == []
