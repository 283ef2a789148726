"""Bounds that an operator may set."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """`text`: characters of a message. `page`, `replay`: messages at once; a reader who missed
    more than `replay` loads a page instead. `session_idle`, `session_life`: when sessions end."""

    text: int = 8_000
    page: int = 200
    replay: int = 500
    session_idle: timedelta = timedelta(days=30)
    session_life: timedelta = timedelta(days=180)
