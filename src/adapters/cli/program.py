"""What the command line needs from the program that it starts. `bootstrap` has it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from adapters.configuration.settings import Settings
from application.chat import Chat
from application.ports.transfer import Movable
from application.use_cases.compare_stores import CompareStores
from application.use_cases.copy_store import CopyStore
from application.use_cases.count_store import CountStore


class Operator(Protocol):
    """Whoever runs the server: a person, a service manager, a parent with several workers."""

    def ready(self, address: str, *, setup_path: str | None = None) -> None:
        """Told once, when the server accepts connections. `setup_path` is the setup link within
        the site, for the operator alone; None when somebody owns the site."""
        ...

    async def until_stopped(self, connections: Callable[[], int]) -> None:
        """Returns when the server is to stop. `connections` says how many sockets are open."""
        ...


@dataclass(frozen=True, slots=True)
class Moving:
    """What carries stores, and counts them. `movable` finds the one behind a URL and raises
    `ConfigurationError` for one that there is not."""

    movable: Callable[[str], Movable]
    copy_store: CopyStore
    compare_stores: CompareStores
    count_store: CountStore


class Program(Protocol):
    """Both ways to run raise `ConfigurationError` for settings that cannot work together,
    `StoreMisaddressed` for a URL that can name no store, `StoreUnusable` for a store that cannot
    be opened, and `OSError` for an address that cannot be listened on."""

    @property
    def version(self) -> str: ...

    def check(self, settings: Settings) -> None:
        """Raises `ConfigurationError` if this version cannot run like that. Touches nothing."""
        ...

    def check_urls(self, settings: Settings) -> None:
        """Raises `StoreMisaddressed` for a URL that can name no database or no Redis, and
        `ModuleNotFoundError` for one that needs an extra which is not installed. Connects to
        nothing."""
        ...

    async def serve(self, settings: Settings, operator: Operator) -> None:
        """Serve until the operator wants it stopped, then drain and return. The address that the
        operator is told is a URL with the port that was bound. It may be shared with others who
        serve with several `workers`."""
        ...

    def open_chat(self, settings: Settings) -> AbstractAsyncContextManager[Chat]:
        """The chat on its store, without gateways and rate limits, for commands that use it."""
        ...

    def moving(self, settings: Settings) -> Moving:
        """For commands that carry stores. The settings say how databases are used."""
        ...
