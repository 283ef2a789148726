"""What must be true before a database is used, and what to do if it is not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pymongo
from pymongo.errors import (
    ConnectionFailure,
    OperationFailure,
    PyMongoError,
)

from adapters.persistence.mongo.connection import Connection
from adapters.persistence.mongo.driver import ClientRefused, Document
from adapters.persistence.mongo.errors import (
    AUTHENTICATION_FAILED,
    SNAPSHOT_TOO_OLD,
    UNAUTHORIZED,
    said,
)
from adapters.persistence.mongo.indexes import INDEXES, SITE, VERSION
from application.ports.store import StoreUnusable
from domain.errors import StoreUnavailable

THE_SITE = {"_id": "besedka"}

_OLDEST_WIRE_VERSION = 13  # MongoDB 5.0, the first whose sessions can look at one moment.


@asynccontextmanager
async def refusing(name: str) -> AsyncIterator[None]:
    """What the database says inside, as `StoreUnusable` with the name and what to do. Nobody
    else's errors: not those of a source that is read meanwhile."""
    try:
        yield
    except StoreUnavailable as error:
        cause = error.__cause__
        known = _what_is_wrong(cause) if isinstance(cause, PyMongoError) else None
        raise StoreUnusable(f"{name} {known or f'does not answer: {error.detail}.'}") from error
    except PyMongoError as error:
        raise StoreUnusable(f"{name} {_what_is_wrong(error)}") from error
    except ClientRefused as error:
        # Without what it says of the URL: that may be a piece of the password.
        raise StoreUnusable(
            f"{name} cannot be used: the driver does not understand the URL. Correct its port, its "
            "options, and its password, in which special characters are written as %40."
        ) from error


def checked_server(hello: Document) -> None:
    """Whether a server that says this of itself can have transactions. Raises `StoreUnusable`."""
    if hello.get("maxWireVersion", 0) < _OLDEST_WIRE_VERSION:
        raise StoreUnusable("runs on a MongoDB older than 5.0. Upgrade it to 5.0 or a later one.")
    if "setName" not in hello and hello.get("msg") != "isdbgrid":
        raise StoreUnusable(
            "is on a standalone server, which has no transactions. Start it as a replica set of "
            "one: mongod --replSet rs0, then once in mongosh: rs.initiate()"
        )


async def checked_connection(connection: Connection, name: str) -> None:
    """Raises `StoreUnusable`, or what the driver raises."""
    try:
        with pymongo.timeout(connection.timeout):
            checked_server(await connection.client.admin.command("hello"))
    except StoreUnusable as error:
        raise StoreUnusable(f"{name} {error.reason}") from None


async def checked_site(connection: Connection, name: str) -> Document | None:
    """What the database says of itself: None, if it is empty. Raises `StoreUnusable` if somebody
    else uses it, or a newer version of this program did."""
    # The names first: who sees what another node has just begun must also find its site.
    found = await connection.catalog.list_collection_names()
    names = [name for name in found if not name.startswith("system.")]
    calls = connection.calls()
    site = await calls.find_one(SITE, THE_SITE)
    if site is None:
        for collection in names:
            is_ours = collection == SITE or collection in INDEXES
            if not is_ours or await calls.find_one(collection, {}) is not None:
                raise StoreUnusable(
                    f"{name} is a database of another program: there is a collection "
                    f"{collection}. Name another database in the URL."
                )
    elif not isinstance(site.get("version"), int) or site["version"] > VERSION:
        raise StoreUnusable(
            f"{name} was written by a newer version of Besedka. Install that version."
        )
    return site


def _what_is_wrong(error: PyMongoError) -> str:
    code = error.code if isinstance(error, OperationFailure) else None
    if code == AUTHENTICATION_FAILED:
        return (
            "refuses the user or the password. If the user was created in another database, add "
            "its name, as in ?authSource=admin"
        )
    if code == UNAUTHORIZED:
        return f"does not let this user in: {said(error)}. Give the user the role readWrite on it."
    if code == SNAPSHOT_TOO_OLD:
        return (
            "has forgotten the moment that was being read. Raise the server's parameter "
            "minSnapshotHistoryWindowInSeconds, and begin again."
        )
    if isinstance(error, ConnectionFailure) and "RSGhost" in str(error):
        return "is on a replica set that was not begun. Run once in mongosh: rs.initiate()"
    if isinstance(error, ConnectionFailure) or error.timeout:
        return f"cannot be reached: {said(error)}. Start it, or correct the URL."
    return f"cannot be opened: {said(error)}."
