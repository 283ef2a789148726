"""People look for what was said; nothing is found that they could not read in its place."""

from datetime import timedelta

import pytest

from application.use_cases.search_messages import MOST_LOOKED_AT, Found
from domain.errors import InvalidField, NotAMember, RateLimited, RoomNotFound
from domain.user import User
from tests.kit import memory_chat
from tests.unit.application.scene import NOWHERE, Scene


def texts(found: Found) -> list[str]:
    return [hit.message.text for hit in found.hits]


async def look(scene: Scene, actor: User, query: str, **options: object) -> list[str]:
    return texts(await scene.chat.search_messages(actor, query=query, **options))  # type: ignore[arg-type]  # as called


async def test_all_my_rooms_are_searched_the_latest_first(scene: Scene) -> None:
    for number, room_id in enumerate([scene.garden, scene.pavilion, scene.garden]):
        await scene.say(scene.alice, f"tea {number}", room_id=room_id)
        await scene.kit.clock.advance(1)

    assert await look(scene, scene.bob, "tea") == ["tea 2", "tea 1", "tea 0"]
    assert await look(scene, scene.bob, "tea", room_id=scene.garden) == ["tea 2", "tea 0"]
    assert await look(scene, scene.bob, "tea in:pavilion") == ["tea 1"]


async def test_nobody_finds_what_they_may_not_read(scene: Scene) -> None:
    await scene.say(scene.alice, "secret tea", room_id=scene.pavilion)
    await scene.say(scene.alice, "public tea")

    assert await look(scene, scene.mallory, "tea") == []
    with pytest.raises(RoomNotFound):
        await look(scene, scene.mallory, "tea", room_id=scene.pavilion)
    with pytest.raises(NotAMember):
        await look(scene, scene.mallory, "tea", room_id=scene.garden)
    with pytest.raises(RoomNotFound):
        await look(scene, scene.bob, "tea", room_id=NOWHERE)
    refusals = []
    for name in ("pavilion", "garden", "nowhere"):
        with pytest.raises(InvalidField) as refused:
            await look(scene, scene.mallory, f"tea in:{name}")
        refusals.append(str(refused.value))
    assert len(set(refusals)) == 1


async def test_who_was_removed_finds_nothing_more(scene: Scene) -> None:
    await scene.say(scene.alice, "tea")
    await scene.chat.remove_member(scene.alice, room_id=scene.garden, username="bob")

    assert await look(scene, scene.bob, "tea") == []


async def test_authors_are_asked_for_by_name_or_as_me(scene: Scene) -> None:
    await scene.say(scene.alice, "tea with milk")
    await scene.say(scene.bob, "tea with lemon")

    assert await look(scene, scene.bob, "from:ALICE tea") == ["tea with milk"]
    assert await look(scene, scene.bob, "from:me") == ["tea with lemon"]
    with pytest.raises(InvalidField):
        await look(scene, scene.bob, "tea from:nobody")


async def test_phrases_are_verified_in_the_text(scene: Scene) -> None:
    await scene.say(scene.alice, "green tea")
    await scene.say(scene.alice, "tea, green")

    assert await look(scene, scene.bob, '"green tea"') == ["green tea"]
    assert await look(scene, scene.bob, 'tea -"green tea"') == ["tea, green"]


async def test_an_edited_and_a_deleted_message_are_found_as_they_are_now(scene: Scene) -> None:
    edited = await scene.say(scene.alice, "tea")
    deleted = await scene.say(scene.alice, "tea too")
    await scene.chat.edit_message(scene.alice, room_id=scene.garden, seq=edited, text="coffee")
    await scene.chat.delete_message(scene.alice, room_id=scene.garden, seq=deleted)

    assert await look(scene, scene.bob, "tea") == []
    assert await look(scene, scene.bob, "coffee") == ["coffee"]


