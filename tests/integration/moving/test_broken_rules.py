"""What a database cannot hold is refused by the rule that it breaks, and nothing of it is kept."""

from pathlib import Path

import pytest

from application.ports.store import StoreUnusable
from application.ports.transfer import Account, Record, place_of
from tests.cast import a_post, a_room, a_session, alice, mallory, numbered
from tests.integration.moving.places import an_empty_place, moving

EPOCH = "01900000-0000-7000-8000-000000000000"
FIRST: list[Record] = [Account(alice(), ""), a_room()]
BROKEN: dict[str, list[Record]] = {
    "messages_key": [*numbered(a_room(), a_post(alice(), key="k"), a_post(alice(), key="k"))],
    "author_id": [*numbered(a_room(), a_post(mallory()))],
    "room_id": [*numbered(a_room("shed"), a_post(alice()))],
}


@pytest.mark.parametrize("rule", BROKEN)
async def test_postgresql_names_the_rule(rule: str, tmp_path: Path) -> None:
    async with an_empty_place("postgres", tmp_path) as url:
        movable = moving().movable(url)
        async with movable.fill(EPOCH) as filling:
            await filling.write(FIRST)

            with pytest.raises(StoreUnusable, match=f"cannot take .* the rule .*{rule}"):
                await filling.write(BROKEN[rule])

        async with movable.fill(EPOCH) as filling:
            assert filling.place == place_of(FIRST[-1])
            await filling.write([a_session(alice())])
            held = [record async for batch in filling.records() for record in batch]
    assert held[:-1] == FIRST
