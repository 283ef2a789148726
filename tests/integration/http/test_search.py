"""GET /api/v1/search."""

import pytest

from domain.ids import RoomId
from tests.integration.http.site import Visitor


async def _say(visitor: Visitor, room: RoomId, *texts: str) -> None:
    for text in texts:
        body = {"key": text, "text": text}
        assert (await visitor.api("POST", f"/rooms/{room}/messages", body)).status == 201


async def test_hits_come_with_snippets_and_go_on(bob: Visitor, garden: RoomId) -> None:
    await _say(bob, garden, "red tea", "green tea", "coffee")

    first = (await bob.api("GET", "/search?q=tea&limit=1")).json
    second = (await bob.api("GET", f"/search?q=tea&limit=1&before={first['next']}")).json

    assert [hit["text"] for hit in first["messages"]] == ["green tea"]
    assert first["messages"][0]["snippet"] == ["green ", "tea", ""]
    assert first["messages"][0]["room"] == garden
    assert first["more"] is True
    assert [hit["text"] for hit in second["messages"]] == ["red tea"]
    assert second["more"] is False
    assert "next" not in second


async def test_a_room_may_be_given_and_must_be_mine(
    bob: Visitor, mallory: Visitor, garden: RoomId
) -> None:
    await _say(bob, garden, "tea")

    assert len((await bob.api("GET", f"/search?q=tea&room={garden}")).json["messages"]) == 1
    assert (await mallory.api("GET", "/search?q=tea")).json["messages"] == []
    assert (await mallory.api("GET", f"/search?q=tea&room={garden}")).status == 404


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/search", 422, "query_invalid"),
        ("/search?q=%20", 422, "query_invalid"),
        ("/search?q=tea&limit=x", 422, "limit_invalid"),
        ("/search?q=tea&limit=51", 422, "limit_invalid"),
        ("/search?q=tea&before=x", 422, "before_invalid"),
        ("/search?q=tea%00", 422, "query_invalid"),
        ("/search?q=tea&room=00000000-0000-7000-8000-000000000000", 404, "room_not_found"),
        ("/search?q=tea&room=nonsense", 404, "room_not_found"),
        ("/search?q=tea&room=%00", 404, "room_not_found"),
    ],
)
async def test_bad_searches_are_explained(
    bob: Visitor, address: str, status: int, code: str
) -> None:
    answer = await bob.api("GET", address)

    assert (answer.status, answer.code) == (status, code)
