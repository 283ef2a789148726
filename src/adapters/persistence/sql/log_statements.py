"""The statements of the message log, built once; SQLAlchemy keeps their compiled text."""

from typing import Any

from sqlalchemy import BindParameter, Select, Text, and_, bindparam, delete, insert, select, update

from adapters.persistence.sql.messages import LIVING_POST, messages_from
from adapters.persistence.sql.schema import Id, Seq, mentions, messages, stars
from adapters.persistence.sql.statements import given
from domain.message import CHANGES, Kind

Statement = Select[Any]  # Rows as `message_of` reads them.

_ROOM: BindParameter[str] = bindparam("room")
_PLACE: BindParameter[int] = bindparam("place")
_LIMIT: BindParameter[int] = bindparam("limit")
_IN_ROOM = messages.c.room_id == _ROOM
_HERE = messages.c.seq == _PLACE
_NO_CHANGE = and_(*(messages.c.kind != kind.value for kind in sorted(CHANGES)))

_keys = given("author_keys", author_id=Id, key=Text())
_places = given("places", room_id=Id, seq=Seq)
_is_there = and_(messages.c.room_id == _places.c.room_id, messages.c.seq == _places.c.seq)
_has_key = and_(messages.c.author_id == _keys.c.author_id, messages.c.key == _keys.c.key)

MESSAGE = messages_from(messages)
FIND = MESSAGE.where(_IN_ROOM, _HERE)
BY_KEYS = messages_from(_keys.join(messages, _has_key))
AT_PLACES = messages_from(_places.join(messages, _is_there))
BEFORE = (
    MESSAGE.where(_IN_ROOM, messages.c.seq < _PLACE, _NO_CHANGE)
    .order_by(messages.c.seq.desc())
    .limit(_LIMIT)
)
REPLAY = MESSAGE.where(_IN_ROOM, messages.c.seq > _PLACE).order_by(messages.c.seq).limit(_LIMIT)
AFTER = REPLAY.where(_NO_CHANGE)

APPEND = insert(messages)
# The same for PostgreSQL, which takes many rows faster as one value than one after the other.
_new = given("new", **{column.name: column.type for column in messages.c})
APPEND_ALL = insert(messages).from_select(list(messages.c.keys()), select(_new))
_new_mentions = given("new_mentions", **{column.name: column.type for column in mentions.c})
MENTION = insert(mentions).from_select(list(mentions.c.keys()), select(_new_mentions))
EDIT = (
    update(messages)
    .where(_IN_ROOM, _HERE, LIVING_POST)
    .values(
        text=bindparam("new_text"),
        mentions=bindparam("new_mentions"),
        edited_at=bindparam("new_edited_at"),
    )
)
SCRUB = (
    update(messages)
    .where(_IN_ROOM, _HERE, LIVING_POST)
    .values(text="", mentions=None, deleted=True)
)
SCRUB_EDITS = (
    update(messages)
    .where(_IN_ROOM, messages.c.target == _PLACE, messages.c.kind == Kind.EDITED.value)
    .values(text="", mentions=None)
)
CLEAR = delete(messages).where(_IN_ROOM, messages.c.seq <= _PLACE)
CLEAR_MENTIONS = delete(mentions).where(mentions.c.room_id == _ROOM, mentions.c.seq <= _PLACE)
FORGET_MENTIONS = delete(mentions).where(mentions.c.room_id == _ROOM, mentions.c.seq == _PLACE)
CLEAR_STARS = delete(stars).where(stars.c.room_id == _ROOM, stars.c.seq <= _PLACE)
FORGET_STARS = delete(stars).where(stars.c.room_id == _ROOM, stars.c.seq == _PLACE)
