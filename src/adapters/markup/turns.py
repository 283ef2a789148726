"""Marking up takes its turns with everything else that the event loop has to do.

A page of texts that were not rendered lately may take a second. Whoever renders many of them
holds the loop for a slice of the work only, and nobody renders between: however many pages are
asked for at once, the loop is free after each slice, and each page gets on.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from typing import TypeVar
from weakref import WeakKeyDictionary

from adapters.markup.html import steps_taken

# Steps of the parser after which somebody else has a turn: a few milliseconds.
SLICE = 30_000

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

# One for each event loop, and so for each thread that has one.
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


async def in_turns(
    render: Callable[[_Item], _Result], items: Iterable[_Item]
) -> AsyncIterator[_Result]:
    """`render(item)` for each, in their order. What costs nothing is done without waiting."""
    turn = _turns.setdefault(asyncio.get_running_loop(), asyncio.Lock())
    waiting = list(reversed(list(items)))
    while waiting:
        async with turn:
            begun, done = steps_taken(), list[_Result]()
            while waiting and steps_taken() - begun < SLICE:
                done.append(render(waiting.pop()))
            if steps_taken() > begun:
                await asyncio.sleep(0)
        for result in done:
            yield result


def at_once(render: Callable[[_Item], object], items: Iterable[_Item]) -> bool:
    """Render them now, as far as one slice goes. Whether that were all."""
    begun = steps_taken()
    for item in items:
        if steps_taken() - begun >= SLICE:
            return False
        render(item)
    return True
