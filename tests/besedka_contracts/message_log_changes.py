"""The contract of `MessageLog`: editing, scrubbing, clearing and what is unread."""

import pytest

from application.ports.message_log import Unread
from application.ports.store import Store
from besedka_contracts.backend import people, store
from besedka_contracts.cast import a_post, a_room, alice, an_entry, at, bob, mallory, numbered
from domain.ids import UserId
from domain.message import Entry, Kind, Message

GARDEN, HALL = a_room().id, a_room("hall").id


@pytest.fixture
async def garden(people: Store) -> Store:
    async with people.unit() as unit:
        await unit.rooms.add(a_room())
        await unit.rooms.add(a_room("hall"))
    return people


async def append(store: Store, *entries: Entry, room: str = "garden") -> None:
    async with store.unit() as unit:
        locked = await unit.rooms.lock(a_room(room).id)
        await unit.log.append(numbered(locked, *entries))
        await unit.rooms.save(locked)


async def edit(store: Store, seq: int, text: str, mentions: tuple[UserId, ...] = ()) -> None:
    async with store.unit() as unit:
        await unit.log.edit(GARDEN, seq, text=text, mentions=mentions, edited_at=at(99))


async def scrub(store: Store, seq: int) -> None:
    async with store.unit() as unit:
        await unit.log.scrub(GARDEN, seq)


async def clear(store: Store, upto: int) -> None:
    async with store.unit() as unit:
        await unit.log.clear(GARDEN, upto)


async def find(store: Store, seq: int) -> Message:
    async with store.view() as view:
        message = await view.log.find(GARDEN, seq)
    assert message
    return message


async def unread(store: Store, read: int = 0) -> Unread:
    """What bob has not read in the garden."""
    async with store.view() as view:
        counted = await view.log.count_unread({bob().id: {GARDEN: read}})
    return counted[bob().id][GARDEN]


async def test_an_edit_replaces_the_text_the_mentions_and_the_time(garden: Store) -> None:
    await append(garden, a_post(alice(), "teh", key="k", reply_to=7), a_post(alice(), "other"))

    await edit(garden, 1, "tea", (mallory().id,))

    message = await find(garden, 1)
    assert (message.text, message.mentions, message.edited_at) == ("tea", (mallory().id,), at(99))
    assert (message.key, message.reply_to, message.at) == ("k", 7, at(1))
    assert (await find(garden, 2)).text == "other"


async def test_only_a_living_post_can_be_edited(garden: Store) -> None:
    await append(garden, a_post(alice(), "secret"), an_entry(Kind.JOINED, bob()))
    await scrub(garden, 1)

    for seq in (1, 2, 3):
        await edit(garden, seq, "back again")

    assert (await find(garden, 1)).text == ""
    assert (await find(garden, 2)).text == ""


async def test_scrubbing_leaves_an_empty_marked_row(garden: Store) -> None:
    await append(garden, a_post(alice(), "secret", key="k", mentions=(bob().id,)))

    await scrub(garden, 1)

    message = await find(garden, 1)
    assert message.deleted
    assert (message.text, message.mentions, message.author) == ("", (), alice().person)


async def test_scrubbing_removes_the_text_from_the_entries_that_edited_it(garden: Store) -> None:
    def edited(target: int, text: str) -> Entry:
        mentions = (bob().id,)
        return an_entry(Kind.EDITED, alice(), target=target, text=text, mentions=mentions)

    await append(garden, a_post(alice(), "secret"), a_post(alice(), "fine"))
    await append(garden, edited(1, "secret 2"), edited(2, "fine 2"), edited(1, "secret 3"))

    await scrub(garden, 1)

    async with garden.view() as view:
        log = await view.log.replay(GARDEN, 0, limit=9)
    assert [message.text for message in log] == ["", "fine", "", "fine 2", ""]
    assert [message.mentions for message in log] == [(), (), (), (bob().id,), ()]
    assert [message.deleted for message in log] == [True, False, False, False, False]


async def test_the_key_of_a_scrubbed_message_stays_taken(garden: Store) -> None:
    await append(garden, a_post(alice(), key="k"))

    await scrub(garden, 1)

    async with garden.view() as view:
        found = await view.log.find_by_keys([(alice().id, "k")])
    assert [message.seq for message in found.values()] == [1]


