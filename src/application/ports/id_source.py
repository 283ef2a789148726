from typing import Protocol


class IdSource(Protocol):
    """Chance. Ids are minted here and never by a database, so data can move between databases."""

    def new_id(self) -> str:
        """A UUIDv7 in canonical form; later ones sort later."""
        ...

    def new_secret(self) -> str:
        """256 random bits, safe in a URL and a cookie."""
        ...
