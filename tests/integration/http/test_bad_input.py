"""Whatever is sent, the answer is one clean problem, and never a 500."""

from io import BytesIO

import pytest

from domain.ids import RoomId
from tests.integration.http.site import Answer, Visitor

JSON = {"Content-Type": "application/json"}


async def send(visitor: Visitor, path: str, body: bytes | BytesIO, **headers: str) -> Answer:
    sent = {**JSON, "Origin": visitor.origin, **headers}
    return await visitor.send("POST", path, data=body, headers=sent)


@pytest.mark.parametrize(
    ("body", "status", "code", "fields"),
    [
        (b"", 400, "malformed", []),
        (b"{", 400, "malformed", []),
        (b"\xff", 400, "malformed", []),
        (b'{"name": "\xff"}', 400, "malformed", []),
        (b'{"name": "\\ud800"}', 400, "malformed", []),
        (b"{'name': 'tea'}", 400, "malformed", []),
        (b'{"name": NaN}', 400, "malformed", []),
        (b'{"x": ' * 20_000 + b"1" + b"}" * 20_000, 400, "malformed", []),
        (b'{"x": ' + b"[" * 200_000, 400, "malformed", []),
        (b"[" * 200_000, 422, "body_invalid", ["body"]),
        (b"[]", 422, "body_invalid", ["body"]),
        (b"null", 422, "body_invalid", ["body"]),
        (b'"tea"', 422, "body_invalid", ["body"]),
        (b"{}", 422, "name_invalid", ["name"]),
        (b'{"name": 5}', 422, "name_invalid", ["name"]),
        (b'{"name": null}', 422, "name_invalid", ["name"]),
        (b'{"name": ["tea"]}', 422, "name_invalid", ["name"]),
        (b'{"name": "tea", "topic": 1e400}', 422, "topic_invalid", ["topic"]),
        (b'{"name": "tea", "visibility": "direct"}', 422, "visibility_invalid", ["visibility"]),
        (b'{"name": "a\\u0000b"}', 422, "name_invalid", ["name"]),
        (b'{"name": "a\\u202eb"}', 422, "name_invalid", ["name"]),
        (b'{"name": "<script>"}', 422, "name_invalid", ["name"]),
    ],
)
async def test_bad_room(
    alice: Visitor, body: bytes, status: int, code: str, fields: list[str]
) -> None:
    answer = await send(alice, "/api/v1/rooms", body)

    assert (answer.status, answer.code) == (status, code)
    assert list(answer.json.get("errors", {})) == fields


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"key": "k"}, "text_invalid"),
        ({"text": "hi"}, "key_invalid"),
        ({"key": "", "text": "hi"}, "key_invalid"),
        ({"key": "k" * 65, "text": "hi"}, "key_invalid"),
        ({"key": "ключ", "text": "hi"}, "key_invalid"),
        ({"key": "k", "text": ""}, "text_invalid"),
        ({"key": "k", "text": " \n"}, "text_invalid"),
        ({"key": "k", "text": "x" * 8001}, "text_invalid"),
        ({"key": "k", "text": "a\0b"}, "text_invalid"),
        ({"key": "k", "text": "hi", "reply_to": 99}, "reply_to_invalid"),
        ({"key": "k", "text": "hi", "reply_to": -1}, "reply_to_invalid"),
        ({"key": "k", "text": "hi", "reply_to": "1"}, "reply_to_invalid"),
        ({"key": "k", "text": "hi", "reply_to": 1.5}, "reply_to_invalid"),
        ({"key": "k", "text": "hi", "reply_to": True}, "reply_to_invalid"),
        ({"key": "k", "text": "hi", "reply_to": 10**30}, "reply_to_invalid"),
    ],
)
async def test_bad_message(bob: Visitor, garden: RoomId, body: object, code: str) -> None:
    answer = await bob.api("POST", f"/rooms/{garden}/messages", body)

    assert (answer.status, answer.code) == (422, code)
    assert list(answer.json["errors"]) == [code.removesuffix("_invalid")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "1st"}, "username"),
        ({"username": "аlice"}, "username"),
        ({"username": "zero\u200bwidth"}, "username"),
        ({"username": "e" + "\u0301" * 10_000}, "username"),
        ({"password": "short"}, "password"),
        ({"password": "p" * 100_000}, "password"),
        ({"password": "iloveyou"}, "password"),
        ({"password": "Username1"}, "password"),
        ({"email": "nowhere"}, "email"),
        ({"email": None}, "email"),
        ({"display_name": "two\nlines"}, "display_name"),
        ({"display_name": "x" * 65}, "display_name"),
    ],
)
async def test_bad_account(anybody: Visitor, changes: dict[str, object], field: str) -> None:
    body = {"username": "username1", "password": "a good long password", **changes}

    answer = await anybody.api("POST", "/users", body)

    assert answer.status == 422
    assert list(answer.json["errors"]) == [field]
    assert anybody.session is None


