"""The welcome room: nobody's first look at the chat is an empty page."""

import pytest

from application.welcome import GREETING
from domain.errors import StoreUnavailable
from domain.events import RoomAppended
from domain.message import Kind
from domain.permissions import Role
from tests.kit import Kit, memory_chat


async def kinds(kit: Kit) -> list[tuple[Kind, str | None]]:
    room = await kit.chat.get_room.named(await kit.person("observer"), "welcome")
    log = await kit.chat.heal_room.missed(room.room.id, after=0)
    return [(entry.kind, entry.author and entry.author.username) for entry in log][:-1]


async def test_the_first_account_finds_the_welcome_room_and_owns_it() -> None:
    async with memory_chat(welcome_room="welcome") as kit:
        alice = await kit.person("alice")

        (summary,) = await kit.chat.list_my_rooms(alice)
        page = await kit.chat.page_messages(alice, room_id=summary.room.id)

        assert str(summary.room.name) == "welcome"
        assert summary.membership
        assert summary.membership.role is Role.OWNER
        assert summary.unread.posts == 1
        assert [message.text for message in page.messages] == [GREETING, ""]


async def test_everybody_else_joins_it_and_the_others_see_that() -> None:
    async with memory_chat(welcome_room="welcome") as kit:
        await kit.person("alice")
        kit.events.clear()

        bob = await kit.person("bob")

        (summary,) = await kit.chat.list_my_rooms(bob)
        assert summary.membership
        assert summary.membership.role is Role.MEMBER
        assert summary.unread.posts == 0
        (event,) = kit.events
        assert isinstance(event, RoomAppended)
        assert [message.kind for message in event.messages] == [Kind.JOINED]


async def test_its_log_tells_the_greeting_and_who_came() -> None:
    async with memory_chat(welcome_room="welcome") as kit:
        await kit.person("alice")
        await kit.person("bob")

        assert await kinds(kit) == [
            (Kind.POSTED, None),
            (Kind.JOINED, "alice"),
            (Kind.JOINED, "bob"),
        ]


async def test_a_welcome_room_that_was_renamed_or_archived_stays_away() -> None:
    async with memory_chat(welcome_room="welcome") as kit:
        alice = await kit.person("alice")
        (summary,) = await kit.chat.list_my_rooms(alice)

        await kit.chat.rename_room(alice, room_id=summary.room.id, name="lobby")
        bob = await kit.person("bob")

        assert await kit.chat.list_my_rooms(bob) == []


async def test_a_private_room_of_that_name_welcomes_nobody() -> None:
    async with memory_chat() as kit:
        alice = await kit.person("alice")
        await kit.room(alice, "welcome", visibility="private")
        kit.container.welcome()._name = (await kit.chat.list_my_rooms(alice))[0].room.name

        bob = await kit.person("bob")

        assert await kit.chat.list_my_rooms(bob) == []


async def test_who_comes_to_a_deserted_welcome_room_becomes_its_owner() -> None:
    async with memory_chat(welcome_room="welcome") as kit:
        alice = await kit.person("alice")
        (summary,) = await kit.chat.list_my_rooms(alice)
        await kit.chat.leave_room(alice, room_id=summary.room.id)

        bob = await kit.person("bob")

        (mine,) = await kit.chat.list_my_rooms(bob)
        assert mine.membership
        assert mine.membership.role is Role.OWNER


async def test_without_a_name_there_is_no_welcome_room() -> None:
    async with memory_chat(welcome_room="") as kit:
        alice = await kit.person("alice")

        assert await kit.chat.list_my_rooms(alice) == []


async def test_a_room_of_that_name_by_somebody_else_gets_no_newcomers() -> None:
    async with memory_chat(welcome_room="welcome") as kit:
        alice, mallory = await kit.person("alice"), await kit.person("mallory")
        (welcome,) = await kit.chat.list_my_rooms(alice)
        await kit.chat.rename_room(alice, room_id=welcome.room.id, name="lobby")
        await kit.room(mallory, "welcome")

        bob = await kit.person("bob")

        assert await kit.chat.list_my_rooms(bob) == []


async def test_an_account_is_made_though_the_room_cannot_be_entered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with memory_chat(welcome_room="welcome") as kit:
        await kit.person("alice")

        async def away(*_: object) -> None:
            raise StoreUnavailable

        monkeypatch.setattr(kit.container.writer(), "change", away)
        bob = await kit.person("bob")

        assert bob.username.value == "bob"
        assert await kit.chat.list_my_rooms(bob) == []
