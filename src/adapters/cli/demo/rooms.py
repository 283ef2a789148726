"""Rooms that people of a small town might make: a name and a topic each, in three languages."""

from collections.abc import Iterator
from itertools import count

_THEMES = (
    ("garden", "What grows, what blooms, and who has seeds to spare"),
    ("кухня", "Рецепты, ужины и споры о борще"),
    ("книги", "Що читаємо цього тижня"),
    ("office", "The printer works again. For now."),
    ("велосипед", "Маршруты, ремонт, выезды по субботам"),
    ("music", "Concerts, records, and a band that needs a drummer"),
    ("подорожі", "Куди поїхати і як дістатися"),
    ("chess", "One game a day, three days a move"),
    ("котики", "Фотографии с понедельника по пятницу, в выходные тоже"),
    ("films", "No spoilers before Sunday"),
    ("город", "Новости двора и улицы"),
    ("кава", "Зерна, помел, температура"),
)


def themes() -> Iterator[tuple[str, str]]:
    """No end of names and topics; the second time around the names have numbers."""
    for turn in count(1):
        for name, topic in _THEMES:
            yield (name if turn == 1 else f"{name}-{turn}"), topic
