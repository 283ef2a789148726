"""Which words stand in which posts, in memory."""

from adapters.persistence.memory.journal import Journal
from adapters.persistence.memory.tables import Tables
from domain.ids import RoomId, UserId
from domain.message import Kind, Message
from domain.search import Wanted, words_of


class WordIndex:
    """For each room and word, the seqs of the living posts that have it."""

    def __init__(self, tables: Tables, journal: Journal) -> None:
        self._tables = tables
        self._journal = journal

    def add(self, message: Message) -> None:
        index = self._tables.words[message.room_id]
        for word in _words(message):
            self._journal.put(index.setdefault(word, {}), message.seq, None)

    def drop(self, message: Message) -> None:
        index = self._tables.words[message.room_id]
        for word in _words(message):
            self._journal.drop(index[word], message.seq)

    def find(self, room_id: RoomId, wanted: Wanted) -> list[int]:
        """The posts with these words by this author, the latest first, whenever it was."""
        index = self._tables.words[room_id]
        whole = [*wanted.words, *([_by(wanted.author_id)] if wanted.author_id else [])]
        sets = [set(index.get(word, ())) for word in whole]
        for beginning in wanted.beginnings:
            begun = (posts for word, posts in index.items() if word.startswith(beginning))
            sets.append(set().union(*begun))
        found = set.intersection(*sets)
        return sorted(
            found.difference(*(index.get(word, ()) for word in wanted.without)), reverse=True
        )


def _words(message: Message) -> set[str]:
    if message.kind is not Kind.POSTED or message.deleted:
        return set()
    by = {_by(message.author.id)} if message.author else set()
    return by.union(words_of(message.text))


def _by(author_id: UserId) -> str:
    """What stands in the index for the author. No word begins like that."""
    return f"@{author_id}"
