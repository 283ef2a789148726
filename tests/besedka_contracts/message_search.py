"""The contract of `MessageLog.search`: the same hits on every store."""

import random
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from application.ports.store import Store
from besedka_contracts.backend import people, store
from besedka_contracts.cast import a_post, a_room, alice, an_entry, at, bob, mallory, numbered
from domain.message import Kind
from domain.room import Room
from domain.search import Wanted, parse_query
from domain.user import User

FAR = 2**53


async def _said(store: Store, *posts: tuple[User, str], room: Room | None = None) -> Room:
    room = room or a_room()
    async with store.unit() as unit:
        await unit.rooms.add(room)
        await unit.log.append(numbered(room, *(a_post(author, text) for author, text in posts)))
        await unit.rooms.save(room)
    return room


async def _found(
    store: Store, wanted: Wanted, *, before: int = FAR, limit: int = 50, room: Room | None = None
) -> list[int]:
    async with store.view() as view:
        room_id = (room or a_room()).id
        hits = await view.log.search(room_id, wanted, before=before, limit=limit)
    return [message.seq for message in hits]


def words(*given: str, **other: object) -> Wanted:
    return Wanted(words=frozenset(given), **other)  # type: ignore[arg-type]


async def test_a_post_with_all_the_words_is_found_the_latest_first(people: Store) -> None:
    await _said(
        people,
        (alice(), "the red tree"),
        (bob(), "a red house"),
        (alice(), "Red! And a TREE."),
        (bob(), "redder trees"),
    )

    assert await _found(people, words("red")) == [3, 2, 1]
    assert await _found(people, words("red", "tree")) == [3, 1]
    assert await _found(people, words("blue")) == []


async def test_a_hit_is_the_whole_message(people: Store) -> None:
    await _said(people, (alice(), "hello"), (bob(), "hello you"))

    async with people.view() as view:
        hits = await view.log.search(a_room().id, words("hello"), before=FAR, limit=9)
        log = await view.log.replay(a_room().id, 0, limit=9)

    assert hits == log[::-1]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Ёлка зелёная", "елка"),
        ("Їжак у лісі", "їжак"),
        ("STRASSE", "straße"),
        ("naïve café", "CAFE"),
        ("cafe\u0301", "café"),
        ("Iİıi", "iiıi"),
        ("日本語を話す", "本"),
        ("don't", "don't"),
        ("rock'n'roll", "roll"),
        ("it costs 2.50", "2.50"),
        ("snake_case", "case"),
        ("see https://example.org/path", "example"),
        ("ﬁne", "fine"),
        ("𝐛𝐨𝐥𝐝", "bold"),
        ("หลายภาษา", "ภาษา"),
        ("👩‍👩‍👧 family", "family"),
        ("a\\b \"q\" 'r' & | ! : * ( ) -", "q r a b"),
        ("x" * 200, "x" * 100),
        ("🎉 party", "party"),
        ("AND OR NOT NEAR", "and or not near"),
        ("null", "null"),
    ],
)
async def test_words_are_those_of_the_domain(people: Store, text: str, query: str) -> None:
    await _said(people, (bob(), "something else"), (alice(), text))
    wanted = parse_query(query).wanted(None)

    assert await _found(people, wanted) == [2]


async def test_parts_of_words_are_not_found_but_beginnings_are_if_asked(people: Store) -> None:
    await _said(people, (alice(), "gardening"), (alice(), "the garden"), (bob(), "GARDENER red"))

    assert await _found(people, words("garden")) == [2]
    assert await _found(people, Wanted(beginnings=frozenset({"garden"}))) == [3, 2, 1]
    assert await _found(people, words("red", beginnings=frozenset({"garden"}))) == [3]
    assert await _found(people, Wanted(beginnings=frozenset({"arden"}))) == []


async def test_words_may_be_excluded(people: Store) -> None:
    await _said(people, (alice(), "red tree"), (alice(), "red house"), (bob(), "red red"))

    assert await _found(people, words("red", without=frozenset({"tree"}))) == [3, 2]
    assert await _found(people, words("red", without=frozenset({"tree", "house"}))) == [3]
    assert await _found(people, words("red", without=frozenset({"red"}))) == []


async def test_an_author_may_be_asked_for_alone_or_with_words(people: Store) -> None:
    await _said(people, (alice(), "red"), (bob(), "red"), (alice(), "blue"))
    by_id = alice().id.replace("-", "")

    assert await _found(people, Wanted(author_id=alice().id)) == [3, 1]
    assert await _found(people, words("red", author_id=alice().id)) == [1]
    assert await _found(people, Wanted(author_id=mallory().id)) == []
    assert await _found(people, words(by_id)) == []


async def test_nobody_is_found_by_writing_an_id(people: Store) -> None:
    await _said(people, (bob(), f"@{alice().id} @{alice().id.replace('-', '')}"))

    assert await _found(people, Wanted(author_id=alice().id)) == []


async def test_time_bounds_are_from_and_before(people: Store) -> None:
    await _said(people, (alice(), "red"), (alice(), "red"), (alice(), "red"))
    second = at(2)

    assert await _found(people, words("red", since=second)) == [3, 2]
    assert await _found(people, words("red", until=second)) == [1]
    almost = second + timedelta(milliseconds=1)
    assert await _found(people, words("red", since=second, until=almost)) == [2]


# Hours after midnight in which something was said, in the order of the log: clocks that go back by
# a second and by days, a leap ahead, borders of days, a day without a word, and before 1970.
_HOURS = [0, 1, 25, 23.999, 24, 24.001, 72, 71.999, 30, 500, 73, 96, 95, 96, -1e6, 97, 120, 119, 24]


