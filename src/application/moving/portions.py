from collections.abc import Iterator, Sequence

from application.ports.transfer import Record
from domain.message import Message

# Characters that are written at once, about. Every database can take so many in a transaction.
LARGEST = 1_000_000


def portions(records: Sequence[Record]) -> Iterator[Sequence[Record]]:
    """The same records in fewer at a time, where their texts are long."""
    portion: list[Record] = []
    size = 0
    for record in records:
        length = len(record.text) if isinstance(record, Message) else 0
        if portion and size + length > LARGEST:
            yield portion
            portion, size = [], 0
        portion.append(record)
        size += length
    if portion:
        yield portion
