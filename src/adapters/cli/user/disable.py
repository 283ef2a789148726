from pathlib import Path

import click

from adapters.cli.lasting import ask_chat, lasting_settings
from adapters.cli.options import store_options
from adapters.cli.program import Program


def disable_command(program: Program) -> click.Command:
    @click.command()
    @click.argument("username")
    @store_options
    def disable(username: str, files: tuple[Path, ...], **options: str | None) -> None:
        """Shut somebody out, and sign them out everywhere.

        All their sessions and tokens end at once, and sockets that are open by them are closed
        within a second. What they said stays. The owner of the server cannot be disabled.
        """
        settings = lasting_settings(files, options)
        disabled = ask_chat(program, settings, lambda chat: chat.disable_user(username=username))
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
        user = ask_chat(program, settings, lambda chat: chat.enable_user(username=username))
        click.echo(f"{user.username.value} can sign in.")

    return enable
