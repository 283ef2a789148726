"""What the command line needs from the program that it starts. `bootstrap` has it."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from adapters.configuration.settings import Settings
from application.chat import Chat


class Announce(Protocol):
    """Called once, when the server accepts connections. `is_claimed`: somebody owns the site;
    if not, the first account will."""

    def __call__(self, address: str, *, is_claimed: bool = True) -> None: ...


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
