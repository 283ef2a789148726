"""Posting what a programme says: in its order, and as many lines at once as the order allows."""

import asyncio
import uuid
from collections.abc import Iterable

from adapters.cli.demo.cast import Resident
from adapters.cli.demo.programme import Programme, Spoken
from adapters.cli.progress import Advance
from application.chat import Chat
from application.posting import Posted

# Lines of one room on their way: enough to fill its batches.
AT_ONCE = 100


async def tell(chat: Chat, programme: Programme, visitor: Resident, advance: Advance) -> None:
    """Returns when all of it is posted, edited and deleted, and the visitor has read their part."""
    narrator = _Narrator(chat, programme, advance)
    last = await narrator.say(programme.read)
    if last:
        await chat.mark_read(visitor.user, room_id=programme.room_id, seq=last.seq)
    await narrator.say(programme.new)


class _Narrator:
    def __init__(self, chat: Chat, programme: Programme, advance: Advance) -> None:
        self._chat = chat
        self._room_id = programme.room_id
        self._advance = advance
        self._free = asyncio.Semaphore(AT_ONCE)

    async def say(self, lines: Iterable[Spoken]) -> Spoken | None:
        """Returns the last of them."""
        line = None
        posting: dict[Spoken, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as tasks:
            for line in lines:
                # A reply needs the number of what it replies to; nothing else has to wait.
                if line.to in posting:
                    await posting[line.to]
                    posting.clear()  # They were posted in order: what is before has a number too.
                await self._free.acquire()
                # Tasks start in the order in which they are made, and so do the posts.
                posting[line] = tasks.create_task(self._live(line))
        return line

    async def _live(self, line: Spoken) -> None:
        try:
            await self._post(line)
        finally:
            self._free.release()
        self._advance()

    async def _post(self, line: Spoken) -> None:
        author = line.author.user
        posted = await self._chat.post_message(
            author,
            room_id=self._room_id,
            key=uuid.uuid4().hex,  # Not by the seed: the same key twice would be the same post.
            text=line.earlier or line.text,
            reply_to=line.to.seq if line.to else None,
        )
        assert isinstance(posted, Posted)  # /me is the only command that they know.
        line.seq = posted.message.seq
        if line.earlier:
            await self._chat.edit_message(
                author, room_id=self._room_id, seq=line.seq, text=line.text
            )
        if line.gone:
            await self._chat.delete_message(author, room_id=self._room_id, seq=line.seq)