async def test_scrubbing_what_is_no_post_is_silent(garden: Store) -> None:
    await append(garden, an_entry(Kind.TOPIC_CHANGED, alice(), text="tea"))

    await scrub(garden, 1)
    await scrub(garden, 2)

    assert (await find(garden, 1)).text == "tea"


async def test_clearing_erases_all_up_to_a_seq_in_one_room(garden: Store) -> None:
    await append(garden, *(a_post(alice(), str(n)) for n in range(1, 6)))
    await append(garden, a_post(alice(), "hall"), room="hall")

    await clear(garden, 3)
    await clear(garden, 2)

    async with garden.view() as view:
        left = await view.log.replay(GARDEN, 0, limit=9)
        assert [message.seq for message in left] == [4, 5]
        assert await view.log.list_before(GARDEN, 6, limit=9) == left
        assert await view.log.list_after(GARDEN, 2, limit=9) == left
        assert await view.log.find(GARDEN, 3) is None
        assert len(await view.log.replay(HALL, 0, limit=9)) == 1


async def test_a_cleared_log_goes_on_counting(garden: Store) -> None:
    await append(garden, a_post(alice()), a_post(alice()))

    await clear(garden, 2)
    await append(garden, an_entry(Kind.CLEARED, alice(), upto=2), a_post(alice()))

    async with garden.view() as view:
        assert [m.seq for m in await view.log.replay(GARDEN, 0, limit=9)] == [3, 4]


async def test_clearing_gives_keys_free(garden: Store) -> None:
    await append(garden, a_post(alice(), key="old"), a_post(alice(), key="kept"))

    await clear(garden, 1)

    async with garden.view() as view:
        found = await view.log.find_by_keys([(alice().id, "old"), (alice().id, "kept")])
    assert list(found) == [(alice().id, "kept")]
    await append(garden, a_post(alice(), key="old"))


async def test_posts_after_the_read_position_are_unread(garden: Store) -> None:
    await append(garden, *(a_post(alice()) for _ in range(5)))

    assert [await unread(garden, read) for read in (0, 3, 5, 9)] == [
        Unread(5),
        Unread(2),
        Unread(0),
        Unread(0),
    ]


async def test_ones_own_posts_service_messages_and_changes_are_never_unread(garden: Store) -> None:
    service = [an_entry(kind, alice()) for kind in Kind if kind is not Kind.POSTED]
    mine = a_post(bob(), mentions=(bob().id,))

    await append(garden, *service, mine, an_entry(Kind.POSTED, None))

    assert await unread(garden) == Unread(posts=1, mentions=0)


async def test_deleted_and_cleared_posts_are_no_longer_unread(garden: Store) -> None:
    await append(garden, *(a_post(alice(), mentions=(bob().id,)) for _ in range(5)))

    await scrub(garden, 5)
    assert await unread(garden) == Unread(4, 4)
    await clear(garden, 3)
    assert await unread(garden) == Unread(1, 1)


async def test_mentions_are_counted_among_the_unread(garden: Store) -> None:
    both = (mallory().id, bob().id, bob().id)
    await append(garden, a_post(alice(), mentions=both), a_post(alice()))
    await append(garden, a_post(mallory(), mentions=(alice().id,)))

    assert await unread(garden) == Unread(posts=3, mentions=1)
    assert await unread(garden, 1) == Unread(posts=2, mentions=0)


async def test_an_edit_changes_who_is_mentioned(garden: Store) -> None:
    await append(garden, a_post(alice(), mentions=(bob().id,)), a_post(alice()))

    await edit(garden, 1, "nobody")
    assert await unread(garden) == Unread(2, 0)
    await edit(garden, 1, "@bob", (bob().id, bob().id))
    await edit(garden, 2, "@bob", (bob().id,))
    assert await unread(garden) == Unread(2, 2)


async def test_an_entry_that_edits_does_not_count_as_a_mention(garden: Store) -> None:
    edited = an_entry(Kind.EDITED, alice(), target=1, mentions=(bob().id,))

    await append(garden, a_post(alice()), edited)

    assert await unread(garden) == Unread(1, 0)


async def test_all_rooms_are_counted_at_once_each_from_its_own_position(garden: Store) -> None:
    await append(garden, *(a_post(alice()) for _ in range(3)))
    await append(garden, *(a_post(alice(), mentions=(bob().id,)) for _ in range(3)), room="hall")
    nowhere = a_room("nowhere").id

    async with garden.view() as view:
        read = {GARDEN: 2, HALL: 1, nowhere: 10**30}
        counted = await view.log.count_unread({bob().id: read})
        none = await view.log.count_unread({bob().id: {}})

    unread = {GARDEN: Unread(1, 0), HALL: Unread(2, 2), nowhere: Unread(0, 0)}
    assert counted == {bob().id: unread}
    assert none == {bob().id: {}}


