"""PUT and DELETE …/star, GET /api/v1/starred."""

import pytest

from domain.ids import RoomId
from tests.integration.http.site import Visitor


async def _say(visitor: Visitor, room: RoomId, text: str) -> str:
    """The path of what was said."""
    body = {"key": text, "text": text}
    said = await visitor.api("POST", f"/rooms/{room}/messages", body)
    return f"/rooms/{room}/messages/{said.json['seq']}"


async def test_a_star_is_there_for_who_gave_it_until_it_is_taken_back(
    alice: Visitor, bob: Visitor, garden: RoomId
) -> None:
    path = await _say(alice, garden, "tea")

    for _ in range(2):
        assert (await bob.api("PUT", f"{path}/star")).status == 204

    for address in ("/starred", "/search?q=tea", f"/rooms/{garden}/messages"):
        assert (await bob.api("GET", address)).json["messages"][-1]["starred"] is True
    assert "starred" not in (await alice.api("GET", "/search?q=tea")).json["messages"][0]
    assert (await alice.api("GET", "/starred")).json == {"messages": [], "more": False}
    for _ in range(2):
        assert (await bob.api("DELETE", f"{path}/star")).status == 204
    assert (await bob.api("GET", "/starred")).json == {"messages": [], "more": False}
    page = (await bob.api("GET", f"/rooms/{garden}/messages")).json
    assert "starred" not in page["messages"][-1]


async def test_a_list_goes_on_where_it_was(bob: Visitor, garden: RoomId) -> None:
    for number in range(3):
        await bob.api("PUT", f"{await _say(bob, garden, str(number))}/star")

    first = (await bob.api("GET", "/starred?limit=2")).json
    second = (await bob.api("GET", f"/starred?limit=2&before={first['next']}")).json

    assert [message["text"] for message in first["messages"]] == ["2", "1"]
    assert first["more"] is True
    assert [message["text"] for message in second["messages"]] == ["0"]
    assert second["more"] is False
    assert "next" not in second


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("GET", "/starred?limit=0", 422, "limit_invalid"),
        ("GET", "/starred?limit=x", 422, "limit_invalid"),
        ("GET", "/starred?before=x", 422, "before_invalid"),
        ("GET", "/starred?before=1.x.1", 422, "before_invalid"),
        ("PUT", "/rooms/{garden}/messages/1/star", 404, "message_not_found"),
        ("PUT", "/rooms/{garden}/messages/99/star", 404, "message_not_found"),
        ("PUT", "/rooms/{garden}/messages/x/star", 404, "message_not_found"),
        ("DELETE", "/rooms/{garden}/messages/x/star", 404, "message_not_found"),
    ],
)
async def test_what_cannot_be_is_explained(
    bob: Visitor, garden: RoomId, method: str, address: str, status: int, code: str
) -> None:
    answer = await bob.api(method, address.format(garden=garden))

    assert (answer.status, answer.code) == (status, code)


async def test_strangers_star_nothing(alice: Visitor, mallory: Visitor, garden: RoomId) -> None:
    path = await _say(alice, garden, "tea")

    for method in ("PUT", "DELETE"):
        assert (await mallory.api(method, f"{path}/star")).status in {403, 404}


async def test_who_is_not_signed_in_is_told_so(anybody: Visitor, garden: RoomId) -> None:
    assert (await anybody.api("GET", "/starred")).status == 401
    assert (await anybody.api("PUT", f"/rooms/{garden}/messages/3/star")).status == 401
