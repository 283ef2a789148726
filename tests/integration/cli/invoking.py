"""Commands as an operator types them, in this process."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from click.testing import CliRunner, Result

from adapters.cli.main import build_cli
from adapters.configuration.settings import Settings
from application.chat import Chat
from bootstrap import Besedka
from tests.kit import PASSWORD

T = TypeVar("T")


def invoke(*arguments: str, typed: str = f"{PASSWORD}\n") -> Result:
    """`typed` is on standard input, which is no terminal."""
    return CliRunner().invoke(build_cli(Besedka()), arguments, input=typed)


def with_chat(use: Callable[[Chat], Awaitable[T]]) -> T:
    """What that says about the chat on the store that the commands use."""

    async def used() -> T:
        async with Besedka().open_chat(Settings()) as chat:
            return await use(chat)

    return asyncio.run(used())
