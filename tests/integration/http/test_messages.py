import pytest

from domain.ids import RoomId
from domain.user import User
from tests.integration.http.site import Visitor, served
from tests.kit import Kit, memory_chat


async def test_posting(bob: Visitor, garden: RoomId) -> None:
    answer = await bob.api("POST", f"/rooms/{garden}/messages", {"key": "k1", "text": "hello"})

    assert answer.status == 201
    assert answer.json == {
        "seq": 3,
        "at": "2026-01-01T12:00:00.000Z",
        "key": "k1",
        "duplicate": False,
    }


async def test_message_in_a_page(
    bob: Visitor, alice: Visitor, bob_user: User, garden: RoomId
) -> None:
    await bob.api("POST", f"/rooms/{garden}/messages", {"key": "k1", "text": "*hi* @alice"})

    for_author = (await bob.api("GET", f"/rooms/{garden}/messages")).json["messages"][-1]
    for_alice = (await alice.api("GET", f"/rooms/{garden}/messages")).json["messages"][-1]

    assert for_author == {
        "room": garden,
        "seq": 3,
        "kind": "posted",
        "author": {"id": bob_user.id, "username": "bob", "display_name": "bob"},
        "text": "*hi* @alice",
        "at": "2026-01-01T12:00:00.000Z",
        "html": "<p><em>hi</em> @alice</p>",
        "key": "k1",
        "mentions": for_alice["mentions"],
    }
    assert for_alice == {name: for_author[name] for name in for_author if name != "key"}


async def test_repeating_a_post_is_harmless(bob: Visitor, garden: RoomId) -> None:
    body = {"key": "k1", "text": "hello"}
    first = await bob.api("POST", f"/rooms/{garden}/messages", body)

    again = await bob.api("POST", f"/rooms/{garden}/messages", body)

    assert again.status == 200
    assert again.json == {**first.json, "duplicate": True}


async def test_key_of_another_post_is_a_conflict(bob: Visitor, garden: RoomId) -> None:
    await bob.api("POST", f"/rooms/{garden}/messages", {"key": "k1", "text": "hello"})

    answer = await bob.api("POST", f"/rooms/{garden}/messages", {"key": "k1", "text": "bye"})

    assert answer.status == 409
    assert answer.code == "key_reused"


async def test_command_answers_with_its_output(alice: Visitor, garden: RoomId) -> None:
    answer = await alice.api(
        "POST", f"/rooms/{garden}/messages", {"key": "k1", "text": "/topic Roses"}
    )

    assert answer.status == 200
    assert answer.json == {"command": "topic", "output": "The topic is set.", "duplicate": False}
    assert (await alice.api("GET", f"/rooms/{garden}")).json["room"]["topic"] == "Roses"


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("/nothing", 422, "unknown_command"),
        ("/topic", 422, "wrong_arguments"),
        ("/topic mine", 403, "permission_denied"),
        ("/kick nobody", 403, "permission_denied"),
    ],
)
async def test_command_that_is_refused(
    bob: Visitor, garden: RoomId, text: str, status: int, code: str
) -> None:
    answer = await bob.api("POST", f"/rooms/{garden}/messages", {"key": "k1", "text": text})

    assert (answer.status, answer.code) == (status, code)


@pytest.mark.parametrize(
    ("query", "seqs", "more_before", "more_after"),
    [
        ("", [1, 2, 3, 4, 5, 6, 7], False, False),
        ("limit=2", [6, 7], True, False),
        ("before=4&limit=2", [2, 3], True, True),
        ("after=4&limit=2", [5, 6], True, True),
        ("around=4&limit=4", [2, 3, 4, 5], True, True),
        ("before=1", [], False, True),
        ("after=9007199254740991", [], True, False),
    ],
)
async def test_pages_of_the_history(
    kit: Kit,
    bob: Visitor,
    bob_user: User,
    garden: RoomId,
    query: str,
    seqs: list[int],
    more_before: bool,
    more_after: bool,
) -> None:
    for number in range(5):
        await kit.say(bob_user, garden, f"number {number}")

    page = (await bob.api("GET", f"/rooms/{garden}/messages?{query}")).json

    assert [each["seq"] for each in page["messages"]] == seqs
    assert (page["more_before"], page["more_after"]) == (more_before, more_after)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("before=x", "before"),
        ("before=", "before"),
        ("after=-1", "after"),
        ("after=1.5", "after"),
        ("around=1_0", "around"),
        ("around=%D9%A1", "around"),
        ("before=9007199254740992", "before"),
        ("before=" + "9" * 5000, "before"),
        ("before=1&after=1", "before"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-5", "limit"),
    ],
)
async def test_bad_bounds_are_named(bob: Visitor, garden: RoomId, query: str, field: str) -> None:
    answer = await bob.api("GET", f"/rooms/{garden}/messages?{query}")

    assert answer.status == 422
    assert list(answer.json["errors"]) == [field]


async def test_author_edits(kit: Kit, bob: Visitor, bob_user: User, garden: RoomId) -> None:
    seq = await kit.say(bob_user, garden, "helo")

    answer = await bob.api("PATCH", f"/rooms/{garden}/messages/{seq}", {"text": "hello"})

    message = (await bob.api("GET", f"/rooms/{garden}/messages")).json["messages"][-1]
    assert answer.json == {"seq": seq + 1}
    assert message["text"] == "hello"
    assert message["edited_at"]


async def test_nobody_edits_anothers_words(
    kit: Kit, alice: Visitor, bob_user: User, garden: RoomId
) -> None:
    seq = await kit.say(bob_user, garden, "mine")

    answer = await alice.api("PATCH", f"/rooms/{garden}/messages/{seq}", {"text": "hers"})

    assert answer.status == 403
    assert answer.code == "permission_denied"


async def test_deleting_takes_the_text_away(
    kit: Kit, bob: Visitor, bob_user: User, garden: RoomId
) -> None:
    seq = await kit.say(bob_user, garden, "a secret")

    answer = await bob.api("DELETE", f"/rooms/{garden}/messages/{seq}")

    page = await bob.api("GET", f"/rooms/{garden}/messages")
    assert answer.json == {"seq": seq + 1}
    assert page.json["messages"][-1]["deleted"] is True
    assert "a secret" not in page.text


@pytest.mark.parametrize("seq", ["0", "1", "99", "-1", "x", "3.0", "%D9%A3", "9" * 30, "1_0"])
async def test_messages_that_do_not_exist(bob: Visitor, garden: RoomId, seq: str) -> None:
    edited = await bob.api("PATCH", f"/rooms/{garden}/messages/{seq}", {"text": "?"})
    deleted = await bob.api("DELETE", f"/rooms/{garden}/messages/{seq}")

    assert edited.status == deleted.status == 404
    assert edited.code == deleted.code == "message_not_found"


async def test_posting_too_fast_says_when_to_come_back() -> None:
    async with (
        memory_chat(limits={"posts_per_second": 0.2, "post_burst": 1}) as kit,
        served(kit) as site,
    ):
        alice = await kit.person("alice")
        room, visitor = await kit.room(alice, "garden"), await site.signed_in(alice)
        await visitor.api("POST", f"/rooms/{room}/messages", {"key": "k1", "text": "one"})

        answer = await visitor.api("POST", f"/rooms/{room}/messages", {"key": "k2", "text": "two"})

    assert answer.status == 429
    assert answer.code == "rate_limited"
    assert answer.json["temporary"] is True
    assert answer.json["retry_after"] == 5.0
    assert answer.headers["Retry-After"] == "5"
