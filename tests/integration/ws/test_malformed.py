"""What makes no sense: one clear error each, and the conversation goes on."""

import json

import pytest

from adapters.persistence.memory.store import MemoryStore
from adapters.ws import requests
from domain.ids import RoomId
from tests.integration.ws.server import Person, longest_hold, memory_only
from tests.wire_client import Refused, WireClient

# Nobody can tell what was asked.
UNREADABLE = {
    "not JSON": "hello?",
    "nothing": "",
    "blank": "   ",
    "cut short": '{"id": 1, "type": "pi',
    "two of them": '{"id": 1, "type": "ping"}{"id": 2, "type": "ping"}',
    "an array": '[{"id": 1, "type": "ping"}]',
    "a number": "1",
    "null": "null",
    "a text": '"ping"',
    "not a number": '{"id": 1, "type": "ping", "x": NaN}',
    "nested": "[" * 60_000,
    "nested in an unknown field": '{"id": 1, "type": "ping", "x": ' + "[" * 60_000,
    "nested objects": '{"a":' * 12_000,
    "nested behind a wrong field": '{"id": 1, "type": "typing", "room": 1, "x": ' + "[" * 60_000,
    "a lone surrogate as id": r'{"id": "\ud800", "type": "ping"}',
    "a lone surrogate as verb": r'{"id": 1, "type": "\udfff"}',
}

NO_ID = {
    "no id": '{"type": "ping"}',
    "null id": '{"id": null, "type": "ping"}',
    "fractional id": '{"id": 1.5, "type": "ping"}',
    "true as id": '{"id": true, "type": "ping"}',
    "an array as id": '{"id": [1], "type": "ping"}',
    "an object as id": '{"id": {}, "type": "ping"}',
}

NO_VERB = {
    "no verb": '{"id": 7}',
    "null verb": '{"id": 7, "type": null}',
    "a number as verb": '{"id": 7, "type": 7}',
    "unknown verb": '{"id": 7, "type": "drop_tables"}',
    "a verb in capitals": '{"id": 7, "type": "PING"}',
}

# A value of the right type for each field that a verb can have.
RIGHT: dict[str, object] = {
    "room": "no-such-room",
    "name": "no-such-room",
    "limit": 10,
    "before": 1,
    "after": 1,
    "around": 1,
    "key": "k",
    "text": "t",
    "reply_to": 1,
    "seq": 1,
    "query": "q",
    "topic": "t",
    "visibility": "public",
    "users": ["nobody"],
    "resume": None,
}
TEXTS = {name for name, value in RIGHT.items() if isinstance(value, str)}

VERBS = {
    verb.__struct_config__.tag: [
        field for field in verb.__struct_fields__ if field != "id" and verb is not requests.Hello
    ]
    for verb in requests.AnyRequest.__args__
}


def right_value(verb: str, field: str) -> object:
    texts = {("rooms", "after"), ("search", "before"), ("starred", "before")}
    return "a" if (verb, field) in texts else RIGHT[field]


def wrong_values(verb: str, field: str) -> list[object]:
    match right_value(verb, field):
        case str():
            return [1, 1.5, [], {}, True, None]
        case int():
            return ["1", 1.5, [], {}, True]
        case _:
            return [1, "nobody", {}, [1], [None], [["nobody"]]]


@pytest.fixture
async def alices(alice: Person, garden: RoomId) -> WireClient:
    return await alice.client()


async def _explained(client: WireClient, frame: str) -> dict[str, object]:
    """The answer to it, after which the client is still served and got nothing else."""
    before = len(client.received)
    await client.send(frame)
    await client.ask("ping")
    answer, *rest = client.received[before:-1]
    assert rest == []
    assert answer["type"] == "error"
    assert answer["message"]
    assert answer["temporary"] is False
    return answer


@memory_only
@pytest.mark.parametrize("frame", UNREADABLE.values(), ids=UNREADABLE)
async def test_a_frame_that_cannot_be_read_is_explained(alices: WireClient, frame: str) -> None:
    answer = await _explained(alices, frame)

    assert "id" not in answer
    assert answer["code"] == "malformed_frame"
    assert answer["category"] == "invalid"


@memory_only
@pytest.mark.parametrize("frame", NO_ID.values(), ids=NO_ID)
async def test_a_request_without_an_id_is_told_that(alices: WireClient, frame: str) -> None:
    answer = await _explained(alices, frame)

    assert "id" not in answer
    assert (answer["code"], answer["field"]) == ("malformed_frame", "id")


@memory_only
@pytest.mark.parametrize("frame", NO_VERB.values(), ids=NO_VERB)
async def test_an_unknown_verb_is_told_so(alices: WireClient, frame: str) -> None:
    answer = await _explained(alices, frame)

    assert (answer["id"], answer["code"], answer["field"]) == (7, "unknown_verb", "type")


