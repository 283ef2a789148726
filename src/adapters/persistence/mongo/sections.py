"""The sections of a store as collections: in which order their documents are read, and as what."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from adapters.persistence.mongo.calls import Calls
from adapters.persistence.mongo.documents import (
    membership_document,
    membership_id,
    membership_of,
    room_document,
    room_of,
    session_document,
    session_of,
    star_document,
    star_id,
    star_of,
    user_document,
    user_of,
)
from adapters.persistence.mongo.driver import Document
from adapters.persistence.mongo.indexes import (
    MEMBERSHIPS,
    MESSAGES,
    ROOMS,
    SESSIONS,
    STARS,
    USERS,
)
from adapters.persistence.mongo.messages import message_document, message_id, message_of
from application.ports.transfer import Account, Key, Record, Section
from domain.message import Message

BATCH = 1000  # Of the longest texts that are usual, 8 MB.


@dataclass(frozen=True, slots=True)
class Documents:
    """One section. Its documents come in the order of their ids, which are made of a key."""

    collection: str
    id_of: Callable[..., object]  # The parts of the key of this section.
    read: Callable[[Document], Record]
    write: Callable[[Any], Document]  # The record of this section.

    async def after(self, calls: Calls, key: Key | None) -> list[Document]:
        """The next ones, or the first."""
        query = {} if key is None else {"_id": {"$gt": self.id_of(*key)}}
        return await calls.find(self.collection, query, order={"_id": 1}, limit=BATCH)


def _itself(document_id: str) -> str:
    return document_id


def _account_of(document: Document) -> Account:
    return Account(user_of(document), document["password_hash"])


def _account_document(account: Account) -> Document:
    return user_document(account.user, account.password_hash)


def _message_of(document: Document) -> Message:
    return message_of(document, {})  # Names are not looked up: ids will do.


SECTIONS = {
    Section.ACCOUNTS: Documents(USERS, _itself, _account_of, _account_document),
    Section.ROOMS: Documents(ROOMS, _itself, room_of, room_document),
    Section.MEMBERSHIPS: Documents(MEMBERSHIPS, membership_id, membership_of, membership_document),
    Section.MESSAGES: Documents(MESSAGES, message_id, _message_of, message_document),
    Section.SESSIONS: Documents(SESSIONS, _itself, session_of, session_document),
    Section.STARS: Documents(STARS, star_id, star_of, star_document),
}
