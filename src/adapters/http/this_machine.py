"""Whether whoever asks sits at the machine that serves them: the one whom an unowned site may be
handed to without a word."""

from urllib.parse import urlsplit

from aiohttp import web

from adapters.requests import FORWARDED, LOOPBACK, is_trusted


class ThisMachine:
    """`host` is what the server listens on, `public_url` where others find it."""

    def __init__(self, host: str, public_url: str | None, trusted_proxies: tuple[str, ...]) -> None:
        names = [host, urlsplit(public_url).hostname or ""] if public_url else [host]
        self._is_alone = all(map(_is_loopback, names))
        self._trusted_proxies = trusted_proxies

    def asks(self, request: web.Request) -> bool:
        """To be asked behind `Forwarding`. In doubt, no.

        The name in the address counts too: a page of another site whose name was made to mean
        127.0.0.1 (DNS rebinding) sends its own name, and a proxy that passes on nothing else of
        its visitor often passes on that.
        """
        return (
            self._is_alone
            and _is_loopback(_name(request.host))
            and is_trusted(request.remote or "", LOOPBACK)
            and (not _is_forwarded(request) or self._is_vouched_for(request))
        )

    def _is_vouched_for(self, request: web.Request) -> bool:
        """Whether the loopback address is what a trusted proxy says of its visitor, and not the
        proxy's own."""
        return "X-Forwarded-For" in request.headers and is_trusted(
            request.remote or "", self._trusted_proxies
        )


def _is_forwarded(request: web.Request) -> bool:
    return any(header in request.headers for header in FORWARDED)


def _is_loopback(name: str) -> bool:
    return name == "localhost" or is_trusted(name, LOOPBACK)


def _name(host: str) -> str:
    """Without the port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
