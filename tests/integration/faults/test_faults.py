"""Each fault once or a few times, against real processes, while people talk: nothing is lost,
doubled, out of order, or told to somebody who should not hear it. `make faults` has the full doses.

The faults of one test follow one another on the same nodes, so that these start once."""

from pathlib import Path

import pytest

from tests.faults.cluster import Layout
from tests.faults.dying import DieInTheMiddle, KillNodes, Roll, die_before_ack
from tests.faults.lines import HalfOpen, SlowReaders
from tests.faults.odd import FillDisk, PostTwice
from tests.faults.plan import LOGGED, MORTAL, SHARED, alone, database_away, heartbeat, redis_away
from tests.faults.run import run
from tests.faults.storm import Storm

IMPATIENT = {"BESEDKA_STORE__BUSY_TIMEOUT_SECONDS": "1"}


@pytest.fixture(params=SHARED)
def database(request: pytest.FixtureRequest) -> str:
    only = request.config.getoption("--database")
    if only and only != request.param:
        pytest.skip(f"only {only} is asked for")
    return request.param


async def test_two_nodes_outlive_what_befalls_them(database: str, tmp_path: Path) -> None:
    """F1, F2, F3, F4, F10, F6."""
    strikes = [
        KillNodes(1, 0),
        DieInTheMiddle(1),
        die_before_ack(1),
        Roll(1),
        PostTwice(3, 0.2),
        redis_away(1, 1, 2),
    ]

    result = await run(strikes, Layout(database, program=MORTAL, own_redis=True), tmp_path)

    assert result.failures == []


async def test_a_database_goes_away(tmp_path: Path) -> None:
    """F5."""
    layout = Layout("postgres", own_database=True, settings=IMPATIENT)

    result = await run([database_away(1, 1, 3)], layout, tmp_path)

    assert result.failures == []


async def test_slow_readers_are_sent_away(tmp_path: Path) -> None:
    """F7. With the usual heartbeat, or that would be faster."""
    layout = alone("sqlite", settings={"BESEDKA_LIMITS__OUTBOX_BYTES": "65536"})

    result = await run([SlowReaders(2, 4, pace=0.002, sample=40)], layout, tmp_path)

    assert result.failures == []


async def test_lines_die_and_the_disk_is_full(tmp_path: Path) -> None:
    """F8, F12."""
    layout = alone("sqlite", settings=heartbeat(1))

    result = await run([HalfOpen(4, 1), FillDisk(1)], layout, tmp_path)

    assert result.failures == []


async def test_a_crowd_loses_its_sockets_at_once(tmp_path: Path) -> None:
    """F9."""
    layout = alone("postgres", own_database=True, database_settings=LOGGED)

    result = await run([Storm(100)], layout, tmp_path)

    assert result.failures == []
