"""A member says something; everybody in the room reads it."""

import asyncio

import pytest

from application.posting import Posted
from domain.errors import DomainError, InvalidField, NotAMember, RateLimited, RoomNotFound
from domain.events import RoomAppended
from domain.message import Kind
from tests.kit import memory_chat
from tests.unit.application.scene import NOWHERE, Scene


async def test_a_post_is_stored_and_told(scene: Scene) -> None:
    posted = await scene.post(scene.bob, "k", "hello")

    message = posted.message
    assert (message.kind, message.text, message.author) == (
        Kind.POSTED,
        "hello",
        scene.bob.person,
    )
    assert (message.seq, message.at) == (3, scene.kit.clock.now())
    assert (await scene.log())[-1] == message
    assert scene.kit.events == [RoomAppended(scene.garden, (message,))]


async def test_numbers_are_per_room_and_without_a_gap(scene: Scene) -> None:
    seqs = [await scene.say(scene.bob) for _ in range(3)]
    other = await scene.say(scene.bob, room_id=scene.pavilion)

    assert (seqs, other) == ([3, 4, 5], 3)


async def test_members_who_are_named_are_mentioned_and_strangers_are_not(scene: Scene) -> None:
    posted = await scene.post(scene.bob, "k", "@Alice, @mallory and @bob: @alice!")

    assert posted.message.mentions == tuple(sorted([scene.alice.id, scene.bob.id]))


async def test_a_reply_names_what_it_answers(scene: Scene) -> None:
    seq = await scene.say(scene.alice)

    posted = await scene.post(scene.bob, "k", reply_to=seq)

    assert posted.message.reply_to == seq


@pytest.mark.parametrize("reply_to", [0, -1, 99, 2**70])
async def test_a_reply_to_nothing_is_refused(scene: Scene, reply_to: int) -> None:
    with pytest.raises(InvalidField) as refusal:
        await scene.post(scene.bob, "k", reply_to=reply_to)

    assert refusal.value.field == "reply_to"


async def test_a_reply_to_what_was_cleared_is_refused(scene: Scene) -> None:
    seq = await scene.say(scene.alice)
    await scene.chat.clear_room(scene.alice, room_id=scene.garden)

    with pytest.raises(InvalidField):
        await scene.post(scene.bob, "k", reply_to=seq)


async def test_a_text_comes_back_as_it_was(scene: Scene) -> None:
    text = "  👨‍👩‍👧‍👦\n\tمی‌خواهم e\u0301 \u202e<b>&amp;</b> {author} %s ' OR 1=1 --\x1b[31m  "

    await scene.say(scene.bob, text)

    page = await scene.chat.page_messages(scene.alice, room_id=scene.garden)
    assert page.messages[-1].text == text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n"}, "text"),
        ({"text": "\u200b"}, "text"),
        ({"text": "x" * 8_001}, "text"),
        ({"text": "x" * 10_000_000}, "text"),
        ({"text": "a\0"}, "text"),
        ({"text": "a\ud800"}, "text"),
        ({"key": ""}, "key"),
        ({"key": "k" * 65}, "key"),
        ({"key": "ключ"}, "key"),
    ],
)
async def test_a_wrong_post_is_refused_and_leaves_no_trace(
    scene: Scene, wrong: dict[str, str], field: str
) -> None:
    before = await scene.log()

    with pytest.raises(InvalidField) as refusal:
        await scene.post(scene.bob, **{"key": "k", "text": "hello", **wrong})

    assert refusal.value.field == field
    assert await scene.log() == before
    assert scene.kit.events == []


async def test_the_longest_text_is_taken(scene: Scene) -> None:
    assert (await scene.post(scene.bob, "k" * 64, "я" * 8_000)).message.text == "я" * 8_000


async def test_who_is_no_member_cannot_post(scene: Scene) -> None:
    with pytest.raises(NotAMember):
        await scene.say(scene.mallory)
    with pytest.raises(NotAMember):  # The site's owner is a stranger here as well.
        await scene.say(scene.zoe)
    for room_id in (scene.pavilion, NOWHERE):
        with pytest.raises(RoomNotFound):
            await scene.say(scene.mallory, room_id=room_id)

    assert scene.kit.events == []


async def test_many_posts_at_once_are_one_batch_in_their_order(scene: Scene) -> None:
    texts = [f"number {n}" for n in range(50)]

    posts = await asyncio.gather(*(scene.post(scene.bob, text, text) for text in texts))

    assert [post.message.seq for post in posts] == list(range(3, 53))
    (event,) = scene.told(RoomAppended)
    assert [message.text for message in event.messages] == texts


async def test_a_refused_post_does_not_fail_its_neighbours(scene: Scene) -> None:
    await scene.post(scene.bob, "used")

    outcomes: list[Posted | BaseException] = await asyncio.gather(
        scene.post(scene.bob, "one"),
        scene.post(scene.mallory, "two"),
        scene.post(scene.bob, "used", "another text"),
        scene.post(scene.bob, "used"),
        scene.post(scene.bob, "three", reply_to=99),
        scene.post(scene.alice, "four"),
        return_exceptions=True,
    )

    told = [
        each.code
        if isinstance(each, DomainError)
        else (each.message.seq, each.duplicate)
        if isinstance(each, Posted)
        else each
        for each in outcomes
    ]
    assert told == [
        (4, False),
        "not_a_member",
        "key_reused",
        (3, True),
        "reply_to_invalid",
        (5, False),
    ]
    assert [message.seq for message in (await scene.log())] == [1, 2, 3, 4, 5]


async def test_a_person_posts_so_often_a_second_and_others_are_not_held_up() -> None:
    async with memory_chat(limits={"posts_per_second": 2, "post_burst": 3}) as kit:
        alice, bob = await kit.person("alice"), await kit.person("bob")
        room_id = await kit.room(alice, "garden", bob)
        for _ in range(3):
            await kit.say(alice, room_id, "hello")

        with pytest.raises(RateLimited) as refusal:
            await kit.say(alice, room_id, "hello")

        assert refusal.value.retry_after == pytest.approx(0.5)
        await kit.say(bob, room_id, "hello")
        await kit.clock.advance(0.5)
        await kit.say(alice, room_id, "hello")
