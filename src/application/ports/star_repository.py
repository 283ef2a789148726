from collections.abc import Iterable
from typing import Protocol

from domain.ids import RoomId, UserId
from domain.star import Star


class StarRepository(Protocol):
    """Which messages people keep for themselves. Whether a message is there, and may be read, is
    for the caller to judge; when it is scrubbed or cleared, the log forgets its stars."""

    async def add(self, star: Star) -> None:
        """Silent when the person has starred the message already; the first time counts."""
        ...

    async def remove(self, user_id: UserId, room_id: RoomId, seq: int) -> None:
        """Silent when there is none."""
        ...

    async def list_of(
        self, user_id: UserId, *, before: Star | None = None, limit: int
    ) -> list[Star]:
        """The person's stars, the latest starred first, of one moment the larger room id first
        and then the larger seq; only those that follow after `before` in this order, whether
        that is still there or not."""
        ...

    async def starred(
        self, user_id: UserId, places: Iterable[tuple[RoomId, int]]
    ) -> frozenset[tuple[RoomId, int]]:
        """Those of the given messages, by room and seq, that the person has starred."""
        ...
