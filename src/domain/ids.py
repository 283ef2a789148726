"""Identities: UUIDv7 in their canonical form, minted by the application, never by a database."""

from typing import NewType

UserId = NewType("UserId", str)
RoomId = NewType("RoomId", str)
SessionId = NewType("SessionId", str)
ConnectionId = NewType("ConnectionId", str)
