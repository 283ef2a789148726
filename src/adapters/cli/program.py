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


class Announce(Protocol):
    """Called once, when the server accepts connections. `is_claimed`: somebody owns the site;
    if not, the first account will."""

    def __call__(self, address: str, *, is_claimed: bool = True) -> None: ...


@dataclass(frozen=True, slots=True)
class Moving:
    """What carries stores. `movable` finds the one behind a URL and raises `ConfigurationError`
    for one that there is not."""

    movable: Callable[[str], Movable]
    copy_store: CopyStore
    compare_stores: CompareStores


class Program(Protocol):
    """Both ways to run raise `ConfigurationError` for settings that cannot work together,
    `StoreUnusable` for a store that cannot be opened, and `OSError` for an address that cannot
    be listened on."""

    @property
    def version(self) -> str: ...

    def check(self, settings: Settings) -> None:
        """Raises `ConfigurationError` if this version cannot run like that. Touches nothing."""
        ...

    async def serve(self, settings: Settings, announce: Announce) -> None:
        """Serve until SIGTERM or SIGINT, then drain and return. The address that is announced
        is a URL with the port that was bound."""
        ...

    def open_chat(self, settings: Settings) -> AbstractAsyncContextManager[Chat]:
        """The chat on its store, without gateways and rate limits, for commands that use it."""
        ...

    def moving(self, settings: Settings) -> Moving:
        """For commands that carry stores. The settings say how databases are used."""
        ...
