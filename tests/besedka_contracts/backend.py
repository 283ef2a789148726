"""What a suite is given: the fixture `backend` is the adapter's, and the rest is made of it."""

from dataclasses import dataclass

import pytest

from application.ports.session_store import SessionStore
from application.ports.store import Store
from besedka_contracts.cast import alice, bob, mallory
from besedka_contracts.moved_clock import MovedClock


@dataclass
class Backend:
    """A store that is open and empty, whose epoch is "first life", and the sessions beside it."""

    store: Store
    sessions: SessionStore


@pytest.fixture
def store(backend: Backend) -> Store:
    return backend.store


@pytest.fixture
def sessions(backend: Backend) -> SessionStore:
    return backend.sessions


@pytest.fixture
async def people(store: Store) -> Store:
    """The store, with alice, bob and mallory in it."""
    async with store.unit() as unit:
        for user in (alice(), bob(), mallory()):
            await unit.users.add(user, "hash")
    return store


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()
