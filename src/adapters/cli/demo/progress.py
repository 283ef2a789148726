"""Progress of long work: a bar with rate and remaining time for a person, a few lines for a log."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

import click

Advance = Callable[[], None]


@contextmanager
def progress(label: str, total: int, stream: TextIO) -> Iterator[Advance]:
    """Call what it yields once for each of the `total` pieces that is done."""
    bar = _bar if stream.isatty() else _lines
    with bar(label, total, stream) as advance:
        yield advance


@contextmanager
def _bar(label: str, total: int, stream: TextIO) -> Iterator[Advance]:
    # Here, because loading rich takes longer than most commands.
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(
                f"{task.finished_speed or task.speed or 0:,.0f}/s", style="progress.data.speed"
            )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate())
    with Progress(*columns, TimeRemainingColumn(), console=Console(file=stream)) as bar:
        task = bar.add_task(f"{label:<8}", total=total)
        yield lambda: bar.advance(task)


@contextmanager
def _lines(label: str, total: int, stream: TextIO) -> Iterator[Advance]:
    started = time.monotonic()
    done = 0

    def advance() -> None:
        nonlocal done
        done += 1
        if done == total or done * 10 // total > (done - 1) * 10 // total:
            rate = done / max(time.monotonic() - started, 0.001)
            click.echo(f"{label}: {done} of {total} ({rate:,.0f}/s)", file=stream)

    yield advance
