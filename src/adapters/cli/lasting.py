"""What the commands have in common that look into a store, or change it, and end."""

import sys
from pathlib import Path

from adapters.cli.failures import Misconfigured
from adapters.cli.options import configuration_of
from adapters.configuration.settings import Settings
from adapters.logs import configure_logs


def lasting_settings(files: tuple[Path, ...], options: dict[str, str | None]) -> Settings:
    """The settings, if their store is still there when the command has ended; else they end it.
    What is logged from then on goes to standard error: the output belongs to the command."""
    settings = configuration_of(files, options).settings
    if settings.database_url.startswith("memory:"):
        raise Misconfigured("database_url is memory://, which forgets it all at once.")
    configure_logs("warning", settings.log_format, sys.stderr)
    return settings
