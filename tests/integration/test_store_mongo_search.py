"""Beginnings, and common words together, are looked for in one stretch of the log after the other,
from its end."""

import random
from itertools import product

import pytest

from adapters.persistence.mongo import searching
from adapters.persistence.mongo.store import MongoStore
from domain.search import Wanted, words_of
from tests.cast import a_post, a_room, alice, numbered
from tests.servers.mongo import fresh_database


@pytest.mark.parametrize(("stretch", "growth"), [(1, 1), (1, 2), (7, 1), (10, 8), (1000, 8)])
async def test_hits_are_the_same_however_long_the_stretches_are(
    monkeypatch: pytest.MonkeyPatch, stretch: int, growth: int
) -> None:
    monkeypatch.setattr(searching, "_STRETCH", stretch)
    monkeypatch.setattr(searching, "_GROWTH", growth)
    monkeypatch.setattr(searching, "_LONGEST_STRETCH", 20)
    monkeypatch.setattr(searching, "_COMMON", 1)
    chance = random.Random(7)
    names = ["anna", "anton", "bert", "berta", "carl"]
    texts = [" ".join(chance.choices(names, k=2)) for _ in range(60)]
    # In the second half, only few begin with a.
    texts[30:] = [text.replace("an", "xy", n % 7) for n, text in enumerate(texts[30:])]

    async with fresh_database() as url:
        store = MongoStore(url, driver="pymongo")
        await store.open("life")
        async with store.unit() as unit:
            room = a_room()
            await unit.users.add(alice(), "hash")
            await unit.rooms.add(room)
            await unit.log.append(numbered(room, *(a_post(alice(), text) for text in texts)))
        for begins, whole in product(
            ({"a"}, {"an"}, {"ant"}, {"b", "car"}, {"berta"}, {"z"}, set()),
            (set(), {"carl"}, {"anna", "berta"}, {"berta", "nobody"}),
        ):
            if not begins and not whole:
                continue
            for before, limit in ((10**9, 5), (40, 5), (10**9, 50), (3, 9), (1, 9)):
                async with store.view() as view:
                    wanted = Wanted(beginnings=frozenset(begins), words=frozenset(whole))
                    hits = await view.log.search(room.id, wanted, before=before, limit=limit)
                expected = [
                    seq
                    for seq, text in reversed(list(enumerate(texts, start=1)))
                    if seq < before and _has_all(text, begins) and whole <= set(words_of(text))
                ]
                assert [hit.seq for hit in hits] == expected[:limit]
        await store.close()


def _has_all(text: str, beginnings: set[str]) -> bool:
    words = words_of(text)
    return all(any(word.startswith(each) for word in words) for each in beginnings)
