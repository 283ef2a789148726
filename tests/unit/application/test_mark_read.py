"""The read position: forward only, and on all devices of the person."""

import asyncio

import pytest

from application.ports.message_log import Unread
from domain.errors import InvalidField, NotAMember
from domain.events import ReadMoved
from tests.unit.application.scene import Scene


async def read(scene: Scene, seq: int) -> tuple[int, Unread]:
    position = await scene.chat.mark_read(scene.bob, room_id=scene.garden, seq=seq)
    return position.read, position.unread


async def test_what_was_read_is_no_longer_unread_on_any_device(scene: Scene) -> None:
    seqs = [await scene.say(scene.alice, f"@bob {n}") for n in range(3)]
    scene.forget()

    assert await read(scene, seqs[1]) == (seqs[1], Unread(1, 1))

    assert scene.kit.events == [
        ReadMoved(scene.bob.id, scene.garden, read=seqs[1], unread=1, mentions=1)
    ]


async def test_the_position_never_moves_back(scene: Scene) -> None:
    seqs = [await scene.say(scene.alice) for _ in range(3)]
    await read(scene, seqs[2])
    scene.forget()

    assert await read(scene, seqs[0]) == (seqs[2], Unread())
    assert await read(scene, 0) == (seqs[2], Unread())

    assert scene.kit.events == []


async def test_two_devices_at_once_leave_it_at_the_furthest(scene: Scene) -> None:
    seqs = [await scene.say(scene.alice) for _ in range(5)]

    await asyncio.gather(*(read(scene, seq) for seq in (seqs[1], seqs[4], seqs[0], seqs[2])))

    summary = await scene.chat.get_room(scene.bob, room_id=scene.garden)
    assert summary.membership
    assert summary.membership.read == seqs[4]


async def test_a_position_past_the_end_is_the_end(scene: Scene) -> None:
    seq = await scene.say(scene.alice)

    assert await read(scene, 2**70) == (seq, Unread())
    await scene.say(scene.alice)
    assert (await scene.chat.get_room(scene.bob, room_id=scene.garden)).unread == Unread(1)


async def test_a_negative_position_is_refused(scene: Scene) -> None:
    with pytest.raises(InvalidField) as refusal:
        await read(scene, -1)

    assert refusal.value.field == "seq"


async def test_a_stranger_has_no_position(scene: Scene) -> None:
    with pytest.raises(NotAMember):
        await scene.chat.mark_read(scene.mallory, room_id=scene.garden, seq=1)


async def test_it_survives_another_change_of_the_membership(scene: Scene) -> None:
    seq = await scene.say(scene.alice)
    await read(scene, seq)

    await scene.chat.change_role.promote(scene.alice, room_id=scene.garden, username="bob")

    summary = await scene.chat.get_room(scene.bob, room_id=scene.garden)
    assert summary.membership
    assert (summary.membership.read, summary.membership.role) == (seq, "moderator")
