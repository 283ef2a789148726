"""What people might have said: texts of a vocabulary in which few words are frequent and most are
rare, as in any language (Zipf), and some words that are there as often as a search shall find them.
The same for every database and in every run."""

import random
from collections.abc import Iterator
from itertools import accumulate, islice, product

WORDS, WORDS_EACH = 30_000, 12

COMMON, COMMON_PART = "everyday", 0.9
RARE, RARE_EACH_ROOM = "seldom", 10
ABSENT = "unheard"
# Each of the two stands in every fourth text, and never with the other.
PARTED = ("sunshine", "moonlight")


def texts(room_size: int, seed: int) -> Iterator[str]:
    """The texts of a room, in the order of its log."""
    chance = random.Random(seed)
    vocabulary = words()
    weights = list(accumulate(1 / rank for rank in range(1, WORDS + 1)))
    every = max(1, room_size // RARE_EACH_ROOM)
    for number in range(room_size):
        said = chance.choices(vocabulary, cum_weights=weights, k=WORDS_EACH)
        if chance.random() < COMMON_PART:
            said[0] = COMMON
        if number % 4 in (0, 2):
            said[1] = PARTED[number % 4 // 2]
        if number % every == every // 2:
            said[2] = RARE
        yield " ".join(said)


def words() -> list[str]:
    """The vocabulary, the most frequent word first."""
    syllables = ["".join(pair) for pair in product("bcdfghjklmnprstvwz", "aeiou")]
    chance = random.Random(0)
    made = (
        "".join(chance.choices(syllables, k=chance.choice((2, 3, 3, 4)))) for _ in range(3 * WORDS)
    )
    return list(islice(dict.fromkeys(made), WORDS))
