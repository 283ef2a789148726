"""What settings are called: `limits.post_burst` in files, `BESEDKA_LIMITS__POST_BURST` in the
environment."""

from collections.abc import Iterable
from difflib import get_close_matches

from pydantic.fields import FieldInfo

from adapters.configuration.settings import Group, Settings

PREFIX = "BESEDKA_"

# What platforms set for every program they run. Ours wins where both are there.
USUAL = {
    "HOST": "host",
    "PORT": "port",
    "DATABASE_URL": "database_url",
    "REDIS_URL": "redis_url",
}


def _fields(group: type[Group], prefix: str = "") -> dict[str, FieldInfo]:
    found: dict[str, FieldInfo] = {}
    for name, field in group.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Group):
            found |= _fields(field.annotation, f"{prefix}{name}.")
        else:
            found[prefix + name] = field
    return found


# Every setting by its key, in the order of the code.
FIELDS = _fields(Settings)


def variable(key: str) -> str:
    """The name of the environment variable that sets this key."""
    return PREFIX + key.replace(".", "__").upper()


VARIABLES = {variable(key): key for key in FIELDS}


def nearest(name: str, known: Iterable[str]) -> str:
    """A question to end the sentence about an unknown name with, or nothing."""
    by_folded = {each.lower(): each for each in known}
    matches = get_close_matches(name.lower(), by_folded, n=1, cutoff=0.6)
    return f" Did you mean {by_folded[matches[0]]}?" if matches else ""
