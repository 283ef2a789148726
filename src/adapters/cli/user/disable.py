import asyncio
from pathlib import Path

import click

from adapters.cli.failures import explained
from adapters.cli.lasting import lasting_settings
from adapters.cli.options import store_options
from adapters.cli.program import Program
from adapters.configuration.settings import Settings
from application.use_cases.disable_user import Disabled
from domain.user import User


def disable_command(program: Program) -> click.Command:
    @click.command()
    @click.argument("username")
    @store_options
    def disable(username: str, files: tuple[Path, ...], **options: str | None) -> None:
        """Shut somebody out, and sign them out everywhere.

        All their sessions and tokens end at once; sockets that are open by them are closed within
        half a minute. What they said stays. The owner of the server cannot be disabled.
        """
        settings = lasting_settings(files, options)
        with explained():
            disabled = asyncio.run(_disable(program, settings, username))
        click.echo(
            f"{disabled.user.username.value} is disabled. "
            f"Sessions and tokens that ended: {disabled.ended}."
        )

    return disable


def enable_command(program: Program) -> click.Command:
    @click.command()
    @click.argument("username")
    @store_options
    def enable(username: str, files: tuple[Path, ...], **options: str | None) -> None:
        """Let somebody in again who was disabled.

        They sign in with the password that they had; their tokens are gone.
        """
        settings = lasting_settings(files, options)
        with explained():
            user = asyncio.run(_enable(program, settings, username))
        click.echo(f"{user.username.value} can sign in.")

    return enable


async def _disable(program: Program, settings: Settings, username: str) -> Disabled:
    async with program.open_chat(settings) as chat:
        return await chat.disable_user(username=username)


async def _enable(program: Program, settings: Settings, username: str) -> User:
    async with program.open_chat(settings) as chat:
        return await chat.enable_user(username=username)
