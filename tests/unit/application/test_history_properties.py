"""What holds after any sequence of anything that people do."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from application.ports.message_log import Unread
from application.use_cases.greet import Positions
from application.use_cases.resume_rooms import Replay
from domain.errors import DomainError
from domain.events import RoomAppended
from domain.ids import ConnectionId
from domain.message import CHANGES, Kind, Message
from domain.permissions import Role
from domain.user import User
from tests.unit.application.reader import Reader
from tests.unit.application.scene import Scene, set_scene

Deed = tuple[str, int, int]
DEEDS: dict[str, Callable[[Scene, User, int], Awaitable[object]]] = {
    "post": lambda s, u, n: s.say(u, ["hello", "hi @bob", "@alice and @mallory"][n % 3]),
    "post a key": lambda s, u, n: s.post(u, f"k{n % 3}", "hello"),
    "edit": lambda s, u, n: s.chat.edit_message(u, room_id=s.garden, seq=n, text=f"@bob {n}"),
    "delete": lambda s, u, n: s.chat.delete_message(u, room_id=s.garden, seq=n),
    "clear": lambda s, u, n: s.chat.clear_room(u, room_id=s.garden),
    "join": lambda s, u, n: s.chat.join_room(u, room_id=s.garden),
    "leave": lambda s, u, n: s.chat.leave_room(u, room_id=s.garden),
    "invite": lambda s, u, n: s.chat.invite_member(u, room_id=s.garden, username=_name(n)),
    "remove": lambda s, u, n: s.chat.remove_member(u, room_id=s.garden, username=_name(n)),
    "promote": lambda s, u, n: s.chat.change_role.promote(u, room_id=s.garden, username=_name(n)),
    "demote": lambda s, u, n: s.chat.change_role.demote(u, room_id=s.garden, username=_name(n)),
    "topic": lambda s, u, n: s.chat.set_topic(u, room_id=s.garden, topic=f"topic {n % 2}"),
    "read": lambda s, u, n: s.chat.mark_read(u, room_id=s.garden, seq=n),
    "open": lambda s, u, n: s.chat.open_room(u, room_id=s.garden, connection_id=_tab(u)),
    "close": lambda s, u, n: s.chat.close_room(u, room_id=s.garden, connection_id=_tab(u)),
    "wait": lambda s, u, n: s.kit.clock.advance(n % 10),
}
# What happens most in a room comes most often here.
NAMES = [*DEEDS, *["post", "edit", "delete"] * 4]
CAST = ("alice", "bob", "mallory", "zoe")

deeds = st.lists(
    st.tuples(st.sampled_from(NAMES), st.integers(0, 3), st.integers(0, 25)), max_size=30
)


def _name(number: int) -> str:
    return CAST[number % 4]


def _tab(user: User) -> ConnectionId:
    return ConnectionId(f"{user.username}'s tab")


async def do(scene: Scene, todo: list[Deed]) -> None:
    """Do all of it; some of it will be refused."""
    for deed, who, number in todo:
        with contextlib.suppress(DomainError):
            await DEEDS[deed](scene, getattr(scene, CAST[who]), number)


async def head_and_floor(scene: Scene) -> tuple[int, int]:
    async with scene.kit.container.store().view() as view:
        room = await view.rooms.find(scene.garden)
    assert room
    return room.head, room.floor


async def listed(scene: Scene) -> list[Message]:
    return [message for message in await scene.log() if message.kind not in CHANGES]


@settings(max_examples=25)
@given(deeds)
def test_the_log_has_no_gap_and_is_told_in_its_order(todo: list[Deed]) -> None:
    async def check() -> None:
        async with set_scene() as scene:
            await do(scene, todo)
            head, floor = await head_and_floor(scene)

            stored = [message.seq for message in await scene.log()]
            told = [
                message.seq
                for event in scene.told(RoomAppended)
                for message in event.messages
                if event.room_id == scene.garden
            ]
            assert stored == list(range(floor + 1, head + 1))
            assert told == list(range(3, head + 1))

    asyncio.run(check())


@settings(max_examples=20)
@given(deeds, st.integers(1, 7))
def test_pages_in_either_direction_make_the_whole_history(todo: list[Deed], limit: int) -> None:
    async def check() -> None:
        async with set_scene() as scene:
            await do(scene, todo)
            with contextlib.suppress(DomainError):
                await scene.chat.join_room(scene.alice, room_id=scene.garden)
            whole = await listed(scene)

            assert await _walk(scene, "after", 0, limit) == whole
            assert await _walk(scene, "before", 2**40, limit) == whole

    asyncio.run(check())


async def _walk(scene: Scene, direction: str, start: int, limit: int) -> list[Message]:
    walked: list[Message] = []
    more = True
    while more:
        page = await scene.chat.page_messages(
            scene.alice, room_id=scene.garden, limit=limit, **{direction: start}
        )
        if direction == "after":
            walked, more = walked + page.messages, page.more_after
        else:
            walked, more = page.messages + walked, page.more_before
        assert len(page.messages) == limit or not more, "a page was cut short"
        start = walked[-1 if direction == "after" else 0].seq if walked else 0
    return walked


@settings(max_examples=20)
@given(deeds)
def test_unread_is_what_its_definition_says(todo: list[Deed]) -> None:
    async def check() -> None:
        async with set_scene() as scene:
            await do(scene, todo)
            log = await scene.log()

            for name in CAST:
                user = getattr(scene, name)
                for summary in await scene.chat.list_my_rooms(user):
                    if summary.room.id == scene.garden and summary.membership:
                        news = _news(log, user, summary.membership.read)
                        mentions = [each for each in news if user.id in each.mentions]
                        assert summary.unread == Unread(len(news), len(mentions)), name

    asyncio.run(check())


def _news(log: list[Message], user: User, read: int) -> list[Message]:
    return [
        each
        for each in log
        if each.kind is Kind.POSTED
        and not each.deleted
        and not each.is_by(user.id)
        and each.seq > read
    ]


@settings(max_examples=25)
@given(deeds, deeds)
def test_a_state_and_what_was_told_since_are_a_fresh_state(
    before: list[Deed], after: list[Deed]
) -> None:
    async def check() -> None:
        async with set_scene() as scene:
            await do(scene, before)
            reader = Reader()
            reader.load(await listed(scene), (await head_and_floor(scene))[0])
            scene.forget()

            await do(scene, after)
            for event in scene.told(RoomAppended):
                if event.room_id == scene.garden:
                    reader.apply(event.messages)

            assert list(reader.shown.values()) == await listed(scene)

    asyncio.run(check())


@settings(max_examples=25)
@given(deeds, deeds)
def test_a_state_and_a_replay_are_a_fresh_state(before: list[Deed], after: list[Deed]) -> None:
    async def check() -> None:
        async with set_scene() as scene:
            await do(scene, before)
            reader = Reader()
            reader.load(await listed(scene), (await head_and_floor(scene))[0])
            await do(scene, after)
            with contextlib.suppress(DomainError):
                await scene.chat.join_room(scene.mallory, room_id=scene.garden)

            epoch = scene.kit.container.store().epoch
            greeting = await scene.chat.greet(
                scene.mallory,
                connection_id=ConnectionId("tab"),
                resume=Positions(epoch, {scene.garden: reader.seq}),
            )
            (verdict,) = greeting.verdicts
            if isinstance(verdict, Replay):
                reader.apply(verdict.messages)
            else:
                assert reader.seq < verdict.floor, "a reset without need"
                reader.load(await listed(scene), verdict.head)

            assert list(reader.shown.values()) == await listed(scene)

    asyncio.run(check())


@settings(max_examples=25)
@given(deeds)
def test_a_room_knows_its_members_and_has_an_owner(todo: list[Deed]) -> None:
    async def check() -> None:
        async with set_scene() as scene:
            positions: dict[str, int] = {}
            for deed in todo:
                await do(scene, [deed])
                async with scene.kit.container.store().view() as view:
                    room = await view.rooms.find(scene.garden)
                    members = await view.memberships.list_members(scene.garden)
                assert room
                assert room.members == len(members)
                roles = [member.membership.role for member in members]
                assert not roles or Role.OWNER in roles

                now = {str(each.user.username): each.membership.read for each in members}
                stayed = now.keys() & positions.keys()
                assert all(now[name] >= positions[name] for name in stayed)
                assert all(read <= room.head for read in now.values())
                positions = now

    asyncio.run(check())
