"""Whether a client masks what it sends, as it must (RFC 6455, §5.1): bytes that a page may choose
would else go over the line as they are, and a proxy could take them for a request. aiohttp's
parser reads them either way."""

_MASKED = 0x80
_LENGTH = 0x7F
_MASK_BYTES = 4
# The bytes of the length that follow the first two, by what these say.
_MORE_OF_LENGTH = {126: 2, 127: 8}
_LONGEST_HEAD = 10


class Masks:
    """Follows where frames begin, in whatever pieces they come."""

    __slots__ = ("_head", "_is_missed", "_left")

    def __init__(self) -> None:
        self._head = b""  # What has come of a head that is not whole.
        self._left = 0  # The bytes that are still to come of a frame.
        self._is_missed = False

    def count_masked(self, data: bytes) -> int:
        """How many of these bytes, which follow all that were given before, there are before the
        first frame without a mask: all of them as long as there is none, and none after it."""
        if self._is_missed:
            return 0
        at, end = 0, len(data)
        while end - at > self._left:
            at += self._left
            self._left = 0
            head = self._head + data[at : at + _LONGEST_HEAD - len(self._head)]
            if len(head) >= 2 and not head[1] & _MASKED:
                self._is_missed = True
                return at
            size = _size(head)
            if size is None:
                self._head = head
                return end
            self._left = size - len(self._head)
            self._head = b""
        self._left -= end - at
        return end


def _size(head: bytes) -> int | None:
    """Of the whole frame; None until that can be said."""
    if len(head) < 2:
        return None
    length = head[1] & _LENGTH
    more = _MORE_OF_LENGTH.get(length, 0)
    if len(head) < 2 + more:
        return None
    if more:
        length = int.from_bytes(head[2 : 2 + more], "big")
    return 2 + more + _MASK_BYTES + length
