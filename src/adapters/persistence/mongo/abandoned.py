"""Transactions of nodes that died in them. MongoDB notices nothing: for a minute it would keep
what they have locked, and nobody could post in that room."""

import time

import pymongo

from adapters.persistence.mongo.driver import Client, Document
from adapters.persistence.mongo.errors import DATABASE_ERRORS

APP_NAME = "besedka"

# After so long without a word a transaction is taken for abandoned, in seconds. One that lives says
# something every few milliseconds; if it is only slow, it begins again.
_SILENCE = 2.0
# How often it is looked, in seconds, and how long that may take.
_INTERVAL = 0.5


class Abandoned:
    def __init__(self, client: Client) -> None:
        self._client = client
        self._looked = 0.0

    async def end(self) -> None:
        """End those that there are, for somebody who finds a room locked again and again. Silent
        where it cannot be done: then the server does it, after its minute."""
        now = time.monotonic()
        if now - self._looked < _INTERVAL:
            return
        self._looked = now
        try:
            with pymongo.timeout(_INTERVAL):
                if sessions := await self._sessions():
                    await self._client.admin.command("killSessions", sessions)
        except DATABASE_ERRORS:
            pass

    async def _sessions(self) -> list[Document]:
        """Our own user's alone: that needs no privilege, and others are none of our business."""
        silent = {
            "type": "idleSession",
            "appName": APP_NAME,
            "transaction.timeInactiveMicros": {"$gte": round(_SILENCE * 1_000_000)},
        }
        answer = await self._client.admin.command(
            {
                "aggregate": 1,
                "pipeline": [
                    {"$currentOp": {"allUsers": False, "idleSessions": True}},
                    {"$match": silent},
                ],
                "cursor": {},
            }
        )
        return [{"id": each["lsid"]["id"]} for each in answer["cursor"]["firstBatch"]]
