import asyncio
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

import click

from adapters.cli.failures import Misconfigured, explained
from adapters.cli.options import Command, configuration_of, store_options
from adapters.cli.program import Program
from adapters.logs import configure_logs


def demo_command(program: Program) -> click.Command:
    @click.command()
    @_amount("people", default=20, least=1)
    @_amount("rooms", default=6, least=1)
    @_amount("messages", default=1000, least=0)
    @click.option("--seed", type=int, metavar="NUMBER", help="Invent the same for the same number.")
    @click.option("--password", metavar="TEXT", help="For all of them. Invented if not given.")
    @store_options
    def demo(
        people: int,
        rooms: int,
        messages: int,
        seed: int | None,
        password: str | None,
        files: tuple[Path, ...],
        **options: str | None,
    ) -> None:
        """Fill the database with invented people, rooms and talk.

        They come in English, Russian and Ukrainian, a room in one of them. Some of the messages
        are in two direct rooms more. Nothing that is there is changed: running it again adds more.
        In an empty database the account `demo` becomes the owner of the server, so keep its
        password, or do this in a database of its own.
        """
        settings = configuration_of(files, options).settings
        if settings.database_url.startswith("memory:"):
            message = "database_url is memory://, which forgets all of it when this command ends."
            raise Misconfigured(f"{message} Name a file: --database-url sqlite:///var/demo.db")
        # What it prints goes to stdout, and a line of the log must not tear the bar apart.
        configure_logs("warning", settings.log_format, sys.stderr)
        secret = password or secrets.token_urlsafe(9)
        with explained():
            # Here, because it needs Faker, which is an extra: a server does without.
            from adapters.cli.demo.fill import Size
            from adapters.cli.demo.run import run

            size = Size(people, rooms, messages)
            asyncio.run(run(program, settings, size, seed=seed, password=secret))

    return demo


def _amount(what: str, *, default: int, least: int) -> Callable[[Command], Command]:
    return click.option(
        f"--{what}",
        type=click.IntRange(least),
        default=default,
        metavar="NUMBER",
        help=f"How many {what} to add ({default}).",
    )
