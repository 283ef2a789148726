import pytest

from tests.databases import DATABASES


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
