"""What many missed alike is put into words once; what is for one reader alone is not."""

import asyncio

import pytest

from adapters.ws import reception
from adapters.ws.reception import Reception
from application.use_cases.resume_rooms import Replay, Reset
from domain.ids import UserId
from domain.message import Message
from tests.cast import a_post, a_room, alice, bob, mallory, numbered
from tests.unit.adapters.ws.readers import unframed

ROOM = a_room().id


@pytest.fixture
def desk() -> Reception:
    return Reception()


def said(*texts: str) -> list[Message]:
    return numbered(a_room(), *(a_post(alice(), text, key=f"key of {text}") for text in texts))


async def told(desk: Reception, messages: list[Message], reader: UserId) -> list[dict[str, object]]:
    (push,) = unframed(await desk.verdict(Replay(ROOM, messages), reader))
    assert (push["type"], push["room"]) == ("replay", ROOM)
    return list(push["messages"])


async def test_those_who_missed_the_same_get_the_same_bytes(desk: Reception) -> None:
    messages = said("one", "two")

    frames = [
        await desk.verdict(Replay(ROOM, list(messages)), reader.id) for reader in (bob(), mallory())
    ]

    assert frames[0] is frames[1]
    assert [each["text"] for each in await told(desk, messages, bob().id)] == ["one", "two"]


async def test_an_author_alone_gets_the_keys(desk: Reception) -> None:
    messages = said("one")

    shown = [await told(desk, messages, user.id) for user in (bob(), alice(), mallory())]

    assert [each[0].get("key") for each in shown] == [None, "key of one", None]


async def test_those_who_missed_more_or_something_else_get_that(desk: Reception) -> None:
    messages = said("one", "two")

    assert len(await told(desk, messages, bob().id)) == 2
    assert len(await told(desk, messages[1:], bob().id)) == 1
    assert [each["text"] for each in await told(desk, said("one", ""), bob().id)] == ["one", ""]


async def test_a_reset_is_said_to_everybody(desk: Reception) -> None:
    (push,) = unframed(await desk.verdict(Reset(ROOM, 9, 4), bob().id))

    assert push == {"type": "reset", "room": ROOM, "head": 9, "floor": 4}


async def test_the_words_are_forgotten_soon(
    desk: Reception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "KEPT", 0)
    messages = said("one")

    first = await desk.verdict(Replay(ROOM, messages), bob().id)
    await asyncio.sleep(0.01)

    assert await desk.verdict(Replay(ROOM, messages), bob().id) is not first
