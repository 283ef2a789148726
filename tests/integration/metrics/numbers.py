"""What a scrape tells, as Prometheus itself reads it."""

from dataclasses import dataclass

import aiohttp
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families


@dataclass(frozen=True)
class Numbers:
    metrics: dict[str, Metric]

    def __getitem__(self, name: str) -> float:
        """A sample, named as one asks Prometheus for it: `besedka_closes_total{code="4008"}`."""
        return self.samples()[name]

    def samples(self) -> dict[str, float]:
        return {
            sample.name + _braced(sample.labels): sample.value
            for metric in self.metrics.values()
            for sample in metric.samples
        }

    def labels(self) -> set[str]:
        samples = [each for metric in self.metrics.values() for each in metric.samples]
        return {label for sample in samples for label in sample.labels}


async def scraped(address: str) -> Numbers:
    """Over a connection of its own, which any of several workers takes."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{address}/metrics") as answer,
    ):
        assert answer.status == 200, await answer.text()
        return parsed(await answer.text())


def parsed(text: str) -> Numbers:
    return Numbers({metric.name: metric for metric in text_string_to_metric_families(text)})


def _braced(labels: dict[str, str]) -> str:
    pairs = ",".join(f'{name}="{value}"' for name, value in sorted(labels.items()))
    return f"{{{pairs}}}" if pairs else ""
