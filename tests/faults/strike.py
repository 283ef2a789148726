"""What a fault is to a run: it strikes a crowd as often as its dose says, and tells what it saw
beyond the history, and what was not as promised."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from tests.faults.crowd import Crowd
from tests.faults.history import Fault, Over


@dataclass
class Outcome:
    """`facts` for the table; `failures`, a line each, of what should not have been."""

    facts: dict[str, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.failures.append(otherwise)


class Strike(Protocol):
    name: str

    @property
    def dose(self) -> str: ...

    async def strike(self, crowd: Crowd) -> Outcome: ...


@asynccontextmanager
async def suffering(crowd: Crowd, name: str, *nodes: str) -> AsyncIterator[None]:
    crowd.history.record(Fault(name, frozenset(nodes)))
    yield
    crowd.history.record(Over(name))
