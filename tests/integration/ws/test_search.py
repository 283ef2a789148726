"""The verb `search`."""

import pytest

from domain.ids import RoomId
from tests.integration.ws.server import Person
from tests.wire_client import Refused


async def test_search_finds_what_was_said(alice: Person, bob: Person, garden: RoomId) -> None:
    talker, reader = await alice.client(), await bob.client()
    for text in ("red tea", "Green TEA!", "coffee"):
        await talker.ask("post", room=garden, key=text, text=text)

    everywhere = await reader.ask("search", query="tea")
    here = await reader.ask("search", query='"green tea" from:alice', room=garden)

    assert [hit["text"] for hit in everywhere["messages"]] == ["Green TEA!", "red tea"]
    assert everywhere["more"] is False
    (hit,) = here["messages"]
    assert hit["snippet"] == ["", "Green", " ", "TEA", "!"]
    assert "key" not in hit


async def test_search_goes_on_where_it_was(alice: Person, garden: RoomId) -> None:
    client = await alice.client()
    for number in range(5):
        await client.ask("post", room=garden, key=f"k{number}", text=f"tea {number}")

    first = await client.ask("search", query="tea", room=garden, limit=3)
    second = await client.ask("search", query="tea", room=garden, limit=3, before=first["next"])

    found = [hit["text"] for page in (first, second) for hit in page["messages"]]
    assert found == ["tea 4", "tea 3", "tea 2", "tea 1", "tea 0"]
    assert second["more"] is False


async def test_strangers_find_nothing(alice: Person, mallory: Person, garden: RoomId) -> None:
    talker, stranger = await alice.client(), await mallory.client()
    await talker.ask("post", room=garden, key="k", text="secret tea")

    assert (await stranger.ask("search", query="tea"))["messages"] == []
    with pytest.raises(Refused) as refused:
        await stranger.ask("search", query="tea", room=garden)
    assert refused.value.code in {"not_a_member", "room_not_found"}


async def test_a_bad_query_names_the_field(alice: Person) -> None:
    client = await alice.client()

    with pytest.raises(Refused) as refused:
        await client.ask("search", query="before:2026-01-01")

    assert refused.value.code == "query_invalid"
    assert refused.value.field == "query"