@pytest.mark.parametrize("limit", [3, 50])
async def test_days_are_found_whatever_the_clocks_did(people: Store, limit: int) -> None:
    midnight = datetime(2026, 3, 1, tzinfo=UTC)
    moments = [midnight + timedelta(hours=hours) for hours in _HOURS]
    room = a_room()
    async with people.unit() as unit:
        await unit.rooms.add(room)
        said = [room.receive(a_post(alice(), "red tea"), at=moment) for moment in moments]
        await unit.log.append(said)

    days = [None, *(midnight + timedelta(days=day) for day in (-1e5, -1, 0, 1, 2, 3, 4, 5, 30))]
    for since, until in product([*days, moments[3]], [*days, moments[5]]):
        wanted = words("red", beginnings=frozenset({"te"}), since=since, until=until)
        timely = [each.seq for each in said if wanted.is_timely(each.at)][::-1]
        for before in (FAR, 9):
            expected = [seq for seq in timely if seq < before][:limit]
            assert await _found(people, wanted, before=before, limit=limit) == expected


async def test_beginnings_go_together_with_all_else(people: Store) -> None:
    chance = random.Random(7)
    names = ["anna", "anton", "ант", "антон", "bert", "berta", "日", "carl"]
    texts = [chance.choices(names, k=3) for _ in range(60)]
    said = [(chance.choice([alice(), bob()]), " ".join(text)) for text in texts]
    await _said(people, *said)

    for begun, whole, without, author, limit in product(
        ({"an"}, {"ант", "b"}, {"anna"}), ((), ("carl",)), ((), ("bert",)), (None, bob()), (2, 60)
    ):
        expected = [
            seq
            for seq, ((by, _), text) in reversed(list(enumerate(zip(said, texts, strict=True), 1)))
            if all(any(word.startswith(part) for word in text) for part in begun)
            and set(whole) <= set(text)
            and not set(without) & set(text)
            and author in (None, by)
        ]
        wanted = words(
            *whole,
            beginnings=frozenset(begun),
            without=frozenset(without),
            author_id=author and author.id,
        )
        assert await _found(people, wanted, limit=limit) == expected[:limit]


async def test_pages_go_on_before_a_seq(people: Store) -> None:
    await _said(people, *[(alice(), f"red {n}") for n in range(10)])

    assert await _found(people, words("red"), limit=3) == [10, 9, 8]
    assert await _found(people, words("red"), limit=3, before=8) == [7, 6, 5]
    assert await _found(people, words("red"), before=1) == []
    assert await _found(people, words("red"), before=2**63 - 1, limit=1) == [10]


async def test_rooms_do_not_mix(people: Store) -> None:
    hall = await _said(people, (alice(), "red"), (alice(), "red"), room=a_room("hall"))
    await _said(people, (alice(), "red"))

    assert await _found(people, words("red")) == [1]
    assert await _found(people, words("red"), room=hall) == [2, 1]
    assert await _found(people, words("red"), room=a_room("nowhere")) == []


async def test_only_posts_are_found(people: Store) -> None:
    room = a_room()
    async with people.unit() as unit:
        await unit.rooms.add(room)
        messages = numbered(
            room,
            a_post(alice(), "red"),
            an_entry(Kind.TOPIC_CHANGED, alice(), text="red"),
            an_entry(Kind.EDITED, alice(), text="red", target=1),
            an_entry(Kind.POSTED, None, text="red"),
        )
        await unit.log.append(messages)

    assert await _found(people, words("red")) == [4, 1]
    assert await _found(people, Wanted(author_id=alice().id)) == [1]


async def test_an_edited_post_is_found_by_what_it_says_now(people: Store) -> None:
    room = await _said(people, (alice(), "red"), (alice(), "blue"))

    async with people.unit() as unit:
        await unit.rooms.lock(room.id)
        await unit.log.edit(room.id, 1, text="green", mentions=(), edited_at=at(9))

    assert await _found(people, words("red")) == []
    assert await _found(people, words("green")) == [1]
    assert await _found(people, Wanted(author_id=alice().id)) == [2, 1]


async def test_a_deleted_post_is_not_found_and_editing_it_does_not_help(people: Store) -> None:
    room = await _said(people, (alice(), "red"), (alice(), "red"))

    async with people.unit() as unit:
        await unit.rooms.lock(room.id)
        await unit.log.scrub(room.id, 1)
        await unit.log.edit(room.id, 1, text="red", mentions=(), edited_at=at(9))

    assert await _found(people, words("red")) == [2]
    assert await _found(people, Wanted(author_id=alice().id)) == [2]


async def test_what_was_cleared_is_not_found(people: Store) -> None:
    room = await _said(people, (alice(), "red"), (alice(), "red"), (bob(), "red"))
    await _said(people, (alice(), "red"), room=a_room("hall"))

    async with people.unit() as unit:
        await unit.rooms.lock(room.id)
        await unit.log.clear(room.id, 2)

    assert await _found(people, words("red")) == [3]
    assert await _found(people, words("red"), room=a_room("hall")) == [1]


async def test_what_was_undone_is_not_found(people: Store) -> None:
    room = await _said(people, (alice(), "red"))

    async def fail() -> None:
        async with people.unit() as unit:
            locked = await unit.rooms.lock(room.id)
            await unit.log.append(numbered(locked, a_post(alice(), "red")))
            await unit.log.edit(room.id, 1, text="blue", mentions=(), edited_at=at(9))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()

    assert await _found(people, words("red")) == [1]
    assert await _found(people, words("blue")) == []
