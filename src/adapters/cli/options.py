"""The options that set settings, alike for every command that has them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from adapters.cli.failures import explained
from adapters.configuration.load import Configuration, load_configuration

# Any: click adds parameters to whatever function it decorates.
Command = Callable[..., Any]

# No types: the settings judge values, wherever they come from, in one and the same way.
_DATABASE = click.option(
    "--database-url", metavar="URL", help="Keep everything here (sqlite:///var/besedka.db)."
)
_FILES = click.option(
    "--config",
    "files",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Read settings from this TOML file. May be repeated: the later one wins.",
)
_SERVER = (
    click.option("--host", metavar="ADDRESS", help="Listen on this address (127.0.0.1)."),
    click.option(
        "--port", metavar="NUMBER", help="Listen on this port (8080); 0 takes a free one."
    ),
    click.option("--workers", metavar="NUMBER", help="Serve with so many processes (1)."),
    click.option("--public-url", metavar="URL", help="What people type, if there is a proxy."),
    _DATABASE,
    click.option("--log-level", metavar="LEVEL", help="debug, info, warning or error (info)."),
    click.option("--log-format", metavar="FORMAT", help="text, json or auto (auto)."),
    _FILES,
)


def store_options(command: Command) -> Command:
    """For commands that only use the store."""
    return _decorated(command, (_DATABASE, _FILES))


def config_option(command: Command) -> Command:
    """For commands that are told everything else."""
    return _decorated(command, (_FILES,))


def server_options(command: Command) -> Command:
    """For commands that are about the server."""
    return _decorated(command, _SERVER)


def configuration_of(files: tuple[Path, ...], options: dict[str, str | None]) -> Configuration:
    """What these options, the environment and the files say together; what is wrong with them
    ends the command."""
    with explained():
        return load_configuration(options=options, files=files)


def _decorated(command: Command, options: tuple[Command, ...]) -> Command:
    for option in reversed(options):
        command = option(command)
    return command