async def test_unknown_fields_are_left_alone(alice: Visitor) -> None:
    answer = await alice.api("POST", "/rooms", {"name": "tea", "colour": "green", "id": 1})

    assert answer.status == 201


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json", "json"],
)
async def test_only_json_is_taken_for_json(alice: Visitor, content_type: str) -> None:
    answer = await send(
        alice, "/api/v1/rooms", b'{"name": "tea"}', **{"Content-Type": content_type}
    )

    assert (answer.status, answer.code) == (415, "unsupported_media_type")


async def test_json_without_a_type_is_not_taken(alice: Visitor) -> None:
    headers = {"Origin": alice.origin}

    answer = await alice.send(
        "POST",
        "/api/v1/rooms",
        data=b'{"name": "tea"}',
        headers=headers,
        skip_auto_headers=["Content-Type"],
    )

    assert answer.status == 415


async def test_compressed_bodies_are_not_taken(alice: Visitor) -> None:
    bomb = {"Content-Encoding": "gzip"}

    answer = await send(alice, "/api/v1/rooms", b"\x1f\x8b", **bomb)

    assert (answer.status, answer.code) == (415, "unsupported_media_type")


@pytest.mark.parametrize("size", [256 * 1024 + 1, 10 * 1024 * 1024])
async def test_body_that_is_too_large(alice: Visitor, size: int) -> None:
    answer = await send(alice, "/api/v1/rooms", BytesIO(b'"' + b"x" * (size - 2) + b'"'))

    assert (answer.status, answer.code) == (413, "too_large")


async def test_keys_without_number_are_left_alone(alice: Visitor) -> None:
    answer = await alice.api(
        "POST", "/rooms", {"name": "tea"} | dict.fromkeys(map(str, range(9999)))
    )

    assert answer.status == 201


@pytest.mark.parametrize(
    "path", ["/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v2/users", "/ws/"]
)
async def test_unknown_path_is_a_problem(alice: Visitor, path: str) -> None:
    answer = await alice.get(path)

    assert (answer.status, answer.code) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/rooms", "GET,HEAD,POST"),
        ("POST", "/rooms/x", "DELETE,GET,HEAD,PATCH"),
        ("OPTIONS", "/session", "DELETE,GET,HEAD,POST"),
        ("GET", "/password", "PUT"),
    ],
)
async def test_wrong_method_names_the_right_ones(
    alice: Visitor, method: str, path: str, allowed: str
) -> None:
    answer = await alice.api(method, path)

    assert (answer.status, answer.code) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == allowed


@pytest.mark.parametrize(
    "path",
    [
        "/users/%00",
        "/users/%ff",
        "/users/%ED%A0%80",
        "/users/" + "a" * 5000,
        "/rooms/by-name/%00",
        "/rooms/by-name/..%2f..",
        "/rooms/%00",
        "/rooms/00000000-0000-7000-8000-00000000000G",
    ],
)
async def test_odd_names_are_nobodys(alice: Visitor, path: str) -> None:
    answer = await alice.api("GET", path)

    assert answer.status == 404
    assert answer.code in {"user_not_found", "room_not_found"}


@pytest.mark.parametrize("query", ["%00", "%ff", "%ED%A0%80", "%25", "*", "' OR 1=1 --"])
async def test_odd_queries_find_nothing(alice: Visitor, query: str) -> None:
    people, rooms = [
        await alice.api("GET", f"/{each}?query={query}") for each in ("users", "rooms")
    ]

    assert people.json == {"users": []}
    assert rooms.json == {"rooms": [], "more": False}
