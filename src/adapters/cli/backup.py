import sys
from pathlib import Path

import click

from adapters.cli.moving import archive_url, carry, movable, moving_of
from adapters.cli.options import configuration_of, store_options
from adapters.cli.program import Program
from adapters.logs import configure_logs

_FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


def backup_command(program: Program) -> click.Command:
    @click.command()
    @_FILE
    @store_options
    def backup(file: Path, files: tuple[Path, ...], **options: str | None) -> None:
        """Write everything in the database to FILE.

        The server may go on: FILE has one moment of it, the one when the backup began. It is
        lines of JSON, compressed if its name ends in .gz, and holds what people wrote and the
        hashes of their passwords, so only you may read it.
        """
        _carry(program, file, files, options, into_file=True)

    return backup


def restore_command(program: Program) -> click.Command:
    @click.command()
    @_FILE
    @store_options
    def restore(file: Path, files: tuple[Path, ...], **options: str | None) -> None:
        """Fill the empty database with what a backup in FILE has.

        A file that is damaged, cut off or not an archive is refused before anything is written.
        Browsers that come back load everything anew.
        """
        _carry(program, file, files, options, into_file=False)

    return restore


def _carry(
    program: Program,
    file: Path,
    files: tuple[Path, ...],
    options: dict[str, str | None],
    *,
    into_file: bool,
) -> None:
    settings = configuration_of(files, options).settings
    configure_logs("warning", settings.log_format, sys.stderr)
    moving = moving_of(program, settings)
    store = movable(moving, settings.database_url)
    archive = movable(moving, archive_url(file))
    if into_file:
        carry(moving, store, archive, online=True)
    else:
        carry(moving, archive, store, online=False)
