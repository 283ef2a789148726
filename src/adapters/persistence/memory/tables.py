"""All that a store in memory holds: rows by their ids, and the indexes to find them."""

from collections import defaultdict
from dataclasses import dataclass, field

from domain.ids import RoomId, UserId
from domain.membership import Membership
from domain.message import Message
from domain.room import Room
from domain.star import Star
from domain.user import User


@dataclass(slots=True)
class Tables:
    """Entities in here belong to the store: they are copied on their way in and out."""

    users: dict[UserId, User] = field(default_factory=dict)
    password_hashes: dict[UserId, str] = field(default_factory=dict)
    usernames: dict[str, UserId] = field(default_factory=dict)
    site_owner: dict[str, UserId] = field(default_factory=dict)

    rooms: dict[RoomId, Room] = field(default_factory=dict)
    room_names: dict[str, RoomId] = field(default_factory=dict)
    direct_rooms: dict[str, RoomId] = field(default_factory=dict)

    members: defaultdict[RoomId, dict[UserId, Membership]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    rooms_of: defaultdict[UserId, dict[RoomId, Membership]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    logs: defaultdict[RoomId, dict[int, Message]] = field(default_factory=lambda: defaultdict(dict))
    # The first and the last seq of each log; with these, pages need no sorting.
    bounds: dict[RoomId, tuple[int, int]] = field(default_factory=dict)
    keys: dict[tuple[UserId, str], tuple[RoomId, int]] = field(default_factory=dict)
    changes: dict[tuple[RoomId, int], tuple[int, ...]] = field(default_factory=dict)
    words: defaultdict[RoomId, dict[str, dict[int, None]]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    # By their person; and by their room and seq, whose they are.
    stars: defaultdict[UserId, dict[tuple[RoomId, int], Star]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    starred_by: defaultdict[RoomId, dict[int, tuple[UserId, ...]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
