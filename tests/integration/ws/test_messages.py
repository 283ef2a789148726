"""Saying things, and what the others see of it."""

import re

import pytest

from domain.command import COMMANDS
from domain.ids import RoomId
from tests.integration.ws.server import Person, Server
from tests.wire_client import Refused, WireClient

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture
async def alices(alice: Person, garden: RoomId) -> WireClient:
    return await alice.client()


@pytest.fixture
async def bobs(bob: Person, garden: RoomId) -> WireClient:
    return await bob.client()


async def test_two_people_talk(alices: WireClient, bobs: WireClient, garden: RoomId) -> None:
    posted = await alices.ask("post", room=garden, key="a1", text="*hello*, @bob")
    pushed = await bobs.await_message("*hello*, @bob")
    answered = await bobs.ask("post", room=garden, key="b1", text="hi", reply_to=posted["seq"])
    back = await alices.await_message("hi")

    assert posted["seq"] == 3
    assert posted["key"] == "a1"
    assert posted["duplicate"] is False
    assert TIME.fullmatch(posted["at"])
    author = pushed.pop("author")
    assert author["username"] == "alice"
    mentions = pushed.pop("mentions")
    assert len(mentions) == 1
    assert pushed == {
        "room": garden,
        "seq": 3,
        "kind": "posted",
        "text": "*hello*, @bob",
        "html": "<p><em>hello</em>, @bob</p>",
        "at": posted["at"],
    }
    assert back["seq"] == answered["seq"] == 4
    assert back["reply_to"] == 3


async def test_the_author_alone_sees_the_key_on_all_their_devices(
    alice: Person, alices: WireClient, bobs: WireClient, garden: RoomId
) -> None:
    other = await alice.client()

    await alices.ask("post", room=garden, key="mine", text="hello")

    assert (await alices.await_message("hello"))["key"] == "mine"
    assert (await other.await_message("hello"))["key"] == "mine"
    assert "key" not in await bobs.await_message("hello")
    for client, keys in ((other, ["mine"]), (bobs, [None])):
        (*_, posted) = (await client.ask("page", room=garden))["messages"]
        assert [posted.get("key")] == keys


async def test_a_repeated_post_is_there_once(
    alices: WireClient, bobs: WireClient, garden: RoomId
) -> None:
    first = await alices.ask("post", room=garden, key="k", text="once")
    again = await alices.ask("post", room=garden, key="k", text="once")
    with pytest.raises(Refused, match="key_reused") as reused:
        await alices.ask("post", room=garden, key="k", text="something else")
    await alices.ask("post", room=garden, key="l", text="next")
    await bobs.await_message("next")

    assert again == {**first, "id": again["id"], "duplicate": True}
    assert reused.value.error["category"] == "conflict"
    assert bobs.reader.texts(garden) == ["once", "next"]


async def test_the_same_post_many_times_at_once_is_there_once(
    alices: WireClient, bobs: WireClient, garden: RoomId
) -> None:
    ids = [await alices.tell("post", room=garden, key="k", text="once") for _ in range(20)]
    answers = [await alices.answer_to(each) for each in ids]
    await bobs.ask("post", room=garden, key="end", text="end")

    assert {answer["seq"] for answer in answers} == {3}
    assert [answer["duplicate"] for answer in answers].count(False) == 1
    assert bobs.reader.texts(garden) == ["once", "end"]


async def test_many_posts_at_once_keep_their_order(
    alices: WireClient, bobs: WireClient, garden: RoomId
) -> None:
    ids = [
        await alices.tell("post", room=garden, key=f"k{number}", text=str(number))
        for number in range(100)
    ]
    seqs = [(await alices.answer_to(each))["seq"] for each in ids]
    await bobs.await_seq(garden, max(seqs))

    assert seqs == list(range(3, 103))
    assert bobs.reader.texts(garden) == [str(number) for number in range(100)]
    assert bobs.reader.seqs(garden) == seqs


