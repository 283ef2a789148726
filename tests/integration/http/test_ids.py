"""What is no id names nothing, and no store has to make sense of it."""

import pytest
from yarl import URL

from adapters.persistence.memory.room_repository import MemoryRoomRepository
from adapters.persistence.memory.session_store import MemorySessionStore
from domain.ids import RoomId
from tests.integration.http.site import Visitor

NO_IDS = [
    "x",
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%FF",
    "x" * 6_000,
    "00000000000070008000000000000001",
    "00000000-0000-7000-8000-00000000000A",
    "00000000-0000-7000-8000-000000000001%0A",
]


@pytest.mark.parametrize("no_id", NO_IDS, ids=range(len(NO_IDS)))
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"topic": "t"}),
        ("DELETE", "", None),
        ("PUT", "/read", {"seq": 1}),
        ("GET", "/members", None),
        ("PUT", "/members/bob", None),
        ("DELETE", "/members/alice", None),
        ("GET", "/messages", None),
        ("POST", "/messages", {"key": "k", "text": "t"}),
        ("PATCH", "/messages/1", {"text": "t"}),
        ("DELETE", "/messages/1", None),
        ("PUT", "/messages/1/star", None),
        ("DELETE", "/messages/1/star", None),
    ],
)
async def test_no_room_is_asked_for(
    alice: Visitor,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    path: str,
    body: object,
    no_id: str,
) -> None:
    for asking in ("find", "lock"):
        monkeypatch.setattr(MemoryRoomRepository, asking, _look)
    address = URL(f"/api/v1/rooms/{no_id}{path}", encoded=True)
    sent = {} if body is None else {"json": body}

    answer = await alice.send(method, address, headers={"Origin": alice.origin}, **sent)

    assert (answer.status, answer.code) == (404, "room_not_found")


@pytest.mark.parametrize("no_id", NO_IDS, ids=range(len(NO_IDS)))
async def test_no_room_is_searched(
    alice: Visitor, monkeypatch: pytest.MonkeyPatch, no_id: str
) -> None:
    monkeypatch.setattr(MemoryRoomRepository, "find", _look)

    answer = await alice.send("GET", URL(f"/api/v1/search?q=tea&room={no_id}", encoded=True))

    assert (answer.status, answer.code) == (404, "room_not_found")


@pytest.mark.parametrize("no_id", NO_IDS, ids=range(len(NO_IDS)))
async def test_no_session_is_ended(
    alice: Visitor, garden: RoomId, monkeypatch: pytest.MonkeyPatch, no_id: str
) -> None:
    monkeypatch.setattr(MemorySessionStore, "end", _look)
    address = URL(f"/api/v1/sessions/{no_id}", encoded=True)

    answer = await alice.send("DELETE", address, headers={"Origin": alice.origin})

    assert (answer.status, answer.code) == (404, "session_not_found")


def _look(*arguments: object) -> None:
    raise AssertionError("the store was asked")
