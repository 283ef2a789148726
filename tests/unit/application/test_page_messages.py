"""Members read the history, by seq."""

import pytest

from domain.errors import InvalidField, NotAMember
from domain.message import CHANGES
from tests.unit.application.scene import Scene


async def seqs(scene: Scene, **options: int) -> tuple[list[int], bool, bool]:
    page = await scene.chat.page_messages(scene.bob, room_id=scene.garden, **options)
    return [message.seq for message in page.messages], page.more_before, page.more_after


@pytest.fixture
async def ten(scene: Scene) -> Scene:
    """A garden with the messages 1 to 10."""
    for number in range(3, 11):
        assert await scene.say(scene.alice) == number
    return scene


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], False, False)),
        ({"limit": 3}, ([8, 9, 10], True, False)),
        ({"limit": 200}, ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], False, False)),
        ({"before": 8, "limit": 3}, ([5, 6, 7], True, True)),
        ({"before": 3, "limit": 3}, ([1, 2], False, True)),
        ({"before": 11, "limit": 1}, ([10], True, False)),
        ({"before": 2**53 - 1, "limit": 1}, ([10], True, False)),
        ({"after": 0, "limit": 3}, ([1, 2, 3], False, True)),
        ({"after": 7, "limit": 3}, ([8, 9, 10], True, False)),
        ({"after": 7, "limit": 2}, ([8, 9], True, True)),
        ({"around": 5, "limit": 4}, ([3, 4, 5, 6], True, True)),
        ({"around": 5, "limit": 5}, ([3, 4, 5, 6, 7], True, True)),
        ({"around": 5, "limit": 1}, ([5], True, True)),
        ({"around": 1, "limit": 4}, ([1, 2, 3, 4], False, True)),
        ({"around": 0, "limit": 4}, ([1, 2, 3, 4], False, True)),
        ({"around": 5, "limit": 100}, ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], False, False)),
    ],
)
async def test_a_page_is_a_stretch_and_says_whether_it_goes_on(
    ten: Scene, options: dict[str, int], expected: tuple[list[int], bool, bool]
) -> None:
    assert await seqs(ten, **options) == expected


async def test_a_page_around_the_end_is_as_long_as_any(ten: Scene) -> None:
    assert await seqs(ten, around=10, limit=4) == ([7, 8, 9, 10], True, False)


async def test_an_empty_page_says_on_which_side_something_is(ten: Scene) -> None:
    assert await seqs(ten, after=10) == ([], True, False)
    assert await seqs(ten, before=1) == ([], False, True)
    assert await seqs(ten, before=0) == ([], False, True)


async def test_changes_neither_show_nor_cut_a_page_short(scene: Scene) -> None:
    first = await scene.say(scene.bob)
    for _ in range(20):
        await scene.chat.edit_message(scene.bob, room_id=scene.garden, seq=first, text="again")
    last = await scene.say(scene.bob)

    assert await seqs(scene, limit=3) == ([2, first, last], True, False)
    assert await seqs(scene, before=last, limit=3) == ([1, 2, first], False, True)
    assert await seqs(scene, after=first, limit=3) == ([last], True, False)
    assert await seqs(scene, around=last, limit=3) == ([2, first, last], True, False)


async def test_a_page_that_only_changes_follow_does_not_go_on(scene: Scene) -> None:
    seq = await scene.say(scene.bob)
    await scene.chat.delete_message(scene.bob, room_id=scene.garden, seq=seq)

    assert await seqs(scene, limit=2) == ([2, seq], True, False)


async def test_a_page_shows_the_effect_of_changes(scene: Scene) -> None:
    edited, deleted = await scene.say(scene.bob), await scene.say(scene.bob)
    await scene.chat.edit_message(scene.bob, room_id=scene.garden, seq=edited, text="again")
    await scene.chat.delete_message(scene.bob, room_id=scene.garden, seq=deleted)

    page = await scene.chat.page_messages(scene.alice, room_id=scene.garden, after=2)

    assert [(each.text, each.deleted) for each in page.messages] == [("again", False), ("", True)]
    assert not [each for each in page.messages if each.kind in CHANGES]


async def test_after_a_clearing_the_history_starts_with_it(ten: Scene) -> None:
    await ten.chat.clear_room(ten.alice, room_id=ten.garden)

    assert await seqs(ten) == ([11], False, False)
    assert await seqs(ten, after=0) == ([11], False, False)
    assert await seqs(ten, around=5) == ([11], False, False)
    assert (await seqs(ten, before=11))[0] == []


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"before": 1, "after": 1}, "before"),
        ({"after": 1, "around": 1}, "before"),
        ({"before": 1, "after": 1, "around": 1}, "before"),
        ({"before": -1}, "before"),
        ({"after": -1}, "after"),
        ({"around": -1}, "around"),
        ({"after": 2**53}, "after"),
        ({"limit": 0}, "limit"),
        ({"limit": -1}, "limit"),
        ({"limit": 201}, "limit"),
    ],
)
async def test_a_wrong_bound_is_refused(scene: Scene, options: dict[str, int], field: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        await seqs(scene, **options)

    assert refusal.value.field == field


async def test_a_stranger_reads_no_page(ten: Scene) -> None:
    with pytest.raises(NotAMember):
        await ten.chat.page_messages(ten.mallory, room_id=ten.garden)
