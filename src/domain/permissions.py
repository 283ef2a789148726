"""Who may do what in a room: one table, read by everything that asks."""

from enum import StrEnum


class Role(StrEnum):
    MEMBER = "member"
    MODERATOR = "moderator"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        return _LADDER.index(self)

    def above(self) -> "Role":
        """The next role up; the highest stays."""
        return _LADDER[min(self.rank + 1, len(_LADDER) - 1)]

    def below(self) -> "Role":
        """The next role down; the lowest stays."""
        return _LADDER[max(self.rank - 1, 0)]


class Permission(StrEnum):
    READ = "read"
    POST = "post"
    LEAVE = "leave"
    INVITE = "invite"
    SET_TOPIC = "set_topic"
    REMOVE_MEMBER = "remove_member"
    DELETE_ANY = "delete_any"
    CLEAR = "clear"
    CHANGE_ROLE = "change_role"
    RENAME = "rename"
    ARCHIVE = "archive"


_LADDER = (Role.MEMBER, Role.MODERATOR, Role.OWNER)

_MEMBER = frozenset({Permission.READ, Permission.POST, Permission.LEAVE, Permission.INVITE})
_MODERATOR = _MEMBER | {Permission.SET_TOPIC, Permission.REMOVE_MEMBER, Permission.DELETE_ANY}
_OWNER = frozenset(Permission)

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.MEMBER: _MEMBER,
    Role.MODERATOR: _MODERATOR,
    Role.OWNER: _OWNER,
}

# A direct room belongs to the people in it: nobody is added, removed, or above another.
DIRECT_PERMISSIONS = frozenset({Permission.READ, Permission.POST})


def may(role: Role, permission: Permission, *, direct: bool = False) -> bool:
    return permission in (DIRECT_PERMISSIONS if direct else PERMISSIONS[role])
