import asyncio
import logging
import sys
from pathlib import Path

import click

from adapters.cli.failures import explained
from adapters.cli.options import configuration_of, server_options
from adapters.cli.program import Program
from adapters.configuration.settings import Settings
from adapters.logs import configure_logs, is_text

WILDCARDS = {"0.0.0.0", "::"}
FIRST_START = "Nobody has an account yet: the first one that registers there owns this server."


def serve_command(program: Program) -> click.Command:
    @click.command()
    @server_options
    def serve(files: tuple[Path, ...], **options: str | None) -> None:
        """Start the server.

        Without any option it listens on http://127.0.0.1:8080 and keeps everything in
        var/besedka.db. SIGTERM or Ctrl+C stops it: it finishes what it has begun, and the
        browsers come back by themselves when it runs again.
        """
        settings = configuration_of(files, options).settings
        configure_logs(settings.log_level, settings.log_format, sys.stdout)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        with explained(listening_on=f"{host}:{settings.port}"):
            _run(program, settings)

    return serve


def _run(program: Program, settings: Settings) -> None:
    def announce(address: str, *, is_claimed: bool = True) -> None:
        _say(settings, f"Besedka is ready at {address}  (Ctrl+C stops it)")
        if settings.host in WILDCARDS:
            _say(
                settings,
                "It listens on all addresses of this machine: others use its name.",
            )
        if path := _file_of(settings.database_url):
            _say(settings, f"Everything is kept in {path}")
        if not is_claimed:
            _say(settings, FIRST_START)

    asyncio.run(program.serve(settings, announce))


def _file_of(database_url: str) -> Path | None:
    """Where everything is, told because another directory would mean another, empty file."""
    scheme, _, path = database_url.partition(":///")
    return Path(path).absolute() if scheme == "sqlite" else None


def _say(settings: Settings, line: str) -> None:
    """To the person at the terminal as it is; among logs that a machine reads, as one of them."""
    if is_text(settings.log_format, sys.stdout):
        click.echo(line)
        return
    log = logging.getLogger("besedka")
    log.setLevel(logging.INFO)  # Wanted, however quiet the logs are.
    log.info(line)
