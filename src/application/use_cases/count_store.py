from dataclasses import dataclass

from application.ports.transfer import Movable, Section
from domain.room import Visibility


@dataclass(frozen=True, slots=True)
class Counts:
    """`people`: all accounts. `rooms`: those that are not archived. `messages`: all that the logs
    hold, service messages and changes too. `sessions`: those that the store has, tokens among them.
    `size` is in bytes."""

    people: int
    rooms: dict[Visibility, int]
    messages: int
    sessions: int
    size: int | None


class CountStore:
    """The operator sees how much there is in a store, at one moment. It is only read, and whoever
    writes to it goes on."""

    async def __call__(self, store: Movable) -> Counts:
        """Raises `StoreUnusable`."""
        async with store.read() as snapshot:
            totals = await snapshot.totals()
            return Counts(
                people=totals[Section.ACCOUNTS],
                rooms=await snapshot.rooms(),
                messages=totals[Section.MESSAGES],
                sessions=totals[Section.SESSIONS],
                size=await snapshot.size(),
            )
