import asyncio
import sys
from pathlib import Path

import click

from adapters.cli.failures import Misconfigured, explained
from adapters.cli.options import configuration_of, store_options
from adapters.cli.program import Program
from adapters.configuration.settings import Settings
from adapters.logs import configure_logs
from domain.user import User


def user_commands(program: Program) -> click.Group:
    @click.group()
    def user() -> None:
        """Accounts, for whoever runs the server."""

    @user.command()
    @click.argument("username")
    @click.option("--display-name", metavar="TEXT", default="", help="What others see.")
    @click.option("--email", metavar="ADDRESS", default="")
    @store_options
    def create(
        username: str,
        display_name: str,
        email: str,
        files: tuple[Path, ...],
        **options: str | None,
    ) -> None:
        """Make an account, also where nobody can register.

        The first account of a database owns the server. The password is asked for twice; where
        there is no terminal, it is the first line of standard input. The server may be running.
        """
        settings = configuration_of(files, options).settings
        if settings.database_url.startswith("memory:"):
            raise Misconfigured("database_url is memory://, which forgets it all at once.")
        configure_logs("warning", settings.log_format, sys.stderr)
        password = _password()
        with explained():
            made = asyncio.run(
                _create(
                    program,
                    settings,
                    username=username,
                    password=password,
                    display_name=display_name,
                    email=email,
                )
            )
        owns = ", who owns the server" if made.is_site_owner else ""
        click.echo(f"There is an account for {made.username.value} now{owns}.")

    return user


async def _create(program: Program, settings: Settings, **fields: str) -> User:
    async with program.open_chat(settings) as chat:
        return await chat.create_user(**fields)


def _password() -> str:
    """Never an argument: others on the machine can read those, and shells keep them."""
    if sys.stdin is None:  # It was closed.
        raise Misconfigured("There is no standard input to read the password from.")
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
