"""Another bootstrap: the whole chat in memory, on a clock that stands still until it is moved."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from dependency_injector import providers

from adapters.configuration.settings import Settings
from adapters.system.counting_ids import CountingIds
from adapters.system.manual_clock import ManualClock
from adapters.system.plain_hasher import PlainHasher
from application.chat import Chat
from bootstrap import Container, container_for, opened
from domain.events import Event
from domain.ids import RoomId
from domain.user import User

PASSWORD = "a garden with a pavilion"


@dataclass
class Kit:
    """The chat, the clock to move, and all events that gateways were told, in their order."""

    chat: Chat
    clock: ManualClock
    container: Container
    events: list[Event] = field(default_factory=list)

    async def person(self, name: str) -> User:
        """A new account; the first one owns the site."""
        return await self.chat.create_user(username=name, password=PASSWORD)

    async def room(self, owner: User, name: str, *members: User, **options: str) -> RoomId:
        """A new room of the owner's, with these members."""
        summary = await self.chat.create_room(owner, name=name, **options)
        for member in members:
            await self.chat.invite_member(
                owner, room_id=summary.room.id, username=member.username.value
            )
        return summary.room.id

    async def say(self, author: User, room_id: RoomId, text: str) -> int:
        """Post and return the seq."""
        key = self.container.ids().new_id()
        posted = await self.chat.post_message(author, room_id=room_id, key=key, text=text)
        return posted.message.seq


def memory_settings(**changes: object) -> Settings:
    """No welcome room and no rate limits, so that a test sees only what it does itself; and no
    metrics, which no test but their own reads."""
    no_limits = {
        "posts_per_second": 0,
        "sign_ins_per_minute": 0,
        "sign_ins_per_minute_and_address": 0,
        "registrations_per_hour": 0,
        "room_changes_per_minute": 0,
        "searches_per_second": 0,
        "typing_per_second": 0,
        "requests_per_second": 0,
    }
    values = {
        "database_url": "memory://",
        "welcome_room": "",
        "limits": no_limits,
        "metrics": {"access": "off"},
    }
    return Settings.model_validate({**values, **changes})


def memory_container(**changes: object) -> Container:
    """The real container with a clock to move, ids that repeat and passwords that cost nothing.
    `changes` are settings."""
    container = container_for(memory_settings(**changes))
    container.clock.override(providers.Singleton(ManualClock))
    container.ids.override(providers.Singleton(CountingIds))
    container.hasher.override(providers.Singleton(PlainHasher))
    return container


@asynccontextmanager
async def memory_chat(**changes: object) -> AsyncIterator[Kit]:
    container = memory_container(**changes)
    async with opened(container) as chat:
        kit = Kit(chat, container.clock(), container)
        container.notifier().subscribe(kit.events.append)
        yield kit
