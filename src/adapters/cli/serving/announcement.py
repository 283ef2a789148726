"""What whoever starts the server reads first."""

import logging
import sys
from pathlib import Path

import click

from adapters.configuration.settings import Settings
from adapters.logs import is_text

WILDCARDS = {"0.0.0.0", "::"}
FIRST_START = "Nobody has an account yet. The first one owns this server; make it here:"


def announce(settings: Settings, address: str, *, setup_path: str | None) -> None:
    _say(settings, f"Besedka is ready at {address}  (Ctrl+C stops it)")
    if settings.host in WILDCARDS:
        _say(settings, "It listens on all addresses of this machine: others use its name.")
    if path := _file_of(settings.database_url):
        _say(settings, f"Everything is kept in {path}")
    if setup_path:
        _say(settings, f"{FIRST_START} {settings.public_url or address}{setup_path}")


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
