"""`make bench`: every figure as a table, with its goal; `python -m bench --help` for parts."""

import argparse
import os
import resource
import signal
import sys
import traceback
from contextlib import ExitStack
from pathlib import Path
from subprocess import SubprocessError

from bench.compiled import WITHOUT, compiler
from bench.databases import STARTED, started
from bench.machine import machine
from bench.parts import NEED_A_CROWD, PARTS, Run
from bench.peer import found_peers
from bench.process import CLIENT_CORE

OPEN_FILES = 16_384


def main() -> None:
    options = _options()
    # Whoever ends it early leaves neither servers nor gigabytes behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    # A pipe shows each table when it is there.
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    print(machine())
    print("\nPeers: " + " · ".join(f"{each.name}: {each.version()}" for each in found_peers()))
    # The server has the other core to itself.
    os.sched_setaffinity(0, {CLIENT_CORE})
    failed = False
    with ExitStack() as stack:
        found = [stack.enter_context(started(name)) for name in options.databases]
        run = Run(options, [database for database in found if database])
        for name in options.parts:
            if name in NEED_A_CROWD and compiler() is None:
                print(WITHOUT + name)
                continue
            failed |= not _shown(name, run)
            _write_plots(run)
    sys.exit(failed)


def _shown(name: str, run: Run) -> bool:
    """Whether the part could be measured to its end: the others can, in any case."""
    print(f"\n### {name}")
    load = os.getloadavg()[0]
    try:
        for table in PARTS[name](run):
            print(f"\n{table}")
    except (AssertionError, OSError, RuntimeError, SubprocessError) as error:
        print(f"\nFAILED: {name}: {error!r}")
        traceback.print_exc()
        return False
    print(f"\nLoad before and after: {load:.1f}, {os.getloadavg()[0]:.1f}")
    return True


def _write_plots(run: Run) -> None:
    """As soon as there are any: a later part may take an hour, or be ended."""
    folder = run.options.plots
    for name, plot in run.plots.items():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.svg").write_text(plot)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        epilog="docs/performance.md says what each part measures, and how.",
    )
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; or all")
    parser.add_argument("--databases", nargs="+", choices=STARTED, default=list(STARTED))
    parser.add_argument("--turns", type=int, default=5, help="of everything (%(default)s)")
    parser.add_argument("--seconds", type=float, default=4.0, help="of posting (%(default)s)")
    parser.add_argument("--small", type=int, default=1_000, help="room, messages (%(default)s)")
    parser.add_argument(
        "--messages", type=int, default=1_000_000, help="of the large room (%(default)s)"
    )
    parser.add_argument("--looks", type=int, default=200, help="of each kind (%(default)s)")
    parser.add_argument(
        "--plots",
        type=Path,
        default=Path("test-results/bench"),
        metavar="FOLDER",
        help="for the plots of fan_out, latency and growth (%(default)s)",
    )
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    # In their own order: `copy` carries what `pages` and `search` looked at.
    options.parts = [name for name in PARTS if name in (options.parts or PARTS)]
    return options


if __name__ == "__main__":
    main()
