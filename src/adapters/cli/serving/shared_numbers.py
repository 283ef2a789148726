"""Where workers keep the numbers that `/metrics` tells, so that each can tell of all of them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"  # Read by prometheus_client, when it is imported.


@contextmanager
def shared_numbers() -> Iterator[None]:
    """For the workers that are started meanwhile: a new and empty directory, as those that served
    before are not among those that serve now."""
    with TemporaryDirectory(prefix="besedka-metrics-") as directory:
        os.environ[DIRECTORY] = directory
        try:
            yield
        finally:
            del os.environ[DIRECTORY]
