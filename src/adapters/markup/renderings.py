"""What was rendered lately, within so many bytes: the same pages are read again and again."""

import sys
from collections import OrderedDict

# What an entry costs beside its two texts: its place in the table and in the order.
ENTRY_BYTES = 200


class Renderings:
    """HTML by text; the one used longest ago goes first. None is kept too: it was work to know."""

    def __init__(self, limit: int) -> None:
        self.bytes = 0
        self._limit = limit
        self._html: OrderedDict[str, str | None] = OrderedDict()

    def __contains__(self, text: str) -> bool:
        return text in self._html

    def __len__(self) -> int:
        return len(self._html)

    def get(self, text: str) -> str | None:
        """The HTML of a text that is in here."""
        self._html.move_to_end(text)
        return self._html[text]

    def put(self, text: str, html: str | None) -> None:
        """Keep what is not in here yet."""
        self._html[text] = html
        self.bytes += _bytes(text, html)
        while self.bytes > self._limit:
            self.bytes -= _bytes(*self._html.popitem(last=False))


def _bytes(text: str, html: str | None) -> int:
    return ENTRY_BYTES + sys.getsizeof(text) + sys.getsizeof(html)
