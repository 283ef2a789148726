"""The kinds of values that a setting may have beyond numbers and choices. What is wrong with one
is said as "must …", and never by repeating it: a URL may hold a password."""

import re
from ipaddress import ip_network
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator

from domain.errors import InvalidField
from domain.names import RoomName

REDIS_SCHEMES = ("redis", "rediss", "unix")


def stripped(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def lowered(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def not_a_truth(value: object) -> object:
    """`port = true` is a slip, though Python would count it as 1."""
    if isinstance(value, bool):
        raise ValueError  # Worded by `allowed`, as any other text that is no number.
    return value


def _or_none(value: object) -> object:
    return None if value == "" else value


def _database_url(value: str) -> str:
    # Which schemes there are is for the container to know.
    if not re.match(r"[a-z][a-z0-9+]*://", value):
        raise ValueError("must be the address of a store, as sqlite:///var/besedka.db or memory://")
    return value


def _redis_url(value: str | None) -> str | None:
    if value is not None and value.partition("://")[0] not in REDIS_SCHEMES:
        raise ValueError("must start with redis://, rediss:// or unix://, or be empty")
    return value


def _redis_prefix(value: str) -> str:
    if not re.fullmatch(r"[!-~]{1,64}", value):
        raise ValueError("must be 1 to 64 printable ASCII characters without spaces")
    return value


def _public_url(value: str | None) -> str | None:
    if value is None:
        return None
    url = _split(value.rstrip("/"))
    if url is None or url.scheme not in {"http", "https"} or not url.hostname:
        raise ValueError("must be like https://chat.example.org, or empty")
    if url.path or url.query or url.fragment or url.username is not None:
        raise ValueError("must be a scheme and a host only, like https://chat.example.org")
    return f"{url.scheme}://{url.netloc.lower()}"


def _split(value: str) -> SplitResult | None:
    try:
        url = urlsplit(value)
        _ = url.port  # Raises for one that is no number.
    except ValueError:
        return None
    return url


def _networks(value: object) -> object:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list | tuple):
        raise ValueError("must be a list of addresses and networks")
    return tuple(_network(each) for each in value)


def _network(value: object) -> str:
    try:
        return str(ip_network(str(value)))
    except ValueError as error:
        raise ValueError(
            f"must be addresses or networks like 10.0.0.0/8, separated by commas; {error}"
        ) from None


def _welcome_room(value: str) -> str:
    if not value:
        return value
    try:
        return RoomName(value).value
    except InvalidField as error:
        raise ValueError(f"must be the name of a room, or empty: it {error.reason}") from None


def _token(value: str) -> str:
    if value and not re.fullmatch(r"[!-~]{16,256}", value):
        raise ValueError("must be 16 to 256 printable ASCII characters without spaces, or empty")
    return value


DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
RedisUrl = Annotated[str | None, BeforeValidator(_or_none), AfterValidator(_redis_url)]
RedisPrefix = Annotated[str, AfterValidator(_redis_prefix)]
PublicUrl = Annotated[str | None, BeforeValidator(_or_none), AfterValidator(_public_url)]
Networks = Annotated[tuple[str, ...], BeforeValidator(_networks)]
Token = Annotated[str, BeforeValidator(stripped), AfterValidator(_token)]
WelcomeRoom = Annotated[str, AfterValidator(_welcome_room)]
