"""The demo from the first line that it prints to the last."""

import sys
from functools import partial

import click

from adapters.cli.demo.cast import Cast
from adapters.cli.demo.fill import Demo, Resident, Size
from adapters.cli.demo.progress import progress
from adapters.cli.program import Program
from adapters.configuration.settings import Settings


async def run(
    program: Program, settings: Settings, size: Size, *, seed: int | None, password: str
) -> None:
    async with program.open_chat(settings) as chat:
        demo = Demo(chat, Cast(seed), password, partial(progress, stream=sys.stdout))
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
        f"\nRun `besedka serve`, open {address} and sign in as {visitor.user.username} "
        f"with the password {password}\nAll the other invented people have the same password."
    )
