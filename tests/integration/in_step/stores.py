"""All stores at once: whatever is done is done to each of them, and all must answer alike.

The first one is the model, because it is the plainest: memory.
"""

import asyncio
import contextlib
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from application.ports.message_log import KeyTaken
from application.ports.session_store import SessionStore
from application.ports.store import Store, Unit
from besedka_contracts.backend import Backend
from domain.errors import DomainError, Unavailable
from tests.integration.contract.conftest import BACKENDS

Call = Callable[..., Awaitable[Any]]  # Any: whatever the ports answer; it is only compared.


@dataclass(frozen=True)
class Deed:
    """A call with its arguments, which reads like one where a run that failed is printed."""

    call: Call
    given: tuple[tuple[str, Any], ...]

    def __call__(self, on: Unit | SessionStore) -> Awaitable[Any]:
        return self.call(on, **dict(self.given))

    def __repr__(self) -> str:
        return (
            f"{self.call.__name__}({', '.join(f'{name}={value!r}' for name, value in self.given)})"
        )

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:  # As hypothesis asks for it.
        printer.text(repr(self))


class Left(Exception):
    """A unit is left by this, as by anybody's mistake: nothing of it may remain."""


class AllStores:
    """Open from the beginning, on an event loop of their own, and empty."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._open = AsyncExitStack()
        self._backends: dict[str, Backend] = {}
        try:
            self._runner.run(self._enter())
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._runner.run(self._open.aclose())
        self._runner.close()

    def unit(self, deeds: Sequence[Deed], *, fails: bool) -> list[Any]:
        """One unit that does all of it, and is left by an exception if it `fails`. Refusals are
        answers, and it goes on after them."""
        return self._alike(deeds, lambda backend: _unit(backend.store, deeds, fails=fails))

    def view(self, deeds: Sequence[Deed]) -> list[Any]:
        return self._alike(deeds, lambda backend: _view(backend.store, deeds))

    def sessions(self, deed: Deed) -> Any:
        return self._alike([deed], lambda backend: _answers(backend.sessions, [deed]))

    def mistake(self, deed: Deed) -> None:
        """Whatever it is that is wrong about it, each store says so, at once or in the end."""
        for name, backend in self._backends.items():
            try:
                answer = self._runner.run(_unit(backend.store, [deed], fails=False))
            except RuntimeError:
                continue
            raise AssertionError(f"{name} took {deed} for right: {answer!r}")

    def _alike(self, deeds: Sequence[Deed], act: Callable[[Backend], Awaitable[list[Any]]]) -> Any:
        answers = self._runner.run(self._asked(act))
        (model, expected), *others = answers.items()
        for name, answer in others:
            for deed, wanted, got in zip(deeds, expected, answer, strict=False):
                assert got == wanted, f"{deed}\n{model}: {wanted!r}\n{name}: {got!r}"
            assert len(answer) == len(expected), f"{deeds}\n{model}: {expected}\n{name}: {answer}"
        return expected

    async def _asked(self, act: Callable[[Backend], Awaitable[list[Any]]]) -> dict[str, list[Any]]:
        asked = (act(backend) for backend in self._backends.values())
        answers = await asyncio.gather(*asked, return_exceptions=True)
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
        return dict(zip(self._backends, answers, strict=True))  # type: ignore[arg-type]  # raised

    async def _enter(self) -> None:
        directory = Path(self._open.enter_context(tempfile.TemporaryDirectory()))
        for name, backend in BACKENDS.items():
            self._backends[name] = await self._open.enter_async_context(backend(directory))


async def _unit(store: Store, deeds: Sequence[Deed], *, fails: bool) -> list[Any]:
    answers: list[Any] = []
    with contextlib.suppress(Left):
        async with store.unit() as unit:
            answers += await _answers(unit, deeds)
            if fails or KeyTaken in answers:
                raise Left
    return answers


async def _view(store: Store, deeds: Sequence[Deed]) -> list[Any]:
    async with store.view() as view:
        return await _answers(view, deeds)


async def _answers(on: Unit | SessionStore, deeds: Sequence[Deed]) -> list[Any]:
    """Nothing can be done any more in a unit that met a key that is taken."""
    answers: list[Any] = []
    for deed in deeds:
        try:
            answers.append(await deed(on))
        except Unavailable:
            raise
        except DomainError as refused:
            answers.append((type(refused), refused.code, refused.message))
        except KeyTaken:
            return [*answers, KeyTaken]
    return answers
