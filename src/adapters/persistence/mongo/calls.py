"""What can be said to the database, all of it within one session."""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo import ReturnDocument, UpdateOne

from adapters.persistence.mongo.driver import Catalog, Document, Session, aggregate

Query = Mapping[str, Any]  # As MongoDB defines it.
_ALL_AT_ONCE = 100_000  # Else the first hundred come alone, and the rest with another journey.


class Calls:
    """Each call is one journey to the server and back. Without a session, each is a transaction
    of its own. They raise what the driver raises."""

    def __init__(self, catalog: Catalog, session: Session | None) -> None:
        self._catalog = catalog
        self._session = session

    async def find(
        self,
        collection: str,
        query: Query,
        *,
        fields: Query | None = None,
        order: Mapping[str, int] | None = None,
        limit: int = 0,
        index: str | None = None,
    ) -> list[Document]:
        """All that there are, or the first `limit`."""
        cursor = self._catalog[collection].find(
            query,
            fields,
            sort=order,
            limit=limit,
            batch_size=_ALL_AT_ONCE,
            hint=index,
            session=self._session,
        )
        return await cursor.to_list(None)

    async def find_one(
        self, collection: str, query: Query, fields: Query | None = None
    ) -> Document | None:
        return await self._catalog[collection].find_one(query, fields, session=self._session)

    async def aggregate(
        self,
        collection: str,
        stages: list[Document],
        **options: Any,  # hint
    ) -> list[Document]:
        return await aggregate(self._catalog[collection], stages, self._session, **options)

    async def count(self, collection: str, query: Query, **options: Any) -> int:  # hint, limit
        found = await self._catalog[collection].count_documents(
            query, session=self._session, **options
        )
        return int(found)

    async def insert(self, collection: str, documents: Sequence[Document]) -> None:
        if len(documents) == 1:
            await self._catalog[collection].insert_one(documents[0], session=self._session)
        else:
            await self._catalog[collection].insert_many(documents, session=self._session)

    async def update(self, collection: str, query: Query, changes: Query) -> bool:
        """Whether there was a document to change."""
        result = await self._catalog[collection].update_one(query, changes, session=self._session)
        return bool(result.matched_count)

    async def update_all(self, collection: str, query: Query, changes: Query) -> None:
        await self._catalog[collection].update_many(query, changes, session=self._session)

    async def update_each(self, collection: str, changes: Sequence[tuple[Query, Query]]) -> None:
        """Each change to the one document of its query."""
        each = [UpdateOne(query, change) for query, change in changes]
        if each:
            await self._catalog[collection].bulk_write(each, session=self._session)

    async def take(
        self, collection: str, query: Query, changes: Query, fields: Query
    ) -> Document | None:
        """Change a document, and get it as it is then."""
        return await self._catalog[collection].find_one_and_update(
            query,
            changes,
            fields,
            return_document=ReturnDocument.AFTER,
            session=self._session,
        )

    async def delete(self, collection: str, query: Query) -> int:
        """How many there were."""
        result = await self._catalog[collection].delete_many(query, session=self._session)
        return int(result.deleted_count)
