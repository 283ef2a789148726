"""The demo from the first line that it prints to the last."""

import sys
from functools import partial

import click

from adapters.cli.demo.cast import Resident
from adapters.cli.demo.fill import Demo, Size
from adapters.cli.program import Program
from adapters.cli.progress import progress
from adapters.configuration.settings import Settings


async def run(
    program: Program, settings: Settings, size: Size, *, seed: int | None, password: str
) -> None:
    async with program.open_chat(settings) as chat:
        demo = Demo(chat, seed, password, partial(progress, stream=sys.stdout))
        visitor = await demo.fill(size)
    _report(demo, settings, visitor, password)


def _report(demo: Demo, settings: Settings, visitor: Resident, password: str) -> None:
    if demo.renamed:
        number = len(demo.renamed)
        names = "name was" if number == 1 else "names were"
        some = ", ".join(demo.renamed[:5]) + (", …" if number > 5 else "")
        click.echo(f"{number} {names} taken, so these got a number: {some}")
    address = settings.public_url or f"http://{settings.host}:{settings.port}"
    click.echo(
        f"\nStart the server with `make run` or `besedka serve`{_with_the_same(settings)},\n"
        f"open {address} and sign in as {visitor.username} with the password {password}\n"
        "All the other invented people have the same password."
    )


def _with_the_same(settings: Settings) -> str:
    """What has to be set for the server too, because it was set here. Values stay unsaid: the
    address of a database may hold a password."""
    usual = Settings()
    named = {"DATABASE_URL": "database_url", "HOST": "host", "PORT": "port"}
    changed = [n for n, name in named.items() if getattr(settings, name) != getattr(usual, name)]
    return f", with the same {' and '.join(changed)} as here" if changed else ""
