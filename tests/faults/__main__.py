"""`make faults`, or `python -m tests.faults F1 F6 --database mongo`: all faults at full dose, or
those that are named. A table of what was done and seen; the exit code says whether all held."""

import argparse
import asyncio
import resource
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.cluster import on_a_lasting_thread
from tests.faults.plan import DATABASES, Run, full
from tests.faults.run import Result, run
from tests.servers import mongo, postgres, valkey

MOST_SHOWN = 20


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("names", nargs="*", help="F1, F2, …; without any, all of them")
    parser.add_argument("--database", choices=DATABASES, help="only on this one")
    given = parser.parse_args()
    chosen = [
        each
        for each in full()
        if (not given.names or each.name in given.names)
        and given.database in {None, each.layout.database}
    ]
    # Thousands of sockets, at either end.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return asyncio.run(_all(chosen))


async def _all(runs: list[Run]) -> int:
    for start in (postgres.shared_server_url, mongo.shared_server_url, valkey.shared_server_url):
        await on_a_lasting_thread(start)
    failed = 0
    for each in runs:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="besedka-faults-") as directory:
            result = await run(each.strikes, each.layout, Path(directory))
        failed += bool(result.failures)
        _tell(each, result, time.monotonic() - begun)
    print(f"{len(runs) - failed} of {len(runs)} runs held all that is promised.")
    return 1 if failed or not runs else 0


def _tell(each: Run, result: Result, seconds: float) -> None:
    verdict = f"{len(result.failures)} FAILURES" if result.failures else "all held"
    print(f"{', '.join(result.doses)} · {each.layout.database} · {seconds:.0f} s · {verdict}")
    for name, fact in result.facts.items():
        print(f"    {name:28} {fact}")
    for line in result.failures[:MOST_SHOWN]:
        print(f"    FAILED {line}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
