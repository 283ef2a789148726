"""Where stores may be carried from and to. A new store is added here by a line."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

from adapters.cli.program import Moving
from adapters.configuration.settings import Settings
from bootstrap import Besedka
from tests.servers import mongo, postgres

KINDS = ("sqlite", "postgres", "mongo", "archive")

_numbers = count()


@asynccontextmanager
async def an_empty_place(kind: str, directory: Path) -> AsyncIterator[str]:
    """The URL of a place of this kind where nothing is yet."""
    match kind:
        case "sqlite":
            yield f"sqlite:///{directory}/store-{next(_numbers)}.db"
        case "archive":
            yield f"archive:///{directory}/archive-{next(_numbers)}.jsonl"
        case "postgres":
            async with postgres.fresh_database(migrated=False) as url:
                yield url
        case "mongo":
            async with mongo.fresh_database() as url:
                yield url


def moving() -> Moving:
    return Besedka().moving(Settings())


def quiet(stage: str, total: int):  # type: ignore[no-untyped-def]  # a watcher who looks away
    return lambda count=1: None
