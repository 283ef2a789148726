"""Progress of long work: a bar with rate and remaining time for a person, a few lines for a log."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Protocol, TextIO

import click


class Advance(Protocol):
    def __call__(self, count: int = 1, /) -> None: ...


@contextmanager
def progress(label: str, total: int, stream: TextIO) -> Iterator[Advance]:
    """Call what it yields for the pieces that are done, of `total` in all."""
    bar = _bar if stream.isatty() else _lines
    with bar(label, total, stream) as advance:
        yield advance


class Stages:
    """One progress after the other: a stage ends when the next begins, or with the block."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._current = ExitStack()

    def __enter__(self) -> "Stages":
        return self

    def __exit__(self, *_: object) -> None:
        self._current.close()

    def __call__(self, stage: str, total: int) -> Advance:
        self._current.close()
        return self._current.enter_context(progress(stage, total, self._stream))


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
        task = bar.add_task(f"{label:<9}", total=total)
        yield lambda count=1: bar.advance(task, count)


@contextmanager
def _lines(label: str, total: int, stream: TextIO) -> Iterator[Advance]:
    started = time.monotonic()
    done = 0

    def advance(count: int = 1, /) -> None:
        nonlocal done
        before, done = done, done + count
        if total and (done >= total > before or done * 10 // total > before * 10 // total):
            rate = done / max(time.monotonic() - started, 0.001)
            click.echo(f"{label}: {done} of {total} ({rate:,.0f}/s)", file=stream)

    yield advance
