import asyncio
import sys
from pathlib import Path

import click

from adapters.cli.failures import explained
from adapters.cli.options import configuration_of, server_options
from adapters.cli.program import Program
from adapters.cli.serving.alone import serve_alone
from adapters.cli.serving.garbage import collect_seldom
from adapters.cli.serving.parent import serve_with_workers, this_command
from adapters.cli.serving.worker import serve_as_worker
from adapters.configuration.settings import Settings
from adapters.logs import configure_logs


def serve_command(program: Program) -> click.Command:
    @click.command()
    @server_options
    @click.option("--worker", "line", type=int, hidden=True)
    def serve(files: tuple[Path, ...], line: int | None, **options: str | None) -> None:
        """Start the server.

        Without any option it listens on http://127.0.0.1:8080 and keeps everything in
        var/besedka.db. SIGTERM or Ctrl+C stops it: it finishes what it has begun, and the
        browsers come back by themselves when it runs again; a second time stops it at once.

        With --workers, several processes serve the port. Those that die are replaced, and at
        SIGHUP all are, one after the other.
        """
        settings = configuration_of(files, options).settings
        configure_logs(settings.log_level, settings.log_format, sys.stdout)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        with explained(listening_on=f"{host}:{settings.port}"):
            sys.exit(_run(program, settings, line))

    return serve


def _run(program: Program, settings: Settings, line: int | None) -> int:
    """`line` is the descriptor that a worker is given by its parent. The exit code."""
    collect_seldom()
    if line is not None:
        asyncio.run(serve_as_worker(program, settings, line))
    elif settings.workers == 1:
        asyncio.run(serve_alone(program, settings))
    else:
        program.check(settings)
        return asyncio.run(serve_with_workers(settings, this_command()))
    return 0
