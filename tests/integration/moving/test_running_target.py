"""A server was left running on an empty database, into which a copy is made meanwhile."""

from pathlib import Path

import pytest

from adapters.persistence.mongo.store import MongoStore
from adapters.persistence.sql.store import SqlStore
from application.ports.store import Store
from application.ports.transfer import Account
from domain.errors import StoreUnavailable
from tests.cast import alice
from tests.integration.moving.places import an_empty_place, moving

EPOCH = "01900000-0000-7000-8000-000000000000"


@pytest.mark.parametrize("kind", ["sqlite", "postgres", "mongo"])
async def test_it_is_not_ready_until_it_is_started_again(tmp_path: Path, kind: str) -> None:
    """It would tell its clients of a life that is over: they would go on where nothing is."""
    async with an_empty_place(kind, tmp_path) as url:
        store: Store = MongoStore(url) if kind == "mongo" else SqlStore(url)
        await store.open("first life")
        await store.check()

        async with moving().movable(url).fill(EPOCH) as filling:
            await filling.write([Account(alice(), "hash")])
            with pytest.raises(StoreUnavailable):
                await store.check()
            await filling.finish("second life")
        with pytest.raises(StoreUnavailable) as unavailable:
            await store.check()
        assert "start the server again" in unavailable.value.detail

        await store.close()
        await store.open("third life")
        assert store.epoch == "second life"
        await store.check()
        await store.close()