async def test_what_several_people_have_not_read_is_counted_at_once(garden: Store) -> None:
    await append(garden, *(a_post(alice(), mentions=(bob().id,)) for _ in range(2)))
    await append(garden, a_post(bob(), mentions=(mallory().id,)))

    async with garden.view() as view:
        counted = await view.log.count_unread(
            {alice().id: {GARDEN: 0, HALL: 0}, bob().id: {GARDEN: 0}, mallory().id: {GARDEN: 1}}
        )
        nobody = await view.log.count_unread({})

    assert counted == {
        alice().id: {GARDEN: Unread(1, 0), HALL: Unread(0, 0)},
        bob().id: {GARDEN: Unread(2, 2)},
        mallory().id: {GARDEN: Unread(2, 1)},
    }
    assert nobody == {}


async def test_unread_posts_are_counted_up_to_a_thousand(garden: Store) -> None:
    await append(garden, *(a_post(alice()) for _ in range(1500)))

    counted = {missed: await unread(garden, 1500 - missed) for missed in (999, 1000, 1001, 1500)}

    assert counted == {999: Unread(999), 1000: Unread(1000), 1001: Unread(1000), 1500: Unread(1000)}


async def test_ones_own_posts_are_among_the_first_thousand(garden: Store) -> None:
    mine, theirs = [a_post(bob())] * 5, [a_post(alice())] * 500
    await append(garden, *mine, *theirs, *mine, *theirs)

    assert [await unread(garden, read) for read in (0, 5, 10, 505, 510, 1010)] == [
        Unread(990),
        Unread(995),
        Unread(995),
        Unread(500),
        Unread(500),
        Unread(0),
    ]


async def test_a_mention_far_behind_the_first_thousand_counts(garden: Store) -> None:
    await append(garden, *(a_post(alice()) for _ in range(1200)))
    await append(garden, a_post(bob(), mentions=(bob().id,)))
    await append(garden, a_post(alice(), mentions=(bob().id,)))

    assert await unread(garden) == Unread(1000, 1)
    await edit(garden, 1202, "nobody")
    assert await unread(garden) == Unread(1000, 0)
    await edit(garden, 1100, "@bob", (bob().id,))
    assert await unread(garden) == Unread(1000, 1)
    await scrub(garden, 1100)
    assert await unread(garden) == Unread(1000, 0)


async def test_mentions_are_counted_up_to_a_thousand_without_ones_own(garden: Store) -> None:
    mine, theirs = a_post(bob(), mentions=(bob().id,)), a_post(alice(), mentions=(bob().id,))
    await append(garden, mine, mine, *([theirs] * 1001))

    assert [await unread(garden, read) for read in (0, 2, 3, 4)] == [
        Unread(998, 1000),
        Unread(1000, 1000),
        Unread(1000, 1000),
        Unread(999, 999),
    ]


async def test_posts_behind_any_number_of_other_entries_are_the_first(garden: Store) -> None:
    edited = an_entry(Kind.EDITED, alice(), target=1, text="hello", mentions=(bob().id,))
    await append(garden, *([an_entry(Kind.JOINED, alice())] * 600), *([edited] * 600))
    await append(garden, *([a_post(alice(), mentions=(bob().id,))] * 4))

    await scrub(garden, 1202)

    assert await unread(garden) == Unread(3, 3)
    assert await unread(garden, 1200) == Unread(3, 3)


async def test_whoever_has_missed_much_is_counted_beside_who_has_not(garden: Store) -> None:
    await append(garden, *([a_post(alice())] * 1100))
    await append(garden, *([a_post(bob())] * 2), a_post(alice(), mentions=(bob().id,)), room="hall")

    async with garden.view() as view:
        counted = await view.log.count_unread(
            {bob().id: {GARDEN: 0, HALL: 0}, mallory().id: {GARDEN: 1098, HALL: 3}}
        )

    assert counted == {
        bob().id: {GARDEN: Unread(1000), HALL: Unread(1, 1)},
        mallory().id: {GARDEN: Unread(2), HALL: Unread(0)},
    }
