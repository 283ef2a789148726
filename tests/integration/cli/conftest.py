import logging
from collections.abc import Iterator

import pytest

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
