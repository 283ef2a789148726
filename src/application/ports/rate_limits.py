from enum import StrEnum
from typing import Protocol


class Action(StrEnum):
    POST = "post"
    SIGN_IN = "sign_in"
    SIGN_IN_TO_ACCOUNT = "sign_in_to_account"
    SIGN_IN_FROM_ADDRESS = "sign_in_from_address"
    REGISTER = "register"
    CHANGE_ROOMS = "change_rooms"
    SEARCH = "search"
    TYPE = "type"


class RateLimits(Protocol):
    """How often each action may be done, by whom. The limits themselves are configuration."""

    async def require(self, action: Action, key: str) -> None:
        """Count one action of `key` (a person or an address). Raises `RateLimited`, which says
        when the next one is allowed; a refused action does not count."""
        ...
