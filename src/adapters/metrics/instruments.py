"""Every number that is told, by its name. None has a label that names a person, a room or an id:
who reads the metrics of a site is not to read who talks there."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

BATCHES = (1, 2, 5, 10, 20, 50, 100, 200, 500)
SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class Instruments:
    """Where several workers serve, each has its own, and files that they share make sums of them:
    gauges are of the workers that live, counters and histograms of all that ever did."""

    def __init__(self, version: str, backend: str) -> None:
        self.registry = CollectorRegistry()
        self._build(version, backend)

        self.connections = self._gauge("connections", "Open sockets")
        self.outbox_bytes = self._gauge(
            "outbox_bytes", "Bytes written to sockets that the kernel has not taken"
        )
        self.closes = self._counter("closes", "Sockets closed by the server, by code", "code")
        self.replays = self._counter("replays", "Rooms of which the missed messages were replayed")
        self.resets = self._counter("resets", "Rooms that had to be loaded anew after a resume")

        self.posts = self._counter("posts", "Messages that people posted, stored here")
        self.batch_messages = self._histogram(
            "batch_messages", "Messages that one commit added to a room", BATCHES
        )
        self.commit_seconds = self._histogram(
            "commit_seconds", "From the beginning of a unit of work to its commit", SECONDS
        )
        self.store_errors = self._counter(
            "store_errors", "Units of work and looks that the store failed, by kind", "kind"
        )

        self.deliveries = self._counter("deliveries", "Messages put on their way, for each reader")
        self.fan_out_seconds = self._histogram(
            "fan_out_seconds", "From being told of a batch to the last write of it", SECONDS
        )
        self.gaps_healed = self._counter("gaps_healed", "Stretches of missed messages healed")

        self.redis_errors = self._counter("redis_errors", "What Redis failed")
        self.redis_outages = self._counter("redis_outages", "Times that Redis was lost")
        self.relays = self._counter(
            "relays", "Events between nodes, by what became of them", "fate"
        )

        self.event_loop_lag_seconds = self._histogram(
            "event_loop_lag_seconds", "How late the event loop was", SECONDS
        )

    def _build(self, version: str, backend: str) -> None:
        build = Gauge(
            "besedka_build_info",
            "Always 1: the version that runs, and the scheme of its database's URL",
            ["version", "backend"],
            registry=self.registry,
            multiprocess_mode="livemax",
        )
        build.labels(version, backend).set(1)

    def _gauge(self, name: str, help_text: str) -> Gauge:
        return Gauge(
            f"besedka_{name}", help_text, registry=self.registry, multiprocess_mode="livesum"
        )

    def _counter(self, name: str, help_text: str, *labels: str) -> Counter:
        return Counter(f"besedka_{name}", help_text, labels, registry=self.registry)

    def _histogram(self, name: str, help_text: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(f"besedka_{name}", help_text, buckets=buckets, registry=self.registry)