async def test_text_of_any_kind_comes_back_as_it_was(
    alices: WireClient, bobs: WireClient, garden: RoomId
) -> None:
    texts = [
        "👩‍👩‍👧‍👦",
        "שלום",
        "\u202eevil",
        "a\nb\r\nc",
        " \u200b x ",
        "x" * 8000,
        "ß́" * 4000,
        "\x7f\x01",
    ]

    for number, text in enumerate(texts):
        await alices.ask("post", room=garden, key=f"k{number}", text=text)
        assert (await bobs.await_message())["text"] == text

    page = await bobs.ask("page", room=garden, limit=len(texts))
    assert [each["text"] for each in page["messages"]] == texts


async def test_an_edit_is_seen_by_all_and_in_the_history(
    alices: WireClient, bobs: WireClient, garden: RoomId
) -> None:
    seq = (await alices.ask("post", room=garden, key="k", text="teh"))["seq"]

    with pytest.raises(Refused, match="permission_denied"):
        await bobs.ask("edit", room=garden, seq=seq, text="mine now")
    change = await alices.ask("edit", room=garden, seq=seq, text="the")
    pushed = await bobs.await_message("the", kind="edited")

    assert (pushed["seq"], pushed["target"]) == (change["seq"], seq)
    (*_, posted) = (await bobs.ask("page", room=garden))["messages"]
    assert (posted["seq"], posted["text"]) == (seq, "the")
    assert posted["edited_at"] == pushed["at"]


async def test_a_deleted_text_is_nowhere(
    alices: WireClient, bobs: WireClient, garden: RoomId
) -> None:
    seq = (await bobs.ask("post", room=garden, key="k", text="secret"))["seq"]
    await bobs.ask("edit", room=garden, seq=seq, text="secret again")

    change = await alices.ask("delete", room=garden, seq=seq)
    pushed = await bobs.await_message(kind="deleted")

    assert (pushed["seq"], pushed["target"], pushed["text"]) == (change["seq"], seq, "")
    for verb in ("edit", "delete"):
        fields = {"text": "back"} if verb == "edit" else {}
        with pytest.raises(Refused, match="message_not_found"):
            await bobs.ask(verb, room=garden, seq=seq, **fields)
    (*_, posted) = (await bobs.ask("page", room=garden))["messages"]
    assert (posted["text"], posted["deleted"]) == ("", True)


async def test_history_is_paged_from_either_end_and_around(
    alice: Person, alices: WireClient, garden: RoomId
) -> None:
    for number in range(3, 13):
        await alice.says(garden, str(number))

    async def page(**fields: int) -> tuple[list[int], bool, bool]:
        answer = await alices.ask("page", room=garden, **fields)
        seqs = [message["seq"] for message in answer["messages"]]
        return seqs, answer["more_before"], answer["more_after"]

    assert await page(limit=3) == ([10, 11, 12], True, False)
    assert await page(before=10, limit=3) == ([7, 8, 9], True, True)
    assert await page(after=10, limit=3) == ([11, 12], True, False)
    assert await page(after=0, limit=2) == ([1, 2], False, True)
    assert await page(around=6, limit=4) == ([4, 5, 6, 7], True, True)
    assert await page(before=0) == ([], False, True)
    assert await page(after=2**53 - 1) == ([], True, False)


async def test_reading_moves_on_all_devices_and_never_back(
    alice: Person, bob: Person, alices: WireClient, garden: RoomId
) -> None:
    other = await alice.client()
    for text in ("one", "two @alice", "three"):
        await bob.says(garden, text)

    assert _counts(await alices.ask("read", room=garden, seq=4)) == (4, 1, 0)
    assert _counts(await other.await_push("read")) == (4, 1, 0)
    assert _counts(await alices.ask("read", room=garden, seq=1)) == (4, 1, 0)
    assert _counts(await alices.ask("read", room=garden, seq=2**53 - 1)) == (5, 0, 0)
    assert _counts(await other.await_push("read")) == (5, 0, 0)


