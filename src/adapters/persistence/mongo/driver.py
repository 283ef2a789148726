"""The two drivers as one. Motor has reached its end of life and is named in this file only.

Motor runs the blocking driver in threads, PyMongo's asynchronous client is its successor. They
have the same methods with the same meaning; what one awaits and the other does not is made equal
here, so that everything else is written once, in the types of PyMongo.
"""

import asyncio
import inspect
from typing import Any, Literal, cast

from pymongo import AsyncMongoClient
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.client_session_shared import TransactionOptions
from pymongo.errors import ConfigurationError, InvalidName

DriverName = Literal["motor", "pymongo"]
Document = dict[str, Any]  # What a document of BSON may hold is told by documents.py.
Client = AsyncMongoClient[Document]
Catalog = AsyncDatabase[Document]
Collection = AsyncCollection[Document]
Session = AsyncClientSession


class ClientRefused(Exception):
    """The driver does not understand what it was given, or not find a file that is named there."""


async def new_client(
    driver: DriverName,
    url: str,
    **options: Any,  # Of whatever type the driver documents them.
) -> Client:
    """Connects when it is first used. Raises `ClientRefused`, or what the driver raises."""
    try:
        return await _new_client(driver, url, options)
    except (ConfigurationError, InvalidName, ValueError, TypeError, OSError) as error:
        raise ClientRefused from error


async def _new_client(driver: DriverName, url: str, options: dict[str, Any]) -> Client:
    if driver == "pymongo":
        return AsyncMongoClient(url, **options)
    # Imported late: it is not installed where the other one was chosen.
    from motor.motor_asyncio import AsyncIOMotorClient

    # In a thread, because for mongodb+srv:// it asks the DNS at once.
    loop = asyncio.get_running_loop()
    return cast(Client, await asyncio.to_thread(AsyncIOMotorClient, url, io_loop=loop, **options))


async def new_session(client: Client, *, snapshot: bool) -> Session:
    session: Session = await _given(client.start_session(snapshot=snapshot))
    return session


async def begin(session: Session, options: TransactionOptions) -> None:
    """The server learns of it with the first operation."""
    await _given(
        session.start_transaction(
            options.read_concern, options.write_concern, options.read_preference
        )
    )


async def aggregate(
    collection: Collection,
    pipeline: list[Document],
    session: Session | None,
    **options: Any,  # As the driver documents them.
) -> list[Document]:
    cursor = await _given(collection.aggregate(pipeline, session=session, **options))
    documents: list[Document] = await cursor.to_list(None)
    return documents


async def close(client: Client) -> None:
    await _given(client.close())


async def _given(value: Any) -> Any:  # What one driver returns and the other one awaits.
    return await value if inspect.isawaitable(value) else value
