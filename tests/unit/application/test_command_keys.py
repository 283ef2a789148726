"""A key makes repeating a slash command as harmless as repeating a post."""

import asyncio

import pytest

from application.posting import Posted
from application.use_cases.post_message import CommandOutput
from domain.errors import KeyReused, PermissionDenied, UserNotFound
from domain.ids import RoomId
from domain.message import Kind
from domain.permissions import Role
from domain.user import User
from tests.unit.application.scene import Scene


async def typed(
    scene: Scene, actor: User, text: str, *, key: str = "k", room_id: RoomId | None = None
) -> CommandOutput:
    output = await scene.chat.post_message(
        actor, room_id=room_id or scene.garden, key=key, text=text
    )
    assert isinstance(output, CommandOutput)
    return output


@pytest.mark.parametrize(
    "text",
    [
        "/invite mallory",
        "/topic trees and birds",
        "/rename orchard",
        "/kick bob too loud",
        "/promote bob",
        "/demote carol",
        "/leave",
        "/clear",
    ],
)
async def test_a_command_again_is_answered_as_before_and_not_run(scene: Scene, text: str) -> None:
    await scene.moderator()
    first = await typed(scene, scene.alice, text)
    log = await scene.log()
    scene.forget()

    again = await typed(scene, scene.alice, text)

    assert (first.duplicate, again.duplicate) == (False, True)
    assert (again.command, again.text) == (first.command, first.text)
    assert await scene.log() == log
    assert scene.kit.events == []


@pytest.mark.parametrize("text", ["/promote bob", "/clear", "/kick bob", "/leave"])
async def test_a_command_many_times_at_once_is_run_once(scene: Scene, text: str) -> None:
    answers = await asyncio.gather(*(typed(scene, scene.alice, text) for _ in range(5)))

    assert [answer.duplicate for answer in answers] == [False, True, True, True, True]
    assert len({answer.text for answer in answers}) == 1
    kinds = await scene.kinds()
    done = [kind for kind in kinds if kind in {Kind.REMOVED, Kind.CLEARED, Kind.LEFT}]
    assert len(done) == (text != "/promote bob")
    if text == "/promote bob":
        assert await scene.role(scene.bob) is Role.MODERATOR


async def test_what_was_said_since_a_clearing_stays_when_it_is_repeated(scene: Scene) -> None:
    await typed(scene, scene.alice, "/clear")
    await scene.say(scene.bob, "after the storm")

    assert (await typed(scene, scene.alice, "/clear")).duplicate

    assert [message.text for message in await scene.log()] == ["", "after the storm"]


async def test_who_came_back_is_not_removed_again(scene: Scene) -> None:
    await typed(scene, scene.alice, "/kick bob")
    await scene.chat.join_room(scene.bob, room_id=scene.garden)

    assert (await typed(scene, scene.alice, "/kick bob")).duplicate

    assert await scene.role(scene.bob) is Role.MEMBER


@pytest.mark.parametrize(
    ("first", "again"),
    [("/kick bob", "/kill  @BOB too loud"), ("/rename orchard", "/rename orchard ")],
)
async def test_the_same_command_in_other_words_is_the_same(
    scene: Scene, first: str, again: str
) -> None:
    await typed(scene, scene.alice, first)

    assert (await typed(scene, scene.alice, again)).duplicate


async def test_with_another_key_a_command_is_run_again(scene: Scene) -> None:
    await typed(scene, scene.alice, "/promote bob", key="one")

    again = await typed(scene, scene.alice, "/promote bob", key="two")

    assert (again.text, again.duplicate) == ("bob is owner.", False)


async def test_each_author_has_keys_of_their_own(scene: Scene) -> None:
    carol = await scene.moderator()
    await typed(scene, scene.alice, "/topic trees")

    assert not (await typed(scene, carol, "/topic birds")).duplicate


async def test_only_what_the_command_did_has_the_key_and_not_what_followed(scene: Scene) -> None:
    await typed(scene, scene.alice, "/leave")

    left, passed_on = (await scene.log())[-2:]

    assert (left.kind, left.key) == (Kind.LEFT, "k")
    assert (passed_on.kind, passed_on.key) == (Kind.ROLE_CHANGED, None)


async def test_a_refused_command_does_not_use_up_its_key(scene: Scene) -> None:
    with pytest.raises(UserNotFound):
        await typed(scene, scene.alice, "/kick nobody")
    with pytest.raises(PermissionDenied):
        await typed(scene, scene.bob, "/clear")

    assert not (await typed(scene, scene.alice, "/kick bob")).duplicate


async def test_a_command_that_changes_nothing_takes_no_key(scene: Scene) -> None:
    await typed(scene, scene.alice, "/topic trees", key="one")
    await typed(scene, scene.alice, "/topic trees", key="two")
    await typed(scene, scene.alice, "/help", key="two")

    assert not (await typed(scene, scene.alice, "/rename orchard", key="two")).duplicate


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("hello", "/clear"),
        ("/topic trees", "trees"),
        ("/topic trees", "/clear"),
        ("/topic trees", "/topic birds"),
        ("/rename orchard", "/rename meadow"),
        ("/invite mallory", "/invite zoe"),
    ],
)
async def test_a_key_of_something_else_is_a_conflict(scene: Scene, first: str, second: str) -> None:
    await scene.chat.post_message(scene.alice, room_id=scene.garden, key="k", text=first)
    before = await scene.log()

    with pytest.raises(KeyReused):
        await scene.chat.post_message(scene.alice, room_id=scene.garden, key="k", text=second)

    assert await scene.log() == before


async def test_a_key_is_used_in_one_room_only(scene: Scene) -> None:
    await typed(scene, scene.alice, "/topic trees")
    before = await scene.log(scene.pavilion)

    with pytest.raises(KeyReused):
        await typed(scene, scene.alice, "/topic trees", room_id=scene.pavilion)

    assert await scene.log(scene.pavilion) == before


async def test_an_action_is_a_post_under_its_key_as_ever(scene: Scene) -> None:
    posts = [
        await scene.chat.post_message(scene.bob, room_id=scene.garden, key="k", text="/me waves")
        for _ in range(2)
    ]

    assert all(isinstance(post, Posted) for post in posts)
    assert [post.duplicate for post in posts] == [False, True]
