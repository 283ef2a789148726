"""Several workers serve one port, and a scrape reaches any of them: it has to tell of all. Their
parent names them a directory, where prometheus_client keeps the numbers of each in files."""

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from prometheus_client import Metric, ProcessCollector
from prometheus_client.multiprocess import mark_process_dead
from prometheus_client.registry import Collector

DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"  # The library's own name for it.


def shared_directory() -> Path | None:
    """None where one process serves alone."""
    path = os.environ.get(DIRECTORY)
    return Path(path) if path else None


def living(directory: Path) -> Iterator[int]:
    """The pids of the workers that live. Of the others, what they had open is forgotten; what they
    had counted stays counted."""
    for pid in sorted({int(path.stem.rpartition("_")[2]) for path in directory.glob("*.db")}):
        try:
            os.kill(pid, 0)
        except OSError:
            with contextlib.suppress(FileNotFoundError):  # Another worker was faster.
                mark_process_dead(pid, str(directory))  # type: ignore[no-untyped-call]
        else:
            yield pid


class WorkerProcesses(Collector):
    """The library's numbers of a process, of each worker that lives, with its pid as a label: what
    does not add up (a start, a limit) stays true, and a counter does not jump from one scrape to
    the next."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def collect(self) -> Iterable[Metric]:
        found: dict[str, Metric] = {}
        for pid in living(self._directory):
            for metric in _numbers_of(pid):
                whole = found.setdefault(
                    metric.name, Metric(metric.name, metric.documentation, metric.type)
                )
                for sample in metric.samples:
                    whole.add_sample(sample.name, {"pid": str(pid)}, sample.value)
        return found.values()


def _numbers_of(pid: int) -> Iterable[Metric]:
    return ProcessCollector(pid=lambda: pid, registry=None).collect()
