import asyncio
from pathlib import Path

import click

from adapters.cli.failures import explained
from adapters.cli.lasting import lasting_settings
from adapters.cli.options import store_options
from adapters.cli.program import Program
from adapters.configuration.settings import Settings
from domain.user import User


def owner_command(program: Program) -> click.Command:
    @click.command()
    @click.argument("username")
    @store_options
    def owner(username: str, files: tuple[Path, ...], **options: str | None) -> None:
        """Make somebody the owner of the server.

        They count as an owner in every room that they are in. Whoever owned it is a member from
        then on.
        """
        settings = lasting_settings(files, options)
        with explained():
            user = asyncio.run(_pass_site(program, settings, username))
        click.echo(f"{user.username.value} owns this server now.")

    return owner


async def _pass_site(program: Program, settings: Settings, username: str) -> User:
    async with program.open_chat(settings) as chat:
        return await chat.pass_site(username=username)
