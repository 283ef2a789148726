"""The traps that real systems fell into (DESIGN, §3): each of them, once."""

import asyncio
import inspect
from datetime import timedelta

import pytest

from application.posting import Post
from application.room_writer import RoomWriter
from application.use_cases.greet import Positions
from application.use_cases.resume_rooms import Replay
from domain.errors import NotAMember, StoreUnavailable
from domain.events import RoomAppended
from domain.ids import ConnectionId
from tests.unit.application.scene import Scene
from tests.unit.faulty_store import FaultyStore, no_fault, unavailable


def failing(scene: Scene) -> tuple[RoomWriter, FaultyStore]:
    container = scene.kit.container
    store = FaultyStore(container.store())
    store.before_commit = unavailable
    return RoomWriter(store, container.clock(), container.notifier()), store


async def test_a_key_is_not_consumed_before_the_insert_succeeds(scene: Scene) -> None:
    writer, store = failing(scene)
    with pytest.raises(StoreUnavailable):
        await writer.post(scene.garden, Post(scene.bob, "k", "hello"))
    store.before_commit = no_fault

    posted = await writer.post(scene.garden, Post(scene.bob, "k", "hello"))

    assert not posted.duplicate
    assert (await scene.log())[-1] == posted.message


async def test_a_number_is_taken_in_the_transaction_that_inserts(scene: Scene) -> None:
    writer, _ = failing(scene)
    with pytest.raises(StoreUnavailable):
        await writer.post(scene.garden, Post(scene.bob, "k", "hello"))

    assert await scene.chat.heal_room.heads([scene.garden]) == {scene.garden: 2}
    assert await scene.say(scene.bob) == 3


async def test_the_clocks_of_clients_are_not_asked(scene: Scene) -> None:
    parameters = inspect.signature(type(scene.chat.post_message).__call__).parameters
    posted = await scene.post(scene.bob, "k")

    assert set(parameters) == {"self", "actor", "room_id", "key", "text", "reply_to"}
    assert posted.message.at == scene.kit.clock.now()


async def test_a_clock_that_was_set_back_changes_no_order(scene: Scene) -> None:
    await scene.say(scene.alice, "first")
    scene.kit.clock._now -= timedelta(hours=1)
    await scene.say(scene.alice, "second")

    page = await scene.chat.page_messages(scene.bob, room_id=scene.garden, limit=2)
    summary = await scene.chat.get_room(scene.bob, room_id=scene.garden)

    assert [message.text for message in page.messages] == ["first", "second"]
    assert summary.unread.posts == 2


async def test_pages_of_messages_of_one_moment_have_neither_gap_nor_repetition(
    scene: Scene,
) -> None:
    await asyncio.gather(*(scene.say(scene.bob, f"{n}") for n in range(20)))
    assert len({message.at for message in await scene.log()}) == 1

    seen: list[int] = []
    after, more = 0, True
    while more:
        page = await scene.chat.page_messages(scene.bob, room_id=scene.garden, after=after, limit=3)
        seen += [message.seq for message in page.messages]
        after, more = seen[-1], page.more_after

    assert seen == list(range(1, 23))


async def test_the_middle_is_filled_after_the_newest_were_loaded(scene: Scene) -> None:
    for n in range(20):
        await scene.say(scene.bob, f"{n}")
    newest = await scene.chat.page_messages(scene.bob, room_id=scene.garden, limit=5)
    seen = {1, 2, 3} | {message.seq for message in newest.messages}

    before = newest.messages[0].seq
    while before > 4:
        page = await scene.chat.page_messages(
            scene.bob, room_id=scene.garden, before=before, limit=5
        )
        seen |= {message.seq for message in page.messages}
        before = page.messages[0].seq

    assert seen == set(range(1, 23))


async def test_nothing_falls_between_the_subscription_and_the_snapshot(scene: Scene) -> None:
    scene.forget()  # A gateway keeps what it is told from before it greets.
    epoch = scene.kit.container.store().epoch

    greeting, *_ = await asyncio.gather(
        scene.chat.greet(
            scene.bob,
            connection_id=ConnectionId("tab"),
            resume=Positions(epoch, {scene.garden: 2}),
        ),
        *(scene.say(scene.alice, f"{n}") for n in range(5)),
    )

    (verdict,) = greeting.verdicts
    assert isinstance(verdict, Replay)
    heard = {message.seq for event in scene.told(RoomAppended) for message in event.messages}
    assert {message.seq for message in verdict.messages} | heard == {3, 4, 5, 6, 7}


async def test_keys_are_an_authors_own_not_the_worlds(scene: Scene) -> None:
    await scene.post(scene.alice, "k", "of alice")

    assert not (await scene.post(scene.bob, "k", "of bob")).duplicate


async def test_hidden_entries_do_not_end_the_history(scene: Scene) -> None:
    await scene.say(scene.bob, "the first")
    for _ in range(60):
        seq = await scene.say(scene.bob, "x")
        await scene.chat.delete_message(scene.bob, room_id=scene.garden, seq=seq)
        await scene.chat.edit_message(scene.bob, room_id=scene.garden, seq=3, text="the very first")

    texts, before, more = [], None, True
    while more:
        page = await scene.chat.page_messages(
            scene.alice, room_id=scene.garden, before=before, limit=7
        )
        assert len(page.messages) == 7 or not page.more_before
        texts += [message.text for message in page.messages]
        before, more = page.messages[0].seq, page.more_before

    assert len(texts) == 2 + 1 + 60
    assert texts.count("the very first") == 1


async def test_the_unread_badge_does_not_stick_after_deletions(scene: Scene) -> None:
    seq = await scene.say(scene.alice, "@bob")

    await scene.chat.delete_message(scene.alice, room_id=scene.garden, seq=seq)

    unread = (await scene.chat.get_room(scene.bob, room_id=scene.garden)).unread
    assert (unread.posts, unread.mentions) == (0, 0)


async def test_who_may_not_post_may_not_edit_either(scene: Scene) -> None:
    seq = await scene.say(scene.bob)
    await scene.chat.remove_member(scene.alice, room_id=scene.garden, username="bob")

    with pytest.raises(NotAMember):
        await scene.chat.edit_message(scene.bob, room_id=scene.garden, seq=seq, text="spam")


async def test_no_history_keeps_a_deleted_text(scene: Scene) -> None:
    seq = (await scene.post(scene.bob, "k", "a secret")).message.seq
    await scene.chat.edit_message(scene.bob, room_id=scene.garden, seq=seq, text="the secret")
    await scene.chat.delete_message(scene.bob, room_id=scene.garden, seq=seq)

    epoch = scene.kit.container.store().epoch
    greeting = await scene.chat.greet(
        scene.alice,
        connection_id=ConnectionId("tab"),
        resume=Positions(epoch, {scene.garden: 0}),
    )
    page = await scene.chat.page_messages(scene.alice, room_id=scene.garden)
    again = await scene.post(scene.bob, "k", "a secret")

    assert "secret" not in str((greeting, page, again, await scene.log()))


async def test_a_read_position_is_not_reset_by_what_was_read_before(scene: Scene) -> None:
    seqs = [await scene.say(scene.alice) for _ in range(3)]

    for seq in (seqs[2], seqs[0], 0):
        await scene.chat.mark_read(scene.bob, room_id=scene.garden, seq=seq)

    assert (await scene.chat.get_room(scene.bob, room_id=scene.garden)).unread.posts == 0
