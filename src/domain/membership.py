"""Membership: what a person is in one room, and how far they have read there."""

from dataclasses import dataclass
from datetime import datetime

from domain.ids import RoomId, UserId
from domain.permissions import Role


@dataclass(slots=True, kw_only=True)
class Membership:
    """`read` is the last seq the person has seen. `present` is what the log last told of them:
    `arrived` without `departed` since. It lives in the store, so that nothing is told twice,
    whichever node they come to and whatever was restarted meanwhile."""

    room_id: RoomId
    user_id: UserId
    joined_at: datetime
    role: Role = Role.MEMBER
    read: int = 0
    present: bool = False

    def mark_read(self, seq: int, *, head: int) -> bool:
        """Move the read position, only ever forward and never past the log. True if it moved."""
        read = max(self.read, min(seq, head))
        moved = read != self.read
        self.read = read
        return moved
