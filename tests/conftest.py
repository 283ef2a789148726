import pytest

from tests.databases import DATABASES


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=DATABASES,
        help="run what is tried end to end (HTTP, sockets, browser) on this database",
    )
