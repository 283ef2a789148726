"""Identities: UUIDv7 in their canonical form, minted by the application, never by a database."""

import re
from typing import NewType

UserId = NewType("UserId", str)
RoomId = NewType("RoomId", str)
SessionId = NewType("SessionId", str)
ConnectionId = NewType("ConnectionId", str)

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def is_id(text: str) -> bool:
    """Whether it could be anybody's or anything's id. What could not, no store is asked for."""
    return _ID.fullmatch(text) is not None