@memory_only
@pytest.mark.parametrize("request_id", [0, -1, 2**63, 10**40, "", "a", "ключ", "x" * 60_000])
async def test_any_number_or_text_is_an_id(alices: WireClient, request_id: int | str) -> None:
    await alices.send(json.dumps({"id": request_id, "type": "ping"}))

    assert await alices.answer_to(request_id) == {"id": request_id, "type": "ok"}


async def test_unknown_fields_are_ignored(alices: WireClient) -> None:
    assert await alices.ask("ping", colour="red", room={"deep": [[[]]]}) == {"id": 2, "type": "ok"}


@memory_only
@pytest.mark.parametrize("verb", VERBS)
async def test_every_field_of_a_wrong_type_is_named(alices: WireClient, verb: str) -> None:
    right = _right(verb)

    for field in right:
        for wrong in wrong_values(verb, field):
            with pytest.raises(Refused) as refused:
                await alices.ask(verb, **{**right, field: wrong})
            await alices.ask("ping")  # Nonsense without end is another test.
            named = str(refused.value.field).partition("[")[0]
            assert (named, refused.value.code) == (field, "invalid_field"), wrong


@memory_only
@pytest.mark.parametrize("verb", [verb for verb, fields in VERBS.items() if fields])
async def test_a_missing_field_is_named(alices: WireClient, verb: str) -> None:
    needed = {
        field
        for request in requests.AnyRequest.__args__
        if request.__struct_config__.tag == verb
        for field in request.__struct_fields__[: -len(request.__struct_defaults__) or None]
    }

    for field in needed - {"id"}:
        given = {name: right_value(verb, name) for name in VERBS[verb] if name != field}
        with pytest.raises(Refused) as refused:
            await alices.ask(verb, **given)
        assert (refused.value.field, refused.value.code) == (field, "invalid_field")


@pytest.mark.parametrize(
    ("resume", "field"),
    [
        ([], "resume"),
        (1, "resume"),
        ({}, "resume"),
        ({"epoch": "e"}, "resume"),
        ({"epoch": 1, "rooms": {}}, "resume.epoch"),
        ({"epoch": "e", "rooms": []}, "resume.rooms"),
        ({"epoch": "e", "rooms": {"a": "1"}}, "resume.rooms[...]"),
        ({"epoch": "e", "rooms": {"a": -1}}, "resume.rooms[...]"),
        ({"epoch": "e", "rooms": {"a": 2**53}}, "resume.rooms[...]"),
        ({"epoch": "e", "rooms": {"a": None}}, "resume.rooms[...]"),
    ],
)
async def test_a_hello_that_makes_no_sense_may_be_said_again(
    alice: Person, resume: object, field: str
) -> None:
    client = await alice.knock()

    with pytest.raises(Refused) as refused:
        await client.ask("hello", resume=resume)

    assert (refused.value.code, refused.value.field) == ("invalid_field", field)
    assert (await client.hello())["type"] == "ok"


NO_IDS = [
    "no such room",
    "\0",
    "a\0b",
    "x" * 50_000,
    "00000000000070008000000000000001",
    "{00000000-0000-7000-8000-000000000001}",
    "00000000-0000-7000-8000-00000000000A",
    "00000000-0000-7000-8000-000000000001\n",
    "٠0000000-0000-7000-8000-000000000001",
    "' or 1=1 --",
]


@memory_only
@pytest.mark.parametrize("no_id", NO_IDS, ids=range(len(NO_IDS)))
async def test_what_is_no_id_is_no_room_and_no_store_is_asked(
    alices: WireClient, monkeypatch: pytest.MonkeyPatch, no_id: str
) -> None:
    def look(*arguments: object) -> None:
        raise AssertionError("the store was asked")

    monkeypatch.setattr(MemoryStore, "unit", look)
    monkeypatch.setattr(MemoryStore, "view", look)

    for verb in (verb for verb, fields in VERBS.items() if "room" in fields):
        request_id = await alices.tell(verb, **{**_right(verb), "room": no_id})
        answer = await alices.answer_to(request_id)
        assert answer["code"] == "room_not_found", verb