def _counts(frame: dict[str, int]) -> tuple[int, int, int]:
    return frame["read"], frame["unread"], frame["mentions"]


async def test_typing_is_seen_by_the_others_alone_and_not_answered(
    alice: Person, alices: WireClient, bobs: WireClient, garden: RoomId
) -> None:
    other = await alice.client()

    typing = await alices.tell("typing", room=garden)
    push = await bobs.await_push("typing")
    for client in (alices, other):
        await client.ask("ping")

    assert push["room"] == garden
    assert push["user"]["username"] == "alice"
    assert not any(frame.get("id") == typing for frame in alices.received)
    assert alices.pushes("typing") == other.pushes("typing") == []


async def test_a_command_answers_the_asker_alone(
    alices: WireClient, bobs: WireClient, garden: RoomId
) -> None:
    answer = await alices.ask("post", room=garden, key="k", text="/help")
    await alices.ask("post", room=garden, key="l", text="//help")
    await bobs.await_message("/help")

    assert answer["command"] == "help"
    for spec in COMMANDS:
        assert f"/{spec.name}" in answer["output"]
    assert bobs.reader.seqs(garden) == [3]


async def test_a_command_that_is_sent_again_is_run_once(
    alices: WireClient, bobs: WireClient, garden: RoomId
) -> None:
    first = await alices.ask("post", room=garden, key="k", text="/promote bob")
    again = await alices.ask("post", room=garden, key="k", text="/promote bob")
    await alices.ask("post", room=garden, key="l", text="done")
    await bobs.await_message("done")

    assert first == {**first, "output": "bob is moderator.", "duplicate": False}
    assert again == {**first, "id": again["id"], "duplicate": True}
    assert bobs.reader.seqs(garden) == [3, 4]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("/hepl", "unknown_command"),
        ("/", "unknown_command"),
        ("/kick", "wrong_arguments"),
        ("/clear everything", "wrong_arguments"),
        ("/kick nobody", "user_not_found"),
        ("/rename bad name", "name_invalid"),
    ],
)
async def test_a_command_that_makes_no_sense_says_so_and_posts_nothing(
    alices: WireClient, garden: RoomId, text: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        await alices.ask("post", room=garden, key="k", text=text)

    assert refused.value.code == code
    assert (await alices.ask("open", room=garden))["room"]["head"] <= 3


async def test_a_cleared_room_is_empty_for_all(
    alices: WireClient, bobs: WireClient, garden: RoomId
) -> None:
    await bobs.ask("post", room=garden, key="k", text="gone soon")

    await alices.ask("post", room=garden, key="c", text="/clear")
    cleared = await bobs.await_message(kind="cleared")

    assert cleared["upto"] == cleared["seq"] - 1
    page = await bobs.ask("page", room=garden)
    assert [message["kind"] for message in page["messages"]] == ["cleared"]
    assert page["more_before"] is False


async def test_strangers_can_do_nothing_in_a_private_room(
    server: Server, alice: Person, mallory: Person, garden: RoomId
) -> None:
    seq = await alice.says(garden, "among us")
    mallorys = await mallory.client()
    asked = {
        "open": {},
        "page": {},
        "post": {"key": "k", "text": "let me in"},
        "edit": {"seq": seq, "text": "mine"},
        "delete": {"seq": seq},
        "read": {"seq": seq},
        "typing": {},
        "join": {},
        "leave": {},
    }

    for verb, fields in asked.items():
        for room in (garden, "no such room"):
            with pytest.raises(Refused) as refused:
                await mallorys.ask(verb, room=room, **fields)
            assert (verb, room, refused.value.code) == (verb, room, "room_not_found")
    for verb in ("open", "join", "leave"):
        for name in ("garden", "no-such-room"):
            with pytest.raises(Refused, match="room_not_found"):
                await mallorys.ask(verb, name=name)
    assert (await mallorys.ask("rooms"))["rooms"] == []
