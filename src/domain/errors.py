"""Everything that can be refused, as one tree.

    DomainError
    ├── Invalid           a field, a frame or a command is wrong
    ├── Unauthenticated   nobody is signed in, or the credentials are wrong
    ├── Forbidden         signed in, but may not
    ├── NotFound          no such thing, or none that the asker may know of
    ├── Conflict          right in itself, but it collides with what is there
    ├── TooManyRequests   later; `retry_after` says when
    └── Unavailable       our fault; with `temporary` it may be repeated as it is

The second level is the *category*: adapters map categories, never leaves, to HTTP status,
socket errors and exit codes, so a new leaf needs no change outside the domain. Each leaf has a
stable `code` that programs may compare; the message is for people and may change.
"""

from enum import StrEnum
from typing import ClassVar


class Category(StrEnum):
    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    TOO_MANY_REQUESTS = "too_many_requests"
    UNAVAILABLE = "unavailable"


class DomainError(Exception):
    """The root. `field` names the wrong input where there is one; `retry_after` is in seconds."""

    category: ClassVar[Category]
    code: str
    field: str | None = None
    temporary: bool = False
    retry_after: float | None = None

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(DomainError):
    category = Category.INVALID


class Unauthenticated(DomainError):
    category = Category.UNAUTHENTICATED


class Forbidden(DomainError):
    category = Category.FORBIDDEN


class NotFound(DomainError):
    category = Category.NOT_FOUND


class Conflict(DomainError):
    category = Category.CONFLICT


class TooManyRequests(DomainError):
    category = Category.TOO_MANY_REQUESTS


class Unavailable(DomainError):
    category = Category.UNAVAILABLE


class InvalidField(Invalid):
    """`code` is `<field>_invalid` unless the field has finer codes of its own."""

    def __init__(self, field: str, reason: str, *, code: str | None = None) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason
        self.code = code or f"{field}_invalid"


class UnknownCommand(Invalid):
    code = "unknown_command"


class WrongArguments(Invalid):
    code = "wrong_arguments"


class NotSignedIn(Unauthenticated):
    code = "not_signed_in"

    def __init__(self) -> None:
        super().__init__("Sign in first.")


class WrongCredentials(Unauthenticated):
    """One message for a wrong name and a wrong password, so that names cannot be guessed."""

    code = "wrong_credentials"

    def __init__(self) -> None:
        super().__init__("The name or the password is wrong.")


class NotAMember(Forbidden):
    code = "not_a_member"

    def __init__(self) -> None:
        super().__init__("You are not a member of this room. Join it first.")


class PermissionDenied(Forbidden):
    code = "permission_denied"


class NotInDirect(Forbidden):
    code = "not_in_direct"

    def __init__(self) -> None:
        super().__init__("That does not exist in a direct conversation.")


class NotYourself(Forbidden):
    code = "not_yourself"

    def __init__(self) -> None:
        super().__init__("You cannot do that to yourself. Use /leave to go.")


class Outranked(Forbidden):
    code = "outranked"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has as high a role here as you, or a higher one.")


class NotByToken(Forbidden):
    """What a stolen token could entrench itself by, or lock its owner out."""

    code = "not_by_token"

    def __init__(self) -> None:
        super().__init__("A token may not do that. Sign in instead.")


class SetupLinkRequired(Forbidden):
    """The first account owns the site, so whoever comes first must not simply take it."""

    code = "setup_link_required"

    def __init__(self) -> None:
        super().__init__(
            "Nobody owns this server yet. Whoever runs it makes the first account by the setup "
            "link that it printed when it started."
        )


class RegistrationClosed(Forbidden):
    code = "registration_closed"

    def __init__(self) -> None:
        super().__init__("Nobody can register here. Ask whoever runs this server for an account.")


class RoomNotFound(NotFound):
    code = "room_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such room.")


class UserNotFound(NotFound):
    code = "user_not_found"

    def __init__(self, name: str = "") -> None:
        super().__init__(f"There is nobody called {name}." if name else "There is no such person.")


class MessageNotFound(NotFound):
    code = "message_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such message.")


class SessionNotFound(NotFound):
    code = "session_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such session.")


class TokenNotFound(NotFound):
    code = "token_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such token.")


class UsernameTaken(Conflict):
    code = "username_taken"
    field = "username"

    def __init__(self, name: str) -> None:
        super().__init__(f"Somebody is already called {name}.")


class RoomNameTaken(Conflict):
    code = "room_name_taken"
    field = "name"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is already a room called {name}.")


class KeyReused(Conflict):
    """The key of a post came back with another text or for another room: a bug in the client."""

    code = "key_reused"
    field = "key"

    def __init__(self) -> None:
        super().__init__("This key was used before, for another message.")


class AlreadyAMember(Conflict):
    code = "already_a_member"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is already a member of this room.")


class LastOwner(Conflict):
    code = "last_owner"

    def __init__(self) -> None:
        super().__init__("A room needs an owner. Promote somebody else first.")


class UserDisabled(Conflict):
    """Their name is known from what they said, so it is said why nothing reaches them."""

    code = "user_disabled"

    def __init__(self, name: str) -> None:
        super().__init__(f"The account of {name} is disabled.")


class SiteNeedsOwner(Conflict):
    code = "site_needs_owner"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} owns this server. Make somebody else its owner first.")


class TooManyTokens(Conflict):
    code = "too_many_tokens"

    def __init__(self, most: int) -> None:
        super().__init__(f"You have {most} tokens. End one that is not needed any more.")


class RateLimited(TooManyRequests):
    code = "rate_limited"
    temporary = True

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"Too fast. Try again in {max(1, round(retry_after))} s.")
        self.retry_after = retry_after


class StoreUnavailable(Unavailable):
    """The store did not answer. A post may or may not be in it: repeat it with the same key."""

    code = "store_unavailable"
    temporary = True
    retry_after = 1.0

    def __init__(self, detail: str = "") -> None:
        super().__init__("The store does not answer. Try again in a moment.")
        self.detail = detail


class RoomHeld(StoreUnavailable):
    """Another node has held a room, or one of several, for longer than one waits. The store itself
    is well."""


class Overloaded(Unavailable):
    code = "overloaded"
    temporary = True
    retry_after = 1.0

    def __init__(self) -> None:
        super().__init__("Too much is waiting to be stored. Try again in a moment.")


class ShuttingDown(Unavailable):
    code = "shutting_down"
    temporary = True
    retry_after = 1.0

    def __init__(self) -> None:
        super().__init__("The server is restarting. Try again in a moment.")
