"""Text in, request out, or one error that says what was wrong."""

import json

import pytest

from adapters.ws.requests import CreateRoom, Hello, Malformed, Page, Post, Resume, decode


def refusal(text: str) -> Malformed:
    with pytest.raises(Malformed) as malformed:
        decode(text)
    return malformed.value


def test_a_request_is_told_by_its_verb() -> None:
    assert decode('{"id": 1, "type": "page", "room": "r", "after": 7}') == Page(
        id=1, room="r", after=7
    )
    assert decode('{"type": "create_room", "id": "a", "name": "pond"}') == CreateRoom(
        id="a", name="pond", topic="", visibility="public"
    )


def test_hello_may_resume() -> None:
    text = '{"id": 1, "type": "hello", "resume": {"epoch": "e", "rooms": {"r": 12}}}'

    assert decode(text) == Hello(id=1, resume=Resume(epoch="e", rooms={"r": 12}))


def test_unknown_fields_are_left_out() -> None:
    text = '{"id": 1, "type": "post", "room": "r", "key": "k", "text": "t", "colour": {"a": [1]}}'

    assert decode(text) == Post(id=1, room="r", key="k", text="t")


def test_a_wrong_field_is_named_with_the_id_of_its_request() -> None:
    malformed = refusal('{"id": "mine", "type": "page", "room": "r", "before": -1}')

    assert malformed.request_id == "mine"
    assert (malformed.code, malformed.field) == ("invalid_field", "before")
    assert "before" in malformed.message


def test_a_missing_field_is_named() -> None:
    malformed = refusal('{"id": 1, "type": "post", "room": "r", "key": "k"}')

    assert (malformed.code, malformed.field) == ("invalid_field", "text")


@pytest.mark.parametrize("verb", ['"nonsense"', "null", "1", "[]"])
def test_an_unknown_verb_is_told_so(verb: str) -> None:
    malformed = refusal(f'{{"id": 1, "type": {verb}}}')

    assert (malformed.code, malformed.field, malformed.request_id) == ("unknown_verb", "type", 1)


@pytest.mark.parametrize("request_id", ["null", "1.5", "true", "[]", "{}"])
def test_what_has_no_id_is_answered_without_one(request_id: str) -> None:
    malformed = refusal(f'{{"id": {request_id}, "type": "ping"}}')

    assert (malformed.code, malformed.field, malformed.request_id) == (
        "malformed_frame",
        "id",
        None,
    )


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{", "{}x", '"\\ud800"', r'{"id": "\ud800", "type": "ping"}']
)
def test_what_is_no_object_is_malformed(text: str) -> None:
    assert refusal(text).code == "malformed_frame"


@pytest.mark.parametrize("wrong", ["", '"room": 1, '])
def test_nesting_without_end_is_malformed(wrong: str) -> None:
    """Also behind a field that is wrong already: the text is read twice then."""
    text = '{"id": 1, "type": "typing", ' + wrong + '"x": ' + "[" * 60_000

    assert refusal(text).code == "malformed_frame"


def test_numbers_without_end_are_no_seqs() -> None:
    text = json.dumps({"id": 1, "type": "read", "room": "r", "seq": 0})

    assert refusal(text.replace("0}", "9" * 60_000 + "}")).field == "seq"
    assert refusal(text.replace("0}", f"{2**53}" + "}")).field == "seq"
