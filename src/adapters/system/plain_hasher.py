from application.ports.password_hasher import PasswordHasher


class PlainHasher(PasswordHasher):
    """No hash at all: for tests and made-up people, where nothing is to be protected."""

    async def hash(self, password: str) -> str:
        return f"plain${password}"

    async def verify(self, password: str, against: str | None) -> bool:
        return against == f"plain${password}"

    def close(self) -> None: ...
