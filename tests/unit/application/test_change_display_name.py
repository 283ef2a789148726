"""People change how they are shown, in new and old messages."""

import pytest

from domain.errors import InvalidField
from domain.events import PersonRenamed
from tests.unit.application.scene import Scene


async def test_everybody_is_told_the_new_name(scene: Scene) -> None:
    renamed = await scene.chat.change_display_name(scene.bob, display_name=" Bob 🌳 ")

    assert renamed.display_name == "Bob 🌳"
    assert scene.kit.events == [PersonRenamed(renamed.person, (scene.garden, scene.pavilion))]


async def test_old_messages_bear_the_new_name(scene: Scene) -> None:
    await scene.say(scene.bob)

    await scene.chat.change_display_name(scene.bob, display_name="Robert")

    page = await scene.chat.page_messages(scene.alice, room_id=scene.garden)
    said = page.messages[-1]
    assert said.author
    assert said.author.display_name == "Robert"


async def test_only_the_name_changes(scene: Scene) -> None:
    scene.bob.email = "stale@example.org"  # What the caller holds may be old.

    renamed = await scene.chat.change_display_name(scene.bob, display_name="Robert")

    assert (renamed.email, renamed.username) == (None, scene.bob.username)


@pytest.mark.parametrize("name", ["", " ", "\u200b", "x" * 65, "a\nb", "a\u202eb"])
async def test_what_is_no_name_changes_nothing(scene: Scene, name: str) -> None:
    with pytest.raises(InvalidField):
        await scene.chat.change_display_name(scene.bob, display_name=name)

    assert (await scene.chat.find_people.named(scene.alice, "bob")).person == scene.bob.person
    assert scene.kit.events == []
