"""Presence over all nodes: each says in Redis who is connected to it, for as long as it lives."""

import asyncio
from collections.abc import Iterable, Sequence

from adapters.persistence.redis import presence_scripts as scripts
from adapters.persistence.redis.contribution import NOBODY, Contribution
from adapters.redis.link import RedisAway, RedisLink
from application.ports.presence_board import NOTHING_UNSETTLED, PresenceBoard, Unsettled
from application.tasks import Tasks
from domain.ids import ConnectionId, RoomId, UserId

# Seconds after a return of Redis in which the other nodes find it, too, and say who is there.
RETURNING = 5.0

# How often a lease is renewed while it holds.
RENEWALS = 3

# How many are asked for at once, and for how long it is known that a node was taken for dead.
AT_ONCE, GRAVE_MS = 4000, 86_400_000


class RedisPresenceBoard(PresenceBoard):
    """`node` names this node, whose `lease` is in seconds; `local` keeps its connections. While
    Redis is away, the answers are those of `local`; only who was online elsewhere when Redis was
    asked last stays so. `buried` counts nodes that were found dead."""

    def __init__(self, link: RedisLink, node: str, lease: float, local: PresenceBoard) -> None:
        self.buried = 0
        self.contribution = Contribution(link, node, lease)
        self._link = link
        self._node = node
        self._lease = lease
        self._local = local
        self._unsettled = NOTHING_UNSETTLED
        self._found_elsewhere: set[str] = set()
        self._sees_all_from = 0.0
        self._nodes = link.key("nodes")
        self._sets = link.key("node", "")
        self._tasks = Tasks()

    async def open(self) -> None:
        self._link.on_return(self._returned)
        await self.contribution.rewrite()
        self._tasks.start(self._renew(), name="renew the lease")

    async def leave(self) -> None:
        """This node stops. Whoever is connected to it now, and does not come back to another one
        soon, is found to have gone by whoever finds this node dead."""
        await self.contribution.leave()

    async def close(self) -> None:
        await self._tasks.cancel()
        await self.contribution.withdraw()

    @property
    def sees_all(self) -> bool:
        is_written = self.contribution.is_told and not self._link.is_away
        return is_written and asyncio.get_running_loop().time() >= self._sees_all_from

    async def connect(self, user_id: UserId, connection_id: ConnectionId) -> bool:
        is_only = await self._local.connect(user_id, connection_id)
        # Asked before it is told: if they come to two nodes in the same moment, both say so,
        # which is better than neither.
        is_only = is_only and not await self._elsewhere("people", [user_id])
        await self._tell(user_id)
        return is_only

    async def disconnect(self, user_id: UserId, connection_id: ConnectionId) -> bool:
        rooms = await self._local.rooms_of(user_id, connection_id)
        was_last = await self._local.disconnect(user_id, connection_id)
        await self._tell(user_id, rooms)
        return was_last and not await self._elsewhere("people", [user_id])

    async def enter(self, room_id: RoomId, user_id: UserId, connection_id: ConnectionId) -> None:
        await self._local.enter(room_id, user_id, connection_id)
        await self._tell(user_id, [room_id])

    async def exit(self, room_id: RoomId, user_id: UserId, connection_id: ConnectionId) -> None:
        await self._local.exit(room_id, user_id, connection_id)
        await self._tell(user_id, [room_id])

    async def rooms_of(self, user_id: UserId, connection_id: ConnectionId) -> frozenset[RoomId]:
        return await self._local.rooms_of(user_id, connection_id)

    async def is_present(self, room_id: RoomId, user_id: UserId) -> bool:
        here = await self._local.is_present(room_id, user_id)
        return here or bool(await self._elsewhere("rooms", [_presence(room_id, user_id)]))

    async def online(self, user_ids: Iterable[UserId]) -> frozenset[UserId]:
        asked = frozenset(user_ids)
        here = await self._local.online(asked)
        elsewhere = await self._elsewhere("people", list(asked - here))
        if self._link.is_away:
            elsewhere |= self._found_elsewhere & (asked - here)
        else:
            self._found_elsewhere -= asked
            self._found_elsewhere |= elsewhere
        return here | {UserId(user_id) for user_id in elsewhere}

    async def unsettled(self) -> Unsettled:
        mine, self._unsettled = self._unsettled, NOTHING_UNSETTLED
        given = (self._node, self._sets, self._link.key("buried", ""), GRAVE_MS)
        try:
            dead = await self._link.run(scripts.BURY, [self._nodes], *given)
        except RedisAway:
            return mine
        self.buried += len(dead)
        gone = {who.decode() for people, _ in dead for who in people} - {NOBODY}
        gone -= self.contribution.people | await self._elsewhere("people", list(gone))
        left = {who.decode() for _, rooms in dead for who in rooms} - {NOBODY}
        left -= self.contribution.presences | await self._elsewhere("rooms", list(left))
        found = _unsettled(gone, left)
        return Unsettled(mine.people | found.people, mine.presences | found.presences)

    async def _tell(self, user_id: UserId, room_ids: Iterable[RoomId] = ()) -> None:
        await self.contribution.change(
            people={user_id: bool(await self._local.online([user_id]))},
            presences={
                _presence(room_id, user_id): await self._local.is_present(room_id, user_id)
                for room_id in room_ids
            },
        )

    async def _elsewhere(self, which: str, members: Sequence[str]) -> set[str]:
        """Those that stand in this set of another node which is alive."""
        found: set[str] = set()
        for start in range(0, len(members), AT_ONCE):
            some = members[start : start + AT_ONCE]
            given = (self._node, self._sets, which, *some)
            try:
                places = await self._link.run(scripts.ELSEWHERE, [self._nodes], *given)
            except RedisAway:
                break
            found.update(some[place - 1] for place in places)
        return found

    async def _returned(self) -> None:
        self._sees_all_from = asyncio.get_running_loop().time() + RETURNING
        await self.contribution.rewrite()

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._lease / RENEWALS)
            if await self.contribution.renew():
                # Others were told that everybody here has gone.
                self._unsettled = _unsettled(self.contribution.people, self.contribution.presences)


def _unsettled(people: Iterable[str], presences: Iterable[str]) -> Unsettled:
    pairs = [presence.partition(" ") for presence in presences]
    return Unsettled(
        frozenset(UserId(user_id) for user_id in people),
        frozenset((RoomId(room_id), UserId(user_id)) for room_id, _, user_id in pairs),
    )


def _presence(room_id: RoomId, user_id: UserId) -> str:
    return f"{room_id} {user_id}"
