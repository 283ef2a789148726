"""Slash commands do what the use cases do, under the same permissions."""

import pytest

from application.posting import Posted
from application.use_cases.post_message import CommandOutput
from domain.command import COMMANDS, CommandSpec
from domain.errors import (
    DomainError,
    NotAMember,
    PermissionDenied,
    RoomNotFound,
    UnknownCommand,
    UserNotFound,
    WrongArguments,
)
from domain.message import Kind
from domain.permissions import Role
from domain.user import User
from tests.unit.application.scene import NOWHERE, Scene


async def typed(scene: Scene, actor: User, text: str) -> CommandOutput:
    key = scene.kit.container.ids().new_id()
    output = await scene.chat.post_message(actor, room_id=scene.garden, key=key, text=text)
    assert isinstance(output, CommandOutput)
    return output


async def test_help_shows_each_what_they_may_do(scene: Scene) -> None:
    carol = await scene.moderator()

    shown = {}
    for actor in (scene.bob, carol, scene.alice):
        text = (await typed(scene, actor, "/help")).text
        shown[actor.username.value] = [line.split()[0] for line in text.splitlines()]

    assert shown["bob"] == ["/help", "/me", "/invite", "/leave"]
    assert shown["carol"] == ["/help", "/me", "/invite", "/leave", "/topic", "/kick"]
    assert shown["alice"] == [f"/{spec.name}" for spec in COMMANDS]


@pytest.mark.parametrize("word", ["kick", "/kick", "KILL"])
async def test_help_explains_one_command(scene: Scene, word: str) -> None:
    output = await typed(scene, scene.bob, f"/help {word}")

    assert output == CommandOutput(
        "help", "/kick USER [reason] – Remove somebody from this room. (also /kill)"
    )


@pytest.mark.parametrize(
    ("text", "output", "kind"),
    [
        ("/invite mallory", "mallory is in this room now.", Kind.INVITED),
        ("/topic trees and birds", "The topic is set.", Kind.TOPIC_CHANGED),
        ("/rename orchard", "The room is renamed.", Kind.RENAMED),
        ("/kick bob too loud", "bob is no longer in this room.", Kind.REMOVED),
        ("/kill bob", "bob is no longer in this room.", Kind.REMOVED),
        ("/promote bob", "bob is moderator.", Kind.ROLE_CHANGED),
        ("/leave", "You left the room.", Kind.LEFT),
        ("/clear", "The history is cleared.", Kind.CLEARED),
    ],
)
async def test_a_command_does_what_it_says(
    scene: Scene, text: str, output: str, kind: Kind
) -> None:
    answer = await typed(scene, scene.alice, text)

    assert answer.text == output
    assert scene.shown()[0].kind is kind
    assert Kind.POSTED not in await scene.kinds()


async def test_demoting_undoes_promoting(scene: Scene) -> None:
    await typed(scene, scene.alice, "/promote bob")

    output = await typed(scene, scene.alice, "/demote @bob")

    assert output.text == "bob is member."
    assert await scene.role(scene.bob) is Role.MEMBER


async def test_the_reason_is_all_that_follows_the_name(scene: Scene) -> None:
    await typed(scene, scene.alice, "/kick bob  he was  too loud")

    assert scene.shown()[0].text == "he was  too loud"


@pytest.mark.parametrize("spec", COMMANDS, ids=lambda spec: spec.name)
async def test_every_command_of_the_table_runs(scene: Scene, spec: CommandSpec) -> None:
    arguments = {"invite": " mallory", "rename": " orchard", "demote": " carol"}
    await scene.moderator()
    text = f"/{spec.name}" + arguments.get(spec.name, " bob" if spec.required else "")

    answer = await scene.chat.post_message(scene.alice, room_id=scene.garden, key="k", text=text)

    assert isinstance(answer, Posted if spec.name == "me" else CommandOutput)


@pytest.mark.parametrize("spec", COMMANDS, ids=lambda spec: spec.name)
async def test_every_command_asks_at_the_door(scene: Scene, spec: CommandSpec) -> None:
    text = f"/{spec.name} bob" if spec.required else f"/{spec.name}"

    with pytest.raises(NotAMember):
        await scene.chat.post_message(scene.zoe, room_id=scene.garden, key="k", text=text)


@pytest.mark.parametrize(
    "text", ["/topic trees", "/kick alice", "/promote bob", "/rename x", "/clear"]
)
async def test_a_member_is_refused_what_help_does_not_show(scene: Scene, text: str) -> None:
    with pytest.raises(PermissionDenied):
        await typed(scene, scene.bob, text)

    assert scene.kit.events == []


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("/xyzzy", UnknownCommand),
        ("/help xyzzy", UnknownCommand),
        ("/kick", WrongArguments),
        ("/leave now", WrongArguments),
        ("/kick nobody", UserNotFound),
        ("/topic " + "x" * 251, DomainError),
    ],
)
async def test_a_wrong_command_changes_nothing_and_posts_nothing(
    scene: Scene, text: str, error: type[Exception]
) -> None:
    before = await scene.log()

    with pytest.raises(error):
        await typed(scene, scene.alice, text)

    assert await scene.log() == before
    assert scene.kit.events == []


async def test_me_is_posted_as_it_was_meant(scene: Scene) -> None:
    posted = await scene.post(scene.bob, "k", "/me   waves at @alice ")

    assert posted.message.text == "/me waves at @alice"
    assert posted.message.mentions == (scene.alice.id,)


async def test_two_slashes_post_one(scene: Scene) -> None:
    posted = await scene.post(scene.bob, "k", "//leave is a command")

    assert (posted.message.kind, posted.message.text) == (Kind.POSTED, "/leave is a command")


async def test_a_stranger_gets_no_help_in_a_foreign_room(scene: Scene) -> None:
    with pytest.raises(NotAMember):
        await typed(scene, scene.mallory, "/help")
    for room_id in (scene.pavilion, NOWHERE):
        with pytest.raises(RoomNotFound):
            await scene.chat.post_message(scene.mallory, room_id=room_id, key="k", text="/help")