@pytest.mark.parametrize("everywhere", [False, True])
async def test_pages_go_on_without_gap_or_repetition(scene: Scene, *, everywhere: bool) -> None:
    rooms = [scene.garden, scene.pavilion] if everywhere else [scene.garden]
    for number in range(12):  # Some in the same millisecond, as in a busy room.
        await scene.say(scene.alice, f"tea {number:02}", room_id=rooms[number % len(rooms)])
        await scene.kit.clock.advance(0.001 * (number % 3 == 0))
    where = {} if everywhere else {"room_id": scene.garden}

    found, before = [], ""
    for _ in range(5):
        page = await scene.chat.search_messages(
            scene.bob, query="tea", before=before, limit=5, **where
        )
        found += texts(page)
        before = page.next or ""
        if not before:
            break

    assert sorted(found) == [f"tea {number:02}" for number in range(12)]
    assert len(found) == 12
    if not everywhere:
        assert found == sorted(found, reverse=True)


async def test_a_rare_phrase_among_many_texts_is_looked_for_in_portions(scene: Scene) -> None:
    await scene.say(scene.alice, "green tea")
    for _ in range(MOST_LOOKED_AT):
        await scene.say(scene.alice, "tea green")

    first = await scene.chat.search_messages(scene.bob, query='"green tea"')
    assert first.next
    second = await scene.chat.search_messages(scene.bob, query='"green tea"', before=first.next)

    assert texts(first) == []
    assert texts(second) == ["green tea"]
    assert second.next is None


async def test_hits_come_with_a_snippet(scene: Scene) -> None:
    await scene.say(scene.alice, "Green tea?")

    (hit,) = (await scene.chat.search_messages(scene.bob, query="tea")).hits

    assert hit.snippet == ["Green ", "tea", "?"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"query": ""},
        {"query": "tea", "limit": 0},
        {"query": "tea", "limit": 51},
        {"query": "tea", "before": "nonsense"},
        {"query": "tea", "before": "1.2"},
        {"query": "tea", "before": "99999999999999999999.room.1"},
        {"query": "tea", "before": "1.room.x"},
        {"query": "tea", "before": f"{NOWHERE}.-1"},
        {"query": "tea", "before": f"{NOWHERE}.99999999999999999999"},
    ],
)
async def test_what_makes_no_sense_is_refused(scene: Scene, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidField):
        await scene.chat.search_messages(scene.bob, **wrong)  # type: ignore[arg-type]  # as called


async def test_searching_is_limited() -> None:
    async with memory_chat(limits={"searches_per_second": 1}) as kit:
        alice = await kit.person("alice")
        for _ in range(20):
            await kit.chat.search_messages(alice, query="tea")

        with pytest.raises(RateLimited):
            await kit.chat.search_messages(alice, query="tea")


async def test_no_hit_is_lost_where_a_clock_went_back(scene: Scene) -> None:
    await scene.kit.clock.advance(3600)
    await scene.say(scene.alice, "tea early", room_id=scene.pavilion)
    await scene.say(scene.alice, "tea before", room_id=scene.garden)
    scene.kit.clock._now -= timedelta(minutes=10)
    for number in range(3):
        await scene.say(scene.alice, f"tea {number}", room_id=scene.garden)

    found, before = [], ""
    for _ in range(9):
        page = await scene.chat.search_messages(scene.bob, query="tea", before=before, limit=1)
        found += texts(page)
        before = page.next or ""
        if not before:
            break

    assert sorted(found) == ["tea 0", "tea 1", "tea 2", "tea before", "tea early"]


async def test_a_cursor_reaches_no_room_of_others(scene: Scene) -> None:
    await scene.say(scene.alice, "tea", room_id=scene.pavilion)
    forged = f"{scene.pavilion}.9999999999999999"

    found = await scene.chat.search_messages(scene.mallory, query="tea", before=forged)

    assert texts(found) == []


async def test_looking_for_a_phrase_in_long_texts_ends_and_goes_on(scene: Scene) -> None:
    await scene.say(scene.alice, "b a " + "word " * 1000)
    for _ in range(60):
        await scene.say(scene.alice, "word a b " * 880)

    pages, before = 0, ""
    while True:
        page = await scene.chat.search_messages(scene.bob, query='"b a word"', before=before)
        pages, before = pages + 1, page.next or ""
        if page.hits or not before:
            break

    assert len(page.hits) == 1
    assert 1 < pages < 10
