"""Invented people and what they say, in three languages. The same seed invents the same."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from faker import Faker

from domain.errors import InvalidField
from domain.names import LONGEST, Username

LOCALES = ("en_US", "ru_RU", "uk_UA")

# What the web client draws: emphasis, code, quotes, lists, links; half of all talk has none.
_FORMS: tuple[Callable[[str, str], str], ...] = (
    lambda first, rest: f"**{first}** {rest}",
    lambda first, rest: f"{rest} _{first}_",
    lambda first, rest: f"`{first}` {rest}",
    lambda first, rest: f"> {rest}\n\n{first}!",
    lambda first, rest: f"{rest}\n\n- {first}\n- {rest.split()[0]}",
    lambda first, rest: f"{rest}\n\n```\n{first} = 42\n```",
    lambda first, rest: f"{rest} https://example.org/{len(rest)}",
)


@dataclass(frozen=True, slots=True)
class Character:
    username: str
    display_name: str
    locale: str


class Cast:
    """Invents people and their words."""

    def __init__(self, seed: int | None) -> None:
        self.chance = random.Random(seed)
        self._fakers = {locale: Faker(locale) for locale in LOCALES}
        for faker in self._fakers.values():
            faker.seed_instance(self.chance.random())

    def people(self) -> Iterator[Character]:
        """No end of them, the languages in turn, no username twice."""
        seen: set[str] = set()
        while True:
            for locale, faker in self._fakers.items():
                person = _person(faker, locale, self.chance.choice(("male", "female")))
                if person and person.username not in seen:
                    seen.add(person.username)
                    yield person

    def says(self, who: Character, *, to: str | None = None) -> str:
        """Something in their language, at times marked up; `to` is the username to mention."""
        faker = self._fakers[who.locale]
        text = str(faker.sentence(nb_words=self.chance.randint(3, 16)))
        if self.chance.random() < 0.2:
            text = f"{text} {faker.sentence()}"
        if self.chance.random() < 0.3:
            first, _, rest = text.partition(" ")
            text = self.chance.choice(_FORMS)(first.rstrip(".").lower(), rest or text)
        return f"@{to} {text}" if to else text


def _person(faker: Faker, locale: str, gender: str) -> Character | None:
    """None where the invented name cannot be a username."""
    first = str(getattr(faker, f"first_name_{gender}")())
    last = str(getattr(faker, f"last_name_{gender}")())  # Виноградов, but Виноградова.
    username = "".join(c for c in f"{first}.{last}".lower() if c.isalpha() or c == ".")
    try:
        return Character(Username(username[:LONGEST]).value, f"{first} {last}", locale)
    except InvalidField:
        return None
