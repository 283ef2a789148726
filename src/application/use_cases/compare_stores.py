from application.moving.tally import Comparison, compare, tally
from application.ports.transfer import Movable
from application.use_cases.copy_store import Progress, Stage


class CompareStores:
    """An operator holds two stores against each other. Both are only read."""

    async def __call__(self, one: Movable, other: Movable, progress: Progress) -> list[Comparison]:
        """Raises `StoreUnusable`."""
        async with one.read() as first, other.read() as second:
            totals = [*(await first.totals()).values(), *(await second.totals()).values()]
            advance = progress(Stage.VERIFYING, sum(totals))
            return compare(
                await tally(first.records(), advance), await tally(second.records(), advance)
            )
