"""Sessions of browsers in Redis. Only digests of their secrets are kept, here as everywhere.

session:{digest}     hash: the session
session-id:{id}      string: its digest
sessions-of:{user}   set: the digests of a person's sessions
sessions-seen        sorted set: digest -> when it was last seen, in ms
sessions-ending      sorted set: digest -> when it expires, in ms
sessions-ended       sorted set: id -> when it was ended, in s; gone when nobody was for a while
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.persistence.redis import session_scripts as scripts
from adapters.redis.link import Command, RedisAway, RedisLink, Script
from application.ports.session_store import REMEMBERED, SessionStore
from domain.errors import StoreUnavailable
from domain.ids import SessionId, UserId
from domain.session import Session

# What expires is forgotten by `forget_over`; should nobody do that, Redis does, so much later.
LEFT_OVER = timedelta(days=1)


class RedisSessionStore(SessionStore):
    """Tokens are meant to last, so they go to `durable`; and what is not found here is looked for
    there, sessions included that began before they were kept in Redis."""

    def __init__(self, link: RedisLink, durable: SessionStore) -> None:
        self._link = link
        self._durable = durable
        self._indexes = [link.key("sessions-seen"), link.key("sessions-ending")]
        self._ended = link.key("sessions-ended")

    async def add(self, session: Session) -> None:
        if session.is_token or session.expires_at is None:
            await self._durable.add(session)
            return
        lasts = session.expires_at - session.created_at + LEFT_OVER
        seen, ending = self._indexes
        key, by_id = self._key(session.digest), self._id_key(session.id)
        milliseconds = int(lasts / timedelta(milliseconds=1))
        await self._ask_all(
            [
                ("HSET", key, *_fields(session)),
                ("PEXPIRE", key, milliseconds),
                ("SET", by_id, session.digest, "PX", milliseconds),
                ("SADD", self._person_key(session.user_id), session.digest),
                ("ZADD", seen, _milliseconds(session.seen_at), session.digest),
                ("ZADD", ending, _milliseconds(session.expires_at), session.digest),
            ]
        )

    async def find_many(self, digests: Collection[str]) -> dict[str, Session | None]:
        asked = list(digests)
        try:
            here = dict(zip(asked, await self._read(asked), strict=True))
        except StoreUnavailable:
            # A token is none of Redis's business, and neither is a secret that nobody knows: but
            # that it is not known can only be said by both.
            durable = await self._durable.find_many(asked)
            if found := {digest: session for digest, session in durable.items() if session}:
                return {**found}
            raise
        rest = [digest for digest, session in here.items() if session is None]
        return here | (await self._durable.find_many(rest) if rest else {})

    async def list_by_id(self, session_ids: Iterable[SessionId]) -> list[Session]:
        asked = set(session_ids)
        durable = await self._durable.list_by_id(asked)
        rest = list(asked - {session.id for session in durable})
        if not rest:
            return durable
        digests = await self._ask("MGET", *map(self._id_key, rest))
        return durable + await self._there([digest.decode() for digest in digests if digest])

    async def touch(self, session_id: SessionId, seen_at: datetime) -> None:
        digest = await self._ask("GET", self._id_key(session_id))
        if digest is None:
            await self._durable.touch(session_id, seen_at)
            return
        keys = [self._key(digest.decode()), *self._indexes]
        await self._run(scripts.TOUCH, keys, digest, _milliseconds(seen_at))

    async def list_of(self, user_id: UserId) -> list[Session]:
        digests = await self._ask("SMEMBERS", self._person_key(user_id))
        sessions = await self._there([digest.decode() for digest in digests])
        sessions += await self._durable.list_of(user_id)
        return sorted(sessions, key=lambda session: (session.seen_at, session.id), reverse=True)

    async def end(self, user_id: UserId, session_ids: list[SessionId]) -> list[SessionId]:
        asked = list(dict.fromkeys(session_ids))
        if not asked:
            return []
        keys = [self._person_key(user_id), *self._indexes, self._ended]
        names = (self._key(""), self._id_key(""))
        ended = await self._run(scripts.END, keys, REMEMBERED.seconds, *names, *asked)
        there = {SessionId(each.decode()) for each in ended}
        there.update(await self._durable.end(user_id, asked))
        return [session_id for session_id in asked if session_id in there]

    async def list_ended(self) -> list[SessionId]:
        ended = await self._ask("ZRANGE", self._ended, "0", "-1")
        return [SessionId(each.decode()) for each in ended] + await self._durable.list_ended()

    async def forget_over(self, *, expired: datetime, idle: datetime) -> int:
        times = (_milliseconds(expired), _milliseconds(idle))
        names = (self._key(""), self._id_key(""), self._person_key(""))
        forgotten = int(await self._run(scripts.FORGET_OVER, self._indexes, *times, *names))
        return forgotten + await self._durable.forget_over(expired=expired, idle=idle)

    async def _there(self, digests: list[str]) -> list[Session]:
        return [session for session in await self._read(digests) if session]

    async def _read(self, digests: list[str]) -> list[Session | None]:
        if not digests:
            return []
        rows = await self._ask_all([("HMGET", self._key(each), *_NAMES) for each in digests])
        return [_session(*pair) for pair in zip(digests, rows, strict=True)]

    def _key(self, digest: str) -> str:
        return self._link.key("session", digest)

    def _id_key(self, session_id: str) -> str:
        return self._link.key("session-id", session_id)

    def _person_key(self, user_id: str) -> str:
        return self._link.key("sessions-of", user_id)

    async def _ask(self, *command: str) -> Any:  # Any: each command has its own answer.
        try:
            return await self._link.ask(*command)
        except RedisAway as error:
            raise StoreUnavailable("Redis is away") from error

    async def _ask_all(self, commands: list[Command]) -> list[Any]:
        try:
            return await self._link.ask_all(commands, as_one=True)
        except RedisAway as error:
            raise StoreUnavailable("Redis is away") from error

    async def _run(
        self, script: Script, keys: list[str], *arguments: str | bytes | int
    ) -> Any:  # Any: as the script returns it.
        try:
            return await self._link.run(script, keys, *arguments)
        except RedisAway as error:
            raise StoreUnavailable("Redis is away") from error


_NAMES = ("id", "user", "device", "created", "seen", "expires")


def _fields(session: Session) -> tuple[str | int, ...]:
    assert session.expires_at is not None
    return (
        *("id", session.id, "user", session.user_id, "device", session.device),
        *("created", _milliseconds(session.created_at), "seen", _milliseconds(session.seen_at)),
        *("expires", _milliseconds(session.expires_at)),
    )


def _session(digest: str, row: list[bytes | None]) -> Session | None:
    if None in row:
        return None
    session_id, user_id, device, *times = (value.decode() for value in row if value is not None)
    created_at, seen_at, expires_at = (_time(int(each)) for each in times)
    return Session(
        id=SessionId(session_id),
        digest=digest,
        user_id=UserId(user_id),
        device=device,
        created_at=created_at,
        seen_at=seen_at,
        expires_at=expires_at,
    )


def _milliseconds(time: datetime) -> int:
    return (time - _EPOCH) // timedelta(milliseconds=1)


def _time(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
