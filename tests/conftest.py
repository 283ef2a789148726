import os

import pytest

from tests.databases import DATABASES
from tests.servers.setting import temporary


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=DATABASES,
        help="run what is tried end to end (HTTP, sockets, browser) on this database",
    )
    parser.addoption(
        "--nodes",
        type=int,
        choices=(1, 2),
        help="run what is tried in a browser on so many nodes behind nginx",
    )


def pytest_configure() -> None:
    """The directories of `tmp_path` are made there."""
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(temporary()))
