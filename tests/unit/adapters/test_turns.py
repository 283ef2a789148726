"""Marking up takes turns with everything else."""

import asyncio
from collections.abc import Iterable
from itertools import count

import pytest

from adapters.markup import html
from adapters.markup.html import MOST_STEPS, steps_taken, to_html
from adapters.markup.renderings import Renderings
from adapters.markup.turns import SLICE, at_once, in_turns


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "_renderings", Renderings(1024 * 1024))


def costly(number: int) -> list[str]:
    """Texts that each cost about as much as a text may."""
    return [f"{each} " + "*a* " * 230 for each in range(number)]


async def rendered(texts: Iterable[str]) -> list[str | None]:
    return [each async for each in in_turns(to_html, texts)]


class Loop:
    """Counts the passes of the event loop, and the most work that was done in one."""

    def __init__(self) -> None:
        self.passes = 0
        self.most = 0

    async def watch(self) -> None:
        before = steps_taken()
        for self.passes in count():
            await asyncio.sleep(0)
            self.most = max(self.most, steps_taken() - before)
            before = steps_taken()


async def watched(*works: Iterable[str]) -> Loop:
    loop = Loop()
    watching = asyncio.create_task(loop.watch())
    await asyncio.gather(*map(rendered, works))
    watching.cancel()
    return loop


async def test_all_come_out_in_their_order() -> None:
    texts = ["plain", *costly(5), "*marked*", "plain again"]

    assert await rendered(texts) == [to_html(text) for text in texts]
    assert await rendered([]) == []


async def test_a_costly_page_lets_others_have_their_turns() -> None:
    loop = await watched(costly(20))

    assert loop.passes >= 10
    assert loop.most <= SLICE + MOST_STEPS


async def test_many_pages_at_once_hold_the_loop_no_longer_than_one() -> None:
    loop = await watched(*(costly(3) for _ in range(10)), ["*cheap*"])

    assert loop.most <= SLICE + MOST_STEPS


async def test_every_page_gets_on() -> None:
    """The last to ask is not served after all pages of the others."""
    long = [f"a{text}" for text in costly(20)]
    first = asyncio.create_task(rendered(long))
    second = asyncio.create_task(rendered(costly(2)))

    await second

    assert not first.done()
    await first


async def test_what_costs_nothing_waits_for_nothing() -> None:
    texts = costly(5)
    await rendered(texts)

    loop = await watched(texts * 20, ["plain"] * 1_000)

    assert loop.passes <= 4
    assert loop.most == 0


async def test_little_work_is_done_at_once_and_much_is_begun() -> None:
    before = steps_taken()

    assert at_once(to_html, ["*cheap*", "plain"])
    assert not at_once(to_html, costly(20))

    assert steps_taken() - before <= SLICE + MOST_STEPS
    assert at_once(to_html, costly(1))
