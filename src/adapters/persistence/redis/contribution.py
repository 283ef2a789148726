"""What one node contributes to what all nodes know: who is connected to it, and has which room
open there. It holds as long as the node renews its lease."""

import asyncio
import contextlib
from collections.abc import Iterable
from itertools import islice

from adapters.persistence.redis import presence_scripts as scripts
from adapters.redis.link import Command, RedisAway, RedisLink

# A node that stops leaves its people behind for so long: they come back elsewhere, and nobody
# sees them go. Seconds.
LEAVING = 10.0

# The sets outlive a lease, so that who buries the node finds them. Leases.
SETS_LAST = 20

# Members in one command.
AT_ONCE = 1000

# Stands in each set, because Redis has no empty ones: what is not there was lost.
NOBODY = ""


class Contribution:
    """`people` and `presences` ("room user") are what is so now. Redis is told of each change,
    and of all of it when it may have forgotten; `rewrites` counts that. Nothing here raises."""

    def __init__(self, link: RedisLink, node: str, lease: float) -> None:
        self.people: set[str] = set()
        self.presences: set[str] = set()
        self.rewrites = 0
        self.is_told = False
        self._link = link
        self._node = node
        self._lease = lease
        self._has_left = False
        # One after another, or what was so last is not what is written last.
        self._writing = asyncio.Lock()
        self._people_key = link.key("node", node, "people")
        self._presences_key = link.key("node", node, "rooms")
        self._keys = [
            link.key("nodes"),
            self._people_key,
            self._presences_key,
            link.key("buried", node),
        ]

    async def change(self, *, people: dict[str, bool], presences: dict[str, bool]) -> None:
        """These are here now, and those are not."""
        async with self._writing:
            commands = [
                *_changes(self._people_key, self.people, people),
                *_changes(self._presences_key, self.presences, presences),
            ]
            if self._has_left or not commands:
                return
            commands.append(("ZSCORE", self._keys[0], self._node))
            try:
                *_, lease = await self._link.ask_all(commands, as_one=True)
            except RedisAway:
                return  # All of it is written when Redis is back.
            if lease is None:
                await self._write_all()

    async def renew(self) -> bool:
        """True if others had taken this node for dead. Then they were told so."""
        async with self._writing:
            if self._has_left:
                return False
            try:
                found = await self._link.run(scripts.RENEW, self._keys, *self._lasting(self._lease))
            except RedisAway:
                return False
            if found != b"renewed":
                await self._write_all()
            return bool(found == b"buried")

    async def rewrite(self) -> None:
        """Redis may have forgotten it."""
        async with self._writing:
            if not self._has_left:
                await self._write_all()

    async def leave(self) -> None:
        """Say no more. What was said last holds for a while."""
        async with self._writing:
            if not self._has_left:
                self._has_left = True
                with contextlib.suppress(RedisAway):
                    lasting = self._lasting(min(LEAVING, self._lease))
                    await self._link.run(scripts.RENEW, self._keys, *lasting)

    async def withdraw(self) -> None:
        """Nothing of it holds any more. After `leave` it still does."""
        async with self._writing:
            if self._has_left:
                return
            self._has_left = True
            with contextlib.suppress(RedisAway):
                nodes, *own = self._keys
                await self._link.ask_all([("ZREM", nodes, self._node), ("DEL", *own)])

    async def _write_all(self) -> None:
        self.rewrites += 1
        self.is_told = False
        given: Command = (len(self._keys), *self._keys, *self._lasting(self._lease))
        commands: list[Command] = [
            ("DEL", *self._keys[1:]),
            *_added(self._people_key, self.people),
            *_added(self._presences_key, self.presences),
            ("EVAL", scripts.BEGIN.text, *given),
        ]
        with contextlib.suppress(RedisAway):
            await self._link.ask_all(commands, as_one=True)
            self.is_told = True

    def _lasting(self, lease: float) -> tuple[str, int, int]:
        milliseconds = int(lease * 1000)
        return self._node, milliseconds, max(milliseconds, int(self._lease * 1000)) * SETS_LAST


def _changes(key: str, members: set[str], given: dict[str, bool]) -> list[Command]:
    commands: list[Command] = []
    for member, is_here in given.items():
        if is_here and member not in members:
            members.add(member)
            commands.append(("SADD", key, member))
        elif not is_here and member in members:
            members.discard(member)
            commands.append(("SREM", key, member))
    return commands


def _added(key: str, members: Iterable[str]) -> list[Command]:
    rest = iter([NOBODY, *members])
    return [("SADD", key, *some) for some in iter(lambda: list(islice(rest, AT_ONCE)), [])]
