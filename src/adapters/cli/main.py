"""The command line as a whole. `bootstrap` hands in the program, so that nothing here knows it."""

import click

from adapters.cli.backup import backup_command, restore_command
from adapters.cli.config import config_commands
from adapters.cli.copy import copy_command
from adapters.cli.demo.command import demo_command
from adapters.cli.program import Program
from adapters.cli.serve import serve_command
from adapters.cli.stats import stats_command
from adapters.cli.user.command import user_commands


def build_cli(program: Program) -> click.Group:
    """The `besedka` command. Exit codes: 0 done; 1 it was tried and failed; 2 it is wrong as it was
    asked or configured, and would be at any time."""

    @click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96})
    @click.version_option(program.version, "--version", "-V", message="besedka %(version)s")
    def besedka() -> None:
        """A self-hosted chat server with rooms.

        `besedka serve` starts it with no configuration at all; the first account owns it, and
        where others can reach it takes the setup link that is printed. Every setting may come
        from an option, from the environment (BESEDKA_…), from .env or from a file (--config);
        config/default.toml explains them all.
        """

    @besedka.command()
    def version() -> None:
        """Print the version."""
        click.echo(program.version)

    besedka.add_command(serve_command(program))
    besedka.add_command(copy_command(program))
    besedka.add_command(backup_command(program))
    besedka.add_command(restore_command(program))
    besedka.add_command(user_commands(program))
    besedka.add_command(stats_command(program))
    besedka.add_command(demo_command(program))
    besedka.add_command(config_commands(program))
    return besedka
