"""Documents that the domain no longer accepts: edited by hand, or written under older rules.

Such a one is an `UnreadableDocument` to whoever asks for that very thing. Lists leave it out, and
say so once in the log, so that one bad name does not close a room or a directory to everybody else.
"""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from adapters.persistence.mongo.driver import Document
from domain.errors import InvalidField

T = TypeVar("T")

# What reading a document that is not as it should be may raise.
UNREADABLE = (InvalidField, KeyError, TypeError, ValueError, OverflowError)

_log = logging.getLogger(__name__)
_reported: set[str] = set()


class UnreadableDocument(Exception):
    def __init__(self, collection: str, document: Document, error: Exception) -> None:
        super().__init__(
            f"Document {document.get('_id')} of collection {collection} is not valid: {error!r}. "
            "Correct it by hand."
        )


def readable(read: Callable[[Document], T], documents: Iterable[Document]) -> list[T]:
    """What can be read of the documents, in their order."""
    found = []
    for document in documents:
        try:
            found.append(read(document))
        except UnreadableDocument as error:
            _report(str(error))
    return found


def _report(problem: str) -> None:
    if problem not in _reported:
        _reported.add(problem)
        _log.error("%s It is left out of lists.", problem)