class TestPoisonText:
    """NUL and lone surrogates, in every text of every verb; too much and too little of it."""

    @memory_only
    @pytest.mark.parametrize("poison", [r"\ud800", r"a\udfffb"])
    @pytest.mark.parametrize("verb", VERBS)
    async def test_of_half_a_character_is_no_request(
        self, alices: WireClient, verb: str, poison: str
    ) -> None:
        for field in TEXTS.intersection(VERBS[verb]):
            answer = await _explained(alices, _half(verb, field, poison))
            assert answer["code"] == "malformed_frame"

    @pytest.mark.parametrize("poison", ["\0", "a\0b"])
    @pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "typing"])
    async def test_with_nul_is_refused_or_finds_nothing(
        self, alices: WireClient, garden: RoomId, verb: str, poison: str
    ) -> None:
        for field in TEXTS.intersection(VERBS[verb]):
            fields = _right(verb)
            for one_of in ("after", "around") if verb == "page" else ():
                del fields[one_of]
            if field == "name":
                fields.pop("room", None)
            elif "room" in fields:
                fields["room"] = garden
            request_id = await alices.tell(verb, **{**fields, field: poison})
            answer = await alices.answer_to(request_id)
            if verb == "rooms":
                assert answer["rooms"] == []
            elif field == "room" or (field == "name" and verb != "create_room"):
                assert answer["code"] == "room_not_found"
            else:
                assert (answer["code"], answer["field"]) == (f"{field}_invalid", field)

    @pytest.mark.parametrize(
        ("verb", "fields", "field"),
        [
            ("post", {"key": "k", "text": ""}, "text"),
            ("post", {"key": "k", "text": " \n\t"}, "text"),
            ("post", {"key": "k", "text": "x" * 8001}, "text"),
            ("post", {"key": "", "text": "t"}, "key"),
            ("post", {"key": "k" * 65, "text": "t"}, "key"),
            ("post", {"key": "ключ", "text": "t"}, "key"),
            ("post", {"key": "a\nb", "text": "t"}, "key"),
            ("post", {"key": "k", "text": "t", "reply_to": 99}, "reply_to"),
            ("post", {"key": "k", "text": "t", "reply_to": 0}, "reply_to"),
            ("page", {"limit": 0}, "limit"),
            ("page", {"limit": -1}, "limit"),
            ("page", {"limit": 201}, "limit"),
            ("page", {"limit": 10**30}, "limit"),
            ("page", {"before": 1, "after": 1}, "before"),
            ("open", {"limit": 0}, "limit"),
            ("create_room", {"name": ""}, "name"),
            ("create_room", {"name": "x" * 33}, "name"),
            ("create_room", {"name": "pond", "topic": "x" * 251}, "topic"),
            ("create_room", {"name": "pond", "topic": "a\nb"}, "topic"),
            ("create_room", {"name": "pond", "visibility": "direct"}, "visibility"),
            ("create_room", {"name": "pond", "visibility": ""}, "visibility"),
            ("direct", {"users": []}, "users"),
            ("direct", {"users": ["bob"] * 8}, "users"),
        ],
    )
    async def test_what_is_out_of_bounds_is_named(
        self, alices: WireClient, garden: RoomId, verb: str, fields: dict[str, object], field: str
    ) -> None:
        room = {} if verb in {"create_room", "direct"} else {"room": garden}

        with pytest.raises(Refused) as refused:
            await alices.ask(verb, **room, **fields)

        assert (refused.value.field, refused.value.code) == (field, f"{field}_invalid")
        assert refused.value.error["category"] == "invalid"


async def test_no_frame_holds_the_others_up(alices: WireClient, bob: Person) -> None:
    """Whatever 64 KiB may hold. The bound is generous: this machine may be busy."""
    bobs = await bob.client()
    many_keys = json.dumps({"id": 1, "type": "ping", **{f"k{n}": n for n in range(4500)}})
    rooms = {f"r{number}": 1 for number in range(4000)}
    frames = [
        *UNREADABLE.values(),
        many_keys,
        json.dumps({"id": 1, "type": "hello", "resume": {"epoch": "e", "rooms": rooms}}),
        json.dumps({"id": "9" * 60_000, "type": "ping"}),
        '{"id": ' + "9" * 60_000 + ', "type": "ping"}',
        '{"id": 1, "type": "ping", "x": ' + "9" * 60_000 + "}",
        json.dumps({"id": 1, "type": "direct", "users": ["x"] * 12_000}),
        json.dumps({"id": 1, "type": "rooms", "query": "ﷺ" * 9_000}),
        json.dumps({"id": 1, "type": "join", "name": "\u0301" * 9_000}),
        json.dumps({"id": 1, "type": "create_room", "name": "\u0301" * 9_000}),
    ]

    async with longest_hold() as holds:
        for frame in frames:
            await alices.send(frame)
            await alices.ask("ping")
            await bobs.ask("ping")

    assert holds[0] < 0.25


def _right(verb: str) -> dict[str, object]:
    return {field: right_value(verb, field) for field in VERBS[verb]}


def _half(verb: str, field: str, poison: str) -> str:
    """JSON that escapes half a character, which most libraries would rather not write."""
    request = {"id": 1, "type": verb, **_right(verb), field: "POISON"}
    return json.dumps(request).replace("POISON", poison)
