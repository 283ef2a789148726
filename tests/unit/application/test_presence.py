"""Who is online, and who has a room open: told once per person, and a reload is silent."""

from collections.abc import Iterable

import pytest

from adapters.persistence.memory.presence_board import MemoryPresenceBoard
from domain.errors import InvalidField, NotAMember
from domain.events import PresenceChanged
from domain.ids import ConnectionId, UserId
from domain.message import Kind
from domain.user import User
from tests.unit.application.scene import Scene

GRACE = 5.0


async def opens(scene: Scene, user: User, connection: str) -> None:
    await scene.chat.open_room(user, room_id=scene.garden, connection_id=ConnectionId(connection))


async def closes(scene: Scene, user: User, connection: str) -> None:
    await scene.chat.close_room(user, room_id=scene.garden, connection_id=ConnectionId(connection))


async def goes(scene: Scene, user: User, connection: str) -> None:
    await scene.chat.disconnect(user, connection_id=ConnectionId(connection))


def told(scene: Scene) -> list[tuple[str, str]]:
    return [
        (message.kind.value, message.author.username) for message in scene.shown() if message.author
    ]


def dots(scene: Scene) -> list[tuple[str, bool]]:
    return [(each.person.username, each.online) for each in scene.told(PresenceChanged)]


async def test_the_first_connection_brings_the_dot_and_the_last_takes_it(scene: Scene) -> None:
    await scene.online(scene.bob, "one")
    await scene.online(scene.bob, "two")
    await goes(scene, scene.bob, "one")
    await scene.kit.clock.advance(GRACE)
    assert dots(scene) == [("bob", True)]

    await goes(scene, scene.bob, "two")
    await scene.kit.clock.advance(GRACE)

    assert dots(scene) == [("bob", True), ("bob", False)]


async def test_those_who_share_a_room_see_the_dot_and_no_log_does(scene: Scene) -> None:
    await scene.online(scene.bob, "tab")

    (event,) = scene.told(PresenceChanged)
    assert set(event.room_ids) == {scene.garden, scene.pavilion}
    assert scene.shown() == []


async def test_a_reload_never_takes_the_dot(scene: Scene) -> None:
    await scene.online(scene.bob, "one")
    await goes(scene, scene.bob, "one")
    await scene.kit.clock.advance(GRACE - 0.1)

    await scene.online(scene.bob, "two")
    await scene.kit.clock.advance(10 * GRACE)

    assert dots(scene) == [("bob", True)]


async def test_whoever_looks_within_the_grace_sees_the_dot(scene: Scene) -> None:
    await scene.online(scene.bob, "one")
    await goes(scene, scene.bob, "one")

    for seconds, is_online in ((GRACE - 0.1, True), (0.1, False)):
        await scene.kit.clock.advance(seconds)
        (bob,) = await scene.chat.find_people(scene.alice, query="bob")
        assert bob.online is is_online


async def test_a_connection_that_ends_twice_ends_once(scene: Scene) -> None:
    await scene.online(scene.bob, "tab")
    await goes(scene, scene.bob, "tab")
    await goes(scene, scene.bob, "tab")
    await goes(scene, scene.mallory, "never")
    await scene.kit.clock.advance(GRACE)
    await goes(scene, scene.bob, "tab")
    await scene.kit.clock.advance(GRACE)

    assert dots(scene) == [("bob", True), ("bob", False)]


