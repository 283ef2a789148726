import sys
from pathlib import Path

import click

from adapters.cli.moving import carry, compare, movable, moving_of
from adapters.cli.options import config_option, configuration_of
from adapters.cli.program import Program
from adapters.logs import configure_logs


def copy_command(program: Program) -> click.Command:
    @click.command("copy")
    @click.option("--from", "source", metavar="URL", required=True, help="The store to read.")
    @click.option("--to", "target", metavar="URL", required=True, help="An empty one to fill.")
    @click.option("--verify-only", is_flag=True, help="Copy nothing: compare the two.")
    @config_option
    def copy(source: str, target: str, files: tuple[Path, ...], *, verify_only: bool) -> None:
        """Carry everything from one store into another.

        Accounts with their passwords, rooms, memberships, every message, read positions and
        sessions: all ids stay as they are. Each URL is one that DATABASE_URL may have, or
        archive:///FILE. The source is only read; stop its server first, for a source that is
        written to meanwhile is not copied to the end. Interrupted, it goes on where it was when
        the same command is given again. At the end both are read once more and compared.
        """
        settings = configuration_of(files, {}).settings
        configure_logs("warning", settings.log_format, sys.stderr)
        moving = moving_of(program, settings)
        one, other = movable(moving, source), movable(moving, target)
        if verify_only:
            compare(moving, one, other)
        else:
            carry(moving, one, other, online=False)

    return copy
