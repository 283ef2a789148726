"""Each fault once or a few times, against real processes, while people talk: nothing is lost,
doubled, out of order, or told to somebody who should not hear it. `make faults` has the full doses.

The faults of one test follow one another on the same nodes, so that these start once."""

from pathlib import Path

import pytest

from tests.databases import DATABASES
from tests.faults.cluster import Layout
from tests.faults.dying import DieInTheMiddle, KillNodes, Roll, die_before_ack
from tests.faults.lines import HalfOpen, SlowReaders
from tests.faults.odd import FillDisk, PostTwice
from tests.faults.plan import LOGGED, MORTAL, database_away, heartbeat, redis_away
from tests.faults.run import run
from tests.faults.storm import Storm

IMPATIENT = {"BESEDKA_STORE__BUSY_TIMEOUT_SECONDS": "1"}


@pytest.fixture(params=DATABASES[2:])
def database(request: pytest.FixtureRequest) -> str:
    only = request.config.getoption("--database")
    if only and only != request.param:
        pytest.skip(f"only {only} is asked for")
    return request.param


async def test_nodes_die(database: str, tmp_path: Path) -> None:
    """F1, F2, F3."""
    strikes = [KillNodes(1, 0), DieInTheMiddle(1), die_before_ack(1)]

    result = await run(strikes, Layout(database, program=MORTAL), tmp_path)

    assert result.failures == []


async def test_nodes_are_replaced(database: str, tmp_path: Path) -> None:
    """F4, F10."""
    result = await run([Roll(1), PostTwice(3, 0.5)], Layout(database), tmp_path)

    assert result.failures == []


async def test_redis_goes_away(database: str, tmp_path: Path) -> None:
    """F6."""
    result = await run([redis_away(1, 1, 2)], Layout(database, own_redis=True), tmp_path)

    assert result.failures == []


async def test_a_database_goes_away(tmp_path: Path) -> None:
    """F5."""
    layout = Layout("postgres", own_database=True, settings=IMPATIENT)

    result = await run([database_away(1, 1, 3)], layout, tmp_path)

    assert result.failures == []


async def test_lines_go_bad_and_the_disk_is_full(tmp_path: Path) -> None:
    """F7, F8, F12."""
    settings = {"BESEDKA_LIMITS__OUTBOX_BYTES": "65536", **heartbeat(1)}
    layout = Layout("sqlite", nodes=1, redis=False, settings=settings)

    result = await run([SlowReaders(2, 4), HalfOpen(4, 1), FillDisk(1)], layout, tmp_path)

    assert result.failures == []


async def test_a_crowd_loses_its_sockets_at_once(tmp_path: Path) -> None:
    """F9."""
    layout = Layout("postgres", nodes=1, redis=False, own_database=True, database_settings=LOGGED)

    result = await run([Storm(100)], layout, tmp_path)

    assert result.failures == []
