"""The notifier of one node among several. Redis pub/sub forgets what nobody hears, and so may we:
the logs are the truth, and whoever could not be heard for a while is asked there."""

import logging
from collections.abc import Callable

from adapters.notifier.in_process import InProcessNotifier
from adapters.notifier.redis.channels import Channels
from adapters.notifier.redis.incoming import Incoming
from adapters.notifier.redis.outgoing import Outgoing
from adapters.notifier.redis.payload import Foreign, OurOwn, Unreadable, decode, encode
from adapters.redis.link import RedisLink
from application.ports.notifier import Listener, Notifier
from domain.events import Event, PeopleMissed, RoomsMissed
from domain.ids import RoomId

_log = logging.getLogger(__name__)


class RedisNotifier(Notifier):
    """`node` is this node's id, `epoch` asks for the life of the store: what is told of another
    one, because two sites share a Redis and a prefix by mistake, is not for us.

    Local listeners are told at once, as if there was no Redis. Counted: `received`, `malformed`
    (what no node of this site sends, or not like this), `foreign` (told of another store).
    """

    def __init__(self, link: RedisLink, node: str, epoch: Callable[[], str]) -> None:
        self.received = 0
        self.malformed = 0
        self.foreign = 0
        self._node = node
        self._epoch = epoch
        self._local = InProcessNotifier()
        self._channels = Channels(link)
        self.outgoing = Outgoing(link, self._channels, self._encoded)
        self._incoming = Incoming(link, self._heard, self._confirmed)

    async def open(self) -> None:
        self._incoming.want(self._channels.people)
        self._incoming.open()
        self.outgoing.open()

    async def close(self) -> None:
        await self.outgoing.close()
        await self._incoming.close()

    def publish(self, event: Event) -> None:
        self._local.publish(event)
        self.outgoing.put(event)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        return self._local.subscribe(listener)

    def follow(self, room_id: RoomId) -> None:
        self._incoming.want(self._channels.of_room(room_id))

    def unfollow(self, room_id: RoomId) -> None:
        self._incoming.want_no_more(self._channels.of_room(room_id))

    def _encoded(self, event: Event) -> bytes:
        return encode(event, epoch=self._epoch(), node=self._node)

    def _heard(self, channel: str, payload: bytes) -> None:
        room_id = self._channels.room_of(channel)
        try:
            event = decode(payload, epoch=self._epoch(), node=self._node, room_id=room_id)
        except OurOwn:
            pass  # Told to everybody here when it was published.
        except Foreign:
            self.foreign += 1
        except Unreadable:
            self.malformed += 1
            if self.malformed == 1:
                _log.warning("Redis delivered on %s what is no event; it is ignored", channel)
        else:
            self.received += 1
            self._local.publish(event)

    def _confirmed(self, channel: str) -> None:
        room_id = self._channels.room_of(channel)
        self._local.publish(PeopleMissed() if room_id is None else RoomsMissed((room_id,)))
