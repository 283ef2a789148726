from pathlib import Path

import click

from adapters.cli.lasting import ask_chat, lasting_settings
from adapters.cli.options import store_options
from adapters.cli.program import Program


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
        user = ask_chat(program, settings, lambda chat: chat.pass_site(username=username))
        click.echo(f"{user.username.value} owns this server now.")

    return owner
