"""Storing posts, those of several rooms together: one look at everything concerned, one insert."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from application.access import grant
from application.ports.message_log import AuthorKey
from application.ports.store import Unit
from domain.errors import DomainError, InvalidField, KeyReused, UserDisabled
from domain.ids import RoomId, UserId
from domain.membership import Membership
from domain.message import Entry, Kind, Message
from domain.permissions import Permission
from domain.room import Room
from domain.text import mentioned_names
from domain.user import User


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody wants to say. `key` makes repeating it harmless."""

    author: User
    key: str
    text: str
    reply_to: int | None = None

    @property
    def identity(self) -> AuthorKey:
        return self.author.id, self.key


@dataclass(frozen=True, slots=True)
class Posted:
    """`duplicate`: the message was there already; nothing was stored or told now."""

    message: Message
    duplicate: bool = False


Outcome = Posted | DomainError


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of posts of one room: the outcome of each, in their order, and what is new in
    the room's log."""

    outcomes: list[Outcome] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)


async def store_posts(
    unit: Unit, posts: Mapping[RoomId, Sequence[Post]], at: datetime, *, some_repeated: bool
) -> dict[RoomId, Stored]:
    """A post that is refused does not hold up its neighbours. The unit raises `KeyTaken` when one
    of them was stored earlier: it must be undone and all of it tried again, with
    `some_repeated`. Most posts are new, so nobody looks for them before that."""
    places = [(room_id, post) for room_id, of_room in posts.items() for post in of_room]
    rooms = await unit.rooms.lock_many(posts)
    members = await unit.memberships.find_many({(room, post.author.id) for room, post in places})
    disabled = await _disabled(unit, rooms.values())
    # What was stored before somebody was disabled is there, though it would be refused now.
    keys = {post.identity for _, post in places} if some_repeated or disabled else ()
    known = await unit.log.find_by_keys(keys) if keys else {}
    stored = {}
    for room_id, of_room in posts.items():
        mentions = await _mentions(unit, room_id, of_room)
        of_people = {post.author.id: members.get((room_id, post.author.id)) for post in of_room}
        stored[room_id] = _receive(
            rooms.get(room_id), of_room, mentions, of_people, known, disabled, at
        )
    if new := [message for of_room in stored.values() for message in of_room.messages]:
        await unit.log.append(new)
        await unit.rooms.save_heads(
            [rooms[room_id] for room_id in stored if stored[room_id].messages]
        )
    return stored


def _receive(
    room: Room | None,
    posts: Sequence[Post],
    mentions: Sequence[tuple[UserId, ...]],
    members: Mapping[UserId, Membership | None],
    known: dict[AuthorKey, Message],
    disabled: Mapping[UserId, User],
    at: datetime,
) -> Stored:
    """Posts of one room. `known` messages are those that have one of the keys; what is received
    is known from then on."""
    stored = Stored()
    for post, mentioned in zip(posts, mentions, strict=True):
        try:
            access = grant(post.author, room, members[post.author.id])
            access.require(Permission.POST)
            if earlier := known.get(post.identity):
                stored.outcomes.append(_repeated(post, access.room, earlier))
                continue
            _require_reader(post.author, access.room, disabled)
            message = access.room.receive(_entry(post, access.room, mentioned), at=at)
        except DomainError as refusal:
            stored.outcomes.append(refusal)
            continue
        known[post.identity] = message
        stored.messages.append(message)
        stored.outcomes.append(Posted(message))
    return stored


def _entry(post: Post, room: Room, mentions: tuple[UserId, ...]) -> Entry:
    if post.reply_to is not None and not room.floor < post.reply_to <= room.head:
        raise InvalidField("reply_to", "is not a message of this room")
    return Entry(
        kind=Kind.POSTED,
        author=post.author.person,
        text=post.text,
        key=post.key,
        reply_to=post.reply_to,
        mentions=mentions,
    )


def _require_reader(author: User, room: Room, disabled: Mapping[UserId, User]) -> None:
    """What is said directly must have somebody to read it. Raises `UserDisabled`."""
    if not room.is_direct:
        return
    others = [user_id for user_id in room.direct_people if user_id != author.id]
    if others and all(user_id in disabled for user_id in others):
        raise UserDisabled(disabled[others[0]].username.value)


async def _disabled(unit: Unit, rooms: Iterable[Room]) -> dict[UserId, User]:
    """Those people of the direct rooms whose accounts are disabled."""
    people = {user_id for room in rooms for user_id in room.direct_people}
    users = await unit.users.list_by_id(people) if people else []
    return {user.id: user for user in users if user.is_disabled}


def _repeated(post: Post, room: Room, earlier: Message) -> Posted:
    if earlier.kind is not Kind.POSTED:  # It was what a command did.
        raise KeyReused
    changed_since = earlier.deleted or earlier.edited_at is not None
    if earlier.room_id != room.id or (earlier.text != post.text and not changed_since):
        raise KeyReused
    return Posted(earlier, duplicate=True)


async def _mentions(unit: Unit, room_id: RoomId, posts: Sequence[Post]) -> list[tuple[UserId, ...]]:
    """The members whom each post mentions."""
    names = [mentioned_names(post.text) for post in posts]
    every = frozenset().union(*names)
    ids = await unit.memberships.find_by_names(room_id, every) if every else {}
    return [tuple(sorted({ids[name] for name in of_post if name in ids})) for of_post in names]
