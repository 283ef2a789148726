from pathlib import Path

import click

from adapters.cli.lasting import ask_chat, lasting_settings
from adapters.cli.options import store_options
from adapters.cli.program import Program
from adapters.cli.user.asking import asked_password


def password_command(program: Program) -> click.Command:
    @click.command()
    @click.argument("username")
    @store_options
    def password(username: str, files: tuple[Path, ...], **options: str | None) -> None:
        """Give somebody a new password, and sign them out everywhere.

        All their sessions and tokens end at once, and sockets that are open by them are closed
        within a second. The password is asked for twice; where there is no terminal, it is the
        first line of standard input.
        """
        settings = lasting_settings(files, options)
        new = asked_password()
        reset = ask_chat(
            program, settings, lambda chat: chat.reset_password(username=username, password=new)
        )
        click.echo(
            f"{reset.user.username.value} has a new password. "
            f"Sessions and tokens that ended: {reset.ended}."
        )

    return password
