"""Storing a batch of posts of one room: one look at everything concerned, one insert."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from application.access import grant
from application.ports.store import Unit
from domain.errors import DomainError, InvalidField, KeyReused
from domain.ids import RoomId, UserId
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
    def identity(self) -> tuple[UserId, str]:
        return self.author.id, self.key


@dataclass(frozen=True, slots=True)
class Posted:
    """`duplicate`: the message was there already; nothing was stored or told now."""

    message: Message
    duplicate: bool = False


Outcome = Posted | DomainError


async def store_posts(
    unit: Unit, room_id: RoomId, posts: Sequence[Post], at: datetime
) -> tuple[list[Outcome], list[Message]]:
    """The outcome of each post, in their order, and the new messages. A post that is refused
    does not hold up its neighbours. Raises `KeyTaken` when another node was faster: the unit
    must be undone and all of it tried again."""
    room = await unit.rooms.lock(room_id)
    members = await unit.memberships.find_many(room_id, {post.author.id for post in posts})
    known = await unit.log.find_by_keys({post.identity for post in posts})
    names = [mentioned_names(post.text) for post in posts]
    ids = await _ids_of(unit, room_id, frozenset().union(*names))

    outcomes: list[Outcome] = []
    new: list[Message] = []
    for post, mentioned in zip(posts, names, strict=True):
        try:
            grant(post.author, room, members.get(post.author.id)).require(Permission.POST)
            earlier = known.get(post.identity)
            if earlier:
                outcomes.append(_repeated(post, room, earlier))
                continue
            mentions = sorted({ids[name] for name in mentioned if name in ids})
            message = room.receive(_entry(post, room, tuple(mentions)), at=at)
        except DomainError as refusal:
            outcomes.append(refusal)
            continue
        known[post.identity] = message
        new.append(message)
        outcomes.append(Posted(message))
    if new:
        await unit.log.append(new)
        await unit.rooms.save(room)
    return outcomes, new


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


def _repeated(post: Post, room: Room, earlier: Message) -> Posted:
    changed_since = earlier.deleted or earlier.edited_at is not None
    if earlier.room_id != room.id or (earlier.text != post.text and not changed_since):
        raise KeyReused
    return Posted(earlier, duplicate=True)


async def _ids_of(unit: Unit, room_id: RoomId, names: frozenset[str]) -> dict[str, UserId]:
    return await unit.memberships.find_by_names(room_id, names) if names else {}
