import asyncio
from pathlib import Path

import click

from adapters.cli.failures import explained
from adapters.cli.lasting import lasting_settings
from adapters.cli.options import store_options
from adapters.cli.program import Program
from adapters.cli.user.asking import asked_password
from adapters.configuration.settings import Settings
from application.use_cases.reset_password import PasswordReset


def password_command(program: Program) -> click.Command:
    @click.command()
    @click.argument("username")
    @store_options
    def password(username: str, files: tuple[Path, ...], **options: str | None) -> None:
        """Give somebody a new password, and sign them out everywhere.

        All their sessions and tokens end at once; sockets that are open by them are closed within
        half a minute. The password is asked for twice; where there is no terminal, it is the first
        line of standard input.
        """
        settings = lasting_settings(files, options)
        new = asked_password()
        with explained():
            reset = asyncio.run(_reset(program, settings, username=username, password=new))
        click.echo(
            f"{reset.user.username.value} has a new password. "
            f"Sessions and tokens that ended: {reset.ended}."
        )

    return password


async def _reset(program: Program, settings: Settings, **fields: str) -> PasswordReset:
    async with program.open_chat(settings) as chat:
        return await chat.reset_password(**fields)
