import asyncio
import json
from dataclasses import asdict
from pathlib import Path

import click

from adapters.cli.failures import explained
from adapters.cli.lasting import lasting_settings
from adapters.cli.moving import movable, moving_of
from adapters.cli.options import store_options
from adapters.cli.program import Program
from application.use_cases.count_store import Counts


def stats_command(program: Program) -> click.Command:
    @click.command()
    @click.option("--json", "as_json", is_flag=True, help="Print a JSON object; size in bytes.")
    @store_options
    def stats(files: tuple[Path, ...], *, as_json: bool, **options: str | None) -> None:
        """Print how much there is in the database.

        People, rooms that are not archived, messages with everything else that the logs of rooms
        hold, sessions with tokens, and how large the database is. The server may be running.
        """
        settings = lasting_settings(files, options)
        moving = moving_of(program, settings)
        store = movable(moving, settings.database_url)
        with explained():
            counts = asyncio.run(moving.count_store(store))
        click.echo(json.dumps(asdict(counts)) if as_json else "\n".join(_rows(counts)))

    return stats


def _rows(counts: Counts) -> list[str]:
    numbers = {
        "people": counts.people,
        **{f"{visibility.value} rooms": number for visibility, number in counts.rooms.items()},
        "messages": counts.messages,
        "sessions": counts.sessions,
    }
    rows = [f"{name:<14}{number:>16,}" for name, number in numbers.items()]
    if counts.size is not None:
        rows.append(f"{'size':<14}{counts.size / 2**20:>12,.1f} MiB")
    return rows
