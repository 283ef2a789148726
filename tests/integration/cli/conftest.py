import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.configuration.names import PREFIX, USUAL
from adapters.logs import OWN_LOGGERS


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    root.handlers = []
    yield
    root.level, root.handlers = level, handlers
    for name in OWN_LOGGERS:  # Or later tests would log no more than these.
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: one without `.env`, and with nothing set in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name in USUAL or name.startswith(PREFIX):
            monkeypatch.delenv(name)
    return tmp_path
