from collections.abc import Iterable


class ConfigurationError(Exception):
    """The program cannot start as it is configured. Each problem is one line that names the
    setting, where it was set, and what is allowed."""

    def __init__(self, problems: str | Iterable[str]) -> None:
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))
