"""What makes a unit in memory atomic: every change goes through here and can be put back.

Tables are dictionaries whose values are never changed in place, so the value that a key had
before is all there is to remember; a unit costs what it changes, however large the tables are.
"""

from typing import Any, TypeVar

from domain.ids import RoomId

K = TypeVar("K")
V = TypeVar("V")

_ABSENT = object()


class Journal:
    """The changes of one unit. A spent or read-only journal refuses to write."""

    def __init__(self, *, writable: bool) -> None:
        self._writable = writable
        self._spoiled = False
        self._locked: set[RoomId] = set()
        # Tables of all types of keys and values, each with the key and what was there before.
        self._before: list[tuple[dict[Any, Any], Any, Any]] = []

    def put(self, table: dict[K, V], key: K, value: V) -> None:
        self._remember(table, key)
        table[key] = value

    def drop(self, table: dict[K, V], key: K) -> None:
        """Silent when the key is absent."""
        self._remember(table, key)
        table.pop(key, None)

    def spoil(self) -> None:
        """From now on the unit can only be left by an exception, as in a database that has given
        the transaction up."""
        self._spoiled = True

    def require_writable(self) -> None:
        if not self._writable:
            raise RuntimeError("This is a view, or a unit that has ended: nothing can be written.")

    def lock(self, room_id: RoomId) -> None:
        """The unit has the whole store to itself; this only remembers that it was asked for."""
        self.require_writable()
        self._locked.add(room_id)

    def require_locked(self, room_id: RoomId) -> None:
        """What was read before the lock may be old: storing it would undo somebody's change."""
        self.require_writable()
        if room_id not in self._locked:
            raise RuntimeError(f"Room {room_id} is not locked in this unit.")

    def commit(self) -> None:
        if self._spoiled:
            self.undo()
            raise RuntimeError("The unit failed before; it must be left by the exception.")
        self._writable = False

    def undo(self) -> None:
        """Put everything back, the last change first."""
        self._writable = False
        for table, key, value in reversed(self._before):
            if value is _ABSENT:
                table.pop(key, None)
            else:
                table[key] = value

    def _remember(self, table: dict[K, V], key: K) -> None:
        self.require_writable()
        self._before.append((table, key, table.get(key, _ABSENT)))
