"""People: who they are, and what they may do on the whole site."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.errors import InvalidField
from domain.ids import UserId
from domain.names import Username
from domain.text import DISPLAY_NAME_LENGTH, checked_line


class SiteRole(StrEnum):
    OWNER = "owner"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Person:
    """A user as others see them beside a message."""

    id: UserId
    username: str
    display_name: str


@dataclass(slots=True, kw_only=True)
class User:
    """An account. The password's hash is not part of it, so that it cannot leak with it."""

    id: UserId
    username: Username
    display_name: str
    created_at: datetime
    email: str | None = None
    site_role: SiteRole = SiteRole.MEMBER
    disabled_at: datetime | None = None

    @property
    def person(self) -> Person:
        return Person(self.id, self.username.value, self.display_name)

    @property
    def is_site_owner(self) -> bool:
        return self.site_role is SiteRole.OWNER

    @property
    def is_disabled(self) -> bool:
        return self.disabled_at is not None

    def call_themselves(self, display_name: str) -> None:
        self.display_name = checked_display_name(display_name)


def checked_display_name(value: str) -> str:
    return checked_line("display_name", value, longest=DISPLAY_NAME_LENGTH, required=True)


def checked_email(value: str) -> str | None:
    """An address that could be one; only sending to it would prove it. Blank means none."""
    email = checked_line("email", value, longest=254)
    if email and not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", email):
        raise InvalidField("email", "is not an e-mail address")
    return email or None
