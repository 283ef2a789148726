"""One run: a crowd on a cluster, some faults one after another, and the judgement."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.checker import violations
from tests.faults.cluster import MEMBERS, Layout, a_cluster
from tests.faults.crowd import Load, a_crowd
from tests.faults.history import Ack, Cut, Deliver, History, Page, Reset, Unknown
from tests.faults.site import logs_of
from tests.faults.strike import Strike

LOAD = Load()
GUEST = "gina"
COUNTED = {
    "acks": Ack,
    "deliveries": Deliver,
    "unknown": Unknown,
    "cut": Cut,
    "pages": Page,
    "resets": Reset,
}


@dataclass
class Result:
    """`failures`: violated invariants, and what else was not as promised."""

    doses: list[str]
    facts: dict[str, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


async def run(
    strikes: Sequence[Strike], layout: Layout, directory: Path, *, load: Load = LOAD
) -> Result:
    result = Result([f"{each.name}: {each.dose}" for each in strikes])
    async with a_cluster(layout, directory) as cluster:
        async with a_crowd(cluster, MEMBERS, load, guest=GUEST) as crowd:
            for each in strikes:
                outcome = await each.strike(crowd)
                result.facts |= outcome.facts
                result.failures += [f"{each.name}: {line}" for line in outcome.failures]
            await crowd.fall_silent()
            await crowd.settle()
            await crowd.look_at_dots(MEMBERS)
            history, clients = crowd.history, crowd.clients
            result.facts |= counts(history)
            result.facts["jumps"] = str(sum(each.holdings.jumps for each in clients))
            result.facts["repeats"] = str(sum(each.holdings.repeats for each in clients))
        result.failures += violations(history, await logs_of(cluster.site))
        result.failures += cluster.tracebacks()
    return result


def counts(history: History) -> dict[str, str]:
    return {name: str(history.count(kind)) for name, kind in COUNTED.items()}
