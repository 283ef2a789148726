"""The sections of a store as tables: in which order their rows are read, and as what."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Select, Table, bindparam, literal, select, tuple_

from adapters.persistence.sql import schema
from adapters.persistence.sql.messages import message_of
from adapters.persistence.sql.prepared import AnyRow
from adapters.persistence.sql.rows import (
    membership_of,
    room_of,
    session_of,
    star_of,
    user_of,
)
from application.ports.transfer import Account, Key, Record, Section

BATCH = 1000  # Of the longest texts that are usual, 8 MB.


@dataclass(frozen=True, slots=True)
class Rows:
    """One section. Rows come in the order of `key`, which is the table's primary key."""

    table: Table
    key: tuple[Column[Any], ...]
    read: Callable[[AnyRow], Record]
    columns: tuple[Any, ...]

    def first(self) -> Select[Any]:
        return select(*self.columns).order_by(*self.key).limit(BATCH)

    def after(self) -> Select[Any]:
        """Takes the parts of the last key as `key_0`, `key_1`."""
        last = tuple_(
            *(bindparam(f"key_{n}", type_=column.type) for n, column in enumerate(self.key))
        )
        return self.first().where(tuple_(*self.key) > last)

    def values(self, key: Key) -> dict[str, str | int]:
        return {f"key_{n}": part for n, part in enumerate(key)}


def _rows(table: Table, read: Callable[[AnyRow], Record], *more: Any) -> Rows:
    return Rows(table, tuple(table.primary_key.columns), read, (*table.c, *more))


def _account_of(row: AnyRow) -> Account:
    return Account(user_of(row), row.password_hash)


# Whose names `message_of` reads beside a message. Here they are not looked up: ids will do.
_NO_NAMES = tuple(literal("").label(f"name_{position}") for position in range(4))

SECTIONS = {
    Section.ACCOUNTS: _rows(schema.users, _account_of),
    Section.ROOMS: _rows(schema.rooms, room_of),
    Section.MEMBERSHIPS: _rows(schema.memberships, membership_of),
    Section.MESSAGES: _rows(schema.messages, message_of, *_NO_NAMES),
    Section.SESSIONS: _rows(schema.sessions, session_of),
    Section.STARS: _rows(schema.stars, star_of),
}
