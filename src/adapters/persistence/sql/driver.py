"""What a transaction needs of a driver's connection."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

Arguments = Sequence[Any]  # Whatever the driver can bind.


class Driver(Protocol):
    """A connection that is in a transaction from `begin` to `commit` or `rollback`. It raises its
    own `errors`. Whoever is cancelled while they wait for it must not use it again."""

    errors: tuple[type[Exception], ...]
    made_at: float  # On the event loop's clock.

    @property
    def is_lost(self) -> bool:
        """Whether nothing will ever be answered again."""
        ...

    @property
    def has_begun(self) -> bool:
        """Whether there is a transaction to commit or to roll back."""
        ...

    async def begin(self) -> None: ...

    async def rows(self, text: str, arguments: Arguments) -> Iterable[Iterable[Any]]:
        """All that a statement finds."""
        ...

    async def change(self, text: str, arguments: Arguments) -> int:
        """How many rows it changed; -1 if it is not a statement that changes rows."""
        ...

    async def change_by_each(self, text: str, many: Sequence[Arguments]) -> None:
        """The statement, with each of the arguments in turn."""
        ...

    async def change_soon(self, text: str, many: Sequence[Arguments]) -> None:
        """The same, at the latest before the next statement or the commit. They raise what is
        wrong with it. What is to be changed soon may be changed in any order."""
        ...

    async def insert_all(
        self, table: str, columns: Sequence[str], rows: Sequence[Arguments]
    ) -> None:
        """Insert many rows, whose values stand in the order of the columns, the fastest way."""
        ...

    async def commit(self) -> None: ...

    async def rollback(self) -> None: ...

    async def close(self) -> None:
        """In a time that is bounded. What is not committed is undone."""
        ...
