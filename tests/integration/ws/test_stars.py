"""The verbs `star`, `unstar` and `starred`."""

import pytest

from domain.ids import RoomId
from tests.integration.ws.server import Person
from tests.wire_client import Refused


async def test_a_star_stands_in_pages_hits_and_the_list_of_who_gave_it(
    alice: Person, bob: Person, garden: RoomId
) -> None:
    talker, keeper = await alice.client(), await bob.client()
    seq = (await talker.ask("post", room=garden, key="k", text="tea"))["seq"]

    await keeper.ask("star", room=garden, seq=seq)

    (listed,) = (answer := await keeper.ask("starred"))["messages"]
    assert (listed["room"], listed["seq"], listed["text"]) == (garden, seq, "tea")
    assert answer["more"] is False
    opened = await keeper.ask("open", room=garden)
    page = await keeper.ask("page", room=garden)
    hits = await keeper.ask("search", query="tea")
    for messages in (opened["messages"], page["messages"], hits["messages"], [listed]):
        assert [each["seq"] for each in messages if each.get("starred")] == [seq]
    theirs = await talker.ask("page", room=garden)
    assert not any("starred" in message for message in theirs["messages"])

    await keeper.ask("unstar", room=garden, seq=seq)
    assert (await keeper.ask("starred"))["messages"] == []


async def test_a_list_goes_on_where_it_was(alice: Person, garden: RoomId) -> None:
    client = await alice.client()
    for number in range(3):
        posted = await client.ask("post", room=garden, key=f"k{number}", text=f"{number}")
        await client.ask("star", room=garden, seq=posted["seq"])

    first = await client.ask("starred", limit=2)
    second = await client.ask("starred", limit=2, before=first["next"])

    texts = [message["text"] for page in (first, second) for message in page["messages"]]
    assert texts == ["2", "1", "0"]
    assert (first["more"], second["more"]) == (True, False)


@pytest.mark.parametrize(
    ("verb", "fields", "code"),
    [
        ("star", {"seq": 1}, "message_not_found"),
        ("star", {"seq": 2**53 - 1}, "message_not_found"),
        ("star", {"seq": 1, "room": "nonsense"}, "room_not_found"),
        ("unstar", {"seq": 1, "room": "nonsense"}, "room_not_found"),
        ("starred", {"before": "x"}, "before_invalid"),
        ("starred", {"limit": 51}, "limit_invalid"),
    ],
)
async def test_what_cannot_be_is_refused(
    alice: Person, garden: RoomId, verb: str, fields: dict[str, object], code: str
) -> None:
    client = await alice.client()
    room = {} if verb == "starred" else {"room": garden}

    with pytest.raises(Refused) as refused:
        await client.ask(verb, **{**room, **fields})

    assert refused.value.code == code
