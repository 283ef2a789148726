from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from time import perf_counter

from adapters.metrics.instruments import Instruments
from application.ports.message_log import KeyTaken
from application.ports.store import Store, Unit
from domain.errors import DomainError, StoreUnavailable


class MeteredStore(Store):
    """A store, measured: how long units take until they are committed, and what fails. Refusals
    are no failures."""

    def __init__(self, store: Store, instruments: Instruments) -> None:
        self._store = store
        self._commit_seconds = instruments.commit_seconds
        self._unavailable = instruments.store_errors.labels("unavailable")
        self._other = instruments.store_errors.labels("other")

    @property
    def epoch(self) -> str:
        return self._store.epoch

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Unit]:
        since = perf_counter()
        with self._counted():
            async with self._store.unit() as unit:
                yield unit
        self._commit_seconds.observe(perf_counter() - since)

    @asynccontextmanager
    async def view(self) -> AsyncIterator[Unit]:
        with self._counted():
            async with self._store.view() as unit:
                yield unit

    async def open(self, new_epoch: str) -> None:
        await self._store.open(new_epoch)

    async def close(self) -> None:
        await self._store.close()

    async def check(self) -> None:
        with self._counted():
            await self._store.check()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        try:
            yield
        except StoreUnavailable:
            self._unavailable.inc()
            raise
        except (DomainError, KeyTaken):
            raise
        except Exception:
            self._other.inc()
            raise
