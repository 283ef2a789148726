from typing import Protocol


class PasswordHasher(Protocol):
    """A slow, salted hash. Both calls run off the event loop, a bounded number at once."""

    async def hash(self, password: str) -> str:
        """A self-describing hash: parameters and salt are in it."""
        ...

    def close(self) -> None:
        """Begin nothing more; what waits is called off."""
        ...

    async def verify(self, password: str, against: str | None) -> bool:
        """Whether the password has this hash. With None it takes as long and is False: nobody
        can tell by the time whether an account exists."""
        ...
