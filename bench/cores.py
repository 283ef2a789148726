"""How busy a core is with anything at all: as the kernel counts it."""

from pathlib import Path


class CoreClock:
    """Starts when it is made."""

    def __init__(self, core: int) -> None:
        self._core = core
        self._began = self._ticks()

    def idle(self) -> float:
        """The part of the time since then in which the core had nothing to do."""
        idle, every = (now - then for now, then in zip(self._ticks(), self._began, strict=True))
        return idle / every if every else 1.0

    def _ticks(self) -> tuple[int, int]:
        """Idle ones, waiting for a disk among them, and all."""
        for line in Path("/proc/stat").read_text().splitlines():
            name, *ticks = line.split()
            if name == f"cpu{self._core}":
                counts = [int(each) for each in ticks[:8]]
                return counts[3] + counts[4], sum(counts)
        raise LookupError(self._core)
