"""The scene of most tests: alice owns a public garden and a private pavilion, bob is a member of
both, mallory of neither. The site is owned by zoe, who is in no room."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from dependency_injector import providers

from application.chat import Chat
from application.posting import Posted
from bootstrap import Container, opened
from domain.events import Event, RoomAppended
from domain.ids import ConnectionId, RoomId
from domain.message import Kind, Message
from domain.permissions import Role
from domain.user import User
from tests.kit import Kit, memory_container

E = TypeVar("E", bound=Event)

NOWHERE = RoomId("00000000-0000-7000-8000-000000000000")


@dataclass
class Scene:
    kit: Kit
    zoe: User
    alice: User
    bob: User
    mallory: User
    garden: RoomId
    pavilion: RoomId

    @property
    def chat(self) -> Chat:
        return self.kit.chat

    async def say(self, author: User, text: str = "hello", *, room_id: RoomId | None = None) -> int:
        return await self.kit.say(author, room_id or self.garden, text)

    async def post(self, author: User, key: str, text: str = "hello", **options: object) -> Posted:
        """Post with a key of the test's own."""
        posted = await self.chat.post_message(
            author,
            **{"room_id": self.garden, "key": key, "text": text, **options},  # type: ignore[arg-type]  # as called
        )
        assert isinstance(posted, Posted)
        return posted

    async def moderator(self, name: str = "carol") -> User:
        """Somebody new who moderates the garden."""
        user = await self.kit.person(name)
        await self.chat.invite_member(self.alice, room_id=self.garden, username=name)
        await self.chat.change_role(
            self.alice, room_id=self.garden, username=name, role="moderator"
        )
        self.kit.events.clear()
        return user

    async def log(self, room_id: RoomId | None = None) -> list[Message]:
        """Everything that is in the log of the room."""
        return await self.chat.heal_room.missed(room_id or self.garden, after=0, limit=10_000)

    async def kinds(self, room_id: RoomId | None = None) -> list[Kind]:
        return [message.kind for message in await self.log(room_id)]

    async def role(self, user: User, room_id: RoomId | None = None) -> Role | None:
        """What the user is in the room, as it is stored; None if they are not in it."""
        async with self.kit.container.store().view() as view:
            membership = await view.memberships.find(room_id or self.garden, user.id)
        return membership and membership.role

    async def online(self, user: User, connection: str) -> ConnectionId:
        """A connection of the user's that has said hello."""
        connection_id = ConnectionId(connection)
        await self.chat.greet(user, connection_id=connection_id)
        return connection_id

    def told(self, kind: type[E]) -> list[E]:
        """The events of that type since the scene was set, or since `forget`."""
        return [event for event in self.kit.events if isinstance(event, kind)]

    def shown(self) -> list[Message]:
        """The messages that the gateways were told, of all rooms."""
        return [message for event in self.told(RoomAppended) for message in event.messages]

    def forget(self) -> None:
        self.kit.events.clear()


@cache
def _container() -> Container:
    """One for all scenes: wiring it takes longer than most tests."""
    return memory_container()


@cache
def _singletons() -> list[providers.BaseSingleton[object]]:
    """Of that container. To look for them again takes longer than to build what they provide."""
    return list(_container().traverse(types=[providers.BaseSingleton]))


@asynccontextmanager
async def set_scene() -> AsyncIterator[Scene]:
    container = _container()
    for singleton in _singletons():  # Another store, another clock, another everything.
        singleton.reset()
    async with opened(container) as chat:
        kit = Kit(chat, container.clock(), container)
        people = [await kit.person(name) for name in ("zoe", "alice", "bob", "mallory")]
        _, alice, bob, _ = people
        garden = await kit.room(alice, "garden", bob)
        pavilion = await kit.room(alice, "pavilion", bob, visibility="private")
        container.notifier().subscribe(kit.events.append)
        yield Scene(kit, *people, garden, pavilion)
