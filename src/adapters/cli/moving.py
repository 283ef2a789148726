"""What the commands that carry stores have in common: progress, the table, and how it ended."""

import asyncio
import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from adapters.cli.failures import Failure, Misconfigured, explained
from adapters.cli.program import Moving, Program
from adapters.cli.progress import Stages
from adapters.configuration.masking import masked
from adapters.configuration.settings import Settings
from application.moving.tally import Comparison
from application.ports.transfer import Movable

MOST_ROWS = 40
MANY_OBJECTS = 100_000  # Several batches of records, with all that is made of them.


def archive_url(file: Path) -> str:
    return f"archive:///{file}"


def moving_of(program: Program, settings: Settings) -> Moving:
    with explained():
        return program.moving(settings)


def movable(moving: Moving, url: str) -> Movable:
    if url.startswith("memory:"):
        raise Misconfigured("memory:// keeps nothing that could be carried to or from it.")
    with explained():
        return moving.movable(url)


def carry(moving: Moving, source: Movable, target: Movable, *, online: bool) -> None:
    """Copy, verify and print what was compared."""
    click.echo(masked(f"From {source.name}\nTo   {target.name}"), err=True)
    with explained(), _collecting_seldom(), Stages(sys.stderr) as stages:
        copied = asyncio.run(moving.copy_store(source, target, stages, online=online))
    show(copied.comparisons, "source", "copy")
    if copied.written_meanwhile:
        raise Failure(
            f"The source was written to meanwhile: {', '.join(copied.written_meanwhile)}. The "
            "copy is unfinished: stop the server that writes to it, empty the target, copy again."
        )
    if not copied.is_equal:
        raise Failure(
            "The copy is not equal, so it stays unfinished: since it was begun, somebody else has "
            "written to the source or to the target. Stop them, empty the target, copy again."
        )
    click.echo("Everything is there and equal.")


def compare(moving: Moving, one: Movable, other: Movable) -> None:
    with explained(), _collecting_seldom(), Stages(sys.stderr) as stages:
        comparisons = asyncio.run(moving.compare_stores(one, other, stages))
    show(comparisons, "from", "to")
    if not all(comparison.is_equal for comparison in comparisons):
        raise Failure("They are not equal.")
    click.echo("They are equal.")


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Records come and go by the thousand, and none is part of a cycle. As it comes, Python looks
    for cycles at every 700 objects more, which takes a sixth of the time of a copy."""
    before = gc.get_threshold()
    gc.set_threshold(MANY_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def show(comparisons: Sequence[Comparison], one: str, other: str) -> None:
    """As a table. With very many rooms, only what differs and the sum of the rest."""
    shown = list(comparisons)
    if len(shown) > MOST_ROWS:
        differing = [each for each in shown if not each.is_equal]
        alike = len(shown) - len(differing)
        shown = differing[:MOST_ROWS]
        click.echo(f"{alike} of {len(comparisons)} parts are equal.")
    width = max((len(each.what) for each in shown), default=4)
    if shown:
        click.echo(f"{'':<{width}}  {one:>10}  {other:>10}  hash")
    for each in shown:
        verdict = each.digest[:16] if each.is_equal else "DIFFERS"
        click.echo(f"{each.what:<{width}}  {each.count:>10,}  {each.other_count:>10,}  {verdict}")
