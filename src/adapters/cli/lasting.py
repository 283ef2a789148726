"""What the commands have in common that look into a store, or change it, and end."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from adapters.cli.failures import Misconfigured, explained
from adapters.cli.options import configuration_of
from adapters.cli.program import Program
from adapters.configuration.settings import Settings
from adapters.logs import configure_logs
from application.chat import Chat

T = TypeVar("T")


def lasting_settings(files: tuple[Path, ...], options: dict[str, str | None]) -> Settings:
    """The settings, if their store is still there when the command has ended; else they end it.
    What is logged from then on goes to standard error: the output belongs to the command."""
    settings = configuration_of(files, options).settings
    if settings.database_url.startswith("memory:"):
        raise Misconfigured("database_url is memory://, which forgets it all at once.")
    configure_logs("warning", settings.log_format, sys.stderr)
    return settings


def ask_chat(program: Program, settings: Settings, question: Callable[[Chat], Awaitable[T]]) -> T:
    """What the chat on that store answers, which is open meanwhile. What it refuses ends the
    command, in a line."""

    async def ask() -> T:
        async with program.open_chat(settings) as chat:
            return await question(chat)

    with explained():
        return asyncio.run(ask())