async def test_nobody_is_told_to_have_gone_by_who_does_not_see_all(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is it forgotten, though whoever is blind may take the person to be online elsewhere."""

    async def everybody(self: MemoryPresenceBoard, user_ids: Iterable[UserId]) -> frozenset[UserId]:
        return frozenset(user_ids)

    await scene.online(scene.bob, "one")
    with monkeypatch.context() as blind:
        blind.setattr(MemoryPresenceBoard, "sees_all", False)
        await goes(scene, scene.bob, "one")
        await scene.kit.clock.advance(GRACE)
        await scene.kit.clock.advance(GRACE)
        blind.setattr(MemoryPresenceBoard, "online", everybody)
        await scene.kit.clock.advance(10 * GRACE)
        assert dots(scene) == [("bob", True)]

    await scene.kit.clock.advance(GRACE)

    assert dots(scene) == [("bob", True), ("bob", False)]


async def test_opening_a_room_shows_all_of_it(scene: Scene) -> None:
    await scene.say(scene.alice)
    await scene.online(scene.bob, "tab")

    opened = await scene.chat.open_room(
        scene.bob, room_id=scene.garden, connection_id=ConnectionId("tab"), limit=2
    )

    assert opened.summary == await scene.chat.get_room(scene.bob, room_id=scene.garden)
    assert [each.person.username for each in opened.members] == ["alice", "bob"]
    assert [each.kind for each in opened.page.messages] == [Kind.POSTED, Kind.ARRIVED]
    assert opened.page.messages[-1].seq == opened.summary.room.head


async def test_who_opens_a_room_has_arrived_once_whatever_their_connections(
    scene: Scene,
) -> None:
    for connection in ("one", "two"):
        await scene.online(scene.bob, connection)
        await opens(scene, scene.bob, connection)
        await opens(scene, scene.bob, connection)

    assert told(scene) == [("arrived", "bob")]


async def test_who_closes_it_everywhere_has_departed_after_the_grace(scene: Scene) -> None:
    for connection in ("one", "two"):
        await scene.online(scene.bob, connection)
        await opens(scene, scene.bob, connection)
    await closes(scene, scene.bob, "one")
    await scene.kit.clock.advance(2 * GRACE)
    assert told(scene) == [("arrived", "bob")]

    await goes(scene, scene.bob, "two")
    await scene.kit.clock.advance(GRACE - 0.1)
    assert told(scene) == [("arrived", "bob")]
    await scene.kit.clock.advance(0.1)

    assert told(scene) == [("arrived", "bob"), ("departed", "bob")]


async def test_a_reload_is_silent(scene: Scene) -> None:
    await scene.online(scene.bob, "one")
    await opens(scene, scene.bob, "one")
    await goes(scene, scene.bob, "one")
    await scene.kit.clock.advance(GRACE - 0.1)

    await scene.online(scene.bob, "two")
    await opens(scene, scene.bob, "two")
    await scene.kit.clock.advance(10 * GRACE)

    assert told(scene) == [("arrived", "bob")]


async def test_who_comes_back_later_arrives_again(scene: Scene) -> None:
    await scene.online(scene.bob, "tab")
    for _ in range(2):
        await opens(scene, scene.bob, "tab")
        await closes(scene, scene.bob, "tab")
        await scene.kit.clock.advance(GRACE)

    assert told(scene) == [("arrived", "bob"), ("departed", "bob")] * 2


async def test_rooms_are_opened_and_closed_apart(scene: Scene) -> None:
    await scene.online(scene.bob, "tab")
    await opens(scene, scene.bob, "tab")
    await scene.chat.open_room(scene.bob, room_id=scene.pavilion, connection_id=ConnectionId("tab"))
    await closes(scene, scene.bob, "tab")
    await scene.kit.clock.advance(GRACE)

    kinds = [(each.room_id == scene.garden, each.kind) for each in scene.shown()]
    assert kinds == [(True, Kind.ARRIVED), (False, Kind.ARRIVED), (True, Kind.DEPARTED)]


async def test_closing_what_is_not_open_is_silent(scene: Scene) -> None:
    await scene.online(scene.bob, "tab")
    await closes(scene, scene.bob, "tab")
    await closes(scene, scene.mallory, "never")
    await scene.kit.clock.advance(GRACE)

    assert told(scene) == []


async def test_a_connection_that_is_gone_opens_nothing(scene: Scene) -> None:
    await opens(scene, scene.bob, "gone")

    assert told(scene) == []


async def test_a_connection_that_went_while_it_opened_calls_no_farewell_off(
    scene: Scene,
) -> None:
    await scene.online(scene.bob, "tab")
    await opens(scene, scene.bob, "tab")
    await goes(scene, scene.bob, "tab")

    await opens(scene, scene.bob, "tab")  # This was under way when the socket closed.
    await scene.kit.clock.advance(GRACE)

    assert told(scene) == [("arrived", "bob"), ("departed", "bob")]


async def test_who_left_the_room_does_not_depart_as_well(scene: Scene) -> None:
    await scene.online(scene.bob, "tab")
    await opens(scene, scene.bob, "tab")
    await scene.chat.leave_room(scene.bob, room_id=scene.garden)
    await goes(scene, scene.bob, "tab")
    await scene.kit.clock.advance(GRACE)

    assert told(scene) == [("arrived", "bob"), ("left", "bob")]


async def test_a_direct_room_tells_nobody(scene: Scene) -> None:
    direct = (await scene.chat.open_direct(scene.alice, usernames=["bob"])).room.id
    scene.forget()
    await scene.online(scene.bob, "tab")

    await scene.chat.open_room(scene.bob, room_id=direct, connection_id=ConnectionId("tab"))
    await goes(scene, scene.bob, "tab")
    await scene.kit.clock.advance(GRACE)

    assert told(scene) == []


async def test_with_more_than_a_hundred_members_it_is_quiet(scene: Scene) -> None:
    for number in range(99):
        name = (await scene.kit.person(f"user{number}")).username.value
        await scene.chat.invite_member(scene.alice, room_id=scene.garden, username=name)
        if number == 97:
            await scene.online(scene.alice, "tab")
            scene.forget()
            await opens(scene, scene.alice, "tab")
            assert told(scene) == [("arrived", "alice")]
    scene.forget()

    await scene.online(scene.bob, "tab")
    await opens(scene, scene.bob, "tab")
    await goes(scene, scene.bob, "tab")
    await goes(scene, scene.alice, "tab")
    await scene.kit.clock.advance(GRACE)

    assert told(scene) == []


async def test_a_stranger_opens_no_room(scene: Scene) -> None:
    connection_id = await scene.online(scene.mallory, "tab")

    with pytest.raises(NotAMember):
        await scene.chat.open_room(scene.mallory, room_id=scene.garden, connection_id=connection_id)

    board = scene.kit.container.board()
    assert not await board.is_present(scene.garden, scene.mallory.id)


async def test_an_impossible_page_tells_nobody_of_an_arrival(scene: Scene) -> None:
    await scene.online(scene.bob, "one")

    with pytest.raises(InvalidField, match="limit"):
        await scene.chat.open_room(
            scene.bob, room_id=scene.garden, connection_id=ConnectionId("one"), limit=0
        )

    assert ("arrived", "bob") not in told(scene)


async def test_at_the_end_what_still_waits_is_called_off(scene: Scene) -> None:
    await scene.online(scene.bob, "tab")
    await opens(scene, scene.bob, "tab")
    await goes(scene, scene.bob, "tab")

    await scene.kit.container.grace().close()
    await scene.kit.clock.advance(GRACE)

    assert told(scene) == [("arrived", "bob")]
    assert dots(scene) == [("bob", True)]
