"""A reader comes back: full replay or an explicit reset, never a silent hole."""

import pytest

from application.use_cases.greet import Positions
from application.use_cases.resume_rooms import Replay, Reset
from domain.errors import StoreUnavailable
from domain.ids import ConnectionId, RoomId
from domain.message import Kind
from domain.user import User
from tests.kit import memory_chat
from tests.unit.application.scene import NOWHERE, Scene
from tests.unit.faulty_store import unavailable


async def resumed(
    scene: Scene, positions: dict[RoomId, int], *, epoch: str | None = None, who: User | None = None
) -> list[Replay | Reset]:
    epoch = scene.kit.container.store().epoch if epoch is None else epoch
    greeting = await scene.chat.greet(
        who or scene.bob,
        connection_id=ConnectionId("tab"),
        resume=Positions(epoch, positions),
    )
    return greeting.verdicts


async def test_what_was_missed_is_replayed_in_full_changes_included(scene: Scene) -> None:
    seq = await scene.say(scene.alice)
    await scene.chat.edit_message(scene.alice, room_id=scene.garden, seq=seq, text="again")
    await scene.chat.delete_message(scene.alice, room_id=scene.garden, seq=seq)
    await scene.say(scene.alice)

    (verdict,) = await resumed(scene, {scene.garden: 2})

    assert isinstance(verdict, Replay)
    assert [(each.seq, each.kind) for each in verdict.messages] == [
        (3, Kind.POSTED),
        (4, Kind.EDITED),
        (5, Kind.DELETED),
        (6, Kind.POSTED),
    ]


async def test_who_missed_nothing_is_told_so(scene: Scene) -> None:
    assert await resumed(scene, {scene.garden: 2}) == [Replay(scene.garden, [])]


async def test_who_saw_nothing_of_it_gets_all(scene: Scene) -> None:
    (verdict,) = await resumed(scene, {scene.garden: 0})

    assert isinstance(verdict, Replay)
    assert [each.seq for each in verdict.messages] == [1, 2]


@pytest.mark.parametrize("seq", [3, 99, -1, -(2**70), 2**70])
async def test_a_position_that_cannot_be_starts_anew(scene: Scene, seq: int) -> None:
    assert await resumed(scene, {scene.garden: seq}) == [Reset(scene.garden, head=2, floor=0)]


@pytest.mark.parametrize("epoch", ["", "another life"])
async def test_in_another_life_of_the_store_everything_starts_anew(
    scene: Scene, epoch: str
) -> None:
    assert await resumed(scene, {scene.garden: 2}, epoch=epoch) == [
        Reset(scene.garden, head=2, floor=0)
    ]


async def test_who_missed_a_clearing_starts_anew_unless_all_before_was_seen(
    scene: Scene,
) -> None:
    seq = await scene.say(scene.alice)
    await scene.chat.clear_room(scene.alice, room_id=scene.garden)

    assert await resumed(scene, {scene.garden: seq - 1}) == [
        Reset(scene.garden, head=seq + 1, floor=seq)
    ]
    (verdict,) = await resumed(scene, {scene.garden: seq})
    assert isinstance(verdict, Replay)
    assert [each.kind for each in verdict.messages] == [Kind.CLEARED]
    assert await resumed(scene, {scene.garden: seq + 1}) == [Replay(scene.garden, [])]


@pytest.mark.parametrize(("missed", "verdict"), [(3, Replay), (4, Reset)])
async def test_who_missed_too_much_starts_anew(missed: int, verdict: type) -> None:
    async with memory_chat(limits={"replay": 3}) as kit:
        alice = await kit.person("alice")
        room_id = await kit.room(alice, "garden")
        for _ in range(missed):
            await kit.say(alice, room_id, "hello")

        greeting = await kit.chat.greet(
            alice,
            connection_id=ConnectionId("tab"),
            resume=Positions(kit.container.store().epoch, {room_id: 1}),
        )

        assert [type(each) for each in greeting.verdicts] == [verdict]


async def test_rooms_that_one_may_not_read_are_left_out(scene: Scene) -> None:
    positions = {scene.garden: 1, scene.pavilion: 1, NOWHERE: 1}

    assert await resumed(scene, positions, who=scene.mallory) == []

    await scene.chat.remove_member(scene.alice, room_id=scene.garden, username="bob")
    verdicts = await resumed(scene, positions)
    assert [verdict.room_id for verdict in verdicts] == [scene.pavilion]


async def test_a_failing_store_is_no_verdict(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "adapters.persistence.memory.message_log.MemoryMessageLog.replay",
        lambda *_, **__: unavailable(),
    )

    with pytest.raises(StoreUnavailable):
        await resumed(scene, {scene.garden: 1})


async def test_what_is_cleared_while_it_is_read_starts_anew(scene: Scene) -> None:
    """Between the look at the rooms and the look at the log: no hole where it was."""
    seq = await scene.say(scene.alice)
    rooms = [each.room for each in await scene.chat.list_my_rooms(scene.bob)]
    await scene.chat.clear_room(scene.alice, room_id=scene.garden)
    store = scene.kit.container.store()

    verdicts = await scene.kit.container.resume_rooms()(
        rooms, epoch=store.epoch, positions={scene.garden: 2}
    )

    assert verdicts == [Reset(scene.garden, head=seq, floor=0)]


async def test_a_greeting_tells_all_that_a_client_needs(scene: Scene) -> None:
    await scene.say(scene.alice)

    greeting = await scene.chat.greet(scene.bob, connection_id=ConnectionId("tab"))

    assert greeting.epoch == scene.kit.container.store().epoch != ""
    assert greeting.server_time == scene.kit.clock.now()
    assert greeting.rooms == await scene.chat.list_my_rooms(scene.bob)
    assert greeting.verdicts == []
