"""Where to go after signing in: anywhere here, and nowhere else."""

import unicodedata
from urllib.parse import quote

from yarl import URL

_LONGEST = 2000


def local_path(wanted: str | None) -> str:
    r"""The path and query that was wanted if it is one of this site, else `/`.

    What would make this an open redirect: `//evil` and `/\evil` are hosts to a browser, and tabs
    and line breaks anywhere are as if they were not there. Dot segments could bring two slashes
    to the front; encoded ones are decoded by whoever normalises the path.
    """
    if not wanted or len(wanted) > _LONGEST or not _is_local(wanted):
        return "/"
    path = str(URL(wanted))
    return path if _is_local(path) else "/"


def with_next(page: str, request_path: str) -> str:
    """The address of a form that leads on to `request_path` once it has succeeded."""
    return page if request_path == "/" else f"{page}?next={quote(request_path, safe='')}"


def _is_local(value: str) -> bool:
    path = value.partition("#")[0].partition("?")[0]
    if not path.startswith("/") or "//" in path or "\\" in value:
        return False
    return not any(unicodedata.category(character) in {"Cc", "Cs"} for character in value)
