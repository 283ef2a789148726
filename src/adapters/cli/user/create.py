from pathlib import Path

import click

from adapters.cli.lasting import ask_chat, lasting_settings
from adapters.cli.options import store_options
from adapters.cli.program import Program
from adapters.cli.user.asking import asked_password


def create_command(program: Program) -> click.Command:
    @click.command()
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
        there is no terminal, it is the first line of standard input.
        """
        settings = lasting_settings(files, options)
        password = asked_password()
        made = ask_chat(
            program,
            settings,
            lambda chat: chat.create_user(
                username=username, password=password, display_name=display_name, email=email
            ),
        )
        owns = ", who owns the server" if made.is_site_owner else ""
        click.echo(f"There is an account for {made.username.value} now{owns}.")

    return create
