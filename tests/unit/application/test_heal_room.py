"""Gateways read what a lost notification would have told them."""

from tests.unit.application.scene import NOWHERE, Scene


async def test_heads_reveal_what_was_missed(scene: Scene) -> None:
    seq = await scene.say(scene.bob)

    heads = await scene.chat.heal_room.heads([scene.garden, scene.pavilion, NOWHERE])

    assert heads == {scene.garden: seq, scene.pavilion: 2}


async def test_what_was_missed_comes_in_order_and_in_parts(scene: Scene) -> None:
    seq = await scene.say(scene.bob)
    await scene.chat.edit_message(scene.bob, room_id=scene.garden, seq=seq, text="again")

    first = await scene.chat.heal_room.missed(scene.garden, after=1, limit=2)
    rest = await scene.chat.heal_room.missed(scene.garden, after=first[-1].seq, limit=2)

    assert [each.seq for each in first + rest] == [2, 3, 4]
    assert await scene.chat.heal_room.missed(scene.garden, after=4) == []
    assert await scene.chat.heal_room.missed(NOWHERE, after=0) == []
