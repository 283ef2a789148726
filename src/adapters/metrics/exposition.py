"""All numbers as Prometheus reads them."""

from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector

from adapters.metrics.instruments import Instruments
from adapters.metrics.workers import WorkerProcesses, shared_directory


class Exposition:
    """Of this process, or of all workers where there are several."""

    def __init__(self, instruments: Instruments) -> None:
        # Else as many lines again, for the time at which we started.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # The library's.
        directory = shared_directory()
        if directory:
            self._registry = CollectorRegistry()
            # First, as it forgets the dead.
            self._registry.register(WorkerProcesses(directory))
            MultiProcessCollector(self._registry, str(directory))  # type: ignore[no-untyped-call]
        else:
            self._registry = instruments.registry
            ProcessCollector(registry=self._registry)
            GCCollector(registry=self._registry)  # Counts in this process alone.
        PlatformCollector(registry=self._registry)

    def __call__(self, accept: str) -> tuple[bytes, str]:
        """The body in the format that the reader accepts, and its content type."""
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type
