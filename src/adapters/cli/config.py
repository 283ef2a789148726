import json
from collections.abc import Iterator
from pathlib import Path

import click

from adapters.cli.failures import explained
from adapters.cli.options import configuration_of, server_options
from adapters.cli.program import Program
from adapters.configuration.load import Configuration
from adapters.configuration.masking import SECRETS, masked
from adapters.configuration.names import FIELDS


def config_commands(program: Program) -> click.Group:
    @click.group()
    def config() -> None:
        """Look at the configuration, or check it."""

    @config.command()
    @server_options
    def show(files: tuple[Path, ...], **options: str | None) -> None:
        """Print every setting as `serve` would use it, and where it was set.

        The output is TOML. Passwords in URLs and tokens are masked.
        """
        for line in _lines(configuration_of(files, options)):
            click.echo(line)

    @config.command()
    @server_options
    def check(files: tuple[Path, ...], **options: str | None) -> None:
        """Say whether `serve` could start so, and what is wrong if not.

        Looks at the settings only: whether the database answers is not tried. Exit code 2 says
        that something is wrong.
        """
        configuration = configuration_of(files, options)
        with explained():
            program.check(configuration.settings)
            program.check_urls(configuration.settings)
        click.echo("The configuration is in order.")
        for key, origin in configuration.origins.items():
            click.echo(f"  {key} is set by {origin}")

    return config


def _lines(configuration: Configuration) -> Iterator[str]:
    values = configuration.settings.model_dump()
    group = ""
    for key in FIELDS:
        table, _, name = key.rpartition(".")
        if table != group:
            group = table
            yield f"\n[{group}]"
        value = values[table][name] if table else values[name]
        shown = "***" if value and key in SECRETS else value
        setting = f"{name} = {masked(_toml(shown))}"
        yield f"{setting:<44} # {configuration.origins.get(key, 'the default')}"


def _toml(value: object) -> str:
    # TOML has no null, and what it writes like JSON is all that settings consist of.
    return json.dumps("" if value is None else value, ensure_ascii=False)
