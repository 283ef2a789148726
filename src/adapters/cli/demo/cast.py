"""Invented people. The same seed invents the same."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from faker import Faker

from domain.errors import InvalidField
from domain.names import LONGEST, Username
from domain.user import User

LOCALES = {"en": "en_US", "ru": "ru_RU", "uk": "uk_UA"}


@dataclass(frozen=True, slots=True)
class Character:
    username: str
    display_name: str
    language: str


@dataclass(frozen=True, slots=True, eq=False)
class Resident:
    """A character with an account."""

    character: Character
    user: User

    @property
    def username(self) -> str:
        return self.user.username.value

    @property
    def language(self) -> str:
        return self.character.language


def characters(chance: random.Random) -> Iterator[Character]:
    """No end of them, the languages in turn, no username twice."""
    fakers = {language: Faker(locale) for language, locale in LOCALES.items()}
    for faker in fakers.values():
        faker.seed_instance(chance.random())
    seen: set[str] = set()
    while True:
        for language, faker in fakers.items():
            person = _person(faker, language, chance.choice(("male", "female")))
            if person and person.username not in seen:
                seen.add(person.username)
                yield person


def _person(faker: Faker, language: str, gender: str) -> Character | None:
    """None where the invented name cannot be a username."""
    first = str(getattr(faker, f"first_name_{gender}")())
    last = str(getattr(faker, f"last_name_{gender}")())  # Виноградов, but Виноградова.
    username = "".join(c for c in f"{first}.{last}".lower() if c.isalpha() or c == ".")
    try:
        return Character(Username(username[:LONGEST]).value, f"{first} {last}", language)
    except InvalidField:
        return None
