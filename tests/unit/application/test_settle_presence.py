"""After a restart: who did not come back is told to have gone."""

from adapters.persistence.memory.presence_board import MemoryPresenceBoard
from application.attendance import Attendance
from application.housekeeping import RETURNING
from application.use_cases.settle_presence import SettlePresence
from domain.ids import ConnectionId
from domain.message import Kind
from tests.unit.application.scene import Scene


async def present(scene: Scene, *names: str) -> None:
    for name in names:
        user = getattr(scene, name)
        await scene.online(user, f"{name}'s tab")
        await scene.chat.open_room(
            user, room_id=scene.garden, connection_id=ConnectionId(f"{name}'s tab")
        )
    scene.forget()


def after_a_crash(scene: Scene) -> tuple[SettlePresence, MemoryPresenceBoard]:
    """Another process on the same store, where nobody is connected."""
    board, container = MemoryPresenceBoard(), scene.kit.container
    attendance = Attendance(container.writer(), board, container.grace())
    return SettlePresence(container.store(), board, attendance), board


async def test_who_did_not_come_back_has_departed_and_who_did_has_not(scene: Scene) -> None:
    await present(scene, "alice", "bob")
    settle, board = after_a_crash(scene)
    await board.connect(scene.bob.id, ConnectionId("new"))
    await board.enter(scene.garden, scene.bob.id, ConnectionId("new"))

    await settle()

    assert [(each.kind, each.author) for each in scene.shown()] == [
        (Kind.DEPARTED, scene.alice.person)
    ]


async def test_settling_twice_tells_nothing_twice(scene: Scene) -> None:
    await present(scene, "alice", "bob")
    settle, _ = after_a_crash(scene)

    await settle()
    await settle()

    assert [each.kind for each in scene.shown()] == [Kind.DEPARTED] * 2


async def test_an_archived_room_tells_nothing_and_holds_nobody_up(scene: Scene) -> None:
    await present(scene, "alice")
    await scene.chat.open_room(
        scene.alice, room_id=scene.pavilion, connection_id=ConnectionId("alice's tab")
    )
    await scene.chat.archive_room(scene.alice, room_id=scene.garden)
    scene.forget()
    settle, _ = after_a_crash(scene)

    await settle()

    assert [(each.room_id, each.kind) for each in scene.shown()] == [
        (scene.pavilion, Kind.DEPARTED)
    ]


async def test_the_server_settles_by_itself_some_time_after_its_start(scene: Scene) -> None:
    await present(scene, "bob")
    scene.kit.container.board()._open.clear()
    housekeeping = scene.kit.container.housekeeping()

    housekeeping.start()
    await scene.kit.clock.advance(RETURNING - 1)
    assert scene.shown() == []
    await scene.kit.clock.advance(1)

    assert [each.kind for each in scene.shown()] == [Kind.DEPARTED]
    await housekeeping.close()
