"""Many who ask the store the same kind of thing at the same time are answered by one look.

As posts that arrive while a commit is in flight form the next batch, so do questions: when
thousands come back at once, the store is asked for hundreds of them together. Who comes alone is
looked up alone, and waits for nobody.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")

# How many are answered together. Each of them goes on when the answer is there, and nobody else
# has a turn until all have.
AT_ONCE = 64


class Gathering(Generic[Question, Answer]):
    """`look` answers several questions together, in their order, or raises for all of them."""

    def __init__(self, look: Callable[[Sequence[Question]], Awaitable[Sequence[Answer]]]) -> None:
        self._look = look
        self._turn = asyncio.Lock()
        self._coming = _Batch[Question, Answer]()

    async def ask(self, question: Question) -> Answer:
        """What a look says that begins after this was called: whatever was committed before is
        in it. When a look for several fails, each is looked up alone: what is wrong with one, or
        takes too long for many, is no trouble of the others. Raises what that raises."""
        batch = self._coming
        place = len(batch.questions)
        batch.questions.append(question)
        if len(batch.questions) == AT_ONCE:
            self._coming = _Batch()
        while not batch.is_over:
            if batch.has_looker:
                await batch.changed.wait()
            else:
                await self._answer(batch)
        if not batch.has_failed:
            return batch.answers[place]
        return (await self._look([question]))[0]

    async def _answer(self, batch: "_Batch[Question, Answer]") -> None:
        batch.has_looker = True
        try:
            async with self._turn:
                await asyncio.sleep(0)  # A crowd comes in one tick of the event loop.
                if batch is self._coming:  # Who comes from now on belongs to the next.
                    self._coming = _Batch()
                batch.answers = await self._look(batch.questions)
                batch.is_over = True
        except Exception:
            batch.is_over = batch.has_failed = True
            if len(batch.questions) == 1:
                raise
        finally:
            batch.has_looker = False
            batch.changed.set()
            batch.changed = asyncio.Event()


class _Batch(Generic[Question, Answer]):
    """Questions that are answered together. One of those who ask is the looker; the others wait
    until that has `changed`, and if the looker was cancelled, one of them is the next."""

    def __init__(self) -> None:
        self.questions: list[Question] = []
        self.answers: Sequence[Answer] = ()
        self.has_failed = False
        self.is_over = False
        self.has_looker = False
        self.changed = asyncio.Event()
