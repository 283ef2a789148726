"""Stars: what a person keeps for themselves."""

from dataclasses import dataclass
from datetime import datetime

from domain.ids import RoomId, UserId


@dataclass(frozen=True, slots=True)
class Star:
    """A person keeps a message, to find it again. Nobody else knows."""

    user_id: UserId
    room_id: RoomId
    seq: int
    starred_at: datetime
