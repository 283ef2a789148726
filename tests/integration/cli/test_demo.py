"""What `besedka demo` leaves behind, as those who sign in find it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from adapters.cli.demo.fill import Demo, Size
from adapters.cli.demo.run import _with_the_same
from adapters.cli.demo.talks import LANGUAGES, Talk, calls_visitor, phrasebook, worded
from adapters.cli.progress import Advance
from adapters.configuration.settings import Settings
from application.room_summary import RoomSummary
from bootstrap import Besedka
from domain.message import Kind, Message
from domain.names import RoomName
from domain.room import checked_topic

SIZE = Size(people=8, rooms=4, messages=400)
PASSWORD = "a garden with a pavilion"


@dataclass
class Found:
    """The visitor's rooms without the welcome room, and what is posted in each."""

    rooms: list[RoomSummary]
    posts: list[list[Message]]
    progress: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def all_posts(self) -> list[Message]:
        return [post for posts in self.posts for post in posts]


async def filled(size: Size, seed: int = 1) -> Found:
    told: dict[str, tuple[int, int]] = {}

    @contextmanager
    def progress(label: str, total: int) -> Iterator[Advance]:
        told[label] = (0, total)

        def advance() -> None:
            told[label] = (told[label][0] + 1, total)

        yield advance

    async with Besedka().open_chat(Settings(database_url="memory://")) as chat:
        visitor = (await Demo(chat, seed, PASSWORD, progress).fill(size)).user
        mine = await chat.list_my_rooms(visitor)
        rooms = [r for r in mine if r.room.name is None or r.room.name.value != "welcome"]
        posts = []
        for each in rooms:
            page = await chat.page_messages(visitor, room_id=each.room.id, limit=200)
            posts.append([m for m in page.messages if m.kind is Kind.POSTED])
    return Found(rooms, posts, told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_conversations_are_well_formed(language: str) -> None:
    book = phrasebook(language)

    talks = book.talks
    assert sum(map(len, talks)) >= 59
    for theme in book.rooms:
        RoomName(theme.name)
        assert checked_topic(theme.topic)
        assert {calls_visitor(talk) for talk in theme.talks} == {True, False}
    for talk in talks:
        _check(talk, speakers={1, 2, 3})
    for direct in book.direct:
        _check(direct.lines, speakers={0, 1})


def _check(talk: Talk, speakers: set[int]) -> None:
    for number, line in enumerate(talk, 1):
        assert line.who in speakers
        assert line.to is None or 1 <= line.to < number
        assert line.was != line.text
        assert not line.text.startswith("/") or line.text.startswith("/me ")
        assert not re.search(r"[{}|]|@\d", worded(line.text, dict.fromkeys(range(4), "eve"), 1))


def test_alternatives_take_turns_and_agree() -> None:
    text = "{red|green} {beets|beans} for @2, @0"

    said = [worded(text, {0: "demo", 2: "bob"}, variant) for variant in range(3)]

    assert said == [
        "red beets for @bob, @demo",
        "green beans for @bob, @demo",
        "red beets for @bob, @demo",
    ]


async def test_there_is_as_much_as_was_asked_for() -> None:
    found = await filled(SIZE)

    assert found.progress == {"People": (8, 8), "Rooms": (4, 4), "Messages": (400, 400)}
    assert sum(not each.room.is_direct for each in found.rooms) == 4
    assert len(found.all_posts) == 400


@pytest.mark.parametrize(
    "size", [Size(1, 1, 0), Size(1, 1, 7), Size(2, 3, 5), Size(2, 1, 30), Size(3, 14, 20)]
)
async def test_small_ones_work_too(size: Size) -> None:
    found = await filled(size)

    assert found.progress["Messages"] == (size.messages, size.messages)
    assert len(found.all_posts) == size.messages


async def test_something_waits_for_the_visitor() -> None:
    found = await filled(SIZE)

    direct = [each for each in found.rooms if each.room.is_direct]
    others = [each for each in found.rooms if not each.room.is_direct]
    assert [len(each.people) for each in direct] == [1, 1]
    assert all(each.unread.posts for each in found.rooms)
    assert sum(bool(each.unread.mentions) for each in others) == 2
    assert all(each.unread.posts < 10 for each in others)


async def test_people_answer_mend_and_take_back() -> None:
    found = await filled(SIZE)

    posts = found.all_posts
    assert sum(post.reply_to is not None for post in posts) > 20
    assert any(post.edited_at for post in posts)
    assert any(post.deleted for post in posts)
    assert any(post.text.startswith("/me ") for post in posts)
    for room in found.posts:
        numbers = {post.seq: post for post in room}
        for post in room:
            assert post.reply_to is None or post.reply_to in numbers or post.reply_to < room[0].seq


async def test_a_room_speaks_one_language_in_order() -> None:
    found = await filled(SIZE)

    for each, posts in zip(found.rooms, found.posts, strict=True):
        if each.room.name is None:
            continue
        book = next(
            phrasebook(language)
            for language in LANGUAGES
            if each.room.name.value.split("-")[0] in {t.name for t in phrasebook(language).rooms}
        )
        patterns = [[_pattern(line.text) for line in talk] for talk in book.talks]
        places = [_place(post.text, patterns) for post in posts if not post.deleted]
        assert None not in places
        follow = sum(b == (a[0], a[1] + 1) for a, b in pairwise(filter(None, places)))
        assert follow > len(places) / 2


def _pattern(text: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^{}]*\}|@\d)", text)
    return re.compile("".join(".+" if i % 2 else re.escape(p) for i, p in enumerate(parts)))


def _place(text: str, patterns: list[list[re.Pattern[str]]]) -> tuple[int, int] | None:
    for number, talk in enumerate(patterns):
        for line, pattern in enumerate(talk):
            if pattern.fullmatch(text):
                return number, line
    return None


async def test_what_is_said_comes_again_late() -> None:
    found = await filled(Size(people=10, rooms=1, messages=200))

    for posts in found.posts:
        last: dict[str, int] = {}
        for index, post in enumerate(post for post in posts if not post.deleted):
            assert index - last.get(post.text, -99) > 15
            last[post.text] = index


async def test_the_same_seed_says_the_same() -> None:
    one, same, other = [await filled(Size(6, 3, 120), seed) for seed in (7, 7, 8)]

    def said(found: Found) -> list[list[tuple[str, str]]]:
        return [
            [(post.author.username, post.text) for post in posts if post.author]
            for posts in found.posts
        ]

    assert sorted(said(one)) == sorted(said(same))
    assert sorted(said(one)) != sorted(said(other))


def test_what_was_set_has_to_be_set_again() -> None:
    assert _with_the_same(Settings()) == ""
    url = "postgresql://me:hunter2@db/chat"
    assert _with_the_same(Settings(database_url=url, port=9000)) == (
        ", with the same DATABASE_URL and PORT as here"
    )
